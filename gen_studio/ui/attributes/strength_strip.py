"""One picture at several strengths of a direction, side by side: seen at a glance, gone to with a click."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.numbers import signed
from gen_studio.ui.widgets.painting import RingOnKeys, box, draw_picture, draw_text, focus_ring

GAP = 4
CAPTION = 18
LARGEST = 96
FRAME = 2


class StrengthStrip(RingOnKeys, QWidget):
    """The picture at the strength that the stage shows has a frame; left and right go from one to the next."""

    chosen = Signal(int)

    def __init__(self, strengths: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strengths = tuple(strengths)
        self._images: tuple[QImage, ...] = ()
        self._current: float | None = None
        self.setFixedHeight(LARGEST + CAPTION)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Strengths")

    def set_images(self, images: Sequence[QImage]) -> None:
        self._images = tuple(images)
        self.update()

    def set_current(self, strength: float) -> None:
        """What the stage shows."""
        if strength != self._current:
            self._current = strength
            self.setAccessibleDescription(signed(strength))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, LARGEST + CAPTION)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, LARGEST + CAPTION)

    def rect_of(self, place: int) -> QRectF:
        count = len(self._strengths)
        side = float(int(min(LARGEST, (self.width() - (count - 1) * GAP) / count)))
        left = (self.width() - count * side - (count - 1) * GAP) / 2
        return QRectF(round(left) + place * (side + GAP), LARGEST - side, side, side)

    @property
    def current_place(self) -> int | None:
        """The place of the strength that the stage shows, where it is one of these."""
        near = (place for place, one in enumerate(self._strengths) if self._current == one)
        return next(near, None)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        for place, strength in enumerate(self._strengths):
            rect = self.rect_of(place)
            if place < len(self._images):
                draw_picture(painter, rect, self._images[place], 0)
            else:
                box(painter, rect, t.hover, 0)
            shown = place == self.current_place
            if shown:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(t.accent, FRAME, j=Qt.PenJoinStyle.MiterJoin))
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
            below = QRectF(rect.left(), rect.bottom(), rect.width(), CAPTION)
            face = font(11, 600 if shown else 400, tabular=True)
            words = signed(strength, 0)
            draw_text(painter, below, words, face, t.text if shown else t.muted, Qt.AlignmentFlag.AlignHCenter)
        if self.hasFocus() and self.ring:
            last = self.rect_of(len(self._strengths) - 1)
            focus_ring(painter, self.rect_of(0).united(last).adjusted(-3, -3, 3, 3), 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and place is not None:
            self.chosen.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if way is None:
            event.ignore()
            return
        here = self._current or 0.0
        beyond = [place for place, one in enumerate(self._strengths) if (one - here) * way > 0]
        if beyond:
            self.chosen.emit(beyond[0] if way > 0 else beyond[-1])
        event.accept()

    def _place_at(self, point: QPointF) -> int | None:
        return next((place for place in range(len(self._strengths)) if self.rect_of(place).contains(point)), None)
