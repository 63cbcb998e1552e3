"""The names of the classes beside their marks, as many rows as they need; pointing at one brings it out on the map."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.ui.charts.classes import SIZE, mark
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import draw_text

ROW = 20
LEAD = 16
GAP = 14
WIDEST = 140
MOST_ROWS = 5


class ClassLegend(QWidget):
    """Reads from left to right, then down. What does not fit into five rows is counted at their end."""

    pointed = Signal(int)
    """-1 when the pointer leaves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Classes")
        self._names: tuple[str, ...] = ()
        self._marked = -1
        self._places: list[QRectF] = []

    def set_names(self, names: Sequence[str]) -> None:
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.setAccessibleDescription(", ".join(names))
            self._lay_out()

    def set_marked(self, number: int) -> None:
        self._marked = number
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def name_at(self, point: QPointF) -> int:
        """The class under a point, -1 for none."""
        return next((number for number, place in enumerate(self._places) if place.contains(point)), -1)

    def _lay_out(self) -> None:
        metrics = QFontMetrics(font(12))
        places, left, top = list[QRectF](), 0.0, 0.0
        for name in self._names:
            width = LEAD + min(WIDEST, metrics.horizontalAdvance(name) + 2.0)
            if left and left + width > self.width():
                left, top = 0.0, top + ROW
            if top >= MOST_ROWS * ROW:
                break
            places.append(QRectF(left, top, width, ROW))
            left += width + GAP
        self._places = places
        rows = round(places[-1].bottom()) if places else 0
        self.setVisible(bool(places))
        self.setFixedHeight(max(1, rows))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t, ratio = QPainter(self), tokens(), self.devicePixelRatioF()
        for number, (name, place) in enumerate(zip(self._names, self._places, strict=False)):
            is_out = self._marked in (-1, number)
            spot = QPointF(place.left(), round(place.center().y() - (SIZE + 2) / 2))
            painter.drawPixmap(spot, mark(number, len(self._names), ratio, 1.0 if is_out else 0.3))
            words = place.adjusted(LEAD, 0, 2, 0)
            draw_text(painter, words, name, font(12), t.text if number == self._marked else t.muted)
        hidden = len(self._names) - len(self._places)
        if hidden and self._places:
            last = self._places[-1]
            room = QRectF(last.right() + GAP, last.top(), self.width() - last.right() - GAP, ROW)
            draw_text(painter, room, f"and {hidden} more", font(12), t.muted)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self.name_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1)
