"""Long jobs tell how far they are, and are called off in the same breath."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from gen_studio.core.words import duration

BEFORE_AN_ESTIMATE = 3.0
"""Seconds of a job before it is said how long the rest may take."""


@dataclass(frozen=True)
class Progress:
    """How far a job is. `total` is 0 where it is not known; `what` is a few words, "Decoding pictures"."""

    what: str
    done: int = 0
    total: int = 0


Report = Callable[[Progress], None]
"""Called now and then from inside a job. It may raise Cancelled; the job then leaves nothing behind."""


def unheard(progress: Progress) -> None:
    """The Report for callers that do not listen."""


class Pace:
    """How fast a job gets on, or one after the other."""

    def __init__(self) -> None:
        self._last = Progress("")
        self._began = 0.0
        self._first = 0

    def rest(self, progress: Progress) -> str:
        """For example ", 3 min left": how long it will take at its pace so far; "" before there is one."""
        last, self._last = self._last, progress
        is_another = progress.what != last.what and not progress.done
        if is_another or progress.total != last.total or progress.done < last.done:
            self._began, self._first = time.monotonic(), progress.done
        seconds, done = time.monotonic() - self._began, progress.done - self._first
        if not progress.total or done <= 0 or seconds < BEFORE_AN_ESTIMATE:
            return ""
        return f", {duration(seconds / done * (progress.total - progress.done))} left"
