"""Asks for what takes seconds with a model, numbers the requests, and keeps what is told of them apart."""

from pathlib import Path
from typing import Protocol, assert_never

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from gen_studio.core.jobs import Progress
from gen_studio.core.tasks import Request, Task, TaskCalledOff, TaskDone, TaskNews, TaskNotDone, TaskProgressed
from gen_studio.viewmodels.sentences import for_the_window


class Tasker(Protocol):
    """What this needs of the thread for long tasks; tests put a scriptable fake in its place."""

    happened: SignalInstance

    def ask(self, command: Request) -> None: ...

    def cancel_loading(self) -> None: ...


class Tasking(QObject):
    """Requests are carried out one after the other. Those that wait are called off with the one under way."""

    changed = Signal()
    """What is under way, and how far it is."""
    done = Signal(object)  # TaskDone
    ended = Signal(int)  # the number of a request that came to nothing, called off or not
    noticed = Signal(str, str)

    def __init__(self, tasker: Tasker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasker = tasker
        self._number = 0
        self._waiting: list[int] = []
        self._quiet: set[int] = set()
        self.progress: Progress | None = None
        """Of the request that is under way; None while there is none, or it has not said."""
        tasker.happened.connect(self.take)

    @property
    def is_busy(self) -> bool:
        return bool(self._waiting)

    @property
    def is_shown(self) -> bool:
        """Whether somebody waits for something that is under way."""
        return any(number not in self._quiet for number in self._waiting)

    def waits(self, number: int) -> bool:
        """Whether another request is under way before this one."""
        return number in self._waiting[1:]

    def ask(self, run: Path, task: Task, *, quietly: bool = False) -> int:
        """The number by which its answer is known. quietly: nobody asked for it, and nobody is told how far it is."""
        self._number += 1
        if quietly:
            self._quiet.add(self._number)
        self._waiting.append(self._number)
        self._tasker.ask(Request(self._number, run, task))
        self.changed.emit()
        return self._number

    def call_off(self) -> None:
        if self._waiting:
            self._tasker.cancel_loading()

    @Slot(object)
    def take(self, news: TaskNews) -> None:
        if news.number not in self._waiting:
            return
        match news:
            case TaskProgressed(_, progress):
                self.progress = progress
            case TaskDone(number):
                self._forget(number)
                self.done.emit(news)
            case TaskNotDone(number, sentence, details):
                self._forget(number)
                self.noticed.emit(for_the_window(sentence), details)
                self.ended.emit(number)
            case TaskCalledOff(number):
                self._forget(number)
                self.ended.emit(number)
            case _:
                assert_never(news)
        self.changed.emit()

    def _forget(self, number: int) -> None:
        self._waiting.remove(number)
        self._quiet.discard(number)
        self.progress = None
