"""The left column of the Train screen: what the next run will be, or what the shown one is, and the list of runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from gen_studio.core.description import FamilyDescription
from gen_studio.core.runs import State
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


class SetupColumn(QWidget):
    """Editable while a new run is in the making; of a run that trains only the learning rates can be changed."""

    steps_edited = Signal()

    def __init__(
        self, setup: SetupViewModel, data: DataViewModel, training: TrainingViewModel, runs: RunsViewModel
    ) -> None:
        super().__init__()
        self._setup, self._training, self._runs = setup, training, runs
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
        self._training.phase_changed.connect(self._lock)
        self._runs.changed.connect(self._show_runs)

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
        rows = [_run_row(card) for card in self._runs.cards]
        shown = self._training.shown
        self.run_list.set_rows(rows, str(shown.path) if shown else "")
        self.run_list.setVisible(bool(rows))
        self._no_runs.setVisible(not rows)

    @Slot(object)
    def _follow_run(self, record: object) -> None:
        shown = self._training.shown
        if shown is not None:
            self._setup.take_over(shown.plan)
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
        for spec in self._setup.fields():
            rate = values.get(spec.key)
            if spec.rate_of and isinstance(rate, float) and rate > 0:
                self._training.set_rate(spec.rate_of, rate)

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
                _family_detail(family),
                family.info.group.value,
                icon="layers",
                objection=self._objection(family),
                words=family.info.paper,
            )
            for family in self._setup.families
        ]

    def _objection(self, family: FamilyDescription) -> str:
        source = self._setup.source
        if "labels" in family.needs and source is not None and not source.needs_path and "labels" not in source.offers:
            return f"Needs classes, and {source.title} has none"
        return ""


def _family_detail(family: FamilyDescription) -> str:
    author = family.info.paper.replace(",", " ").split()[0]
    return f"{author} {family.info.year}"


def _run_row(card: RunCard) -> RunRow:
    run = card.summary
    detail = f"{run.data_title}, step {run.step:,}"
    picture = None if card.picture is None else to_image(card.picture)
    resumable = run.state in (State.STOPPED, State.INTERRUPTED, State.FAILED)
    return RunRow(str(run.path), run.name, detail, STATES[run.state], picture, resumable)
