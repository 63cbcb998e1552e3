"""What a picture area shows, kept as the screen's own pixels, so that only what changes is drawn anew.

What moves above it, the ring of a large brush above all, then costs a copy. Scaling a picture and laying a mask over it
cost many times as much.
"""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from gen_studio.ui.canvas.box import Box, around

EACH = 40_000
"""Pixels that can be drawn while another box is begun."""
Draw = Callable[[QPainter, Box], None]
"""Draws all of a box; both count device pixels."""


class Backing:
    """Boxes are in device pixels of the widget."""

    def __init__(self) -> None:
        self._image = QImage()
        self._stale: list[Box] = []
        self._all_is_stale = True

    def forget(self) -> None:
        """All is to be drawn anew."""
        self._all_is_stale = True

    def change(self, box: Box) -> None:
        """What is in the box is to be drawn anew."""
        if not self._all_is_stale:
            self._stale = merged(self._stale, box)

    def renew(self, width: int, height: int, draw: Draw) -> None:
        """Draws what is stale, in the size that the widget has now."""
        if (self._image.width(), self._image.height()) != (width, height):
            self._image = QImage(width, height, QImage.Format.Format_RGB32)
            self._all_is_stale = True
        whole = Box(0, 0, width, height)
        stale = [whole] if self._all_is_stale else [box.within(whole) for box in self._stale]
        self._stale, self._all_is_stale = [], False
        if all(box.is_empty for box in stale):
            return
        painter = QPainter(self._image)
        for box in stale:
            if not box.is_empty:
                painter.save()
                painter.setClipRect(rect_of(box))
                draw(painter, box)
                painter.restore()
        painter.end()

    def show(self, painter: QPainter, box: Box) -> None:
        """Copies a box to where it belongs; the painter counts device pixels."""
        painter.drawImage(box.left, box.top, self._image, box.left, box.top, box.width, box.height)


def merged(boxes: list[Box], box: Box) -> list[Box]:
    """One box more, made one with another wherever that is less work."""
    for other in boxes:
        both = around((box, other))
        if both is not None and _work(both) <= _work(box) + _work(other):
            return merged([one for one in boxes if one is not other], both)
    return [*boxes, box]


def _work(box: Box) -> int:
    return EACH + box.width * box.height


def rect_of(box: Box) -> QRect:
    return QRect(box.left, box.top, box.width, box.height)
