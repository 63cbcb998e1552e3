"""The answers to choose from, where chance has a say in them: each shows what surrounds the hole."""

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.ui.canvas.box import Box, whole
from gen_studio.ui.canvas.regions import Mask, bounds
from gen_studio.ui.pictures import to_image
from gen_studio.ui.theme import tokens
from gen_studio.ui.widgets.painting import PICTURE_RADIUS, RingOnKeys, focus_ring
from gen_studio.viewmodels.inpainting import Answer

TILE, GAP = 92, 8
AROUND = 0.5
"""Of the hole's longer side, seen beyond it on each side."""
WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class AnswerStrip(RingOnKeys, QWidget):
    """As many as fit; left and right choose."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(TILE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Answers")
        self._answers: tuple[Answer, ...] = ()
        self._pictures: list[QImage] = []
        self.current = 0

    def show_answers(self, answers: tuple[Answer, ...], mask: Mask | None, current: int) -> None:
        if answers != self._answers:
            self._answers = answers
            place = None if mask is None or not answers else surroundings(mask)
            self._pictures = [] if place is None else [to_image(one.part(place.slices)) for one in answers]
        self.current = current
        words = f"Answer {current + 1} of {len(answers)}, seed {answers[current].seed}" if answers else ""
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(TILE, TILE)

    def place(self, index: int) -> QRect:
        return QRect(index * (TILE + GAP), 0, TILE, TILE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), tokens()
        ratio = self.devicePixelRatioF()
        for number, image in enumerate(self._pictures):
            place = self.place(number)
            if place.right() >= self.width():
                break
            side = round(TILE * ratio)
            small = max(image.width(), image.height()) * 2 <= side
            mode = Qt.TransformationMode.FastTransformation if small else Qt.TransformationMode.SmoothTransformation
            scaled = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode)
            scaled.setDevicePixelRatio(ratio)
            size = scaled.deviceIndependentSize()
            corner = QPoint(round((TILE - size.width()) / 2), round((TILE - size.height()) / 2))
            painter.drawImage(place.topLeft() + corner, scaled)
            if number == self.current:
                painter.setPen(QPen(t.accent, 2))
                painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), PICTURE_RADIUS, PICTURE_RADIUS)
                if self.hasFocus() and self.ring:
                    focus_ring(painter, place.adjusted(3, 3, -3, -3), PICTURE_RADIUS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = int(event.position().x()) // (TILE + GAP)
        if event.button() is Qt.MouseButton.LeftButton and index < len(self._answers):
            self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = WAYS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        elif self._answers:
            self.ring = True
            self.chosen.emit((self.current + way) % len(self._answers))


def surroundings(mask: Mask) -> Box:
    """A square around all that is masked, as far as the picture reaches."""
    hole = bounds(mask) or whole(mask.shape)
    half = round(max(hole.width, hole.height) * (0.5 + AROUND))
    middle = np.array([hole.left + hole.right, hole.top + hole.bottom]) // 2
    left, top = (middle - half).tolist()
    return Box(left, top, left + 2 * half + 1, top + 2 * half + 1).within(whole(mask.shape))
