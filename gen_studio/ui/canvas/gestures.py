"""What the hand does between press and release, as changes of a document. Knows nothing of Qt."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gen_studio.ui.canvas import regions
from gen_studio.ui.canvas.box import Box, around
from gen_studio.ui.canvas.brush import Brush, Path, Point, Stamp, hard_stamp, smooth_stamp, spacing
from gen_studio.ui.canvas.document import Document

LIGHTEST = 0.15
"""The share of the brush's size that the lightest touch of a pen leaves."""
STRETCH = 64
"""Pixels: a long way is told of in stretches of about this length or the brush's, so that little is painted anew."""


@dataclass(frozen=True)
class Ink:
    """What a pixel becomes: a truth, the number of a class, or (C,) a colour. Only colours can be laid on smoothly."""

    value: Any
    smooth: bool = False


class Gesture(ABC):
    """Each step returns the boxes of the document that it changed."""

    @property
    def outline(self) -> Sequence[Point]:
        """The line to be shown meanwhile; empty where the change itself is seen."""
        return ()

    @abstractmethod
    def move(self, point: Point, pressure: float = 1.0) -> list[Box]: ...

    @abstractmethod
    def finish(self) -> list[Box]: ...

    def cancel(self) -> list[Box]:
        return []


class Stroke(Gesture):
    """A brush along a path, one edit from press to release."""

    def __init__(self, document: Document, brush: Brush, ink: Ink, start: Point, pressure: float = 1.0) -> None:
        self._document, self._brush, self._ink = document, brush, ink
        self._edit = document.begin()
        self._path = Path(start)
        self.last = start
        self._size = self._pressed(pressure)

    def begin(self) -> list[Box]:
        """The first stamp, for those who press and do not move."""
        return self._stamp([self._stamp_at(self.last, self._size)])

    def move(self, point: Point, pressure: float = 1.0) -> list[Box]:
        size = self._pressed(pressure)
        step = spacing(min(size, self._size))
        places = self._path.to(point, step)
        sizes = np.linspace(self._size, size, len(places) + 1)[1:].round().astype(int)
        self.last, self._size = point, size
        stamps = [self._stamp_at((x, y), side) for (x, y), side in zip(places.tolist(), sizes.tolist(), strict=True)]
        together = max(1, int(max(STRETCH, size) / step))
        stretches = [stamps[start : start + together] for start in range(0, len(stamps), together)]
        return [box for stretch in stretches for box in self._stamp(stretch)]

    def finish(self) -> list[Box]:
        end = self.begin()
        self._edit.finish()
        return end

    def cancel(self) -> list[Box]:
        return self._edit.cancel()

    def _pressed(self, pressure: float) -> int:
        share = LIGHTEST + (1 - LIGHTEST) * min(1.0, max(0.0, pressure))
        return max(1, round(self._brush.size * share))

    def _stamp_at(self, point: Point, size: int) -> Stamp:
        if self._is_smooth:
            return smooth_stamp(point, size, self._brush.softness)
        return hard_stamp(point, size)

    @property
    def _is_smooth(self) -> bool:
        return self._ink.smooth and self._brush.softness > 0

    def _stamp(self, stamps: Sequence[Stamp]) -> list[Box]:
        limits = self._document.box
        placed = [(stamp, box) for stamp in stamps if not (box := stamp.box.within(limits)).is_empty]
        reached = around(box for _, box in placed)
        if reached is None:
            return []
        self._edit.touch(reached)
        if self._is_smooth:
            changes = self._blend(placed, reached)
        else:
            region = np.zeros((reached.height, reached.width), bool)
            for stamp, box in placed:
                region[box.moved(-reached.left, -reached.top).slices] |= stamp.part(box)
            changes = _fill(self._document.pixels[reached.slices], self._ink, region)
        return [box.moved(reached.left, reached.top) for box in regions.parts(changes)]

    def _blend(self, placed: Sequence[tuple[Stamp, Box]], reached: Box) -> NDArray[np.bool_]:
        """Returns where it changes anything."""
        covered = self._edit.coverage[reached.slices]
        before = covered.copy()
        for stamp, box in placed:
            coverage = self._edit.coverage[box.slices]
            np.maximum(coverage, stamp.part(box), out=coverage)
        self._document.pixels[reached.slices] = _blended(self._edit.before(reached), self._ink.value, covered)
        changes: NDArray[np.bool_] = covered != before
        return changes


class Rectangle(Gesture):
    """Fills what two corners span, when the hand lets go."""

    def __init__(self, document: Document, ink: Ink, start: Point) -> None:
        self._document, self._ink, self._start, self._end = document, ink, start, start

    @property
    def outline(self) -> Sequence[Point]:
        box = regions.rectangle(self._start, self._end, self._document.box)
        corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
        return () if box.is_empty else (*corners, corners[0])

    def move(self, point: Point, pressure: float = 1.0) -> list[Box]:
        self._end = point
        return []

    def finish(self) -> list[Box]:
        box = regions.rectangle(self._start, self._end, self._document.box)
        return fill_region(self._document, self._ink, box, np.ones((box.height, box.width), bool))


class Lasso(Gesture):
    """Fills what a free line goes around, when the hand lets go."""

    def __init__(self, document: Document, ink: Ink, start: Point) -> None:
        self._document, self._ink = document, ink
        self._points = [start]

    @property
    def outline(self) -> Sequence[Point]:
        return self._points

    def move(self, point: Point, pressure: float = 1.0) -> list[Box]:
        self._points.append(point)
        return []

    def finish(self) -> list[Box]:
        return fill_region(self._document, self._ink, *regions.polygon(self._points, self._document.box))


def fill_region(document: Document, ink: Ink, box: Box, region: NDArray[np.bool_]) -> list[Box]:
    """Paints a region (H, W) of a box, as one edit."""
    if box.is_empty:
        return []
    edit = document.begin()
    edit.touch(box)
    _fill(document.pixels[box.slices], ink, region)
    edit.finish()
    return [box]


def flood(document: Document, ink: Ink, point: Point) -> list[Box]:
    """Paints the region of one value around a point, as one edit."""
    column, row = int(np.floor(point[0])), int(np.floor(point[1]))
    if not (0 <= column < document.box.right and 0 <= row < document.box.bottom):
        return []
    region = regions.flooded(document.pixels, (column, row))
    box = regions.bounds(region)
    assert box is not None
    return fill_region(document, ink, box, region[box.slices])


def _fill(part: NDArray[Any], ink: Ink, region: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Returns where it changes anything."""
    if part.ndim == 2:
        changes: NDArray[np.bool_] = region & (part != ink.value)
        np.copyto(part, ink.value, where=changes)
        return changes
    changes = np.zeros_like(region)
    for channel, value in enumerate(ink.value):
        changes |= part[..., channel] != value
    changes &= region
    # One by one: numpy takes five times as long for all channels at once.
    for channel, value in enumerate(ink.value):
        np.copyto(part[..., channel], value, where=changes)
    return changes


def _blended(before: NDArray[np.uint8], colour: NDArray[np.uint8], coverage: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """before (H, W, C) with a colour laid over it by coverage (H, W) / 255, rounded."""
    share = coverage[..., None].astype(np.uint16)
    mixed = before * (255 - share) + colour.astype(np.uint16) * share + np.uint16(128)
    return ((mixed + (mixed >> 8)) >> 8).astype(np.uint8)
