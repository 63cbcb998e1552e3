"""One plot of a run's metrics: takes readings as they come, redraws at most four times a second and only in sight."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gen_studio.core.description import Metric, Plot, Role
from gen_studio.core.events import MarkKind
from gen_studio.ui.plots.canvas import Line, Style
from gen_studio.ui.plots.chart import END_ROOM, Chart, Curve, PlotEvent, Reading
from gen_studio.ui.plots.heading import Heading
from gen_studio.ui.plots.series import RAW_POINTS, Numbers, Series, interpolate, latest, smooth, thin
from gen_studio.ui.theme import Tokens, tokens
from gen_studio.ui.widgets.chips import Chip

REDRAW_MS = 250
FOLLOW_HAND_MS = 30
"""While the user zooms or moves the plot, points for the new range come sooner."""
SMOOTHING = 0.96
EMPTY = "The curves begin with the first step"


class MetricPlot(QWidget):
    """Heading and chart of one `Plot`. Values of metrics that it does not draw are ignored."""

    hovered = Signal(int)
    hover_ended = Signal()
    step_clicked = Signal(int)
    follow_changed = Signal(bool)
    smoothing_changed = Signal(float)
    export_asked = Signal()

    def __init__(
        self,
        plot: Plot,
        metrics: Sequence[Metric],
        parent: QWidget | None = None,
        *,
        controls: bool = True,
        later_ms: int = 0,
    ) -> None:
        """later_ms: how long after its neighbours it redraws, so that not all are painted in one go."""
        super().__init__(parent)
        self._redraw_ms = REDRAW_MS + later_ms
        self.metrics = tuple(metric for metric in metrics if metric.plot == plot)
        self._series = {metric.key: Series() for metric in self.metrics}
        self._events: list[PlotEvent] = []
        self._total = 0
        self._smoothing = SMOOTHING
        self._log = False
        self._following = True
        self._pointed = False
        self._dirty = True
        self._heading = Heading(plot, self.metrics, SMOOTHING, controls)
        self.chart = Chart(plot.low, plot.high, plot.reference)
        self.chart.setAccessibleName(f"{plot.title}, plot")
        self._follow = Chip("Follow", clickable=True, parent=self.chart)
        self._follow.setToolTip("Show the newest steps again")
        self._follow.hide()
        self._timer = QTimer(self, singleShot=True)
        self._lay_out()
        self._bind()
        self._restyle()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._heading)
        layout.addWidget(self.chart, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.chart.setMinimumSize(160, 68)

    def _bind(self) -> None:
        self._timer.timeout.connect(self._redraw)
        self._heading.shown_changed.connect(self._redraw_soon)
        self._heading.smoothing_changed.connect(self.set_smoothing)
        self._heading.log_changed.connect(self.set_log)
        self._heading.follow_asked.connect(self.follow)
        self._heading.export_asked.connect(self.export_asked)
        self._follow.clicked.connect(self.follow)
        self.chart.pointed.connect(self._show_pointed)
        self.chart.pointer_left.connect(self._end_hover)
        self.chart.clicked.connect(self._tell_clicked)
        self.chart.follow_asked.connect(self.follow)
        self.chart.moved.connect(self._stop_following)

    # What is shown

    def append(self, steps: NDArray[np.integer], values: Mapping[str, NDArray[np.floating]]) -> None:
        """Adds (K,) readings per metric at (K,) rising steps. Steps the run went back behind are forgotten."""
        for key, series in self._series.items():
            if key in values:
                series.append(np.asarray(steps, float), np.asarray(values[key], float))
        self._request(self._redraw_ms)

    def set_history(self, steps: NDArray[np.integer], values: Mapping[str, NDArray[np.floating]]) -> None:
        """Replaces everything that was measured: another run."""
        for series in self._series.values():
            series.clear()
        self.append(steps, values)

    def clear(self) -> None:
        """Forgets readings and events, and follows again."""
        for series in self._series.values():
            series.clear()
        self._events.clear()
        self.chart.set_events([])
        self.chart.set_marked(None)
        self.follow()

    def set_total_steps(self, total: int) -> None:
        """The planned steps: as far as one can zoom out, and the scale before the first step."""
        self._total = total
        self.chart.set_limits(max(float(total), self._span()[1]))
        self._redraw_soon()

    def add_event(self, step: int, label: str, kind: MarkKind) -> None:
        """A dashed line with a word."""
        self._events.append(PlotEvent(step, label, kind))
        self.chart.set_events(self._events)

    def mark_step(self, step: int | None) -> None:
        """The step that is looked at elsewhere: a line without the box of values. None takes it away."""
        if not self._pointed:
            self.chart.set_marked(step)

    def set_smoothing(self, weight: float) -> None:
        """From 0 (as measured) to 0.99: how much of the average before it each 500th of the shown range keeps."""
        if weight != self._smoothing:
            self._smoothing = weight
            self._heading.set_smoothing(weight)
            self.smoothing_changed.emit(weight)
            self._redraw_soon()

    def set_log(self, log: bool) -> None:
        """Powers of ten up the axis; values that are not above zero are gaps then."""
        if log != self._log:
            self._log = log
            self._heading.set_log(log)
            self.chart.set_log(log)
            self._redraw_soon()

    def follow(self) -> None:
        """Shows all steps and goes on with the newest."""
        if not self._following:
            self._following = True
            self._follow.hide()
            self.follow_changed.emit(True)
        self._redraw_soon()

    @property
    def following(self) -> bool:
        return self._following

    @property
    def smoothing(self) -> float:
        return self._smoothing

    def history(self) -> dict[str, tuple[Numbers, Numbers]]:
        """Steps and values of every metric by its key, copies: what an export writes."""
        return {key: (series.steps.copy(), series.values.copy()) for key, series in self._series.items()}

    # Drawing

    def _request(self, within_ms: int) -> None:
        self._dirty = True
        if not self._in_sight():
            return
        if not self._timer.isActive() or self._timer.remainingTime() > within_ms:
            self._timer.start(within_ms)

    def _redraw_soon(self) -> None:
        self._request(FOLLOW_HAND_MS)

    def _in_sight(self) -> bool:
        return self.isVisible() and not self.window().isMinimized()

    def _redraw(self) -> None:
        if not self._in_sight():
            return
        self._dirty = False
        self._fit_x()
        styles = self._styles(tokens())
        curves = []
        for metric, key, style in zip(self.metrics, self._heading.keys, styles, strict=True):
            series = self._series[metric.key]
            line = self._line(series) if key.isChecked() else None
            curves.append(Curve(metric.label or metric.title, style, line, series.breaks()))
            key.set_value(self._newest(series, line), measured=len(series) > 0)
        self._fit_y([curve.line for curve in curves if curve.line is not None])
        self.chart.set_curves(curves)
        empty = not any(len(series) for series in self._series.values())
        self.chart.set_empty(empty)
        self.chart.set_sentence(EMPTY if empty else "")

    def _line(self, series: Series) -> Line:
        low, high = self._data_range()
        steps, values = series.within(low, high)
        # The lowest and the highest for each column of pixels look like all of them, and paint twice as fast.
        raw = thin(steps, values, min(RAW_POINTS, 2 * self.chart.columns))
        smoothed = smooth(series.steps, series.values, self._smoothing, low, high)
        return Line((raw[0], self._to_axis(raw[1])), (smoothed[0], self._to_axis(smoothed[1])))

    def _newest(self, series: Series, line: Line | None) -> float:
        if line is None or not self._following or not len(line.smoothed[1]):
            return latest(series, self._smoothing)
        return float(self._from_axis(line.smoothed[1][-1]))

    def _to_axis(self, values: Numbers) -> Numbers:
        if not self._log:
            return values
        return np.log10(values, where=values > 0, out=np.full_like(values, np.nan))

    def _from_axis(self, height: float) -> float:
        return 10.0**height if self._log else height

    def _span(self) -> tuple[float, float]:
        filled = [series.steps for series in self._series.values() if len(series)]
        if not filled:
            return 0.0, float(self._total)
        return min(float(steps[0]) for steps in filled), max(float(steps[-1]) for steps in filled)

    def _data_range(self) -> tuple[float, float]:
        """What of the steps is shown: all of them, or what the user has zoomed to."""
        first, last = self._span()
        if self._following:
            return first, max(last, first + 1)
        low, high = self.chart.x_range
        return max(low, first), max(min(high, last), max(low, first) + 1)

    def _fit_x(self) -> None:
        first, last = self._span()
        # A curve that begins near the start of the run is shown from step 0, so that the scale does not creep.
        first = 0.0 if first < 0.1 * last else first
        span = max(last - first, 10.0)
        width = self.chart.area.width()
        if self._following:
            before = 0.015 * span
            self.chart.set_x_range(first - before, first + (span + before) * width / max(1.0, width - END_ROOM))
        self._follow.move(round(self.chart.area.right()) - self._follow.width() - 4, round(self.chart.area.top()) + 20)

    def _fit_y(self, lines: Sequence[Line]) -> None:
        wanted = _extent(lines)
        if wanted is None:
            return
        low, high = wanted
        shown_low, shown_high = self.chart.y_range
        room = 0.07 / 1.14 * (shown_high - shown_low)
        shown_low, shown_high = shown_low + room, shown_high - room
        fits = shown_low <= low and high <= shown_high and high - low >= 0.75 * (shown_high - shown_low)
        # A scale that trembles with every reading cannot be read: it moves only when it must, and then a bit further.
        if not fits:
            spare = 0.04 * (high - low)
            self.chart.set_y_range(low - spare, high + spare)

    def _styles(self, t: Tokens) -> list[Style]:
        """A role's colour for its first metric; the others take the further colours in turn, some also dashed."""
        further = [Style(color, dashed=index >= 4) for index, color in enumerate(t.series) if index >= 2]
        styles: list[Style] = []
        taken: set[Role] = set()
        others = 0
        for metric in self.metrics:
            if metric.role is Role.OTHER:
                styles.append(further[others % len(further)])
                others += 1
            else:
                color = t.discriminator if metric.role is Role.DISCRIMINATOR else t.generator
                styles.append(Style(color, dashed=metric.role in taken))
                taken.add(metric.role)
        return styles

    def _restyle(self) -> None:
        styles = self._styles(tokens())
        for key, style in zip(self._heading.keys, styles, strict=True):
            key.set_style(style)
        self.chart.set_styles(styles)
        self._redraw_soon()

    # Pointer

    def _show_pointed(self, step: float) -> None:
        found = next((near for series in self._series.values() if (near := series.at(step)) is not None), None)
        if found is None:
            return
        self._pointed = True
        nearest = int(found[0])
        self.chart.set_marked(nearest, self._readings(nearest))
        self.hovered.emit(nearest)

    def _readings(self, step: int) -> list[Reading]:
        readings = []
        for metric, curve in zip(self.metrics, self.chart.curves, strict=False):
            raw = self._series[metric.key].at(step)
            if curve.line is not None and raw is not None:
                height = interpolate(*curve.line.smoothed, step)
                readings.append(Reading(curve.label, curve.style.color, self._from_axis(height), raw[1]))
        return readings

    def _end_hover(self) -> None:
        if self._pointed:
            self._pointed = False
            self.chart.set_marked(None)
            self.hover_ended.emit()

    def _tell_clicked(self, step: float) -> None:
        found = next((near for series in self._series.values() if (near := series.at(step)) is not None), None)
        if found is not None:
            self.step_clicked.emit(int(found[0]))

    def _stop_following(self) -> None:
        if self._following:
            self._following = False
            self._follow.show()
            self.follow_changed.emit(False)
        self._redraw_soon()

    # Events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._redraw_soon()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange and self._dirty:
            self._redraw_soon()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw_soon()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._heading.popup_menu(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._restyle()
        return super().event(event)


def _extent(lines: Sequence[Line]) -> tuple[float, float] | None:
    """The lowest and highest value that the axis must show: all of the smoothed lines, but not a lone spike."""
    smoothed = np.concatenate([line.smoothed[1] for line in lines]) if lines else np.empty(0)
    raw = np.concatenate([line.raw[1] for line in lines]) if lines else np.empty(0)
    smoothed, raw = smoothed[np.isfinite(smoothed)], raw[np.isfinite(raw)]
    if not len(smoothed) or not len(raw):
        return None
    low = min(float(smoothed.min()), float(np.quantile(raw, 0.01)))
    high = max(float(smoothed.max()), float(np.quantile(raw, 0.99)))
    # Peaks a little beyond are worth the room.
    span = max(high - low, 1e-6)
    low = float(raw.min()) if raw.min() > low - 0.3 * span else low
    high = float(raw.max()) if raw.max() < high + 0.3 * span else high
    return (low, high) if high > low else (low - 0.5 * max(abs(low), 1e-3), high + 0.5 * max(abs(high), 1e-3))
