"""The left column of the Train screen: what the next run will be, or what the shown one is, and the list of runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QListView, QMessageBox, QVBoxLayout, QWidget

from gen_studio.core.description import FamilyDescription
from gen_studio.core.runs import RunSummary, State
from gen_studio.ui.forms import ConfigForm
from gen_studio.ui.panels.data_picker import DataPicker
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.buttons import Button, Kind
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.labels import heading_row, rule, secondary
from gen_studio.ui.widgets.painting import RunState
from gen_studio.ui.widgets.picker import Picker
from gen_studio.ui.widgets.run_list import RunList, RunRow
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.runs import RunCard, RunsViewModel
from gen_studio.viewmodels.setup import PLAN, SetupViewModel
from gen_studio.viewmodels.training import Phase, TrainingViewModel

STATES = {
    State.NEW: RunState.NONE,
    State.RUNNING: RunState.RUNNING,
    State.INTERRUPTED: RunState.PAUSED,
    State.STOPPED: RunState.PAUSED,
    State.FINISHED: RunState.FINISHED,
    State.FAILED: RunState.FAILED,
}
STEPS = PLAN + "steps"
OBJECTIONS = {"labels": "classes", "attributes": "attributes", "layouts": "layouts"}
"""What a source cannot be made to have, in words. Pairs and domains can be made of most."""
RATE_MILLISECONDS = 400
"""After the last arrow key a changed learning rate is taken: each taken one is a mark on the curves."""
ROWS_MILLISECONDS = 1_000


class SetupColumn(QWidget):
    """Editable while a new run is in the making; of a run that trains only the learning rates can be changed."""

    steps_edited = Signal()

    def __init__(
        self, setup: SetupViewModel, data: DataViewModel, training: TrainingViewModel, runs: RunsViewModel
    ) -> None:
        super().__init__()
        self._setup, self._training, self._runs = setup, training, runs
        self._rates: dict[str, float] = {}
        self._rates_soon = QTimer(self, singleShot=True, interval=RATE_MILLISECONDS)
        self._rows_soon = QTimer(self, singleShot=True, interval=ROWS_MILLISECONDS)
        self.data_picker = DataPicker(setup, data)
        self.model_picker = Picker("Model", hint="Find a model")
        self.form = ConfigForm()
        self.run_list = RunList()
        self._reset = Button("Reset", Kind.QUIET)
        self._no_runs = secondary("None yet. Press Start.")
        self._arrange()
        self._bind()
        self._show_choices()
        self._show_fields()
        self._show_runs()

    def steps(self) -> int | None:
        """The steps that stand in the form, where they are a number."""
        value = self.form.values().get(STEPS)
        return value if isinstance(value, int) else None

    def show_problems(self) -> bool:
        """Sentences under the fields that hold what cannot be used; whether there are any."""
        keys = (spec.key for spec in self._setup.fields())
        problems = {key: problem for key in keys if (problem := self.form.row(key).problem())}
        self.form.show_errors(problems)
        return bool(problems)

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Setup", self._reset))
        layout.addWidget(self.data_picker)
        layout.addWidget(self.model_picker)
        layout.addSpacing(6)
        layout.addWidget(self.form)
        layout.addStretch(1)
        layout.addWidget(self._runs_section())

    def _runs_section(self) -> QWidget:
        self._section = QWidget()
        layout = QVBoxLayout(self._section)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(4)
        for widget in (rule(), heading_row("Runs"), self._no_runs, self.run_list):
            layout.addWidget(widget)
        return self._section

    def set_compact(self, compact: bool) -> None:
        """Where there is little room the list of runs is in the run switcher alone."""
        self._section.setVisible(not compact)

    def _bind(self) -> None:
        self._reset.clicked.connect(self._setup.reset)
        self.model_picker.chosen.connect(self._setup.choose_family)
        self.form.changed.connect(self._take_values)
        self.run_list.opened.connect(self._open_run)
        self.run_list.resume_requested.connect(self._resume_run)
        self.run_list.rename_requested.connect(self._rename_run)
        self.run_list.delete_requested.connect(self._delete_run)
        self.run_list.folder_requested.connect(self._open_folder)
        self._setup.changed.connect(self._show_choices)
        self._setup.edited.connect(self._show_values)
        self._setup.changed.connect(self._show_fields)
        self._training.shown_changed.connect(self._follow_run)
        self._training.rested.connect(self._lock)
        self._training.phase_changed.connect(self._lock)
        self._training.phase_changed.connect(self._show_runs)
        self._training.progressed.connect(self._show_runs_soon)
        self._rows_soon.timeout.connect(self._show_runs)
        self._rows_soon.timeout.connect(self._follow_rates)
        self._rates_soon.timeout.connect(self._take_rates)
        self._runs.changed.connect(self._show_runs)
        # Families have titles once they are known.
        self._setup.changed.connect(self._show_runs)

    @Slot()
    def _show_choices(self) -> None:
        family = self._setup.family
        self.model_picker.set_entries(self._family_entries(), family.key if family else "")
        self.model_picker.set_empty("Choose a model" if self._setup.families else "Loading")

    @Slot()
    def _show_fields(self) -> None:
        self.form.set_fields(self._setup.fields(), self._setup.values())
        self._lock()

    @Slot()
    def _show_values(self) -> None:
        # Edits made elsewhere; the form that is being written in has them already.
        if not self.isVisible():
            self.form.set_values(self._setup.values())

    @Slot()
    def _show_runs(self) -> None:
        if self.run_list.state() is QListView.State.EditingState:
            # Other rows would write over the name that is being written.
            self._rows_soon.start()
            return
        rows = [self._run_row(card) for card in self._runs.cards]
        shown = self._training.shown
        self.run_list.set_rows(rows, str(shown.path) if shown else "")
        self.run_list.setVisible(bool(rows))
        self._no_runs.setVisible(not rows)

    @Slot(object)
    def _follow_run(self, record: object) -> None:
        shown = self._training.shown
        if shown is not None:
            self._setup.take_over(shown.plan)
        elif self._setup.family is not None:
            # A new run begins with what stands there, changed rates and steps included.
            self._setup.set_values(self.form.values())
        self._rates_soon.stop()
        self._rates = {}
        self._show_rates()
        self.run_list.set_current(str(shown.path) if shown else "")
        self._lock()

    @Slot()
    def _lock(self) -> None:
        """A run's settings are fixed; what can still be changed depends on whether it trains or rests."""
        shown = self._training.shown
        busy = self._training.phase is Phase.LOADING and not shown
        new = shown is None and not busy
        for picker in (self.data_picker, self.model_picker):
            picker.set_locked(not new)
            if not new:
                picker.clearFocus()
        self._reset.setVisible(new)
        free: set[str] = set()
        if self._training.shows_live:
            free = {spec.key for spec in self._setup.fields() if spec.rate_of}
        elif shown is not None:
            free = {STEPS}
        self.form.set_locked(not new, free)

    @Slot(dict)
    def _take_values(self, values: Mapping[str, Any]) -> None:
        if self._training.shown is None:
            self._setup.set_values(values)
            return
        if not self._training.shows_live:
            self.steps_edited.emit()
            return
        # A number is another one at its first digit: what is being typed waits for Enter or for the focus to leave.
        if not any(self._is_being_typed(key) for key in self._rates):
            self._rates_soon.start()

    def _is_being_typed(self, key: str) -> bool:
        control = self.form.row(key).control
        return isinstance(control, QLineEdit) and control.isModified()

    @Slot()
    def _take_rates(self) -> None:
        for spec in self._setup.fields():
            rate = self.form.row(spec.key).value() if spec.key in self._rates else None
            if not isinstance(rate, (int, float)) or self.form.row(spec.key).problem():
                continue
            if self._training.shows_live and rate != self._rates[spec.key]:
                self._rates[spec.key] = float(rate)
                self._training.set_rate(spec.rate_of, float(rate))

    def _show_rates(self) -> None:
        """The rates it trains with, which need not be those of its plan: changed, resumed with, or decaying."""
        rates: dict[str, float] = {}
        for spec in self._setup.fields() if self._training.shows_live else ():
            if spec.rate_of in self._training.rates:
                rates[spec.key] = float(f"{self._training.rates[spec.rate_of]:.3g}")
        if rates != self._rates:
            self._rates = rates
            self.form.set_values(rates)

    @Slot()
    def _follow_rates(self) -> None:
        """Not while one is being changed by hand."""
        by_hand = self._rates_soon.isActive() or any(
            self._is_being_typed(key) or self.form.row(key).control.hasFocus() for key in self._rates
        )
        if self._rates and not by_hand:
            self._show_rates()

    @Slot(str)
    def _open_run(self, key: str) -> None:
        self._training.show(Path(key))

    @Slot(str)
    def _resume_run(self, key: str) -> None:
        self._training.resume_run(Path(key))

    @Slot(str, str)
    def _rename_run(self, key: str, name: str) -> None:
        self._runs.rename(Path(key), name)

    @Slot(str)
    def _open_folder(self, key: str) -> None:
        QDesktopServices.openUrl(Path(key).as_uri())

    @Slot(str)
    def _delete_run(self, key: str) -> None:
        card = next((card for card in self._runs.cards if str(card.summary.path) == key), None)
        if card is None:
            return
        question = QMessageBox(self)
        question.setText(f"Move the run “{card.summary.name}” to the trash?")
        question.setInformativeText("Its checkpoints, curves and pictures go with it.")
        move = question.addButton("Move to trash", QMessageBox.ButtonRole.DestructiveRole)
        question.addButton("Keep it", QMessageBox.ButtonRole.RejectRole)
        question.exec()
        if question.clickedButton() is not move:
            return
        shown = self._training.shown
        if self._runs.delete(Path(key)) and shown is not None and str(shown.path) == key:
            self._training.show(None)

    def _family_entries(self) -> list[Entry]:
        return [
            Entry(
                family.key,
                family.info.title,
                self._family_detail(family),
                family.info.group.value,
                icon="layers",
                objection=self._objection(family),
                words=family.info.paper,
            )
            for family in self._setup.families
        ]

    def _objection(self, family: FamilyDescription) -> str:
        source = self._setup.source
        if source is None or source.needs_path:
            return ""
        lacking = [need for need in OBJECTIONS if need in family.needs and need not in source.offers]
        return f"Needs {OBJECTIONS[lacking[0]]}, and {source.title} has none" if lacking else ""

    def _family_detail(self, family: FamilyDescription) -> str:
        author = family.info.paper.replace(",", " ").split()[0]
        words = f"{author} {family.info.year}"
        shown = self._training.shown
        known = self._training.known.get(shown.path) if shown and shown.plan.family == family.key else None
        return f"{words}, {_in_short(known.parameters)} weights" if known else words

    def _run_row(self, card: RunCard) -> RunRow:
        run, live = card.summary, self._training.live
        step, state, pixels = run.step, STATES[run.state], card.picture
        if live is not None and live.path == run.path:
            step = self._training.step
            state = RunState.PAUSED if self._training.phase is Phase.PAUSED else RunState.RUNNING
            pixels = self._training.newest_sample if self._training.newest_sample is not None else pixels
        resumable = self._training.phase.takes_start and run.state is not State.FINISHED
        picture = None if pixels is None else to_image(pixels)
        detail = ", ".join(word for word in (self._missing_family(run), run.data_title, f"step {step:,}") if word)
        return RunRow(str(run.path), run.name, detail, state, picture, resumable)

    def _missing_family(self, run: RunSummary) -> str:
        """Its title, unless the run's name says it."""
        titles = (family.info.title for family in self._setup.families if family.key == run.plan.family)
        title = next(titles, "")
        return "" if title.casefold() in run.name.casefold() else title

    @Slot()
    def _show_runs_soon(self) -> None:
        if not self._rows_soon.isActive() and self.isVisible():
            self._rows_soon.start()


def _in_short(number: int) -> str:
    """For example "640 k", "3.6 M"."""
    if number < 1_000_000:
        return f"{max(1, round(number / 1_000)):,} k"
    return f"{number / 1_000_000:.1f} M"
