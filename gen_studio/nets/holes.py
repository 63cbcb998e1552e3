"""Holes in pictures, to learn to fill them: rectangles, straight strokes, marks of a brush, of a chosen coverage.

Holes are (N, 1, H, W) float32, 1 where pixels are missing, made on the generator's device without waiting for it.
"""

from collections.abc import Callable
from enum import Enum

import torch
from torch import Tensor

STROKES = 4
WALKS = 3
TURNS = 6
"""Straight pieces of each of a brush's walks."""
ASPECT = 2.0
"""A rectangle is at most so many times as high as wide, or as wide as high, as far as the picture has room."""


class HoleShape(Enum):
    """What holes look like."""

    ANY = "any of these"
    RECTANGLES = "rectangles"
    STROKES = "strokes"
    BRUSH = "brush"


def draw_holes(
    shape: HoleShape, count: int, size: tuple[int, int], coverage: tuple[float, float], rng: torch.Generator
) -> Tensor:
    """Holes for `count` pictures of `size` (H, W), each of its own shape and place.

    coverage: the least and the most of a picture that is missing, as shares; each has its own in between. Strokes and
    brushes are as wide as it takes, so that they hit it to a pixel; the sides of a rectangle are whole pixels.
    """
    least, most = coverage
    shares = least + (most - least) * _uniform(rng, count)
    if shape is not HoleShape.ANY:
        return _DRAWN_BY[shape](shares, size, rng)
    each = torch.stack([draw(shares, size, rng) for draw in _DRAWN_BY.values()])
    chosen = torch.randint(len(each), (count,), generator=rng, device=rng.device)
    return each[chosen, torch.arange(count, device=rng.device)]


def _rectangles(shares: Tensor, size: tuple[int, int], rng: torch.Generator) -> Tensor:
    tall, wide = size
    area = shares * (tall * wide)
    aspect = ASPECT ** (2 * _uniform(rng, len(shares)) - 1)
    # At least so high that the width, which the area decides, fits into the picture.
    heights = torch.minimum((area * aspect).sqrt(), torch.full_like(area, tall)).maximum(area / wide).round()
    heights = heights.clamp(1, tall)
    widths = (area / heights).round().clamp(1, wide)
    tops = (_uniform(rng, len(shares)) * (tall - heights + 1)).floor()
    lefts = (_uniform(rng, len(shares)) * (wide - widths + 1)).floor()
    rows, columns = _inside(tops, heights, tall), _inside(lefts, widths, wide)
    return (rows[:, None, :, None] & columns[:, None, None, :]).float()


def _inside(starts: Tensor, lengths: Tensor, whole: int) -> Tensor:
    """(N, whole): which places lie within the length from the start."""
    places = torch.arange(whole, device=starts.device)
    return (places >= starts[:, None]) & (places < (starts + lengths)[:, None])


def _strokes(shares: Tensor, size: tuple[int, int], rng: torch.Generator) -> Tensor:
    ends = _uniform(rng, STROKES, 2, len(shares), 2)
    return _covered(_nearness(ends[:, 0], ends[:, 1], torch.ones_like(shares).expand(STROKES, -1), size), shares)


def _brush(shares: Tensor, size: tuple[int, int], rng: torch.Generator) -> Tensor:
    count = len(shares)
    direction = 2 * torch.pi * _uniform(rng, WALKS, 1, count)
    turns = torch.randn((WALKS, TURNS, count), generator=rng, device=rng.device)
    angles = direction + turns.cumsum(1)
    lengths = 0.05 + 0.2 * _uniform(rng, WALKS, TURNS, count)
    moves = lengths[..., None] * torch.stack([angles.sin(), angles.cos()], -1)
    starts = _uniform(rng, WALKS, 1, count, 2)
    # A walk that would leave the picture is folded back at its edges.
    path = torch.cat([starts, starts + moves.cumsum(1)], 1)
    path = 1 - (path.remainder(2) - 1).abs()
    pressure = 0.5 + _uniform(rng, WALKS, TURNS, count)
    return _covered(
        _nearness(path[:, :-1].flatten(0, 1), path[:, 1:].flatten(0, 1), pressure.flatten(0, 1), size), shares
    )


def _nearness(starts: Tensor, ends: Tensor, pressure: Tensor, size: tuple[int, int]) -> Tensor:
    """(N, H, W): the distance of each pixel to the nearest of S straight pieces, divided by that piece's pressure.

    starts, ends: (S, N, 2), rows and columns as shares of the picture's sides. pressure: (S, N).
    """
    tall, wide = size
    device = starts.device
    rows = (torch.arange(tall, device=device) + 0.5).view(1, -1, 1)
    columns = (torch.arange(wide, device=device) + 0.5).view(1, 1, -1)
    scale = torch.tensor(size, device=device, dtype=starts.dtype)
    nearest = torch.full((starts.shape[1], tall, wide), torch.inf, device=device)
    # One piece after the other: all at once would take as many times the memory.
    for start, end, force in zip(starts * scale, ends * scale, pressure, strict=True):
        (top, left), (down, across) = start.T[..., None, None], (end - start).T[..., None, None]
        along = (rows - top) * down + (columns - left) * across
        share = (along / (down.square() + across.square()).clamp_min(1e-6)).clamp(0, 1)
        distance = torch.hypot(rows - top - share * down, columns - left - share * across)
        nearest = torch.minimum(nearest, distance / force[:, None, None])
    return nearest


def _covered(nearness: Tensor, shares: Tensor) -> Tensor:
    """The nearest pixels, as many as the share asks for, at least one."""
    order = nearness.flatten(1).argsort(1)
    wanted = (shares * order.shape[1]).round().clamp_min(1)
    taken = (torch.arange(order.shape[1], device=order.device) < wanted[:, None]).float()
    return torch.zeros_like(taken).scatter_(1, order, taken).view(-1, 1, *nearness.shape[1:])


def _uniform(rng: torch.Generator, *shape: int) -> Tensor:
    return torch.rand(shape, generator=rng, device=rng.device)


_DRAWN_BY: dict[HoleShape, Callable[[Tensor, tuple[int, int], torch.Generator], Tensor]] = {
    HoleShape.RECTANGLES: _rectangles,
    HoleShape.STROKES: _strokes,
    HoleShape.BRUSH: _brush,
}
