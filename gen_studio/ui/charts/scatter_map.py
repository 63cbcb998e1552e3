"""Codes on a plane, coloured by class: which pictures a model takes for alike."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.core.charts import Scatter
from gen_studio.core.words import count
from gen_studio.ui.charts import plane
from gen_studio.ui.charts.classes import SIZE, mark
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.ticks import reading, round_ticks, tick
from gen_studio.ui.widgets.painting import RingOnKeys, draw_text, focus_ring

NEAR = 10
MARGIN = 0.04
FADED = 0.12
TICKS = 6
MOST_NAMES = 20
"""Classes whose names stand on the map; of more the legend has them."""


class ScatterMap(RingOnKeys, QWidget):
    """The arrow keys go through the classes and bring one out; the pointer says which code is under it.

    One unit is as long across as upwards, so that distances are what they look like.
    """

    class_marked = Signal(int)
    """-1 for none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAccessibleName("Latent map")
        self._values: Scatter | None = None
        self._sentence = ""
        self._marked = -1
        self._hovered: int | None = None
        self._places: NDArray[np.float64] = np.empty((0, 2))
        self._layer = QPixmap()
        self._is_stale = True

    def set_values(self, values: Scatter | None, sentence: str = "") -> None:
        """Codes, or a sentence in their place."""
        if values is not None and self._values is not None and values.classes != self._values.classes:
            self._marked = -1
        self._values, self._sentence, self._hovered = values, sentence, None
        self._forget()

    @property
    def values(self) -> Scatter | None:
        return self._values

    @property
    def marked(self) -> int:
        """The class that is brought out, -1 for none."""
        return self._marked

    def mark_class(self, number: int) -> None:
        if number != self._marked:
            self._marked = number
            self.class_marked.emit(number)
            self._forget()

    def code_at(self, point: QPointF) -> int | None:
        """The code next to a point, None where there is none near it."""
        self._lay_out()
        if not len(self._places):
            return None
        distances = np.hypot(self._places[:, 0] - point.x(), self._places[:, 1] - point.y())
        distances[~self._is_brought_out()] = np.inf
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= NEAR else None

    def place_of(self, code: int) -> QPointF:
        """Where a code stands in the widget."""
        self._lay_out()
        return QPointF(*self._places[code])

    def sizeHint(self) -> QSize:
        return QSize(560, 440)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._values is None:
            painter.fillRect(self.rect(), tokens().surface)
            plane.sentence(painter, QRectF(self.rect()).adjusted(24, 0, -24, 0), self._sentence)
        else:
            painter.drawPixmap(0, 0, self._painted())
            if self._hovered is not None:
                self._paint_hovered(painter, self._hovered)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), 4)

    def _painted(self) -> QPixmap:
        """All but what follows the pointer, painted once."""
        ratio = self.devicePixelRatioF()
        if self._layer.size() != self.size() * ratio:
            self._layer = QPixmap(self.size() * ratio)
            self._is_stale = True
        if self._is_stale:
            self._is_stale = False
            self._layer.setDevicePixelRatio(ratio)
            self._layer.fill(tokens().surface)
            painter = QPainter(self._layer)
            self._lay_out()
            self._paint_axes(painter)
            self._paint_codes(painter, ratio)
            self._paint_names(painter)
            painter.end()
        return self._layer

    def _paint_axes(self, painter: QPainter) -> None:
        assert self._values is not None
        place = self._area()
        across, up = self._values.axes
        if across or up:
            low, high = self._value_at(place.bottomLeft()), self._value_at(place.topRight())
            columns, rows = round_ticks(low[0], high[0], TICKS), round_ticks(low[1], high[1], TICKS)
            for ticks, is_row in ((columns, False), (rows, True)):
                spacing = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
                spots = self._spot(np.array([ticks, ticks]).T).tolist()
                for value, (x, y) in zip(ticks, spots, strict=True):
                    words = tick(value, spacing)
                    if is_row:
                        plane.row_line(painter, place, y, words)
                    else:
                        plane.column_line(painter, place, x, words)
        plane.titles(painter, place, across, up)

    def _paint_codes(self, painter: QPainter, ratio: float) -> None:
        assert self._values is not None
        numbers, classes = self._numbers(), max(1, len(self._values.classes))
        brought_out = self._is_brought_out()
        # On whole device pixels the marks stay as sharp as they were drawn; those brought out lie above the others.
        corners = np.round((self._places - (SIZE + 2) / 2) * ratio) / ratio
        for group, opacity in ((~brought_out, FADED), (brought_out, 1.0)):
            for number in np.unique(numbers[group]):
                pixmap = mark(int(number), classes, ratio, opacity)
                for x, y in corners[group & (numbers == number)].tolist():
                    painter.drawPixmap(QPointF(x, y), pixmap)

    def _paint_names(self, painter: QPainter) -> None:
        """Each class's name in its midst, where there is room."""
        values = self._values
        if values is None or values.labels is None or len(values.classes) > MOST_NAMES:
            return
        face, taken = font(12, 600), list[QRectF]()
        veil = QColor(tokens().surface)
        veil.setAlphaF(0.8)
        for number, name in enumerate(values.classes):
            places = self._places[values.labels == number]
            if not len(places) or self._marked not in (-1, number):
                continue
            x, y = np.sort(places, 0)[len(places) // 2]
            width = min(96.0, QFontMetrics(face).horizontalAdvance(name) + 8.0)
            place = QRectF(round(x - width / 2), round(y - 8), width, 16)
            if not any(place.intersects(other) for other in taken):
                taken.append(place)
                painter.fillRect(place, veil)
                draw_text(painter, place, name, face, tokens().text, Qt.AlignmentFlag.AlignHCenter)

    def _paint_hovered(self, painter: QPainter, code: int) -> None:
        assert self._values is not None
        spot = QPointF(*self._places[code])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens().text, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(spot, 7, 7)
        title, rows = self.words_of(code)
        plane.values_box(painter, spot, QRectF(self.rect()).adjusted(4, 4, -4, -4), title, rows)

    def words_of(self, code: int) -> tuple[str, list[str]]:
        """A code's class, and its values where they mean something."""
        values = self._values
        assert values is not None
        title = values.classes[int(values.labels[code])] if values.labels is not None else f"Code {code + 1:,}"
        names = [axis.partition(",")[0] for axis in values.axes]
        rows = [f"{name} {reading(value)}" for name, value in zip(names, values.points[code], strict=True) if name]
        return title, rows

    # Places

    def _lay_out(self) -> None:
        if len(self._places) or self._values is None or not len(self._values.points):
            return
        self._places = self._spot(self._values.points)

    def _area(self) -> QRectF:
        return plane.area(self.width(), self.height(), self._values is None or any(self._values.axes))

    def _spot(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values (..., 2) to logical pixels (..., 2)."""
        middle, scale = self._view()
        centre = self._area().center()
        return np.array([centre.x(), centre.y()]) + (points - middle) * np.array([scale, -scale])

    def _value_at(self, point: QPointF) -> tuple[float, float]:
        middle, scale = self._view()
        centre = self._area().center()
        return middle[0] + (point.x() - centre.x()) / scale, middle[1] - (point.y() - centre.y()) / scale

    def _view(self) -> tuple[NDArray[np.float64], float]:
        """The value in the middle, and the pixels to a unit: alike on both axes."""
        assert self._values is not None
        points = self._values.points
        if not len(points):
            return np.zeros(2), 1.0
        low, high = points.min(0), points.max(0)
        span = np.maximum(high - low, 1e-6 + 1e-6 * np.abs(points).max()) * (1 + 2 * MARGIN)
        place = self._area()
        return (low + high) / 2, float(min(place.width() / span[0], place.height() / span[1]))

    def _numbers(self) -> NDArray[np.int64]:
        """The class of each code; all alike without labels."""
        assert self._values is not None
        labels = self._values.labels
        return np.zeros(len(self._values.points), np.int64) if labels is None else labels

    def _is_brought_out(self) -> NDArray[np.bool_]:
        numbers = self._numbers()
        return np.ones(len(numbers), bool) if self._marked < 0 else numbers == self._marked

    def _forget(self) -> None:
        self._is_stale, self._places = True, np.empty((0, 2))
        self._describe()
        self.update()

    def _describe(self) -> None:
        values = self._values
        if values is None:
            self.setAccessibleDescription(self._sentence)
            return
        words = [count(len(values.points), "held-out code")]
        if values.labels is not None:
            words.append(f"of {count(len(values.classes), 'class', 'classes')}")
        if any(values.axes):
            words.append(f"by {values.axes[0]} and {values.axes[1]}")
        if self._marked >= 0 and values.labels is not None:
            number = int((values.labels == self._marked).sum())
            words.append(f"; {values.classes[self._marked]} brought out, {count(number, 'code')}")
        self.setAccessibleDescription(" ".join(words).replace(" ;", ";"))

    # Events

    def event(self, event: QEvent) -> bool:
        if event.type() in (
            QEvent.Type.DevicePixelRatioChange,
            QEvent.Type.PaletteChange,
            QEvent.Type.Resize,
        ):
            self._is_stale, self._places = True, np.empty((0, 2))
            self.update()
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.code_at(event.position()) if self._values is not None else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def _hover(self, code: int | None) -> None:
        if code != self._hovered:
            self._hovered = code
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        classes = len(self._values.classes) if self._values is not None and self._values.labels is not None else 0
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if classes and step is not None:
            # None stands between the last and the first.
            self.mark_class((self._marked + 1 + step) % (classes + 1) - 1)
        elif event.key() == Qt.Key.Key_Escape and self._marked >= 0:
            self.mark_class(-1)
        else:
            super().keyPressEvent(event)
            return
        self.ring = True
        self.update()
        event.accept()
