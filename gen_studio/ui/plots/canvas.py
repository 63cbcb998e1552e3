"""The axes and curves of one plot, painted once per change into a pixmap: what moves over them costs only a copy."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent

from gen_studio.ui.plots.series import Numbers
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.ticks import log_ticks, reading, round_ticks, tick, whole
from gen_studio.ui.widgets.painting import draw_text

LEFT = 36
"""One width for all plots, so that the steps of plots above each other line up."""
TOP = 8
RIGHT = 4
BOTTOM = 24
RAW_OPACITY = 0.30
GRID_DARK, GRID_LIGHT = 0.20, 0.16
FEWEST_STEPS = 10


@dataclass(frozen=True)
class Style:
    """How a curve is drawn. Dashed tells apart what a colour alone would not."""

    color: QColor
    dashed: bool = False


@dataclass(frozen=True)
class Line:
    """What of a metric is drawn: thinned readings and the smoothed line, in the units of the axis."""

    raw: tuple[Numbers, Numbers]
    smoothed: tuple[Numbers, Numbers]


class Canvas(pg.GraphicsView):
    """Coordinates are logical pixels; `x_of` and `y_of` turn steps and values into them."""

    pointed = Signal(float)
    pointer_left = Signal()
    clicked = Signal(float)
    follow_asked = Signal()
    moved = Signal()

    def __init__(self, low: float | None, high: float | None, reference: float | None) -> None:
        super().__init__(background=None)
        self._low, self._high, self._reference = low, high, reference
        self._log = False
        self._empty = True
        self._stale = True
        self._pixmap = QPixmap()
        self._pressed: QPointF | None = None
        self._view = pg.ViewBox(enableMenu=False)
        self._view.setMouseEnabled(x=True, y=False)
        self._view.disableAutoRange()
        self._view.setDefaultPadding(0)
        self.scene().addItem(self._view)
        self._view.sigRangeChangedManually.connect(self._tell_moved)
        self._raw: list[pg.PlotCurveItem] = []
        self._smoothed: list[pg.PlotCurveItem] = []
        self.setMouseTracking(True)
        self.set_x_range(0, FEWEST_STEPS)
        self.set_y_range(0, 1)

    # Curves

    def set_styles(self, styles: list[Style]) -> None:
        """One curve per style, in this order; later ones are painted above."""
        for item in (*self._raw, *self._smoothed):
            self._view.removeItem(item)
        self._raw = [pg.PlotCurveItem() for _ in styles]
        self._smoothed = [pg.PlotCurveItem(antialias=True) for _ in styles]
        for item in (*self._raw, *self._smoothed):
            self._view.addItem(item, ignoreBounds=True)
        # Cosmetic pens count device pixels: a line of two logical pixels is four wide on a screen at 2x.
        ratio = self.devicePixelRatioF()
        for raw, smoothed, style in zip(self._raw, self._smoothed, styles, strict=True):
            faint = QColor(style.color)
            faint.setAlphaF(RAW_OPACITY)
            raw.setPen(_pen(faint, 1))
            smoothed.setPen(_pen(style.color, 2 * ratio, Qt.PenStyle.DashLine if style.dashed else None))
        self.refresh()

    def set_lines(self, lines: list[Line | None]) -> None:
        """The points of every curve, None for a hidden one."""
        for raw, smoothed, line in zip(self._raw, self._smoothed, lines, strict=True):
            raw.setVisible(line is not None)
            smoothed.setVisible(line is not None)
            if line is not None:
                raw.setData(*line.raw, connect="finite")
                smoothed.setData(*line.smoothed, connect="finite")
        self.refresh()

    def set_log(self, log: bool) -> None:
        """With True the values of all lines are powers of ten."""
        self._log = log
        self.refresh()

    def set_empty(self, empty: bool) -> None:
        """Without readings there is no scale up the axis, unless the plot fixes it."""
        if empty != self._empty:
            self._empty = empty
            self.refresh()

    # Ranges

    @property
    def x_range(self) -> tuple[float, float]:
        low, high = self._view.viewRange()[0]
        return float(low), float(high)

    @property
    def y_range(self) -> tuple[float, float]:
        low, high = self._view.viewRange()[1]
        return float(low), float(high)

    def set_x_range(self, low: float, high: float) -> None:
        if (low, high) != self.x_range:
            self._view.setXRange(low, max(high, low + FEWEST_STEPS), padding=0)
            self.refresh()

    def set_y_range(self, low: float, high: float) -> None:
        """Fits the values; fixed ends of the plot win, with room for their labels."""
        low = low if self._low is None or self._log else self._low
        high = high if self._high is None or self._log else self._high
        room = max(high - low, 1e-9) * 0.07
        if (low - room, high + room) != self.y_range:
            self._view.setYRange(low - room, high + room, padding=0)
            self.refresh()

    def set_limits(self, last: float) -> None:
        """How far one can zoom out and move."""
        last = max(last, FEWEST_STEPS)
        self._view.setLimits(xMin=-0.05 * last, xMax=1.1 * last, minXRange=FEWEST_STEPS)

    def zoom(self, factor: float) -> None:
        """Shows that part of the present range around its middle, as the keys + and - do."""
        low, high = self.x_range
        middle, half = (low + high) / 2, (high - low) / 2 * factor
        self._view.setXRange(middle - half, middle + half, padding=0)
        self._tell_moved()

    @property
    def area(self) -> QRectF:
        """Where the curves are."""
        return QRectF(LEFT, TOP, max(1, self.width() - LEFT - RIGHT), max(1, self.height() - TOP - BOTTOM))

    @property
    def columns(self) -> int:
        """How many device pixels there are across the curves."""
        return max(100, int(self.area.width() * self.devicePixelRatioF()))

    def x_of(self, step: float) -> float:
        return float(self.xs_of(np.float64(step)))

    def y_of(self, value: float) -> float:
        return float(self.ys_of(np.float64(value)))

    def xs_of(self, steps: Numbers | np.float64) -> Numbers | np.float64:
        """For many steps at once, as `x_of`."""
        (low, high), area = self.x_range, self.area
        return area.left() + (steps - low) * (area.width() / (high - low))

    def ys_of(self, values: Numbers | np.float64) -> Numbers | np.float64:
        """For many values at once, as `y_of`."""
        (low, high), area = self.y_range, self.area
        return area.bottom() - (values - low) * (area.height() / (high - low))

    def step_at(self, x: float) -> float:
        low, high = self.x_range
        return low + (x - self.area.left()) / self.area.width() * (high - low)

    # Painting

    def refresh(self) -> None:
        """Has the curves painted anew; `viewport().update()` alone repaints only what is above them."""
        self._stale = True
        self.viewport().update()

    def paint_over(self, painter: QPainter) -> None:
        """Whatever stands above the curves and moves: for whoever builds on this."""

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._stale or self._pixmap.size() != size:
            if self._pixmap.size() != size:
                self._pixmap = QPixmap(size)
            self._pixmap.setDevicePixelRatio(ratio)
            self._stale = False
            self._render()
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._pixmap)
        self.paint_over(painter)
        painter.end()

    def _render(self) -> None:
        self.scene().prepareForPaint()
        self._pixmap.fill(tokens().surface)
        painter = QPainter(self._pixmap)
        self._paint_axes(painter)
        self.render(painter, QRectF(self.rect()), self.rect())
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        t = tokens()
        grid = QColor(t.muted)
        grid.setAlphaF(GRID_DARK if t.surface.lightness() < 128 else GRID_LIGHT)
        face = font(11, tabular=True)
        area = self.area
        for value, words in self._value_ticks():
            y = round(self.y_of(value))
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), grid)
            draw_text(painter, QRectF(0, y - 8, LEFT - 8, 16), words, face, t.muted, Qt.AlignmentFlag.AlignRight)
        free_from = float("-inf")
        for step in self._step_ticks():
            words = whole(step)
            width = painter.fontMetrics().horizontalAdvance(words) + 4
            left = min(self.width() - width, max(0.0, self.x_of(step) - width / 2))
            if left >= free_from:
                room = QRectF(left, area.bottom() + 5, width, 16)
                draw_text(painter, room, words, face, t.muted, Qt.AlignmentFlag.AlignHCenter)
                free_from = left + width + 8
        if self._reference is not None:
            painter.setPen(QPen(t.muted, 1, Qt.PenStyle.DotLine))
            level = round(self.y_of(self._reference)) + 0.5
            painter.drawLine(QPointF(area.left(), level), QPointF(area.right(), level))

    def _value_ticks(self) -> list[tuple[float, str]]:
        if self._empty and (self._low is None or self._high is None):
            return []
        low, high = self.y_range
        most = max(1, min(5, int(self.area.height() / 32)))
        if self._log:
            return [(value, reading(10.0**value)) for value in log_ticks(low, high, most)]
        low = max(low, self._low) if self._low is not None else low
        high = min(high, self._high) if self._high is not None else high
        values = round_ticks(low, high, most)
        spacing = values[1] - values[0] if len(values) > 1 else high - low
        return [(value, tick(value, spacing)) for value in values]

    def _step_ticks(self) -> list[float]:
        low, high = self.x_range
        most = max(1, min(5, int(self.area.width() / 80)))
        return [step for step in round_ticks(max(0.0, low), high, most) if step == round(step)]

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_view"):
            self._view.setGeometry(self.area)
            self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        # A press that moved was a drag of the range and no click.
        if pressed is not None and (event.position() - pressed).manhattanLength() < 4:
            self.clicked.emit(self.step_at(event.position().x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.follow_asked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.area.contains(event.position()):
            self.pointed.emit(self.step_at(event.position().x()))
        else:
            self.pointer_left.emit()

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.pointer_left.emit()

    def _tell_moved(self) -> None:
        self.refresh()
        self.moved.emit()


def _pen(color: QColor, width: float, style: Qt.PenStyle | None = None) -> QPen:
    pen = QPen(color, width, style or Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
