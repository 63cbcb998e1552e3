"""A thread for long tasks without a thread: what comes of a request is what a test says."""

from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gen_studio.core.jobs import Progress
from gen_studio.core.tasks import (
    Request,
    Result,
    Task,
    TaskCalledOff,
    TaskDone,
    TaskNews,
    TaskNotDone,
    TaskProgressed,
)

T = TypeVar("T")


class FakeTasker(QObject):
    """Records what it is asked; the test answers the newest request of a kind."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Request] = []
        self.cancelled = 0

    def ask(self, command: Request) -> None:
        self.asked.append(command)

    def cancel_loading(self) -> None:
        self.cancelled += 1

    def count(self, kind: type[Task]) -> int:
        return sum(isinstance(request.task, kind) for request in self.asked)

    def newest(self, kind: type[T]) -> T:
        """The task that was last asked for."""
        task = self._request(kind).task
        assert isinstance(task, kind)
        return task

    def finish(self, kind: type[Task], result: Result) -> None:
        self._say(TaskDone(self._request(kind).number, 500, result))

    def say_progress(self, kind: type[Task], what: str, done: int, total: int) -> None:
        self._say(TaskProgressed(self._request(kind).number, Progress(what, done, total)))

    def refuse(self, kind: type[Task], sentence: str) -> None:
        self._say(TaskNotDone(self._request(kind).number, sentence))

    def call_off(self, kind: type[Task]) -> None:
        self._say(TaskCalledOff(self._request(kind).number))

    def _request(self, kind: type[object]) -> Request:
        return next(request for request in reversed(self.asked) if isinstance(request.task, kind))

    def _say(self, news: TaskNews) -> None:
        self.happened.emit(news)
