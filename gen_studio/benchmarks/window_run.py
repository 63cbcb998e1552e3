"""Opens the app as its user does, lets it train a plan with the plots live, and measures speed and stalls."""

import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gen_studio.app import Studio, build
from gen_studio.benchmarks.comparison import SPEED
from gen_studio.benchmarks.heartbeat import Heartbeat
from gen_studio.core.events import Advanced
from gen_studio.core.plan import RunPlan
from gen_studio.ui.theme import apply_theme
from gen_studio.viewmodels.machine import SETTING, LoadLevel
from gen_studio.viewmodels.training import Phase

WIDTH, HEIGHT = 1440, 900
WARM_UP_SECONDS = 5.0
GIVE_UP_SECONDS = 300.0


class Stage(Enum):
    OPENING = "opening"
    WARMING_UP = "warming up"
    MEASURING = "measuring"
    DONE = "done"


@dataclass(frozen=True)
class Point:
    """A report of the run and when the window heard of it."""

    step: int
    seconds: float


class WindowRun(QObject):
    """Starts the run that stands in the setup, waits until it is steady, counts its steps, and closes the app."""

    def __init__(self, studio: Studio, seconds: float) -> None:
        super().__init__()
        self.problem = "The run did not get under way in time."
        self.speed = 0.0  # steps per second
        self.stalls: dict[str, float] = {}
        self._studio, self._seconds = studio, seconds
        self._stage = Stage.OPENING
        self._began = self._last = Point(0, 0.0)
        self._heartbeat = Heartbeat(self)
        self._give_up = QTimer(self, singleShot=True, interval=int(1000 * GIVE_UP_SECONDS))
        self._give_up.timeout.connect(self._close)
        training = studio.window.training
        training.ready.connect(studio.window.transport.start)
        training.progressed.connect(self._take)
        training.noticed.connect(self._fail)
        self._give_up.start()

    @Slot(object)
    def _take(self, report: Advanced) -> None:
        now = Point(report.step, time.perf_counter())
        match self._stage:
            case Stage.OPENING:
                self._stage, self._began = Stage.WARMING_UP, now
            case Stage.WARMING_UP:
                if now.seconds - self._began.seconds >= WARM_UP_SECONDS:
                    self._stage, self._began = Stage.MEASURING, now
                    self._heartbeat.begin()
            case Stage.MEASURING:
                self._last = now
                if now.seconds - self._began.seconds >= self._seconds:
                    self._finish()
            case Stage.DONE:
                pass

    def _finish(self) -> None:
        self.stalls = self._heartbeat.end()
        self.speed = (self._last.step - self._began.step) / (self._last.seconds - self._began.seconds)
        self.problem = ""
        self._close()

    @Slot(str, str)
    def _fail(self, sentence: str, details: str) -> None:
        self.problem = f"{sentence}\n{details}"
        self._close()

    @Slot()
    def _close(self) -> None:
        """As a user would: stops the run first, so that closing the window asks nothing."""
        self._stage = Stage.DONE
        self._give_up.stop()
        training = self._studio.window.training
        if training.live is None:
            self._studio.window.shell.close()
            return
        training.phase_changed.connect(self._close_at_rest)
        training.stop()

    @Slot(object)
    def _close_at_rest(self, phase: Phase) -> None:
        if phase is Phase.IDLE:
            self._studio.window.shell.close()


def train_in_window(plan: RunPlan, level: LoadLevel, seconds: float, workspace: Path) -> dict[str, float]:
    """Pictures per second and the stalls of the window's thread while it trains. Needs a process of its own."""
    app = QApplication([])
    apply_theme(app)
    return _measured(app, plan, level, seconds, workspace)


def _measured(app: QApplication, plan: RunPlan, level: LoadLevel, seconds: float, workspace: Path) -> dict[str, float]:
    """The window is gone when this returns: Qt crashes where widgets outlive their application."""
    settings = QSettings(str(workspace / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue(SETTING, level.value)
    studio = build(settings, first=plan)
    studio.window.shell.resize(WIDTH, HEIGHT)
    run = WindowRun(studio, seconds)
    studio.begin()
    app.exec()
    platform = app.platformName()
    studio.shut_down()
    if run.problem:
        raise RuntimeError(f"on {platform}: {run.problem}")
    return {SPEED: run.speed * int(plan.config["batch_size"]), **run.stalls}
