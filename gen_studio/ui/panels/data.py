"""The Data screen: a grid of what was loaded, how many of each class, and what was done to the files."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.core.events import DataShown
from gen_studio.core.words import count
from gen_studio.ui.forms import ConfigForm
from gen_studio.ui.page import Panel
from gen_studio.ui.panels.data_picker import DataPicker
from gen_studio.ui.panels.data_problem import DataProblem
from gen_studio.ui.sample_grid import SampleGrid
from gen_studio.ui.widgets.bar_list import BarList
from gen_studio.ui.widgets.buttons import Button
from gen_studio.ui.widgets.labels import heading, heading_row, paragraph, secondary
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel

LISTED = 40
"""More files than this are only counted."""


class DataPanel(Panel):
    """Looks at the data that the setup names; choosing is done on the Train screen and here alike."""

    key = "data"
    title = "Data"
    icon = "database"
    inspector_width = 304

    def __init__(self, data: DataViewModel, setup: SetupViewModel, training: TrainingViewModel) -> None:
        self._training = training
        self.choice = DataChoice(setup, data, training)
        self.data_stage = DataStage(data, setup)
        self.facts = DataFacts(data)

    def context(self) -> QWidget:
        return self.choice

    def stage(self) -> QWidget:
        return self.data_stage

    def inspector(self) -> QWidget:
        return self.facts

    def first_focus(self) -> QWidget:
        return self.data_stage.grid if self._training.shown else self.choice.picker


class DataChoice(QWidget):
    """The source and how its pictures are brought into shape; fixed while a run is shown that was made with them."""

    def __init__(self, setup: SetupViewModel, data: DataViewModel, training: TrainingViewModel) -> None:
        super().__init__()
        self._setup, self._training = setup, training
        self.picker = DataPicker(setup, data)
        self.form = ConfigForm()
        self._why_locked = paragraph("These are the data of the run that is shown. Choose New run to change them.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Source"))
        layout.addWidget(self.picker)
        layout.addSpacing(6)
        layout.addWidget(self.form)
        layout.addSpacing(8)
        layout.addWidget(self._why_locked)
        layout.addStretch(1)
        self.form.changed.connect(self._take)
        setup.changed.connect(self._show)
        setup.edited.connect(self._show_values)
        training.shown_changed.connect(self._lock)
        self._show()

    @Slot()
    def _show(self) -> None:
        fields = [replace(spec, advanced=False) for spec in self._setup.data_fields()]
        values = self._setup.values()
        self.form.set_fields(fields, {spec.key: values.get(spec.key, spec.default) for spec in fields})
        self._lock()

    @Slot()
    def _show_values(self) -> None:
        # Edits made elsewhere; the form that is being written in has them already.
        if not self.isVisible():
            self.form.set_values(self._setup.values())

    @Slot()
    def _lock(self) -> None:
        locked = self._training.shown is not None
        self.picker.set_locked(locked)
        self.form.set_locked(locked)
        self._why_locked.setVisible(locked)

    @Slot(dict)
    def _take(self, values: dict[str, object]) -> None:
        if self._training.shown is None:
            self._setup.set_values(values)


class DataStage(QWidget):
    """The grid, and what is under way while it loads."""

    def __init__(self, data: DataViewModel, setup: SetupViewModel) -> None:
        super().__init__()
        self._data = data
        self.problem = DataProblem(setup, data)
        self.grid = SampleGrid()
        self.grid.setAccessibleName("Pictures of the data")
        self._title = heading("Data")
        self._about = secondary(tabular=True)
        self._cancel = Button("Cancel")
        self._cancel.setVisible(False)
        top = QWidget()
        top.setFixedHeight(44)
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._title, self._about):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(top)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.problem)
        layout.addWidget(self._pages, 1)
        self._cancel.clicked.connect(data.cancel)
        data.changed.connect(self._show)
        data.loading.connect(self._show_progress)
        self._show()

    @Slot()
    def _show(self) -> None:
        shown = self._data.shown
        self._cancel.setVisible(self._data.is_loading)
        self._pages.setCurrentWidget(self.problem if self._data.problem else self.grid)
        if self._data.problem:
            self.problem.show_problem()
            self._about.setText("")
        elif shown is not None:
            self.grid.set_pictures(shown.pictures)
            _, height, width = shown.shape
            number = count(sum(shown.splits.values()), "picture")
            self._about.setText(f"{len(shown.pictures)} of {number}, {width} × {height}")
        else:
            self.grid.clear("The pictures appear here as soon as they are read.")

    @Slot(str, float)
    def _show_progress(self, words: str, share: float) -> None:
        self._about.setText(words if share < 0 else f"{words}, {share:.0%}")


class DataFacts(QWidget):
    """Splits, classes, notes and skipped files."""

    def __init__(self, data: DataViewModel) -> None:
        super().__init__()
        self._data = data
        self._splits = BarList("Splits")
        self._classes = BarList("Classes")
        self._classes_heading = heading_row("Classes")
        self._domains, self._domains_heading = BarList("Domains"), heading_row("Domains")
        self._layout, self._layout_heading = (
            BarList("Layout, per cent of the pixels"),
            heading_row("Layout, % of pixels"),
        )
        self._attributes, self._attributes_heading = BarList("Attributes"), heading_row("Attributes")
        self._ranges = paragraph(muted=True)
        self._notes = paragraph(muted=True)
        self._skipped_heading = heading_row("Files left out")
        self._skipped = paragraph(muted=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading_row("Parts"))
        layout.addWidget(self._splits)
        layout.addWidget(self._classes_heading)
        layout.addWidget(self._classes)
        for section in self._sections():
            layout.addWidget(section[0])
            layout.addWidget(section[1])
        layout.addWidget(self._ranges)
        layout.addWidget(self._notes)
        layout.addWidget(self._skipped_heading)
        layout.addWidget(self._skipped)
        layout.addStretch(1)
        data.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        shown = self._data.shown
        usable = shown if not self._data.problem else None
        self._splits.set_values({} if usable is None else {k.capitalize(): v for k, v in usable.splits.items()})
        self._show_classes(usable)
        self._show_facts(usable)
        _say(self._notes, "\n\n".join(usable.notes) if usable else "")
        files = usable.skipped if usable else ()
        self._skipped_heading.setVisible(bool(files))
        more = f"\nand {len(files) - LISTED} more" if len(files) > LISTED else ""
        _say(self._skipped, "\n".join(files[:LISTED]) + more)

    def _sections(self) -> tuple[tuple[QWidget, BarList], ...]:
        return (
            (self._domains_heading, self._domains),
            (self._attributes_heading, self._attributes),
            (self._layout_heading, self._layout),
        )

    def _show_facts(self, shown: DataShown | None) -> None:
        """Domains, attributes and the classes of layouts, each where there are any."""
        self._domains.set_values(shown.domains if shown else {})
        self._attributes.set_values(shown.attributes if shown else {})
        layout = shown.layout if shown else {}
        shares = {name.capitalize(): round(100 * share) for name, (_, share) in layout.items()}
        self._layout.set_values(shares, {name.capitalize(): code for name, (code, _) in layout.items()})
        for title, bars in self._sections():
            title.setVisible(bars.is_filled)
            bars.setVisible(bars.is_filled)
        ranges = shown.ranges if shown else {}
        _say(self._ranges, "\n".join(f"{name}: {low:.3g} to {high:.3g}" for name, (low, high) in ranges.items()))

    def _show_classes(self, shown: DataShown | None) -> None:
        counts = shown.counts if shown else {}
        self._classes_heading.setVisible(bool(counts))
        self._classes.setVisible(bool(counts))
        self._classes.set_values(counts)


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
