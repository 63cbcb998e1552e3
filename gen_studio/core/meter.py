"""How far a job is: one line that changes on a terminal, a line every few seconds anywhere else."""

import math
import os
import shutil
import sys
import time
from collections.abc import Sequence

import numpy as np

from gen_studio.core import stderr
from gen_studio.core.description import Metric
from gen_studio.core.events import Advanced
from gen_studio.core.jobs import Pace, Progress
from gen_studio.core.words import duration

APART_ON_TERMINAL = 0.1
APART_IN_LOG = 5.0
BAR = 24
CLEAR = "\r\x1b[K"


class Meter:
    """Writes to stderr. On leaving the block the changing line is gone, so that what follows starts on a clean one."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = -math.inf
        self._what = ""
        self._line = ""
        self._pace = Pace()

    def __enter__(self) -> "Meter":
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def report(self, progress: Progress) -> None:
        """A job that is under way. Satisfies core.jobs.Report."""
        starts, self._what = progress.what != self._what, progress.what
        rest = self._pace.rest(progress)
        if not starts and not self._is_due():
            return
        numbers = f" {progress.done:,}"
        if progress.total:
            numbers = (
                f" {_share(progress.done, progress.total)}"
                if self._live
                else f" {progress.done:,} of {progress.total:,}"
            )
        self._show(progress.what + (numbers if progress.done or progress.total else "") + rest)

    def train(self, report: Advanced, metrics: Sequence[Metric]) -> None:
        """A training run's steps since the last call."""
        if not self._is_due(report.step >= report.total_steps):
            return
        parts = [f"step {report.step:,} of {report.total_steps:,}"]
        parts += [f"{metric.title} {_mean(report, metric.key)}" for metric in metrics if metric.key in report.values]
        if report.images_per_second:
            parts.append(f"{report.images_per_second:,.0f} img/s")
        if math.isfinite(report.seconds_left):
            parts.append(f"{duration(report.seconds_left)} left")
        self._what = "training"
        self._show("  ".join([_share(report.step, report.total_steps), *parts]) if self._live else ", ".join(parts))

    def note(self, sentence: str) -> None:
        """A sentence that stays."""
        self._clear()
        stderr.write(sentence + "\n")
        if self._line:
            stderr.write(self._line)

    def _is_due(self, last: bool = False) -> bool:
        return last or time.monotonic() - self._shown >= (APART_ON_TERMINAL if self._live else APART_IN_LOG)

    def _show(self, line: str) -> None:
        self._shown = time.monotonic()
        if not self._live:
            stderr.write(line + "\n")
            return
        width = shutil.get_terminal_size().columns - 1
        self._line = line if len(line) <= width else line[: max(0, width - 1)] + "…"
        stderr.write(CLEAR + self._line)

    def _clear(self) -> None:
        if self._line:
            stderr.write(CLEAR)


def _share(done: int, total: int) -> str:
    share = min(1.0, done / total)
    filled = int(share * BAR)
    return f"{'━' * filled}{'─' * (BAR - filled)} {share:4.0%}"


def _mean(report: Advanced, key: str) -> str:
    values = report.values[key]
    return f"{np.mean(values):.4g}" if len(values) else "–"
