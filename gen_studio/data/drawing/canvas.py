"""A canvas that fills shapes with smooth edges and keeps, exactly, which class each pixel belongs to."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gen_studio.data.drawing.shapes import Floats, Shape

LEAST = 64
"""Pixels a side that are computed at least: smaller pictures are the mean of several of them to each pixel."""

Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 255."""


class Paint(Protocol):
    """A colour that differs from place to place."""

    def at(self, x: Floats, y: Floats) -> Floats:
        """(3, h, w), or what broadcasts to it. x: (1, w), y: (h, 1)."""


@dataclass(frozen=True)
class Downwards:
    """From one colour at the height `top` to another at the height `bottom`."""

    above: Colour
    below: Colour
    top: float = 0.0
    bottom: float = 1.0

    def at(self, x: Floats, y: Floats) -> Floats:
        return _between(self.above, self.below, (y - self.top) * (1 / (self.bottom - self.top)))


class Canvas:
    """A square from (0, 0) top left to (1, 1) bottom right, painted from back to front.

    A pixel's class is that of the last shape which covered more than half of it and was given a class.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._finer = max(1, math.ceil(LEAST / size))
        side = size * self._finer
        self._side = side
        axis = ((np.arange(side) + 0.5) / side).astype(np.float32)
        self._x, self._y = axis[None, :], axis[:, None]
        self._pixels = np.zeros((3, side, side), dtype=np.float32)
        self._classes = np.zeros((side, side), dtype=np.uint8)

    def cover(self, paint: Paint, kind: int) -> None:
        """Paints everything, and gives it a class."""
        self._pixels[:] = paint.at(self._x, self._y)
        self._classes[:] = kind

    def fill(
        self,
        shape: Shape,
        colour: "Colour | Paint",
        kind: int | None = None,
        *,
        within: Shape | None = None,
        opacity: float = 1.0,
        soft: float = 0.0,
    ) -> None:
        """Paints a shape, or the part of it that lies within another.

        kind: the class of the pixels, None to leave their classes as they are. soft: the width over which the edge
        fades, for shadows and glows; 0 for an edge that is smooth over one pixel.
        """
        window = self._window(shape.box, soft)
        if window is None:
            return
        rows, columns = window
        x, y = self._x[:, columns], self._y[rows]
        coverage = self._coverage(shape, x, y, soft)
        if within is not None:
            coverage *= self._coverage(within, x, y, 0.0)
        if kind is not None:
            np.putmask(self._classes[rows, columns], coverage > 0.5, kind)
        if opacity < 1:
            coverage *= opacity
        pixels = self._pixels[:, rows, columns]
        wanted = _column(colour) if isinstance(colour, tuple) else colour.at(x, y)
        change = wanted - pixels
        change *= coverage
        pixels += change

    def picture(self) -> NDArray[np.uint8]:
        """(3, size, size), what was painted."""
        pixels = self._pixels
        if self._finer > 1:
            size, finer = self.size, self._finer
            pixels = pixels.reshape(3, size, finer, size, finer).mean((2, 4))
        return (pixels + 0.5).clip(0, 255).astype(np.uint8)

    def layout(self) -> NDArray[np.uint8]:
        """(size, size), the class that covers most of each pixel."""
        if self._finer == 1:
            return self._classes
        size, finer = self.size, self._finer
        blocks = self._classes.reshape(size, finer, size, finer)
        kinds = np.unique(self._classes)
        votes = np.stack([(blocks == kind).sum((1, 3), dtype=np.uint8) for kind in kinds])
        winners: NDArray[np.uint8] = kinds[votes.argmax(0)]
        return winners

    def _coverage(self, shape: Shape, x: Floats, y: Floats, soft: float) -> Floats:
        """How much of each pixel lies in the shape, from 0 to 1."""
        width = max(soft, 1 / self._side)
        share = shape.distance(x, y)
        share *= -1 / width
        share += 0.5
        # Of a line that is thinner than a pixel no pixel can be covered by more than its thickness.
        most = min(1.0, shape.thickness / width) if not soft else 1.0
        # Twice as fast as clip where arrays are small.
        np.maximum(share, 0, out=share)
        np.minimum(share, most, out=share)
        return share if not soft else share * share * (3 - 2 * share)

    def _window(self, box: tuple[float, float, float, float], soft: float) -> tuple[slice, slice] | None:
        """The pixels that a shape may reach, None where it lies outside."""
        side, margin = self._side, soft / 2 * self._side + 1
        left, top, right, bottom = box
        first_row, last_row = int(max(0, top * side - margin)), int(min(side, bottom * side + margin + 1))
        first, last = int(max(0, left * side - margin)), int(min(side, right * side + margin + 1))
        if first_row >= last_row or first >= last:
            return None
        return slice(first_row, last_row), slice(first, last)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two: `one` at 0, `other` at 1."""
    return (
        one[0] + (other[0] - one[0]) * share,
        one[1] + (other[1] - one[1]) * share,
        one[2] + (other[2] - one[2]) * share,
    )


def hexed(code: str) -> Colour:
    """The colour of a code such as "#FFD1A4"."""
    return (float(int(code[1:3], 16)), float(int(code[3:5], 16)), float(int(code[5:7], 16)))


def _between(one: Colour, other: Colour, share: Floats) -> Floats:
    share = np.minimum(np.maximum(share, 0), 1)
    first = _column(one)
    return first + (_column(other) - first) * share


def _column(colour: Colour) -> Floats:
    return np.array(colour, dtype=np.float32)[:, None, None]
