"""The run that trains and the run that is shown: state and actions of the Train screen and of the transport."""

import time
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Protocol, assert_never

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from gen_studio.core.description import ChartInfo, FamilyDescription, Metric, ViewInfo
from gen_studio.core.errors import UserError
from gen_studio.core.events import (
    Advanced,
    Alarmed,
    Began,
    Charted,
    Continued,
    DataShown,
    Ended,
    Loading,
    Marked,
    Message,
    Paused,
    Pictured,
    Published,
    Ready,
    Reason,
    Refused,
    Saved,
    Warned,
)
from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.runtime.commands import (
    Command,
    Continue,
    OpenRun,
    Pause,
    SaveNow,
    SetRate,
    Start,
    StepPlayer,
    Stop,
    Watch,
)
from gen_studio.viewmodels import live
from gen_studio.viewmodels.live import Live
from gen_studio.viewmodels.run_record import RunRecord, read_record
from gen_studio.viewmodels.sentences import for_the_window

BUSY = "One run trains at a time. Stop the one that is under way first."


class Trainer(Protocol):
    """What this needs of the engine; tests put a scriptable fake in its place."""

    happened: SignalInstance

    def ask(self, command: Command) -> None: ...

    def cancel_loading(self) -> None: ...


class Phase(Enum):
    """Where the training thread stands."""

    WAKING = "waking"
    IDLE = "idle"
    LOADING = "loading"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"

    @property
    def takes_start(self) -> bool:
        """One trains at a time, and only what is not being loaded or saved."""
        return self is Phase.IDLE


