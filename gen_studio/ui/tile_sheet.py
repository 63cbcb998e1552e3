"""Keeps the pixmap of a grid of pictures, and paints into it only the tiles whose pixels have changed."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from gen_studio.ui.pictures import Pixels, pack, view
from gen_studio.ui.tiling import Tiling


class TileSheet:
    """The block of tiles that is in sight, in device pixels."""

    def __init__(self) -> None:
        self.pixmap = QPixmap()
        self._shown: Pixels | None = None
        self._key: object = None

    def show(self, pictures: Pixels, tiling: Tiling, first_row: int, background: QColor) -> list[int]:
        """Brings the pixmap up to date. Returns the indices of the tiles that were painted."""
        key = (tiling, first_row, background.rgb(), pictures.shape)
        # In sight are whole rows of items.
        first = first_row * tiling.columns * tiling.request.per_item
        after = first + tiling.shown_rows * tiling.columns * tiling.request.per_item
        if key != self._key or self._shown is None:
            self._blank(tiling, background)
            stale = np.arange(first, min(after, len(pictures)))
        else:
            stale = first + changed(pictures[first:after], self._shown[first:after])
        self._key, self._shown = key, pictures
        self._paint(pack(pictures[stale]), stale.tolist(), tiling, first_row)
        return stale.tolist()

    def clear(self) -> None:
        self.pixmap, self._shown, self._key = QPixmap(), None, None

    def _blank(self, tiling: Tiling, background: QColor) -> None:
        if (self.pixmap.width(), self.pixmap.height()) != tiling.size:
            self.pixmap = QPixmap(*tiling.size)
        # Tiles are placed in device pixels, so nothing may be scaled while they are painted.
        self.pixmap.setDevicePixelRatio(1.0)
        self.pixmap.fill(background)

    def _paint(self, packed: NDArray[np.uint32], indices: list[int], tiling: Tiling, first_row: int) -> None:
        self.pixmap.setDevicePixelRatio(1.0)
        painter = QPainter(self.pixmap)
        for pixels, index in zip(packed, indices, strict=True):
            box = tiling.box(index, first_row)
            if box is not None:
                target = QRect(*box).translated(-tiling.left, -tiling.top)
                painter.drawImage(target, fitted(view(pixels), target, tiling.sharp))
        painter.end()
        self.pixmap.setDevicePixelRatio(tiling.request.ratio)


def changed(pictures: Pixels, before: Pixels) -> NDArray[np.intp]:
    """The indices of the pictures that differ."""
    return np.flatnonzero((pictures != before).reshape(len(pictures), -1).any(axis=1))


def fitted(image: QImage, target: QRect, sharp: bool) -> QImage:
    """The image as it is where whole multiples need no interpolation, else smoothly scaled to the target."""
    if sharp:
        return image
    return image.scaled(target.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
