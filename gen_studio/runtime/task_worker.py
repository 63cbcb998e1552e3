"""Carries out what takes seconds with a model, on a thread of its own, with progress and a way to call it off."""

import time
import traceback
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.jobs import Pace, Progress
from gen_studio.core.tasks import Request, TaskCalledOff, TaskDone, TaskNews, TaskNotDone, TaskProgressed
from gen_studio.runtime.commands import Quit
from gen_studio.runtime.engine import CallOff
from gen_studio.runtime.niceness import ON_REQUEST, be_nice
from gen_studio.runtime.show import OnShow, Show, from_checkpoint

SECONDS_APART = 0.05
"""How far one and the same thing is is told no more often."""
FAILED = "That did not work: {error}. Training is not affected."


class TaskWorker(QObject):
    """Carries out requests one after the other, with the model that is on show when a request's turn comes."""

    happened = Signal(object)

    def __init__(self, show: Show) -> None:
        super().__init__()
        self.called_off = CallOff()
        self._show = show
        self._is_nice = False
        self._told, self._told_at = "", 0.0

    @Slot(int, object)
    def carry_out(self, number: int, command: Request | Quit) -> None:
        if isinstance(command, Quit):
            self.thread().quit()
            return
        if not self._is_nice:
            be_nice(ON_REQUEST)
            self._is_nice = True
        self._tell(self._outcome(number, command))

    def _outcome(self, number: int, request: Request) -> TaskNews:
        try:
            return self._done(number, request)
        except Cancelled:
            return TaskCalledOff(request.number)
        except UserError as error:
            return TaskNotDone(request.number, str(error))
        except Exception as error:
            details = "".join(traceback.format_exception(error))
            return TaskNotDone(request.number, FAILED.format(error=f"{type(error).__name__}: {error}"), details)

    def _done(self, number: int, request: Request) -> TaskDone:
        pace = Pace()

        def report(progress: Progress) -> None:
            if self.called_off.has_met(number):
                raise Cancelled
            told = replace(progress, what=progress.what + pace.rest(progress))
            if self._is_due(progress.what):
                self._tell(TaskProgressed(request.number, told))

        self._told, self._told_at = "", 0.0
        report(Progress("Waking the model"))
        from gen_studio.runtime import tasks

        shown = self._shown(request.run)
        return TaskDone(request.number, shown.step, tasks.carry_out(request.task, shown, report))

    def _shown(self, run: Path) -> OnShow:
        """The model of a run: the one that is looked at, or its newest checkpoint."""
        current = self._show.current
        return current if current is not None and current.run == run else from_checkpoint(run)

    def _is_due(self, what: str) -> bool:
        now = time.monotonic()
        if what == self._told and now - self._told_at < SECONDS_APART:
            return False
        self._told, self._told_at = what, now
        return True

    def _tell(self, news: TaskNews) -> None:
        self.happened.emit(news)
