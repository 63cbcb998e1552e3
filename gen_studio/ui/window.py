"""The window put together: panels, transport, top bar and error bar, each tied to its view model."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

from gen_studio.core.errors import UserError
from gen_studio.core.events import Advanced
from gen_studio.core.plan import Device, Precision
from gen_studio.core.runs import State
from gen_studio.core.words import size
from gen_studio.ui.closing import Closing
from gen_studio.ui.page import Panel
from gen_studio.ui.panels.attributes import AttributesPanel
from gen_studio.ui.panels.data import DataPanel
from gen_studio.ui.panels.inpaint import InpaintPanel
from gen_studio.ui.panels.latent import LatentPanel
from gen_studio.ui.panels.train import TrainPanel
from gen_studio.ui.panels.translate import TranslatePanel
from gen_studio.ui.pictures import to_image
from gen_studio.ui.shell import Action, Shell
from gen_studio.ui.transport_binding import TransportBinding
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.error_bar import Notice, Way
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.latents import LatentsViewModel
from gen_studio.viewmodels.machine import LoadLevel, MachineViewModel
from gen_studio.viewmodels.runs import RunsViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import Phase, TrainingViewModel
from gen_studio.viewmodels.translating_screen import TranslatingScreen

LOOK_MILLISECONDS = 300
"""After the last edit of the setup its data are looked at anew."""
REFRESH_MILLISECONDS = 3_000
DEVICES = {Device.CPU: "CPU", Device.CUDA: "GPU", Device.MPS: "GPU"}


@dataclass(frozen=True)
class ViewModels:
    """All state that the window shows, whatever is behind it."""

    setup: SetupViewModel
    data: DataViewModel
    training: TrainingViewModel
    runs: RunsViewModel
    machine: MachineViewModel
    latents: LatentsViewModel
    latent: LatentScreen
    attributes: AttributesScreen
    inpainting: InpaintingScreen
    translating: TranslatingScreen


class Window(QObject):
    """Owns the shell. The view models come from outside, so that tests can put fakes behind them."""

    def __init__(self, shell: Shell, models: ViewModels) -> None:
        super().__init__()
        setup, data, training, runs = models.setup, models.data, models.training, models.runs
        self.setup, self.data, self.training, self.runs, self.machine = setup, data, training, runs, models.machine
        self.latents = models.latents
        self.shell = shell
        self.train_panel = TrainPanel(setup, data, training, runs, models.latents)
        self.latent_panel = LatentPanel(models.latent)
        self.attributes_panel = AttributesPanel(models.attributes)
        self.inpaint_panel = InpaintPanel(models.inpainting)
        self.translate_panel = TranslatePanel(models.translating)
        data_panel = DataPanel(data, setup, training)
        self._lookers = (self.latent_panel, self.attributes_panel, self.inpaint_panel, self.translate_panel)
        self.panels: tuple[Panel, ...] = (self.train_panel, *self._lookers, data_panel)
        for panel in self.panels:
            self.shell.add_panel(panel)
        self.transport = TransportBinding(
            self.shell.transport, training, setup, self.train_panel.setup_column, parent=self
        )
        self.closing = Closing(self.shell, training)
        self._watched: bool | None = None
        self._memory = ""
        self._look_soon = QTimer(self, singleShot=True, interval=LOOK_MILLISECONDS)
        self._refresh = QTimer(self, interval=REFRESH_MILLISECONDS)
        self._bind()
        self.shell.add_actions([*self._actions(), *(action for one in self._lookers for action in one.actions())])

    def begin(self) -> None:
        """Shows a picture and the runs, and keeps the list up to date."""
        self.train_panel.training_stage.show_starter()
        self.runs.refresh()
        self._refresh.start()
        self._watch()

    def build_plots(self) -> None:
        """Imports pyqtgraph: called once the window has been painted."""
        self.train_panel.readings.build_plots()

    def _bind(self) -> None:
        top = self.shell.top_bar
        top.new_run_requested.connect(self.new_run)
        top.run_chosen.connect(self._show_run)
        top.load_chosen.connect(self._choose_load)
        self.train_panel.setup_column.steps_edited.connect(self.transport.refresh)
        self.train_panel.readings.facts.gentler_asked.connect(self._resume_gently)
        self._look_soon.timeout.connect(self._look)
        self._refresh.timeout.connect(self._refresh_runs)
        for signal in (self.setup.changed, self.setup.edited):
            signal.connect(self._look_soon.start)
        self.training.ready.connect(self.setup.take_library)
        self.training.noticed.connect(self._notice)
        self.training.alarms_changed.connect(self._show_alarm)
        self.training.runs_changed.connect(self.runs.refresh)
        self.training.shown_changed.connect(self._show_switcher)
        self.training.rested.connect(self._show_switcher)
        self.training.phase_changed.connect(self._show_switcher)
        self.training.progressed.connect(self._show_memory)
        self.training.pictured.connect(self._show_first_sample)
        self.runs.noticed.connect(self._notice)
        self.latents.noticed.connect(self._notice)
        latent = self.latent_panel.screen
        for noticed in (latent.looking.noticed, latent.tasking.noticed, latent.exporting.noticed):
            noticed.connect(self._notice)
        latent.exporting.run_wanted.connect(self.training.show)
        attributes, stage = self.attributes_panel.screen, self.attributes_panel.attributes_stage
        attributes.directions.noticed.connect(self._notice)
        stage.files.noticed.connect(self._notice)
        inpaint, translate = self.inpaint_panel, self.translate_panel
        for files in (inpaint.screen.files, translate.screen.files):
            files.noticed.connect(self._notice)
        for played in (self.latent_panel.latent_stage, stage, inpaint.inpaint_stage, translate.translate_stage):
            played.way_on.connect(self._find_run_with_latents)
        self.training.shown_changed.connect(self._watch)
        self.runs.changed.connect(self._show_switcher)
        self.shell.panel_changed.connect(self._watch)
        self.shell.installEventFilter(self)
        self.machine.changed.connect(self._show_load)
        self._show_load()

    def _actions(self) -> list[Action]:
        training, transport = self.training, self.transport
        busy = (Phase.RUNNING, Phase.PAUSED)
        can_stop = (*busy, Phase.LOADING)
        return [
            Action("run.toggle", "Start, pause or resume", "Ctrl+Return", "play", transport.toggle),
            Action("run.stop", "Stop", "Ctrl+.", "square", training.stop, lambda: training.phase in can_stop),
            Action("run.save", "Save checkpoint", "Ctrl+S", "save", training.save, lambda: training.phase in busy),
            Action("run.new", "New run", "Ctrl+N", "plus", self.new_run),
        ]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.WindowStateChange, QEvent.Type.Show, QEvent.Type.Hide):
            self._watch()
        return super().eventFilter(watched, event)

    @Slot()
    def _show_alarm(self) -> None:
        """An alarm is seen from every panel."""
        self.shell.rail.set_alarm(self.train_panel.key, bool(self.training.alarms))

    @Slot()
    def new_run(self) -> None:
        """Frees the settings of the shown run for another one."""
        self.training.show(None)
        self.shell.show_panel(self.train_panel.key)
        self.train_panel.first_focus().setFocus()

    @Slot()
    def _look(self) -> None:
        if self.training.library is None:
            return
        # A value that is being typed is no plan yet; Start says what is wrong.
        with suppress(UserError):
            self.data.look(self.setup.data_plan())

    @Slot()
    def _refresh_runs(self) -> None:
        if self._in_sight():
            self.runs.refresh()

    @Slot(str)
    def _show_run(self, key: str) -> None:
        self.training.show(Path(key))

    @Slot()
    def _resume_gently(self) -> None:
        if self.training.shown is not None:
            self.training.resume_run(self.training.shown.path, rate_factor=0.5)

    @Slot()
    def _show_switcher(self) -> None:
        entries = []
        live = self.training.live
        for card in self.runs.cards:
            run = card.summary
            trains = live is not None and live.path == run.path
            paused = trains and self.training.phase is Phase.PAUSED
            state = "paused" if paused else "running" if trains or run.state is State.RUNNING else f"step {run.step:,}"
            sample = self.training.newest_sample if trains else None
            pixels = card.picture if sample is None else sample
            picture = None if pixels is None else to_image(pixels)
            detail = f"{run.data_title}, {state}"
            entries.append(Entry(str(run.path), run.name, detail, picture=picture, icon="image", ends_matter=True))
        shown = self.training.shown
        self.shell.top_bar.set_runs(entries, str(shown.path) if shown else "")
        self._show_device()

    @Slot()
    def _show_first_sample(self) -> None:
        current = self.shell.top_bar.runs.current()
        if current is not None and current.picture is None:
            self._show_switcher()

    @Slot(object)
    def _show_memory(self, report: Advanced) -> None:
        words = size(report.memory) if report.memory > 0 else ""
        if words != self._memory:
            self._memory = words
            self._show_device()

    def _show_device(self) -> None:
        shown = self.training.shown
        if shown is None or shown.plan.device is Device.AUTO:
            self.shell.top_bar.set_device("")
            return
        parts = [DEVICES[shown.plan.device]]
        if shown.plan.precision is not Precision.AUTO:
            parts.append(shown.plan.precision.value)
        explanation = f"Trains on the {parts[0]} in {parts[-1]}" if len(parts) > 1 else f"Trains on the {parts[0]}"
        if self.training.shows_live and self._memory:
            parts.append(self._memory)
            explanation += f"; {self._memory} of memory in use"
        self.shell.top_bar.set_device(", ".join(parts), explanation + ".")

    @Slot()
    def _show_load(self) -> None:
        entries = [Entry(level.value, level.title, self.machine.explain(level)) for level in LoadLevel]
        self.shell.top_bar.set_loads(entries, self.machine.level.value)

    @Slot(str)
    def _choose_load(self, key: str) -> None:
        self.machine.choose(LoadLevel(key))

    @Slot(str, str)
    @Slot(str)
    def _notice(self, sentence: str, details: str = "") -> None:
        self.shell.error_bar.add(Notice(sentence, self._ways(sentence), details))

    def _ways(self, sentence: str) -> tuple[Way, ...]:
        """What helps, where it is the data that is not there."""
        source, problem = self.setup.source, self.train_panel.training_stage.problem
        if source is None or sentence != self.data.problem:
            return ()
        ways = [Way("Try again", problem.try_again)]
        if source.takes_path:
            ways.insert(0, Way("Choose its folder", problem.choose_folder))
        if source.downloadable:
            ways.insert(0, Way(f"Download {source.title}", problem.fetch))
        return tuple(ways)

    def _in_sight(self) -> bool:
        return self.shell.isVisible() and not self.shell.isMinimized()

    @Slot()
    def _watch(self) -> None:
        """Pictures that nobody can see are not made."""
        self._watch_latents()
        watched = self._in_sight() and self.shell.panel() is self.train_panel
        if watched != self._watched:
            self._watched = watched
            self.training.watch(watched)

    def _watch_latents(self) -> None:
        """The run that is shown is looked at from when one of the panels that play with it is first in sight."""
        screen, shown = self.latent_panel.screen, self.training.shown
        panel = self.shell.panel() if self._in_sight() else None
        screen.exploring.watch(panel is self.latent_panel)
        self.attributes_panel.screen.stage.watch(panel is self.attributes_panel)
        run = shown.path if shown else None
        if panel in self._lookers and run != screen.looking.run:
            screen.looking.open(run)
        self.inpaint_panel.screen.watch(panel is self.inpaint_panel)
        self.translate_panel.screen.translating.watch(panel is self.translate_panel)

    @Slot()
    def _find_run_with_latents(self) -> None:
        if self.training.shown is None and not self.runs.cards:
            self.shell.show_panel(self.train_panel.key)
        else:
            self.shell.top_bar.runs.open()
