"""The window put together: panels, transport, top bar and error bar, each tied to its view model."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QMessageBox

from gen_studio.core.plan import Device, Precision
from gen_studio.core.runs import State
from gen_studio.ui.page import Panel
from gen_studio.ui.panels.data import DataPanel
from gen_studio.ui.panels.train import TrainPanel
from gen_studio.ui.pictures import to_image
from gen_studio.ui.shell import Action, Shell
from gen_studio.ui.transport_binding import TransportBinding
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.error_bar import Notice, Way
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.machine import LoadLevel, MachineViewModel
from gen_studio.viewmodels.runs import RunsViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import Phase, TrainingViewModel

LOOK_MILLISECONDS = 300
"""After the last edit of the setup its data are looked at anew."""
REFRESH_MILLISECONDS = 3_000
DEVICES = {Device.CPU: "CPU", Device.CUDA: "GPU", Device.MPS: "GPU"}


class Window(QObject):
    """Owns the shell. The view models come from outside, so that tests can put fakes behind them."""

    def __init__(
        self,
        settings: QSettings,
        setup: SetupViewModel,
        data: DataViewModel,
        training: TrainingViewModel,
        runs: RunsViewModel,
        machine: MachineViewModel,
    ) -> None:
        super().__init__()
        self.setup, self.data, self.training, self.runs, self.machine = setup, data, training, runs, machine
        self.shell = Shell(settings)
        self.train_panel = TrainPanel(setup, data, training, runs)
        self.panels: tuple[Panel, ...] = (self.train_panel, DataPanel(data, setup, training))
        for panel in self.panels:
            self.shell.add_panel(panel)
        column = self.train_panel.setup_column
        self.transport = TransportBinding(self.shell.transport, training, setup, column.steps, self)
        self._look_soon = QTimer(self, singleShot=True, interval=LOOK_MILLISECONDS)
        self._refresh = QTimer(self, interval=REFRESH_MILLISECONDS)
        self._bind()
        self.shell.add_actions(self._actions())
        self.shell.ask_before_closing(self._may_close)

    def begin(self) -> None:
        """Shows the newest run, if there is one, and keeps the list up to date."""
        self.runs.refresh()
        self._refresh.start()

    def build_plots(self) -> None:
        """Imports pyqtgraph: called once the window has been painted."""
        self.train_panel.readings.build_plots()

    def _bind(self) -> None:
        top = self.shell.top_bar
        top.new_run_requested.connect(self.new_run)
        top.run_chosen.connect(self._show_run)
        top.load_chosen.connect(self._choose_load)
        self.train_panel.setup_column.steps_edited.connect(self.transport.refresh)
        self._look_soon.timeout.connect(self._look)
        self._refresh.timeout.connect(self.runs.refresh)
        for signal in (self.setup.changed, self.setup.edited):
            signal.connect(self._look_soon.start)
        self.training.ready.connect(self.setup.take_library)
        self.training.noticed.connect(self._notice)
        self.training.informed.connect(self._inform)
        self.training.runs_changed.connect(self.runs.refresh)
        self.training.shown_changed.connect(self._show_switcher)
        self.training.phase_changed.connect(self._show_device)
        self.runs.noticed.connect(self._notice)
        self.runs.changed.connect(self._show_switcher)
        self.shell.panel_changed.connect(self._watch)
        self.machine.changed.connect(self._show_load)
        self._show_load()

    def _actions(self) -> list[Action]:
        training, transport = self.training, self.transport
        busy = (Phase.RUNNING, Phase.PAUSED)
        return [
            Action("run.toggle", "Start, pause or resume", "Ctrl+Return", "play", transport.toggle),
            Action("run.stop", "Stop", "Ctrl+.", "square", training.stop, lambda: training.phase in busy),
            Action("run.save", "Save checkpoint", "Ctrl+S", "save", training.save, lambda: training.phase in busy),
            Action("run.new", "New run", "Ctrl+N", "plus", self.new_run),
        ]

    @Slot()
    def new_run(self) -> None:
        """Frees the settings of the shown run for another one."""
        self.training.show(None)
        self.shell.show_panel(self.train_panel.key)

    @Slot()
    def _look(self) -> None:
        if self.training.library is None:
            return
        try:
            self.data.look(self.setup.data_plan())
        except Exception as error:  # a value that is being typed is no plan yet; Start says what is wrong
            _ = error

    @Slot(str)
    def _show_run(self, key: str) -> None:
        self.training.show(Path(key))

    @Slot()
    def _show_switcher(self) -> None:
        entries = []
        for card in self.runs.cards:
            run = card.summary
            state = "running" if run.state is State.RUNNING else f"step {run.step:,}"
            picture = None if card.picture is None else to_image(card.picture)
            entries.append(Entry(str(run.path), run.name, f"{run.data_title}, {state}", picture=picture, icon="image"))
        shown = self.training.shown
        self.shell.top_bar.set_runs(entries, str(shown.path) if shown else "")
        self._show_device()

    @Slot()
    def _show_device(self) -> None:
        shown = self.training.shown
        if shown is None or shown.plan.device is Device.AUTO:
            self.shell.top_bar.set_device("")
            return
        words = DEVICES[shown.plan.device]
        precision = shown.plan.precision
        words = f"{words}, {precision.value}" if precision is not Precision.AUTO else words
        self.shell.top_bar.set_device(words, self.machine.note)

    @Slot()
    def _show_load(self) -> None:
        entries = [Entry(level.value, level.title, self.machine.explain(level)) for level in LoadLevel]
        self.shell.top_bar.set_loads(entries, self.machine.level.value)

    @Slot(str)
    def _choose_load(self, key: str) -> None:
        self.machine.choose(LoadLevel(key))

    @Slot(str)
    def _inform(self, sentence: str) -> None:
        self.machine.note = sentence
        self._show_device()

    @Slot(str, str)
    @Slot(str)
    def _notice(self, sentence: str, details: str = "") -> None:
        ways: tuple[Way, ...] = ()
        source = self.setup.source
        if self.training.shown is None and source is not None and source.downloadable and self.data.problem:
            ways = (Way(f"Download {source.title}", partial(self._download)),)
        self.shell.error_bar.add(Notice(sentence, ways, details))

    def _download(self) -> None:
        if self.data.asked is not None:
            self.data.look(self.data.asked, download=True)

    @Slot(str)
    def _watch(self, key: str) -> None:
        self.training.watch(key == self.train_panel.key)

    def _may_close(self) -> bool:
        """Asks while something trains; what trains is then stopped and saved."""
        if self.training.live is None:
            return True
        question = QMessageBox(self.shell)
        question.setText("A run is training. Stop and save it?")
        question.setInformativeText("It can be resumed later exactly where it stands.")
        stop = question.addButton("Stop and save", QMessageBox.ButtonRole.AcceptRole)
        question.addButton("Keep training", QMessageBox.ButtonRole.RejectRole)
        question.exec()
        return question.clickedButton() is stop
