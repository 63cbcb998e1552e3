"""A way through points that never turns sharply: what a walk takes so that no keyframe is felt as a corner."""

from gen_studio.core.latents import Curve, Mixed, Point


def flowing(points: tuple[Point, Point, Point, Point], share: float, curve: Curve) -> Point:
    """From the second point at share 0 to the third at 1, coming from the first and going on to the fourth.

    The spline of Catmull and Rom, 1974, by the pyramid of Barry and Goldman, 1988: mixtures of mixtures, which are
    great circles where the curve is spherical (Schlag, 1991). Where legs take equally long, speed does not jump either.
    """
    one, two, three, four = points
    lower = _mixed(one, two, share + 1, curve)
    middle = _mixed(two, three, share, curve)
    upper = _mixed(three, four, share - 1, curve)
    return _mixed(
        _mixed(lower, middle, (share + 1) / 2, curve),
        _mixed(middle, upper, share / 2, curve),
        share,
        curve,
    )


def beyond(point: Point, other: Point, curve: Curve) -> Point:
    """As far from a point as another one, on the opposite side: where the way comes from before its first point."""
    return _mixed(point, other, -1.0, curve)


def _mixed(one: Point, other: Point, share: float, curve: Curve) -> Point:
    return Mixed(points=(one, other), weights=(1 - share, share), curve=curve)
