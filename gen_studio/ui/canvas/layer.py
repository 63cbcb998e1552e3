"""A picture packed for Qt, with a smaller copy for when it is shown at less than half its size."""

from math import floor, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gen_studio.ui.canvas.backing import rect_of
from gen_studio.ui.canvas.box import Box, whole
from gen_studio.ui.canvas.view import View
from gen_studio.ui.pictures import view as image_over

Packed = NDArray[np.uint32]
"""(H, W) of 0xAARRGGBB."""
STRIP = 64
"""Rows. Qt scales more of them on several threads, whose turn may take longer to come than the work."""
ALONE_UP_TO = 1_000_000
"""Device pixels; the work for more is worth the threads."""
_SEVEN_BITS = np.uint32(0xFEFEFEFE)


class Layer:
    """What changes is written into it box by box; the smaller copy follows."""

    def __init__(self, packed: Packed) -> None:
        self._packed = np.ascontiguousarray(packed)
        self._level, self._small = 0, self._packed

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self._packed.shape[1], self._packed.shape[0]

    def change(self, box: Box, packed: Packed) -> None:
        self._packed[box.slices] = packed
        if self._level:
            step = 1 << self._level
            small = Box(box.left // step, box.top // step, -(-box.right // step), -(-box.bottom // step))
            source = Box(small.left * step, small.top * step, small.right * step, small.bottom * step)
            part = self._packed[source.within(whole(self._packed.shape)).slices]
            self._small[small.slices] = halved(part, self._level)

    def paint(self, painter: QPainter, view: View, exposed: Box) -> None:
        """painter: in device pixels, its clip set to what is to be painted, which `exposed` is all of."""
        small, level = self._at(0 if view.zoom >= 1 else floor(log2(1 / view.zoom)))
        width, height = self.size
        source = QRectF(0, 0, width / (1 << level), height / (1 << level))
        for strip in _strips(exposed):
            painter.save()
            painter.setClipRect(rect_of(strip), Qt.ClipOperation.IntersectClip)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.zoom < 1)
            # Scaled by the painter, not into a rectangle: a part is then painted exactly as the whole is.
            painter.translate(view.left, view.top)
            painter.scale(view.zoom, view.zoom)
            painter.drawImage(QRectF(0, 0, width, height), image_over(small), source)
            painter.restore()

    def _at(self, level: int) -> tuple[Packed, int]:
        if level != self._level:
            self._level, self._small = level, halved(self._packed, level)
        return self._small, level


def _strips(box: Box) -> list[Box]:
    if box.width * box.height > ALONE_UP_TO:
        return [box]
    tops = range(box.top, box.bottom, STRIP)
    return [Box(box.left, top, box.right, min(top + STRIP, box.bottom)) for top in tops]


def halved(packed: Packed, times: int) -> Packed:
    """Every four pixels averaged into one, so many times; an odd last row or column counts twice."""
    for _ in range(times):
        height, width = packed.shape
        if height % 2 or width % 2:
            packed = np.pad(packed, ((0, height % 2), (0, width % 2)), mode="edge")
        packed = _mean(_mean(packed[::2, ::2], packed[::2, 1::2]), _mean(packed[1::2, ::2], packed[1::2, 1::2]))
    return packed


def _mean(one: Packed, other: Packed) -> Packed:
    """The mean of each of the four bytes: what both have, and half of what they differ in."""
    return (one & other) + (((one ^ other) & _SEVEN_BITS) >> np.uint32(1))
