"""Brush tips as small arrays, and where they are stamped along a path so that no gap is left at any speed."""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gen_studio.ui.canvas.box import Box

SMALLEST, LARGEST = 1, 512
SPACING = 0.25
"""Of the radius, from one stamp to the next: the border of a stroke is then less than 1 % of it from a smooth one."""
PHASES = 4
"""A smooth tip is drawn in so many places within a pixel, so that thin lines do not jump from pixel to pixel."""
PHASED_UP_TO = 32

Point = tuple[float, float]
"""x and y in pixels of the picture; a pixel's middle is at a half."""


@dataclass(frozen=True)
class Brush:
    """size: diameter in pixels. softness: the share of the radius over which a smooth tip fades, 0 to 1."""

    size: int = 24
    softness: float = 0.0

    def resized(self, size: float) -> "Brush":
        return replace(self, size=min(LARGEST, max(SMALLEST, round(size))))

    def softened(self, softness: float) -> "Brush":
        return replace(self, softness=min(1.0, max(0.0, round(softness, 2))))

    def stepped(self, steps: int) -> "Brush":
        """A tenth larger or smaller for each step, and at least a pixel."""
        brush = self
        for _ in range(abs(steps)):
            by = max(1, round(brush.size / 10))
            brush = brush.resized(brush.size + (by if steps > 0 else -by))
        return brush


@dataclass(frozen=True)
class Stamp:
    """A tip, (S, S) bool where it is hard and else uint8, and where its first pixel comes to lie."""

    left: int
    top: int
    tip: NDArray[Any]

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + self.tip.shape[1], self.top + self.tip.shape[0])

    def part(self, box: Box) -> NDArray[Any]:
        """The tip where it lies within a box."""
        return self.tip[box.moved(-self.left, -self.top).slices]


def hard_stamp(point: Point, size: int) -> Stamp:
    """A disc of whole pixels, each of which is painted or is not."""
    return Stamp(_cell(point[0], size), _cell(point[1], size), disc(size))


def smooth_stamp(point: Point, size: int, softness: float) -> Stamp:
    """A disc whose border is smoothed, at the nearest quarter of a pixel."""
    phases = PHASES if size <= PHASED_UP_TO else 1
    across, down = round(point[0] * phases), round(point[1] * phases)
    reach = size // 2 + 2
    tip = smooth_disc(size, softness, across % phases / phases, down % phases / phases)
    return Stamp(across // phases - reach, down // phases - reach, tip)


@lru_cache(maxsize=64)
def disc(size: int) -> NDArray[np.bool_]:
    """(size, size): the pixels whose middles lie within the circle."""
    offsets = np.arange(size) + 0.5 - size / 2
    inside: NDArray[np.bool_] = offsets**2 + offsets[:, None] ** 2 <= (size / 2) ** 2
    return inside


@lru_cache(maxsize=128)
def smooth_disc(size: int, softness: float, x: float = 0.0, y: float = 0.0) -> NDArray[np.uint8]:
    """A disc around (x, y) from the corner in the middle of the array, which has two pixels to spare on each side."""
    reach, radius = size // 2 + 2, size / 2
    offsets = np.arange(-reach, reach) + 0.5
    distance = np.hypot(offsets - x, (offsets - y)[:, None])
    fade = max(1.0, softness * radius)
    share = np.clip((radius + 0.5 - distance) / fade, 0, 1)
    if fade > 1:
        share = share * share * (3 - 2 * share)
    return np.round(share * 255).astype(np.uint8)


class Path:
    """The way of a brush: told the points that the hand was seen at, it gives those at which to stamp."""

    def __init__(self, start: Point) -> None:
        self._last = start
        self._walked = 0.0
        """Since the last stamp."""

    def to(self, point: Point, spacing: float) -> NDArray[np.float64]:
        """The places (N, 2) on the straight line to a point, `spacing` from each other across all calls."""
        (x0, y0), (x1, y1) = self._last, point
        length = hypot(x1 - x0, y1 - y0)
        first = spacing - self._walked
        self._last = point
        if length < first or length == 0:
            self._walked += length
            return np.empty((0, 2))
        along = np.arange(max(first, 0.0), length + 1e-9, spacing)
        self._walked = length - float(along[-1])
        shares = along / length
        return np.stack([x0 + shares * (x1 - x0), y0 + shares * (y1 - y0)], axis=1)


def spacing(size: float) -> float:
    """At least a pixel: two places in a row then always lie in pixels that touch."""
    return max(1.0, SPACING * size / 2)


def _cell(middle: float, size: int) -> int:
    """The first pixel of a disc of whole pixels: an odd one lies around a pixel's middle, an even one on a corner."""
    return int(np.floor(middle - (size - 1) / 2))