class TrainingViewModel(QObject):
    """Turns messages into state. `shown` may be another run than the one that trains; it then only changes by choice.

    Signals carry plain values. What a message means for the run on the screen is sent on only when that run is the
    one that trains: advanced, pictured, charted, marked.
    """

    phase_changed = Signal(object)  # Phase
    loading = Signal(str, float)  # words and the share done, -1 where it is not known
    ready = Signal(object)  # Ready
    shown_changed = Signal(object)  # RunRecord | None
    rested = Signal(object)  # RunRecord of the shown run, which trains no more; what was drawn of it stands
    advanced = Signal(object)  # Advanced, of the shown run
    progressed = Signal(object)  # Advanced, of the run that trains, shown or not
    pictured = Signal(object)  # Pictured, of the shown run
    charted = Signal(object)  # Charted, of the shown run
    marked = Signal(object)  # Marked, of the shown run
    alarms_changed = Signal()  # of the run that trains
    saved = Signal(object)  # Saved, of the run that trains
    runs_changed = Signal()
    noticed = Signal(str, str)  # a sentence for the error bar, and details to copy

    def __init__(self, trainer: Trainer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        self.phase = Phase.WAKING
        self.library: Ready | None = None
        self.live: Live | None = None
        self.shown: RunRecord | None = None
        self.rates: dict[str, float] = {}
        self.known: dict[Path, Live] = {}  # what was said of runs when they began, since the app was opened
        self.newest: Pictured | None = None
        self.alarms: tuple[Alarmed, ...] = ()  # of the run that trains, not dismissed, the newest last
        self._rate_factor = 1.0
        self.step = 0
        self.checkpoints: list[int] = []
        self.saved_at: float | None = None
        self.last: Advanced | None = None
        trainer.happened.connect(self.take)

    @property
    def shows_live(self) -> bool:
        """Whether the run on the screen is the one that trains."""
        return self.live is not None and self.shown is not None and self.shown.path == self.live.path

    @property
    def newest_sample(self) -> NDArray[np.uint8] | None:
        """(H, W, C), the first of the newest pictures of the run that trains."""
        return None if self.newest is None else self.newest.pictures[min(1, self.newest.per_item - 1)]

    @property
    def shown_source(self) -> str:
        """The key of the shown run's data."""
        return self.shown.plan.data.source if self.shown else ""

    @property
    def seconds_since_save(self) -> float | None:
        return None if self.saved_at is None else time.monotonic() - self.saved_at

    def family_of(self, plan: RunPlan) -> FamilyDescription | None:
        families = self.library.families if self.library else ()
        return next((family for family in families if family.key == plan.family), None)

    def metrics_of(self, record: RunRecord) -> tuple[Metric, ...]:
        """Declared metrics; the columns of the file for a family that is not installed here."""
        family = self.family_of(record.plan)
        return family.metrics if family else tuple(Metric(key, key, label=key) for key in record.values)

    def views_of(self, record: RunRecord) -> tuple[ViewInfo, ...]:
        return live.views_of(record, self.known, self.library)

    def charts_of(self, record: RunRecord) -> tuple[ChartInfo, ...]:
        return live.charts_of(record, self.known, self.library)

    def start(self, plan: RunPlan, name: str | None = None, download: bool = False) -> None:
        if self._may_begin():
            self._trainer.ask(Start(plan, name=name, download=download))

    def resume_run(self, path: Path, steps: int | None = None, rate_factor: float = 1.0) -> None:
        """Goes on with a run on the disk, to `steps` in all; every learning rate times `rate_factor`."""
        if self._may_begin():
            self._rate_factor = rate_factor
            # With other rates it waits until they are set.
            self._trainer.ask(OpenRun(path, steps=steps, go_on=rate_factor == 1.0))

    def pause(self) -> None:
        self._trainer.ask(Pause())

    def go_on(self) -> None:
        self._trainer.ask(Continue())

    def stop(self) -> None:
        """Ends the run, saved; while it is still loading, calls that off."""
        if self.phase is Phase.LOADING:
            # It may have begun already, with the word of it still under way: then it is stopped like any other.
            self._trainer.cancel_loading()
        elif self.phase not in (Phase.RUNNING, Phase.PAUSED):
            return
        self._set_phase(Phase.STOPPING)
        self._trainer.ask(Stop())

    def save(self) -> None:
        self._trainer.ask(SaveNow())

    def step_player(self, player: str) -> None:
        self._trainer.ask(StepPlayer(player))

    def set_rate(self, player: str, rate: float) -> None:
        if self.rates.get(player) != rate:
            self._trainer.ask(SetRate(player, rate))

    def scale_rates(self, factors: Mapping[str, float]) -> None:
        """Multiplies learning rates, by player, from the next step on."""
        for player, factor in factors.items():
            if player in self.rates:
                self.set_rate(player, self.rates[player] * factor)

    def dismiss_alarm(self, key: str) -> None:
        """It stays as a mark on the curves."""
        self._set_alarms(self._alarms_but(key))

    def watch(self, watched: bool) -> None:
        """Says whether the pictures can be seen; unseen ones are not made."""
        self._trainer.ask(Watch(watched))

    def show(self, path: Path | None) -> None:
        """Puts a run on the screen; None clears it for a new one."""
        if path is None:
            self.shown = None
        else:
            try:
                self.shown = read_record(path)
            except UserError as error:
                self.noticed.emit(str(error), "")
                return
        self.shown_changed.emit(self.shown)

    def picture_at(self, view: str, step: int) -> tuple[int, NDArray[np.uint8], int] | None:
        """The kept preview nearest to a step: its step, (N, H, W, C) uint8, how many belong together."""
        if self.shown is None:
            return None
        folder = RunFolder(self.shown.path)
        steps = folder.preview_steps(view)
        if not steps:
            return None
        nearest = min(steps, key=lambda s: abs(s - step))
        try:
            return nearest, *folder.read_preview(view, nearest)
        except UserError as error:
            self.noticed.emit(str(error), "")
            return None

    def newest_chart(self, chart: str) -> Charted | None:
        """The chart that the shown run kept last."""
        folder = RunFolder(self.shown.path) if self.shown else None
        if folder is None or chart not in folder.charts():
            return None
        try:
            return folder.read_chart(chart)
        except UserError as error:
            self.noticed.emit(str(error), "")
            return None

    def export_metrics(self, path: str) -> None:
        """Copies the shown run's readings, a CSV file, to a place of the user's choice."""
        if self.shown is None:
            return
        try:
            RunFolder(self.shown.path).export_metrics(Path(path))
        except UserError as error:
            self.noticed.emit(str(error), "")

    @Slot(object)
    def take(self, message: Message) -> None:
        """Every message of the training thread comes through here, on the window's thread."""
        match message:
            case Advanced():
                self._take_progress(message)
            case Pictured():
                if self.newest is None or message.view == self.newest.view:
                    self.newest = message  # of the view that is drawn first, which tells most
                self._if_shown(self.pictured.emit, message)
            case Charted():
                self._if_shown(self.charted.emit, message)
            case Marked():
                self._if_shown(self.marked.emit, message)
            case Alarmed():
                self._set_alarms((*self._alarms_but(message.key), message))
                self._if_shown(self.marked.emit, message.mark)
            case Saved():
                self._take_saved(message)
            case Loading(progress):
                share = progress.done / progress.total if progress.total else -1.0
                self.loading.emit(progress.what, share)
            case Ready():
                self.library = message
                self._set_phase(Phase.IDLE)
                self.ready.emit(message)
                for problem in message.problems:
                    self.noticed.emit(problem, "")
            case Began():
                self._take_began(message)
            case Paused():
                self._set_phase(Phase.PAUSED)
                self._scale_rates()
            case Continued():
                self._set_phase(Phase.RUNNING)
            case Warned(sentence):
                self.noticed.emit(sentence, "")
            case Refused(sentence, details):
                self._rate_factor = 1.0
                if self.live is None:
                    self._set_phase(Phase.IDLE)
                self.noticed.emit(for_the_window(sentence), details)
            case Ended():
                self._take_end(message)
            case DataShown() | Published():
                pass
            case _:
                assert_never(message)

    def _may_begin(self) -> bool:
        if not self.phase.takes_start:
            reason = "The models are still being loaded. Wait a moment." if self.phase is Phase.WAKING else BUSY
            self.noticed.emit(reason, "")
            return False
        self._set_phase(Phase.LOADING)
        self.loading.emit("Reading the data", -1.0)
        return True

    def _scale_rates(self) -> None:
        factor, self._rate_factor = self._rate_factor, 1.0
        if factor != 1.0:
            for player, rate in self.rates.items():
                self._trainer.ask(SetRate(player, rate * factor))
            self._trainer.ask(Continue())

    def _alarms_but(self, key: str) -> tuple[Alarmed, ...]:
        return tuple(alarm for alarm in self.alarms if alarm.key != key)

    def _set_alarms(self, alarms: tuple[Alarmed, ...]) -> None:
        if alarms != self.alarms:
            self.alarms = alarms
            self.alarms_changed.emit()

    def _take_progress(self, message: Advanced) -> None:
        self.last = message
        self.step = message.step
        self.rates = dict(message.rates)
        self.progressed.emit(message)
        self._if_shown(self.advanced.emit, message)

    def _take_saved(self, message: Saved) -> None:
        self.saved_at = time.monotonic()
        if self.live:
            self.checkpoints = RunFolder(self.live.path).checkpoint_steps()
        self.saved.emit(message)
        self.runs_changed.emit()

    def _take_began(self, message: Began) -> None:
        self.live = Live.of(message)
        self.known[message.path] = self.live
        self.last, self.newest = None, None
        self._set_alarms(())
        self.rates = dict(message.rates)
        self.step = message.step
        self.checkpoints = RunFolder(message.path).checkpoint_steps()
        self.saved_at = None
        if self.phase is not Phase.STOPPING:
            self._set_phase(Phase.RUNNING)
        self.runs_changed.emit()
        self.show(message.path)

    def _take_end(self, message: Ended) -> None:
        was_shown = self.shows_live
        path = self.live.path if self.live else None
        self.live = None
        self._set_alarms(())
        self._set_phase(Phase.IDLE)
        self.runs_changed.emit()
        if was_shown and path is not None:
            if message.reason in (Reason.NOT_FINITE, Reason.OUT_OF_MEMORY):
                # It has gone back behind steps that were drawn.
                self.show(path)
            else:
                self._take_rest(path)
        if message.reason not in (Reason.FINISHED, Reason.STOPPED):
            self.noticed.emit(message.sentence, message.details)

    def _take_rest(self, path: Path) -> None:
        try:
            self.shown = read_record(path)
        except UserError as error:
            self.noticed.emit(str(error), "")
            return
        self.rested.emit(self.shown)

    def _if_shown(self, tell: Callable[[Message], None], message: Message) -> None:
        if self.shows_live:
            tell(message)

    def _set_phase(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)
