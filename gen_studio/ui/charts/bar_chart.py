"""One bar for each dimension of a code or entry of a codebook: which of them a model makes use of."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.core.charts import Bars
from gen_studio.core.words import count
from gen_studio.ui.charts import plane
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.ticks import reading, round_spacing, tick
from gen_studio.ui.widgets.painting import RingOnKeys, focus_ring

TICKS = 5
HEADROOM = 1.06
WIDEST = 48.0


class BarChart(RingOnKeys, QWidget):
    """Bars in the order of their numbers, or the largest first. The arrow keys and the pointer say what one stands for.

    Marked bars are filled and the others outlined, so that nothing is said by colour alone.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._values: Bars | None = None
        self._by_size = True
        self._order: NDArray[np.int64] = np.empty(0, np.int64)
        self._sentence = ""
        self._chosen: int | None = None

    def set_values(self, values: Bars | None, sentence: str = "") -> None:
        """Bars, or a sentence in their place."""
        self._values, self._sentence = values, sentence
        self._sort()

    @property
    def values(self) -> Bars | None:
        return self._values

    def set_by_size(self, by_size: bool) -> None:
        if by_size != self._by_size:
            self._by_size = by_size
            self._sort()

    @property
    def order(self) -> NDArray[np.int64]:
        """The indices of the bars from left to right."""
        return self._order

    def bar_at(self, point: QPointF) -> int | None:
        """Which bar from the left is over or under a point, None beside them."""
        if self._values is None or not len(self._order):
            return None
        first, slot = self._slots()
        place = int((point.x() - first) // slot)
        return place if 0 <= place < len(self._order) and point.y() <= self._area().bottom() + plane.LINE else None

    def words_of(self, place: int) -> tuple[str, list[str]]:
        """What a bar stands for, and its value."""
        values, index = self._values, int(self._order[place])
        assert values is not None
        state = values.mark if values.marked[index] else values.unmarked
        unit = f" {values.unit}" if values.unit else ""
        return f"{values.noun} {index + 1:,}", [f"{reading(float(values.values[index]))}{unit}, {state}"]

    def sizeHint(self) -> QSize:
        return QSize(560, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), tokens()
        painter.fillRect(self.rect(), t.surface)
        if self._values is None:
            plane.sentence(painter, QRectF(self.rect()).adjusted(24, 0, -24, 0), self._sentence)
        else:
            self._paint_axes(painter, self._values)
            self._paint_bars(painter, self._values)
            if self._chosen is not None:
                self._paint_chosen(painter, self._chosen)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), 4)

    def _paint_axes(self, painter: QPainter, values: Bars) -> None:
        place = self._area()
        spacing = round_spacing(self._top(), TICKS)
        for number in range(int(self._top() / spacing) + 1):
            plane.row_line(painter, place, self._y(number * spacing), tick(number * spacing, spacing))
        order = "the largest first" if self._by_size else "by number"
        noun = f"{values.noun}s" if len(values.values) > 1 else values.noun
        plane.titles(painter, place, f"{noun}, {order}", values.unit)
        self._paint_numbers(painter, place)

    def _paint_numbers(self, painter: QPainter, place: QRectF) -> None:
        """Under every bar where there is room; by number also under some."""
        first, slot = self._slots()
        numbers = len(self._order)
        room = QFontMetrics(font(11, tabular=True)).horizontalAdvance(f"{numbers:,}") + 8
        stride = 1 if slot >= room else int(round_spacing(numbers, max(1, int(slot * numbers / (3 * room)))))
        if stride > 1 and self._by_size:
            return
        for spot in range(0, numbers, max(1, stride)):
            # 1, 10, 20, ... rather than 1, 11, 21, ...
            at = spot if stride == 1 or spot == 0 else spot - 1
            plane.column_tick(painter, place, first + (at + 0.5) * slot, f"{int(self._order[at]) + 1:,}")

    def _paint_bars(self, painter: QPainter, values: Bars) -> None:
        ratio = self.devicePixelRatioF()
        first, slot = self._slots()
        bottom = round(self._area().bottom())
        filled, outlined = tokens().series[2], tokens().edge
        heights, marked = values.values[self._order], values.marked[self._order]
        if slot * ratio < 2:
            self._paint_columns(painter, heights, filled)
            return
        gap = 1 / ratio if slot < 4 else min(8.0, max(1.0, slot * 0.25))
        for place, (height, is_marked) in enumerate(zip(heights.tolist(), marked.tolist(), strict=True)):
            left = round((first + place * slot + gap / 2) * ratio) / ratio
            right = max(left + 1 / ratio, round((first + (place + 1) * slot - gap / 2) * ratio) / ratio)
            top = round(self._y(height) * ratio) / ratio
            bar = QRectF(left, top, right - left, bottom - top)
            if is_marked:
                painter.fillRect(bar, filled)
            elif bar.width() < 4 or bar.height() < 2:
                # Each has its place on the base line, however small its number is.
                painter.fillRect(QRectF(left, min(top, bottom - 1), right - left, max(1.0, bottom - top)), outlined)
            else:
                _outline(painter, bar, outlined)

    def _paint_columns(self, painter: QPainter, heights: NDArray[np.float64], color: QColor) -> None:
        """Of more bars than pixels, the largest of each column."""
        ratio, place = self.devicePixelRatioF(), self._area()
        columns = max(1, min(len(heights), int(place.width() * ratio)))
        edges = np.linspace(0, len(heights), columns + 1).astype(int)[:-1]
        width = place.width() / columns
        for column, height in enumerate(np.maximum.reduceat(heights, edges).tolist()):
            top = self._y(height)
            painter.fillRect(QRectF(place.left() + column * width, top, width, place.bottom() - top), color)

    def _paint_chosen(self, painter: QPainter, place: int) -> None:
        first, slot = self._slots()
        left, middle = first + place * slot, first + (place + 0.5) * slot
        inside = self._area()
        values = self._values
        assert values is not None
        veil = QColor(tokens().text)
        veil.setAlphaF(0.10)
        painter.fillRect(QRectF(left, inside.top(), max(1.0, slot), inside.height()), veil)
        title, rows = self.words_of(place)
        height = self._y(float(values.values[self._order[place]]))
        plane.values_box(painter, QPointF(middle, height), inside, title, rows)

    # Places

    def _area(self) -> QRectF:
        return plane.area(self.width(), self.height())

    def _slots(self) -> tuple[float, float]:
        """Where the first bar's share of the width begins, and how wide each is: few bars stand in the middle."""
        place = self._area()
        slot = min(WIDEST, place.width() / max(1, len(self._order)))
        return place.center().x() - slot * len(self._order) / 2, slot

    def _top(self) -> float:
        """The value at the upper end of the axis."""
        largest = float(self._values.values.max()) if self._values is not None and len(self._values.values) else 0.0
        return HEADROOM * largest if largest > 0 else 1.0

    def _y(self, value: float) -> float:
        place = self._area()
        return place.bottom() - value / self._top() * place.height()

    def _sort(self) -> None:
        values = self._values
        numbers = np.arange(len(values.values)) if values is not None else np.empty(0, np.int64)
        if values is not None and self._by_size:
            # Equal ones in the order of their numbers.
            numbers = np.argsort(-values.values, kind="stable")
        self._order = numbers
        if self._chosen is not None and self._chosen >= len(numbers):
            self._chosen = None
        self._describe()
        self.update()

    def _describe(self) -> None:
        values = self._values
        if values is None:
            self.setAccessibleDescription(self._sentence)
            return
        words = [f"{count(len(values.values), 'bar')}, {int(values.marked.sum()):,} {values.mark}"]
        words += [f"{fact.figure} {fact.words}" for fact in values.facts]
        if self._chosen is not None:
            title, rows = self.words_of(self._chosen)
            words.append(f"{title}: {rows[0]}")
        self.setAccessibleDescription("; ".join(words))

    # Events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self.bar_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._choose(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._order) - 1
        here = self._chosen
        targets = {
            Qt.Key.Key_Right: 0 if here is None else min(last, here + 1),
            Qt.Key.Key_Left: last if here is None else max(0, here - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in targets and last >= 0:
            self._choose(targets[key])
        elif key == Qt.Key.Key_Escape and here is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)
            return
        self.ring = True
        self.update()
        event.accept()

    def _choose(self, place: int | None) -> None:
        if place != self._chosen:
            self._chosen = place
            self._describe()
            self.update()


def _outline(painter: QPainter, bar: QRectF, color: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
