"""What a canvas is made of: a mask over a photo, a drawing, or a layout of classes, each with its own inks."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import floor
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import LayoutClass
from gen_studio.ui.canvas import regions
from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.brush import Point
from gen_studio.ui.canvas.document import Document, Pixels
from gen_studio.ui.canvas.gestures import Ink
from gen_studio.ui.canvas.layer import Packed
from gen_studio.ui.canvas.tools import Tool
from gen_studio.ui.pictures import pack

Picture = NDArray[np.uint8]
"""(H, W, 1 or 3)."""


class Material(ABC):
    """A document and what may be done to it."""

    name: ClassVar[str]
    tools: ClassVar[tuple[Tool, ...]]
    is_smooth: ClassVar[bool] = False
    """Whether a soft brush makes sense."""
    brushes_across: ClassVar[int] = 14
    """How many of the usual brush make up the longer side."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @property
    @abstractmethod
    def ink(self) -> Ink: ...

    @property
    @abstractmethod
    def paper(self) -> Ink:
        """What the eraser leaves."""

    def undo(self) -> list[Box]:
        """Takes the last edit back. Returns what changed."""
        return self.document.undo()

    def redo(self) -> list[Box]:
        return self.document.redo()

    @abstractmethod
    def packed(self, box: Box) -> Packed:
        """What is seen of a box of the document, under the mask where it is one."""

    @property
    def usual_size(self) -> int:
        """Of the brush, until one chooses another."""
        return max(1, max(self.document.pixels.shape[:2]) // self.brushes_across)

    def cleared(self) -> Pixels:
        blank = np.empty_like(self.document.pixels)
        blank[...] = self.paper.value
        return blank

    def inverted(self) -> Pixels | None:
        """None where nothing has an opposite."""
        return None

    def pick(self, point: Point) -> None:
        """Takes the ink that lies at a point, where there are several."""
        return

    def described(self) -> str:
        """For a screen reader."""
        return f"{self.document.box.width} by {self.document.box.height} pixels"


class Mask(Material):
    """(H, W) bool, true where a pixel is to be filled, over a photo (H, W, C) of the same size."""

    name = "mask"
    tools = (Tool.BRUSH, Tool.ERASER, Tool.RECTANGLE, Tool.LASSO, Tool.FILL)

    def __init__(self, photo: Picture, mask: regions.Mask | None = None) -> None:
        shape = photo.shape[:2]
        if mask is not None and mask.shape != shape:
            raise ValueError(f"a mask of {mask.shape} does not fit a photo of {shape}")
        super().__init__(Document(np.zeros(shape, bool) if mask is None else mask))
        self.beneath = Document(photo)

    @property
    def photo(self) -> Picture:
        return self.beneath.pixels

    def go_on_from(self, photo: Picture) -> list[Box]:
        """Another photo of the same size with nothing masked, as one edit: an answer that is kept."""
        changed = self.beneath.replace(photo)
        boxes = self.document.replace(self.cleared())
        if changed and boxes and self.document.newest is not None:
            self.document.newest.is_joint = True
        return [*changed, *boxes]

    def undo(self) -> list[Box]:
        newest = self.document.newest
        boxes = super().undo()
        return [*boxes, *self.beneath.undo()] if newest is not None and newest.is_joint else boxes

    def redo(self) -> list[Box]:
        boxes = super().redo()
        newest = self.document.newest
        return [*boxes, *self.beneath.redo()] if boxes and newest is not None and newest.is_joint else boxes

    @property
    def ink(self) -> Ink:
        return Ink(True)

    @property
    def paper(self) -> Ink:
        return Ink(False)

    @property
    def share(self) -> float:
        """Of the photo that is covered, 0 to 1."""
        return np.count_nonzero(self.document.pixels) / self.document.pixels.size

    def packed(self, box: Box) -> Packed:
        return pack(self.photo[box.slices])

    def inverted(self) -> Pixels:
        return ~self.document.pixels

    def grown(self, radius: int) -> Pixels:
        """By so many pixels, or shrunk where it is negative."""
        change = regions.grown if radius > 0 else regions.shrunk
        return change(self.document.pixels, abs(radius))

    def described(self) -> str:
        return f"{super().described()}, {100 * self.share:.1f} % masked"


class Sketch(Material):
    """(H, W, C) uint8. ink, paper: (C,) colours."""

    name = "drawing"
    tools = (Tool.BRUSH, Tool.ERASER, Tool.RECTANGLE, Tool.LASSO, Tool.PICK)
    is_smooth = True
    brushes_across = 80

    def __init__(self, pixels: Picture, ink: Sequence[int], paper: Sequence[int]) -> None:
        super().__init__(Document(pixels))
        self.colours = (self._colour(ink), self._colour(paper))

    @property
    def ink(self) -> Ink:
        return Ink(self.colours[0], smooth=True)

    @property
    def paper(self) -> Ink:
        return Ink(self.colours[1], smooth=True)

    def take(self, colour: Sequence[int]) -> None:
        self.colours = (self._colour(colour), self.colours[1])

    def pick(self, point: Point) -> None:
        place = _place(point, self.document.box)
        if place is not None:
            self.take(self.document.pixels[place].tolist())

    def swap(self) -> None:
        self.colours = self.colours[::-1]

    def packed(self, box: Box) -> Packed:
        return pack(self.document.pixels[box.slices])

    def inverted(self) -> Pixels:
        return 255 - self.document.pixels

    def _colour(self, channels: Sequence[int]) -> Picture:
        return np.resize(np.array(channels, np.uint8), self.document.pixels.shape[2])


class Layout(Material):
    """(H, W) uint8, the number of the class of each pixel. The eraser leaves the class `blank`."""

    name = "layout"
    tools = (Tool.BRUSH, Tool.ERASER, Tool.RECTANGLE, Tool.LASSO, Tool.FILL, Tool.PICK)

    def __init__(self, pixels: NDArray[np.uint8], classes: Sequence[LayoutClass], blank: int = 0) -> None:
        if int(pixels.max(initial=0)) >= len(classes) or not 0 <= blank < len(classes):
            raise ValueError(f"there are only {len(classes)} classes")
        super().__init__(Document(pixels))
        self.classes = tuple(classes)
        self.blank = blank
        self.current = min(1, len(self.classes) - 1) if blank == 0 else 0
        self._table = pack(np.array([one.colour for one in self.classes], np.uint8))

    @property
    def ink(self) -> Ink:
        return Ink(self.current)

    @property
    def paper(self) -> Ink:
        return Ink(self.blank)

    def take(self, number: int) -> None:
        """Paints with another class from now on; numbers beyond the last begin anew."""
        self.current = number % len(self.classes)

    def pick(self, point: Point) -> None:
        place = _place(point, self.document.box)
        if place is not None:
            self.take(int(self.document.pixels[place]))

    def packed(self, box: Box) -> Packed:
        return self._table[self.document.pixels[box.slices]]

    def described(self) -> str:
        return f"{super().described()}, painting {self.classes[self.current].name}"


def _place(point: Point, document: Box) -> tuple[int, int] | None:
    """Row and column of the pixel at a point, None beyond the document."""
    column, row = floor(point[0]), floor(point[1])
    return (row, column) if 0 <= column < document.right and 0 <= row < document.bottom else None
