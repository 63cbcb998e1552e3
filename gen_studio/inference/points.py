"""Where the points of a latent space lie: from seeds, numbers, neighbours and mixtures to a latent."""

from typing import assert_never

import torch
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Curve, Drawn, Given, Mixed, Near, Point
from gen_studio.inference.sampling import draw_latents
from gen_studio.models.capabilities import HasCode, HasLatent

PARALLEL = 1e-9
"""Sine of the angle below which two directions are one, or opposite."""


def latent_size(model: HasCode) -> int:
    """How many numbers a latent has."""
    return torch.Size(model.latent_shape).numel()


def located(model: HasCode, point: Point) -> Tensor:
    """The flattened latent of a point, (D,) float64 on the CPU; a seed draws what `sampling.draw_latents` draws first.

    A point near another is what its seed draws, `distance` times, added to it: each number moves by so many standard
    deviations of the prior, whatever the size of a latent. Raises WrongUse for a point that this model does not have.
    """
    # In float64, so that what is drawn or given comes through mixtures unchanged where all weight is on it.
    match point:
        case Drawn():
            return _drawn(model, point.seed)
        case Given():
            return _given(model, point.values)
        case Near():
            return located(model, point.point) + point.distance * _drawn(model, point.seed)
        case Mixed():
            return _mixed(model, point)
        case _:
            assert_never(point)


def spherical(one: Tensor, other: Tensor, share: float) -> Tensor:
    """From `one` (D,) at share 0 to `other` at 1 and beyond: along the great circle between their directions, the
    length of the two mixed by share (Shoemake 1985, for vectors of any length).

    Opposite points are joined by one of the many circles through them, always the same. A point of length 0 has no
    direction: to and from it the way is straight.
    """
    length, other_length = one.norm(), other.norm()
    if length == 0 or other_length == 0:
        return torch.lerp(one, other, share)
    ahead, there = one / length, other / other_length
    cosine = ahead.dot(there)
    aside = there - cosine * ahead
    sine = aside.norm()
    if sine < PARALLEL and cosine > 0:
        return torch.lerp(one, other, share)
    angle = share * torch.atan2(sine, cosine)
    way = aside / sine if sine >= PARALLEL else _any_aside(ahead)
    place: Tensor = torch.lerp(length, other_length, share) * (torch.cos(angle) * ahead + torch.sin(angle) * way)
    return place


def _any_aside(direction: Tensor) -> Tensor:
    """At a right angle to a direction of length 1, of length 1 too: the axis that it has least of, straightened."""
    axis = torch.zeros_like(direction)
    axis[direction.abs().argmin()] = 1
    aside: Tensor = axis - axis.dot(direction) * direction
    aside /= aside.norm()
    return aside


def _drawn(model: HasCode, seed: int) -> Tensor:
    if not isinstance(model, HasLatent):
        raise WrongUse(
            "This model knows no prior to draw latents from. Start from a picture, whose latent its encoder finds."
        )
    return draw_latents(model, 1, seed).flatten().double()


def _given(model: HasCode, values: tuple[float, ...]) -> Tensor:
    size = latent_size(model)
    if len(values) != size:
        raise WrongUse(
            f"This latent has {len(values):,} numbers, and the model takes {size:,}. Use one that was made with this "
            "run."
        )
    return torch.tensor(values, dtype=torch.float64)


def _mixed(model: HasCode, mixed: Mixed) -> Tensor:
    places = [located(model, point) for point in mixed.points]
    match mixed.curve:
        case Curve.LINEAR:
            weights = torch.tensor(mixed.weights, dtype=torch.float64)
            return (weights[:, None] * torch.stack(places)).sum(0)
        case Curve.SPHERICAL:
            return spherical(places[0], places[1], mixed.weights[1])
        case _:
            assert_never(mixed.curve)
