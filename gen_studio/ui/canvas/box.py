"""Whole-numbered rectangles, of pixels of a picture and of the screen alike."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """Columns from `left` up to `right`, rows from `top` up to `bottom`; the last two lie beyond it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        return max(0, self.bottom - self.top)

    @property
    def is_empty(self) -> bool:
        return self.left >= self.right or self.top >= self.bottom

    @property
    def slices(self) -> tuple[slice, slice]:
        """The part of an array (H, W, ...) that this box is, for a box within it."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grown(self, margin: int) -> "Box":
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)

    def within(self, other: "Box") -> "Box":
        """What both have in common; may be empty."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def moved(self, right: int, down: int) -> "Box":
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)


def whole(shape: tuple[int, ...]) -> Box:
    """All of an array (H, W, ...)."""
    return Box(0, 0, shape[1], shape[0])


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest box that holds all that are not empty; None where there are none."""
    filled = [box for box in boxes if not box.is_empty]
    if not filled:
        return None
    return Box(
        min(box.left for box in filled),
        min(box.top for box in filled),
        max(box.right for box in filled),
        max(box.bottom for box in filled),
    )
