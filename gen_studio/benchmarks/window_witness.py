"""Watches the window open: its first paint, and the moment from which Start works."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from gen_studio.benchmarks.heartbeat import Heartbeat
from gen_studio.opening import Opening

if TYPE_CHECKING:
    from gen_studio.app import Studio

VISIBLE, READY = "visible s", "ready s"
GIVE_UP_SECONDS = 120.0


class Witness(QObject):
    """`readings` hold seconds by the given clock since `started`, and the longest stall in between. Ends the app."""

    def __init__(self, opening: Opening, started: float, clock: Callable[[], float]) -> None:
        super().__init__()
        self.readings: dict[str, float] = {}
        self._opening, self._started, self._clock = opening, started, clock
        self._heartbeat = Heartbeat(self)
        self._give_up = QTimer(self, singleShot=True, interval=int(1000 * GIVE_UP_SECONDS))
        self._give_up.timeout.connect(self._end)
        self._give_up.start()
        opening.painted.connect(self._note_visible)
        opening.opened.connect(self._watch)

    @Slot(object)
    def _watch(self, studio: "Studio") -> None:
        studio.window.training.ready.connect(self._note_ready)

    @Slot()
    def _note_visible(self) -> None:
        self.readings[VISIBLE] = self._clock() - self._started
        self._heartbeat.begin()

    @Slot()
    def _note_ready(self) -> None:
        QTimer.singleShot(0, self, self._finish)

    @Slot()
    def _finish(self) -> None:
        self.readings[READY] = self._clock() - self._started
        self.readings["stall max ms"] = self._heartbeat.end()["stall max ms"]
        self._end()

    @Slot()
    def _end(self) -> None:
        self._opening.shell.close()
