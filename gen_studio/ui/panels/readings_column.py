"""The right column of the Train screen: one plot for each set of axes that the family declares, and gradient norms."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gen_studio.core.description import Metric, Role
from gen_studio.core.events import Advanced, Marked, MarkKind
from gen_studio.core.words import short_name
from gen_studio.ui.panels.run_alarms import RunAlarms
from gen_studio.ui.panels.run_facts import RunFacts
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.run_record import RunRecord
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel

if TYPE_CHECKING:
    from gen_studio.ui.plots.metric_plot import MetricPlot
    from gen_studio.ui.plots.spark import Spark

SMALL_PLOT = 140
TALL_PLOT = 180
STAGGER_MS = 20
ROLES = {"discriminator": Role.DISCRIMINATOR, "generator": Role.GENERATOR}


class ReadingsColumn(QWidget):
    """Empty until `build_plots` is called: pyqtgraph takes longer to import than the window to appear."""

    step_clicked = Signal(int)
    step_hovered = Signal(int)
    """-1 when the pointer leaves."""

    def __init__(self, training: TrainingViewModel, setup: SetupViewModel, data: DataViewModel) -> None:
        super().__init__()
        self._training, self._setup = training, setup
        self._plots: list[MetricPlot] = []
        self._sparks: dict[str, Spark] = {}
        self._metrics: tuple[Metric, ...] = ()
        self._can_plot = False
        self._compact = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._norms = QWidget()
        self._norms_row = QHBoxLayout(self._norms)
        self._norms_row.setContentsMargins(0, 0, 0, 0)
        self._norms_row.setSpacing(16)
        self.facts = RunFacts(training, data)
        self.alarms = RunAlarms(training, setup)
        self._layout.addStretch(1)
        self._layout.addWidget(self.facts)
        self._layout.addWidget(self.alarms)
        training.shown_changed.connect(self._show)
        training.rested.connect(self._show_rest)
        training.ready.connect(self._show)
        training.advanced.connect(self._append)
        training.marked.connect(self._mark)
        setup.changed.connect(self._show_next)

    def build_plots(self) -> None:
        """From here on curves are drawn."""
        self._can_plot = True
        self._show()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._norms.setVisible(not compact and bool(self._sparks))

    def mark_step(self, step: int) -> None:
        """The step whose pictures are looked at; -1 for none."""
        for plot in self._plots:
            plot.mark_step(step if step >= 0 else None)

    @Slot()
    def _show_next(self) -> None:
        """Before there is a run, the axes of the chosen family stand ready."""
        if self._training.shown is None:
            self._show()

    @Slot()
    def _show(self) -> None:
        if not self._can_plot:
            return
        record = self._training.shown
        self._set_metrics(self._wanted_metrics(record))
        for plot in self._plots:
            plot.clear()
        players = self._training.live.players if self._training.shows_live and self._training.live else ()
        self._set_sparks(players)
        if record is None:
            steps = self._setup.values().get("plan.steps")
            for plot in self._plots:
                plot.set_total_steps(steps if isinstance(steps, int) else 0)
            return
        for plot in self._plots:
            plot.set_total_steps(record.plan.steps)
            plot.set_history(record.steps, record.values)
            for mark in record.marks:
                plot.add_event(mark.step, mark.label, mark.kind)
        if not self._training.shows_live:
            self._mark_best(record)

    @Slot(object)
    def _show_rest(self, record: RunRecord) -> None:
        """Curves, zoom and gradient norms stay as they are."""
        self._mark_best(record)

    def _mark_best(self, record: RunRecord) -> None:
        best = record.status.best_step
        for plot in self._plots[:1]:
            if best is not None and best < record.step:
                plot.add_event(best, "Best", MarkKind.USER)

    def _wanted_metrics(self, record: RunRecord | None) -> tuple[Metric, ...]:
        if record is not None:
            return self._training.metrics_of(record)
        return self._setup.family.metrics if self._setup.family else ()

    def _set_metrics(self, metrics: tuple[Metric, ...]) -> None:
        if metrics == self._metrics:
            return
        from gen_studio.ui.plots.metric_plot import MetricPlot

        self._metrics = metrics
        self._clear_layout()
        for plot in dict.fromkeys(metric.plot for metric in metrics):
            first = not self._plots
            widget = MetricPlot(plot, metrics, controls=first, later_ms=len(self._plots) * STAGGER_MS)
            widget.hovered.connect(self.step_hovered)
            widget.hover_ended.connect(self._end_hover)
            widget.step_clicked.connect(self.step_clicked)
            widget.export_asked.connect(self._export)
            if first:
                # All the height that is left, without asking for any beyond that: a chart by itself wants 480.
                widget.setMinimumHeight(TALL_PLOT)
                widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
                self._layout.addWidget(widget, 1)
            else:
                widget.setFixedHeight(SMALL_PLOT)
                self._layout.addWidget(widget)
            self._plots.append(widget)
        self._layout.addWidget(self._norms)
        self._layout.addWidget(self.facts)
        self._layout.addWidget(self.alarms)

    def _set_sparks(self, players: tuple[str, ...]) -> None:
        if tuple(self._sparks) != players:
            from gen_studio.ui.plots.spark import Spark

            for spark in self._sparks.values():
                spark.setParent(None)
                spark.deleteLater()
            self._sparks = {}
            for player in players:
                name = "Gradient norm" if len(players) == 1 else f"Gradient norm, {short_name(player)}"
                self._sparks[player] = Spark(name, ROLES.get(player, Role.OTHER))
                self._norms_row.addWidget(self._sparks[player])
        live = self._training.live
        clip = live.plan.clip_gradient if live else None
        for spark in self._sparks.values():
            spark.clear()
            spark.set_detail(f"clipped at {clip:g}" if clip else "not clipped")
        self._norms.setVisible(bool(players) and not self._compact)

    def _clear_layout(self) -> None:
        while self._layout.takeAt(0) is not None:
            pass
        for plot in self._plots:
            plot.hide()
            plot.deleteLater()
        self._plots = []

    @Slot(object)
    def _append(self, event: Advanced) -> None:
        for plot in self._plots:
            plot.append(event.steps, event.values)
        for player, spark in self._sparks.items():
            if player in event.gradient_norms:
                spark.append(event.steps, event.gradient_norms[player])

    @Slot(object)
    def _mark(self, mark: Marked) -> None:
        for plot in self._plots:
            plot.add_event(mark.step, mark.label, mark.kind)

    @Slot()
    def _end_hover(self) -> None:
        self.step_hovered.emit(-1)

    @Slot()
    def _export(self) -> None:
        """The readings of the run lie on the disk as CSV already: a copy goes where the user says."""
        record = self._training.shown
        if record is None:
            return
        path = QFileDialog.getSaveFileName(self, "Save the readings", "metrics.csv", "Tables (*.csv)")[0]
        if path:
            self._training.export_metrics(path)
