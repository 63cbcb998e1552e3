"""What stands on the stage in the place of pictures: a map of codes with what can be asked of it, or bars."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.core.charts import Bars, Projection, Scatter
from gen_studio.core.description import ChartInfo
from gen_studio.core.events import Charted
from gen_studio.core.words import count
from gen_studio.ui.charts.bar_chart import BarChart
from gen_studio.ui.charts.class_legend import ClassLegend
from gen_studio.ui.charts.scatter_map import ScatterMap
from gen_studio.ui.widgets.buttons import Button, Kind
from gen_studio.ui.widgets.labels import ElidedLabel, reading, secondary
from gen_studio.ui.widgets.painting import empty
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.latents import LatentsViewModel

ROW = 40
NARROW = 500
"""Below this width the figures need all of their row."""
PROBE_IS = "how much of the class a linear classifier finds in codes it was not fitted to"
ORDERS = ("By size", "By number")


class ChartPages(QStackedWidget):
    """Shows one chart at a time, map or bars."""

    def __init__(self, latents: LatentsViewModel) -> None:
        super().__init__()
        self.map = MapPage(latents)
        self.bars = BarsPage()
        self._latents = latents
        self._info: ChartInfo | None = None
        self.addWidget(self.map)
        self.addWidget(self.bars)

    def choose(self, info: ChartInfo, charted: Charted | None, sentence: str) -> None:
        """Another chart; the sentence stands where it has no values yet."""
        self._info = info
        if charted is None:
            self.setCurrentWidget(self.bars)
            self.bars.wait(info.title, sentence)
        else:
            self.take(charted)

    def take(self, charted: Charted) -> None:
        """New values of the chart that is shown."""
        assert self._info is not None
        match charted.values:
            case Scatter():
                if self._latents.charted is not None and self._latents.charted.chart != charted.chart:
                    self._latents.clear()
                self.setCurrentWidget(self.map)
                self._latents.show(charted)
            case Bars():
                self.setCurrentWidget(self.bars)
                self.bars.show_bars(self._info.title, charted.values)

    def leave(self) -> None:
        """Nobody looks at it any more: what is being computed for it is given up, what was found stays."""
        if self._info is not None:
            self._info = None
            self._latents.cancel()

    def forget(self) -> None:
        """Another run is shown."""
        self._info = None
        self._latents.clear()


class MapPage(QWidget):
    """The map, its projections above, its classes and the probe below."""

    def __init__(self, latents: LatentsViewModel) -> None:
        super().__init__()
        self._latents = latents
        self._choices: tuple[Projection | None, ...] = ()
        self.chart = ScatterMap()
        self.projections = ViewSwitch(name="Projection")
        self.state = secondary(tabular=True)
        self.again = Button("Compute again", Kind.LINK)
        self.legend = ClassLegend()
        self.probe = Button("Linear probe", Kind.RAISED)
        self.accuracy = reading()
        self.about_probe = secondary()
        self._above = _row(self.projections, self.state, None, self.again)
        self._below = _row(self.probe, self.accuracy, (self.about_probe, 1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._above)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.legend)
        layout.addWidget(self._below)
        self.projections.changed.connect(self._choose)
        self.again.clicked.connect(self._compute_again)
        self.probe.clicked.connect(latents.measure_probe)
        self.legend.pointed.connect(self.chart.mark_class)
        self.chart.class_marked.connect(self.legend.set_marked)
        latents.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        latents = self._latents
        shown = latents.shown
        values = shown.values if shown is not None else None
        if not isinstance(values, Scatter):
            return
        if values is not self.chart.values:
            self.chart.set_values(values)
            self.legend.set_names(values.classes if values.labels is not None else ())
        self._show_choices()
        self._show_probe()

    def _show_choices(self) -> None:
        latents = self._latents
        choices = latents.choices()
        if choices != self._choices:
            self._choices = choices
            self.projections.set_words([choice.value if choice else Projection.PCA.value for choice in choices])
        self._above.setVisible(len(choices) > 1)
        if latents.choice in choices:
            self.projections.set_index(choices.index(latents.choice))
        self.again.setVisible(latents.is_behind)
        if latents.is_projecting and latents.choice is not None:
            self.state.setText(f"Computing {latents.choice.value}, a few seconds …")
        elif latents.shown is not None and latents.choice is not None:
            self.state.setText(f"of step {latents.shown.step:,}")
        else:
            self.state.setText("")

    def _show_probe(self) -> None:
        latents, found = self._latents, self._latents.probe
        self._below.setVisible(latents.can_probe)
        self.probe.setEnabled(not latents.is_probing)
        self.accuracy.setVisible(found is not None and not latents.is_probing)
        if latents.is_probing:
            self.about_probe.setText("Computing …")
        elif found is None:
            self.about_probe.setText(PROBE_IS[0].upper() + PROBE_IS[1:])
            self.about_probe.set_hint("")
        else:
            self.accuracy.setText(f"{100 * found.accuracy:.1f} %")
            self.about_probe.setText(f"of {found.examples:,} held-out codes named right, step {found.step:,}")
            self.about_probe.set_hint(f"Held-out accuracy of logistic regression, in five parts: {PROBE_IS}.")

    @Slot(int)
    def _choose(self, index: int) -> None:
        choice = self._choices[index] if 0 <= index < len(self._choices) else None
        if choice is not self._latents.choice:
            self._latents.choose(choice)

    @Slot()
    def _compute_again(self) -> None:
        self._latents.choose(self._latents.choice)


class BarsPage(QWidget):
    """The bars, what they come to above."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = BarChart()
        self.order = ViewSwitch(ORDERS, name="Order")
        self._facts = QHBoxLayout()
        self._facts.setSpacing(8)
        self._above = QWidget()
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._above)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self._rows.addLayout(self._facts)
        self._rows.addStretch(1)
        self._rows.addWidget(self.order, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._above)
        layout.addWidget(self.chart, 1)
        self._labels: list[tuple[ElidedLabel, ElidedLabel]] = []
        self._title = ""
        self.order.changed.connect(self._sort)

    def wait(self, title: str, sentence: str) -> None:
        """Nothing to show yet."""
        self._title = ""
        self._above.setVisible(False)
        self.chart.setAccessibleName(title)
        self.chart.set_values(None, sentence)

    def show_bars(self, title: str, values: Bars) -> None:
        if title != self._title:
            self._title = title
            self.chart.setAccessibleName(title)
            self.order.set_index(0 if values.by_size else 1)
        self._above.setVisible(True)
        self._show_facts(values)
        self.chart.set_values(values)

    def _show_facts(self, values: Bars) -> None:
        if len(self._labels) != len(values.facts):
            empty(self._facts)
            self._labels = [(reading(), secondary()) for _ in values.facts]
            for place, (figure, words) in enumerate(self._labels):
                if place:
                    self._facts.addSpacing(16)
                figure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
                self._facts.addWidget(figure)
                self._facts.addWidget(words)
        for fact, (figure, words) in zip(values.facts, self._labels, strict=True):
            figure.setText(fact.figure)
            words.setText(fact.words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < NARROW
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._rows.setDirection(direction)
        self._above.setFixedHeight(2 * ROW if narrow else ROW)

    @Slot(int)
    def _sort(self, index: int) -> None:
        self.chart.set_by_size(index == 0)


def about_chart(charted: Charted) -> str:
    """What the values were read from, in the row over the stage."""
    if isinstance(charted.values, Scatter):
        return f"{count(len(charted.values.points), 'code')}, step {charted.step:,}"
    return f"step {charted.step:,}"


def _row(*parts: QWidget | tuple[QWidget, int] | None) -> QWidget:
    """Widgets side by side, with their stretch; None takes the free room."""
    row = QWidget()
    row.setFixedHeight(ROW)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for part in parts:
        match part:
            case None:
                layout.addStretch(1)
            case (widget, stretch):
                layout.addWidget(widget, stretch)
            case _:
                layout.addWidget(part)
    return row
