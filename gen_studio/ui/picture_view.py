"""Shows one picture, or an input with its output and target, as large as whole multiples allow."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gen_studio.ui.pictures import Pixels, check_pictures, pack, view
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.tile_sheet import fitted
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.painting import draw_text

CAPTION_HEIGHT = 20
GAP = 8
INSET = 8


class PictureView(QWidget):
    """Pictures side by side with their captions above and the chip "64 × 64, shown 8×" in the last one's corner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: Pixels | None = None
        self._captions: tuple[str, ...] = ()
        self._pixmap = QPixmap()
        self._chip = Chip(on_picture=True, parent=self)
        self._chip.hide()
        self._size = Chip(on_picture=True, parent=self)

    def set_pictures(self, pictures: Pixels | None, captions: Sequence[str] = ()) -> None:
        """pictures: (1 to 3, H, W, C) uint8, or None for nothing."""
        self._pictures = None if pictures is None else check_pictures(pictures)
        self._captions = tuple(captions)
        self._place()

    def set_chip(self, text: str, *, live: bool = False) -> None:
        """What stands in the first picture's top left corner, with a dot where it is live; empty for none."""
        self._chip.show_words(text, live=live)
        self._chip.adjustSize()
        self._chip.setVisible(bool(text))

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def zoom(self) -> Fraction:
        """Device pixels per picture pixel: the largest whole multiple that fits, or else one over a whole number."""
        if self._pictures is None:
            return Fraction(1)
        ratio = self.devicePixelRatioF()
        count, height, width, _ = self._pictures.shape
        across = Fraction(int((self.width() - GAP * (count - 1)) * ratio), width * count)
        down = Fraction(int((self.height() - self._header()) * ratio), height)
        most = min(across, down)
        if most >= 1:
            return Fraction(int(most))
        return Fraction(1, ceil(1 / most)) if most > 0 else Fraction(1, 64)

    def boxes(self) -> list[QRectF]:
        """Where each picture stands, in logical pixels that fall on device pixels."""
        if self._pictures is None:
            return []
        ratio = self.devicePixelRatioF()
        count, height, width, _ = self._pictures.shape
        zoom = self.zoom()
        across, down = max(1, int(width * zoom)), max(1, int(height * zoom))
        gap = round(GAP * ratio)
        left = (int(self.width() * ratio) - count * across - (count - 1) * gap) // 2
        header = int(self._header() * ratio)
        top = header + (int(self.height() * ratio) - header - down) // 2
        return [
            QRectF((left + part * (across + gap)) / ratio, top / ratio, across / ratio, down / ratio)
            for part in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = tokens()
        painter.fillRect(event.rect(), t.bg)
        boxes = self.boxes()
        if not boxes or self._pictures is None:
            return
        whole = boxes[0].united(boxes[-1])
        painter.drawPixmap(whole.topLeft(), self._drawn(boxes))
        for place, caption in zip(boxes, self._captions, strict=False):
            above = QRectF(place.left(), place.top() - CAPTION_HEIGHT, place.width(), CAPTION_HEIGHT)
            draw_text(painter, above, caption, font(11), t.muted)

    def _header(self) -> int:
        return CAPTION_HEIGHT if self._captions else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.PaletteChange):
            self._place()
        return super().event(event)

    def _place(self) -> None:
        self._pixmap = QPixmap()
        self._size.setVisible(self._pictures is not None)
        if self._pictures is not None:
            boxes = self.boxes()
            self._chip.move(boxes[0].topLeft().toPoint() + QPoint(INSET, INSET))
            self._size.show_words(self._size_in_words())
            self._size.adjustSize()
            corner = boxes[-1].bottomRight().toPoint() - QPoint(INSET, INSET)
            self._size.move(corner - QPoint(self._size.width(), self._size.height()))
        self.update()

    def _size_in_words(self) -> str:
        assert self._pictures is not None
        _, height, width, _ = self._pictures.shape
        shown = float(self.zoom()) / self.devicePixelRatioF()
        return f"{width} × {height}, shown {shown:.3g}×"

    def _drawn(self, boxes: list[QRectF]) -> QPixmap:
        assert self._pictures is not None
        ratio = self.devicePixelRatioF()
        whole = boxes[0].united(boxes[-1])
        size = QSize(round(whole.width() * ratio), round(whole.height() * ratio))
        if self._pixmap.size() == size and self._pixmap.devicePixelRatio() == ratio:
            return self._pixmap
        self._pixmap = QPixmap(size)
        self._pixmap.fill(tokens().bg)
        painter = QPainter(self._pixmap)
        packed = np.ascontiguousarray(pack(self._pictures))
        for pixels, place in zip(packed, boxes, strict=True):
            left, top = (place.left() - whole.left()) * ratio, (place.top() - whole.top()) * ratio
            target = QRect(round(left), round(top), round(place.width() * ratio), round(place.height() * ratio))
            painter.drawImage(target, fitted(view(pixels), target, self.zoom().denominator == 1))
        painter.end()
        self._pixmap.setDevicePixelRatio(ratio)
        return self._pixmap
