"""Ties the transport to the training view model: one trains while one plays, whatever panel is shown."""

import math
import time
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot

from gen_studio.core.errors import UserError
from gen_studio.core.events import Advanced, Ready, Saved
from gen_studio.core.runs import State
from gen_studio.ui.widgets.transport import Mode, Transport
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import Phase, TrainingViewModel

AGE_MILLISECONDS = 5_000
UNUSABLE = "The run was not started: a setting cannot be used. It is marked in the setup at the left."
MODES = {
    Phase.WAKING: Mode.BUSY,
    Phase.LOADING: Mode.LOADING,
    Phase.RUNNING: Mode.RUNNING,
    Phase.PAUSED: Mode.PAUSED,
    Phase.STOPPING: Mode.BUSY,
}


class Form(Protocol):
    """What this needs of the setup's form."""

    def steps(self) -> int | None:
        """The total that stands there: a run at rest is resumed up to it."""

    def show_problems(self) -> bool:
        """Says under its fields what is wrong with them; whether anything is."""


class TransportBinding(QObject):
    """The transport shows the run that trains, or else the shown one, or else the one that Start would begin."""

    def __init__(
        self,
        transport: Transport,
        training: TrainingViewModel,
        setup: SetupViewModel,
        form: Form,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._transport, self._training, self._setup, self._form = transport, training, setup, form
        self._age = QTimer(self, interval=AGE_MILLISECONDS)
        self._age.timeout.connect(self._show_age)
        transport.start.connect(self.start)
        transport.pause.connect(training.pause)
        transport.resume.connect(self.resume)
        transport.stop.connect(training.stop)
        transport.save_requested.connect(training.save)
        transport.step_requested.connect(training.step_player)
        training.phase_changed.connect(self.refresh)
        training.shown_changed.connect(self.refresh)
        training.rested.connect(self.refresh)
        setup.changed.connect(self.refresh)
        setup.edited.connect(self.refresh)
        training.progressed.connect(self._show_progress)
        training.saved.connect(self._show_saved)
        training.loading.connect(self._show_loading)
        training.ready.connect(self._show_ready)
        self.refresh()

    @Slot()
    def start(self) -> None:
        """Begins the run that stands in the setup."""
        if self._form.show_problems():
            self._training.noticed.emit(UNUSABLE, "")
            return
        try:
            plan = self._setup.plan()
        except UserError as error:
            self._training.noticed.emit(str(error), "")
            return
        self._training.start(plan, name=self._setup.name())

    @Slot()
    def resume(self) -> None:
        """Goes on: with the run that waits, or with the shown one from its newest checkpoint."""
        if self._training.phase is Phase.PAUSED:
            self._training.go_on()
        elif self._training.shown is not None:
            if self._form.show_problems():
                return
            self._training.resume_run(self._training.shown.path, steps=self._form.steps())

    @Slot()
    def toggle(self) -> None:
        """What the primary button does."""
        self._transport.main.click()

    @Slot()
    def refresh(self) -> None:
        """Shows where the training thread stands."""
        training = self._training
        self._transport.set_mode(MODES.get(training.phase, self._mode_at_rest()))
        if training.phase is Phase.STOPPING:
            self._transport.set_status("Saving")
        elif training.phase is not Phase.LOADING and training.phase is not Phase.WAKING:
            self._transport.set_status("")
        self._show_run()

    def _mode_at_rest(self) -> Mode:
        shown = self._training.shown
        if shown is None or shown.state is State.NEW:
            return Mode.READY
        steps = self._form.steps() or shown.plan.steps
        return Mode.AT_REST if steps > shown.step else Mode.READY

    def _show_run(self) -> None:
        live, shown, transport = self._training.live, self._training.shown, self._transport
        transport.set_players(live.players if live else ())
        if live is not None:
            transport.set_progress(self._training.step, live.plan.steps)
            transport.set_checkpoints(self._training.checkpoints)
            if self._training.phase is not Phase.RUNNING:
                transport.set_rate(None, None)
        else:
            transport.set_progress(shown.step if shown else 0, self._form.steps() or 0)
            transport.progress.setToolTip("")
            transport.set_checkpoints(shown.checkpoints if shown else ())
            transport.set_rate(None, None)
        self._show_age()

    @Slot(object)
    def _show_progress(self, event: Advanced) -> None:
        self._transport.set_progress(event.step, event.total_steps)
        known = event.images_per_second > 0 and self._training.phase is Phase.RUNNING
        left = event.seconds_left if known and math.isfinite(event.seconds_left) else None
        self._transport.set_rate(event.images_per_second if known else None, left)
        self._transport.progress.setToolTip("" if left is None else f"Done at about {_clock(left)}")

    @Slot(object)
    def _show_saved(self, event: Saved) -> None:
        self._transport.set_checkpoints(self._training.checkpoints)
        self._age.start()
        self._show_age()

    @Slot()
    def _show_age(self) -> None:
        if self._training.live is None:
            self._age.stop()
        self._transport.set_saved(self._training.seconds_since_save if self._training.live else None)

    @Slot(str, float)
    def _show_loading(self, words: str, share: float) -> None:
        self._transport.set_status(words if share < 0 else f"{words}, {share:.0%}")

    @Slot(object)
    def _show_ready(self, library: Ready) -> None:
        self._transport.set_status("")


def _clock(seconds_left: float) -> str:
    """The time of day in so many seconds; with the day where that is another one."""
    now, then = time.localtime(), time.localtime(time.time() + seconds_left)
    same_day = (now.tm_year, now.tm_yday) == (then.tm_year, then.tm_yday)
    return time.strftime("%H:%M" if same_day else "%a %d %b, %H:%M", then)
