"""A walk through keyframes: which picture it shows at each moment, so that it is played, drawn and filmed alike."""

from bisect import bisect_right
from enum import Enum
from itertools import accumulate

from pydantic import Field

from gen_studio.core.blending import mixes_between, noise_between
from gen_studio.core.config import Config
from gen_studio.core.flowing import beyond, flowing
from gen_studio.core.latents import Curve, LatentPicture, Mixed, Move, Point


class Easing(Enum):
    """How a leg is gone through: at one speed, or slowly away from each keyframe and slowly up to the next, or past
    keyframes without a corner, on a way that is bent for it."""

    STEADY = "steady"
    SMOOTH = "smooth"
    FLOWING = "flowing"

    def eased(self, share: float) -> float:
        """Which share of the way is done after this share of the time."""
        match self:
            case Easing.STEADY | Easing.FLOWING:
                return share
            case Easing.SMOOTH:
                return share * share * (3 - 2 * share)


class Keyframe(Config):
    """A picture that a walk comes through, and how many seconds it takes from there to the next.

    Its point is all there is of its latent: whoever knows the numbers makes what was set by hand part of it.
    """

    picture: LatentPicture
    seconds: float = Field(default=2.0, gt=0, le=3600)


class Walk(Config):
    """Keyframes in order. One that closes goes from the last back to the first."""

    keyframes: tuple[Keyframe, ...] = ()
    curve: Curve = Curve.SPHERICAL
    easing: Easing = Easing.SMOOTH
    closes: bool = True

    @property
    def legs(self) -> tuple[tuple[Keyframe, Keyframe], ...]:
        """From where to where; none with fewer than two keyframes."""
        frames = self.keyframes
        if len(frames) < 2:
            return ()
        ends = (*frames[1:], frames[0]) if self.closes else frames[1:]
        return tuple(zip(frames, ends, strict=False))

    @property
    def seconds(self) -> float:
        return sum(start.seconds for start, _ in self.legs)

    @property
    def starts(self) -> tuple[float, ...]:
        """At which second each leg begins."""
        return tuple(accumulate((start.seconds for start, _ in self.legs[:-1]), initial=0.0)) if self.legs else ()

    def at(self, second: float) -> LatentPicture:
        """What is shown at that moment: one that closes goes on for ever, any other stays at its end.

        Raises IndexError without keyframes.
        """
        legs = self.legs
        if not legs:
            return self.keyframes[0].picture
        second = second % self.seconds if self.closes else min(max(second, 0.0), self.seconds)
        number = bisect_right(self.starts, second) - 1
        start, end = legs[number]
        share = min(1.0, (second - self.starts[number]) / start.seconds)
        shown = between(start.picture, end.picture, self.easing.eased(share), self.curve)
        if self.easing is not Easing.FLOWING or not 0 < share < 1 or start.picture.point == end.picture.point:
            return shown
        return shown.model_copy(update={"point": flowing(self._around(number), share, self.curve)})

    def _around(self, number: int) -> tuple[Point, Point, Point, Point]:
        """Both ends of a leg, and the points before and after it."""
        legs = self.legs
        start, end = (keyframe.picture.point for keyframe in legs[number])
        first, last = number == 0 and not self.closes, number == len(legs) - 1 and not self.closes
        before = beyond(start, end, self.curve) if first else legs[number - 1][0].picture.point
        after = beyond(end, start, self.curve) if last else legs[(number + 1) % len(legs)][1].picture.point
        return before, start, end, after


def between(start: LatentPicture, end: LatentPicture, share: float, curve: Curve = Curve.LINEAR) -> LatentPicture:
    """The picture `share` of the way from one to the other, 0 to 1. What cannot be mixed changes halfway."""
    if share <= 0 or start == end:
        return start
    if share >= 1:
        return end
    nearer = start if share < 0.5 else end
    return LatentPicture(
        point=_point_between(start.point, end.point, share, curve),
        dimensions=nearer.dimensions,
        moves=_moves_between(start.moves, end.moves, share),
        truncation=start.truncation + share * (end.truncation - start.truncation),
        truncated_layers=nearer.truncated_layers,
        mixes=mixes_between(start.mixes, end.mixes, share),
        classes=_classes_between(start.classes, end.classes, share),
        noise=noise_between(start.noise, end.noise, share),
    )


def _point_between(start: Point, end: Point, share: float, curve: Curve) -> Point:
    return start if start == end else Mixed(points=(start, end), weights=(1 - share, share), curve=curve)


def _moves_between(start: tuple[Move, ...], end: tuple[Move, ...], share: float) -> tuple[Move, ...]:
    """Each direction that either of them has, as strong as it then is."""
    strengths = [{move.direction: move.strength for move in moves} for moves in (start, end)]
    directions = dict.fromkeys(move.direction for move in (*start, *end))
    return tuple(
        Move(
            direction=direction,
            strength=(1 - share) * strengths[0].get(direction, 0.0) + share * strengths[1].get(direction, 0.0),
        )
        for direction in directions
    )


def _classes_between(start: tuple[float, ...], end: tuple[float, ...], share: float) -> tuple[float, ...]:
    """Shares of each class; none at all stands for the first."""
    count = max(len(start), len(end))
    if not count:
        return ()
    shares = []
    for weights in (start or (1.0,), end or (1.0,)):
        padded = (*weights, *(0.0 for _ in range(count - len(weights))))
        shares.append([weight / sum(padded) for weight in padded])
    return tuple((1 - share) * one + share * other for one, other in zip(*shares, strict=True))
