"""A small reading with its recent course: gradient norms and the like, where a plot with axes would be too much."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.core.description import Role
from gen_studio.ui.plots.series import Series, smooth
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.ticks import reading
from gen_studio.ui.widgets.painting import draw_text

HEIGHT = 62
POINTS = 60
NARROWEST_LINE = 40
REDRAW_MS = 250


class Spark(QWidget):
    """Name above, value below it, then a line of words; the course of the whole run at the right."""

    def __init__(self, name: str, role: Role = Role.OTHER, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._role = name, role
        self._detail = ""
        self._series = Series()
        self._course = np.empty(0)
        self._stale = False
        self._timer = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def append(self, steps: NDArray[np.integer], values: NDArray[np.floating]) -> None:
        """Adds (K,) readings at (K,) rising steps; NaN where nothing was measured is left out."""
        measured = np.isfinite(values)
        self._series.append(np.asarray(steps, float)[measured], np.asarray(values, float)[measured])
        self._request()

    def set_history(self, steps: NDArray[np.integer], values: NDArray[np.floating]) -> None:
        self._series.clear()
        self.append(steps, values)

    def clear(self) -> None:
        self._series.clear()
        self._request()

    def set_detail(self, words: str) -> None:
        """The line below the value, for example "clipped at 10"."""
        if words != self._detail:
            self._detail = words
            self.update()

    @property
    def value_text(self) -> str:
        return reading(float(self._series.values[-1])) if len(self._series) else "–"

    def sizeHint(self) -> QSize:
        return QSize(168, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(110, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        width = float(self.width())
        draw_text(painter, QRectF(0, 0, width, 18), self._name, font(12), t.muted)
        strong = font(18, 600, tabular=True)
        words = QFontMetrics(font(12)).horizontalAdvance(self._detail)
        # Room for a figure more than there is, so that the line stays where it is.
        left = max(QFontMetrics(strong).horizontalAdvance("88.8"), words, 60) + 10.0
        draw_text(painter, QRectF(0, 18, left, 24), self.value_text, strong, t.text)
        draw_text(painter, QRectF(0, 43, width, 18), self._detail, font(12), t.muted)
        if width - left >= NARROWEST_LINE and len(self._course) > 1:
            self._paint_course(painter, QRectF(left, 21, width - left - 2, 24))

    def _paint_course(self, painter: QPainter, room: QRectF) -> None:
        low, high = float(self._course.min()), float(self._course.max())
        span = max(high - low, 1e-9 + 0.02 * abs(high))
        across = room.width() / (len(self._course) - 1)
        points = [
            QPointF(room.left() + index * across, room.bottom() - (value - low) / span * room.height())
            for index, value in enumerate(self._course)
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._color(), 1.25)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))

    def _color(self) -> QColor:
        t = tokens()
        match self._role:
            case Role.DISCRIMINATOR:
                return t.discriminator
            case Role.GENERATOR:
                return t.generator
            case Role.OTHER:
                return t.series[2]

    def _request(self) -> None:
        self._stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _redraw(self) -> None:
        if not self.isVisible() or self.window().isMinimized():
            return
        self._stale = False
        series = self._series
        if len(series) > 1:
            _, values = smooth(series.steps, series.values, 0.9, series.steps[0], series.steps[-1], most=POINTS)
            self._course = values[np.isfinite(values)]
        else:
            self._course = np.empty(0)
        self.setAccessibleDescription(f"{self.value_text} {self._detail}".strip())
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._timer.start()
