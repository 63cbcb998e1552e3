"""The words over the curves: names at the ends of lines, events, gaps, and the values under the pointer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen

from gen_studio.core.events import MarkKind
from gen_studio.ui.marks import mark_color
from gen_studio.ui.plots.canvas import Canvas, Line, Style
from gen_studio.ui.plots.series import Numbers, interpolate
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.ticks import reading, whole
from gen_studio.ui.widgets.painting import RingOnKeys, box, draw_icon, draw_text, focus_ring

END_ROOM = 24
"""Right of the newest step, for the names of the lines. Longer names stand above or below their line's end."""
LABEL_HEIGHT = 15
NEAR = 5
"""How near, in pixels, the pointer must be to an event to show its hidden label."""


@dataclass(frozen=True)
class Curve:
    """A metric as it is drawn. `line` is None while it is hidden; `broken` are the steps where it was not finite."""

    label: str
    style: Style
    line: Line | None
    broken: Numbers


@dataclass(frozen=True)
class Reading:
    """One metric at the hovered step."""

    label: str
    color: QColor
    smoothed: float
    raw: float


@dataclass(frozen=True)
class PlotEvent:
    """Something that happened during the run."""

    step: int
    label: str
    kind: MarkKind


class Chart(RingOnKeys, Canvas):
    """Canvas plus what is written over it. Arrows move the marked step, Enter chooses it, + and - zoom."""

    def __init__(self, low: float | None, high: float | None, reference: float | None) -> None:
        super().__init__(low, high, reference)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._curves: tuple[Curve, ...] = ()
        self._events: tuple[PlotEvent, ...] = ()
        self._marked: int | None = None
        self._readings: tuple[Reading, ...] = ()
        self._sentence = ""

    def set_curves(self, curves: Sequence[Curve]) -> None:
        self._curves = tuple(curves)
        self.set_lines([curve.line for curve in curves])

    def set_events(self, events: Sequence[PlotEvent]) -> None:
        self._events = tuple(sorted(events, key=lambda event: event.step))
        self.viewport().update()

    def set_marked(self, step: int | None, readings: Sequence[Reading] = ()) -> None:
        """A line at a step, with dots; with readings also the box of values."""
        self._marked, self._readings = step, tuple(readings)
        self.viewport().update()

    def set_sentence(self, sentence: str) -> None:
        """What stands in the middle as long as there is nothing to draw."""
        if sentence != self._sentence:
            self._sentence = sentence
            self.viewport().update()

    @property
    def curves(self) -> tuple[Curve, ...]:
        return self._curves

    @property
    def marked(self) -> int | None:
        return self._marked

    # Painting

    def paint_over(self, painter: QPainter) -> None:
        self._paint_events(painter)
        self._paint_broken(painter)
        for place, curve in end_labels(self, self._curves):
            self._paint_word(painter, place, curve.label, curve.style.color, 600)
        if self._marked is not None and self.area.left() <= self.x_of(self._marked) <= self.area.right():
            self._paint_marked(painter, self.x_of(self._marked))
        if self._sentence:
            width = QFontMetrics(font(12)).horizontalAdvance(self._sentence) + 2.0
            centre = self.area.center()
            place = QRectF(centre.x() - width / 2, centre.y() - LABEL_HEIGHT / 2, width, LABEL_HEIGHT)
            self._paint_word(painter, place, self._sentence, tokens().muted, 400, veil=1.0)
        if self.ring:
            focus_ring(painter, self.viewport().rect(), 4)

    def _paint_events(self, painter: QPainter) -> None:
        area = self.area
        shown = [event for event in self._events if area.left() <= self.x_of(event.step) <= area.right()]
        placed = event_labels(self, shown, font(12, 500))
        for event in shown:
            x = round(self.x_of(event.step)) + 0.5
            painter.setPen(QPen(mark_color(event.kind), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for event, place in placed.items():
            self._paint_word(painter, place, event.label, mark_color(event.kind), 500)
        if self._marked is None:
            return
        near = [event for event in shown if abs(self.x_of(event.step) - self.x_of(self._marked)) <= NEAR]
        for row, event in enumerate(event for event in near if event not in placed):
            width = QFontMetrics(font(12, 500)).horizontalAdvance(event.label) + 2
            left = max(area.left(), self.x_of(event.step) - 6 - width)
            place = QRectF(left, area.top() + (row + 1) * (LABEL_HEIGHT + 2), width, LABEL_HEIGHT)
            self._paint_word(painter, place, event.label, mark_color(event.kind), 500)

    def _paint_word(
        self, painter: QPainter, place: QRectF, word: str, color: QColor, weight: int, veil: float = 0.8
    ) -> None:
        # The curves pass behind the words: a veil of the surface keeps them readable.
        behind = QColor(tokens().surface)
        behind.setAlphaF(veil)
        painter.fillRect(place.adjusted(-2, 0, 2, 0), behind)
        draw_text(painter, place.adjusted(0, 0, 2, 0), word, font(12, weight), color)

    def _paint_broken(self, painter: QPainter) -> None:
        area, free_from = self.area, float("-inf")
        low, high = self.x_range
        steps = np.unique(np.concatenate([curve.broken for curve in self._curves])) if self._curves else np.empty(0)
        for step in steps[(steps >= low) & (steps <= high)]:
            x = self.x_of(step)
            if x >= free_from:
                draw_icon(painter, QPointF(x, area.bottom() - 9), "triangle-alert", tokens().danger, 14)
                free_from = x + 16

    def _paint_marked(self, painter: QPainter, x: float) -> None:
        t, area = tokens(), self.area
        painter.fillRect(QRectF(round(x), area.top(), 1, area.height()), t.edge)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for curve in self._curves:
            if curve.line is None:
                continue
            height = self.y_of(interpolate(*curve.line.smoothed, self.step_at(x)))
            if np.isfinite(height):
                painter.setPen(QPen(t.surface, 1))
                painter.setBrush(curve.style.color)
                painter.drawEllipse(QPointF(round(x) + 0.5, height), 4, 4)
        if self._readings:
            self._paint_readings(painter, x)

    def _paint_readings(self, painter: QPainter, x: float) -> None:
        t = tokens()
        plain, strong = font(12, tabular=True), font(12, 600, tabular=True)
        rows = [
            (
                (item.label, strong, item.color),
                (reading(item.smoothed), strong, t.text),
                (f"raw {reading(item.raw)}", plain, t.muted),
            )
            for item in self._readings
        ]
        widths = [[QFontMetrics(face).horizontalAdvance(text) + 5 for text, face, _ in row] for row in rows]
        title = f"step {whole(self._marked or 0)}"
        width = max([sum(row) for row in widths] + [QFontMetrics(plain).horizontalAdvance(title)]) + 12
        height = LABEL_HEIGHT * (len(rows) + 1) + 8
        place = self._free_place(x, width, height)
        box(painter, place, t.raised, 4, t.line)
        line = QRectF(place.left() + 6, place.top() + 4, width, LABEL_HEIGHT)
        draw_text(painter, line, title, plain, t.muted)
        for row, row_widths in zip(rows, widths, strict=True):
            line.translate(0, LABEL_HEIGHT)
            left = line.left()
            for (text, face, color), advance in zip(row, row_widths, strict=True):
                draw_text(painter, QRectF(left, line.top(), advance + 2, LABEL_HEIGHT), text, face, color)
                left += advance

    def _free_place(self, x: float, width: float, height: float) -> QRectF:
        """For the box of values: left of the line, away from the ends, low unless more of the curves is there."""
        area = self.area
        left = round(x - 6 - width if x - 6 - width >= area.left() else x + 8)
        bottom = QRectF(left, round(max(0.0, area.bottom() - height - 6)), width, height)
        top = QRectF(left, round(area.top() + LABEL_HEIGHT + 6), width, height)
        return bottom if self._points_within(bottom) <= self._points_within(top) else top

    def _points_within(self, place: QRectF) -> int:
        first, last = self.step_at(place.left()), self.step_at(place.right())
        count = 0
        for curve in self._curves:
            if curve.line is not None:
                steps, values = curve.line.smoothed
                heights = self.ys_of(values[(steps >= first) & (steps <= last)])
                count += int(np.count_nonzero((heights >= place.top()) & (heights <= place.bottom())))
        return count

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.ring = True
        low, high = self.x_range
        stride = max(1.0, (high - low) / 100)
        here = self._marked if self._marked is not None else high
        match event.key():
            case Qt.Key.Key_Left:
                self.pointed.emit(max(low, here - stride))
            case Qt.Key.Key_Right:
                self.pointed.emit(min(high, here + stride))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._marked is not None:
                self.clicked.emit(self._marked)
            case Qt.Key.Key_Escape if self._marked is not None:
                self.pointer_left.emit()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(0.5)
            case Qt.Key.Key_Minus:
                self.zoom(2.0)
            case Qt.Key.Key_End:
                self.follow_asked.emit()
            case _:
                event.ignore()
        self.viewport().update()


def end_labels(canvas: Canvas, curves: Sequence[Curve]) -> list[tuple[QRectF, Curve]]:
    """Where the name of each line stands, at its end, moved apart where they would meet."""
    metrics = QFontMetrics(font(12, 600))
    ends = [(point, curve) for curve in curves if (point := _end(canvas, curve)) is not None and curve.label]
    ends.sort(key=lambda end: end[0].y())
    places: list[tuple[QRectF, Curve]] = []
    for rank, (point, curve) in enumerate(ends):
        width = metrics.horizontalAdvance(curve.label) + 2.0
        middle = point.y()
        left = point.x() + 6
        if left + width > canvas.width():
            # The name does not fit beside its line: above the line for the upper half of them, below for the others.
            left = canvas.area.right() - width if point.x() > canvas.area.right() else point.x() - width
            middle += -13 if 2 * rank < len(ends) else 13
        places.append((QRectF(max(0.0, left), middle - LABEL_HEIGHT / 2, width, LABEL_HEIGHT), curve))
    tops = spread([place.top() for place, _ in places], LABEL_HEIGHT, 0.0, canvas.area.bottom() - LABEL_HEIGHT)
    return [
        (QRectF(place.left(), top, place.width(), LABEL_HEIGHT), curve)
        for top, (place, curve) in zip(tops, places, strict=True)
    ]


def _end(canvas: Canvas, curve: Curve) -> QPointF | None:
    if curve.line is None:
        return None
    steps, values = curve.line.smoothed
    finite = np.flatnonzero(np.isfinite(values) & (steps <= canvas.x_range[1]))
    if not len(finite):
        return None
    return QPointF(canvas.x_of(steps[finite[-1]]), canvas.y_of(values[finite[-1]]))


def spread(tops: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Moves boxes of one height apart, keeping their order and as near to where they were as a simple pass gets."""
    order = sorted(range(len(tops)), key=lambda index: tops[index])
    result = list(tops)
    floor = low
    for index in order:
        result[index] = floor = max(floor, result[index])
        floor += height
    ceiling = high
    for index in reversed(order):
        result[index] = ceiling = min(ceiling, result[index])
        ceiling -= height
    return result


def event_labels(canvas: Canvas, events: Sequence[PlotEvent], face: QFont) -> dict[PlotEvent, QRectF]:
    """Where the labels stand that have room, the newest first: left of their line, or right of it at the left edge."""
    metrics = QFontMetrics(face)
    area = canvas.area
    placed: dict[PlotEvent, QRectF] = {}
    for event in sorted(events, key=lambda event: event.step, reverse=True):
        width = metrics.horizontalAdvance(event.label) + 2.0
        x = canvas.x_of(event.step)
        left = x - 6 - width if x - 6 - width >= area.left() else x + 6
        place = QRectF(left, area.top(), width, LABEL_HEIGHT)
        if not any(place.adjusted(-6, 0, 6, 0).intersects(other) for other in placed.values()):
            placed[event] = place
    return placed
