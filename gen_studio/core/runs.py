"""A run is a folder. This reads and writes all of it but the checkpoints' weights, so it needs neither torch nor Qt."""

import csv
import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gen_studio.core import atomic, charts, claims, sheets
from gen_studio.core.config import Config
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.events import Charted, Marked, MarkKind, Reason
from gen_studio.core.plan import RunPlan

PLAN, STATUS, METRICS, MARKS, LOCK = "plan.json", "status.json", "metrics.csv", "marks.csv", "training.lock"
STEP = "step"


class State(Enum):
    """How a run stands. INTERRUPTED: its process is gone without a word, as after a crash or a power cut."""

    NEW = "new"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


class Status(Config):
    """The changing facts of a run, rewritten as it goes."""

    name: str
    data_title: str = ""
    step: int = 0
    reason: Reason | None = None
    sentence: str = ""
    score: float | None = None
    best_step: int | None = None
    seconds: float = 0.0
    """Spent in training steps, pauses left out."""


@dataclass(frozen=True)
class RunSummary:
    """One row of a list of runs."""

    path: Path
    name: str
    data_title: str
    plan: RunPlan
    state: State
    step: int
    sentence: str
    changed: float


class RunFolder:
    """The folder of one run: plan, status, readings, marks, previews and where its checkpoints are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.tensorboard = path / "tensorboard"

    @classmethod
    def create(cls, path: Path, plan: RunPlan, status: Status) -> "RunFolder":
        """A new run. Raises WrongUse where the folder already holds anything, so that nothing is written over."""
        check_free(path)
        with atomic.disk_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        folder = cls(path)
        folder.write_plan(plan)
        folder.write_status(status)
        return folder

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """An existing run. Raises WrongUse for any other folder."""
        if not path.exists():
            raise WrongUse(f"There is no run at {path}. Check the path, or list your runs with gen-studio runs.")
        if not (path / PLAN).is_file():
            raise WrongUse(f"{path} is not a run: it has no {PLAN}. Choose a folder that gen-studio made.")
        return cls(path)

    def plan(self) -> RunPlan:
        content = self._json(PLAN)
        try:
            return RunPlan.parse(content)
        except WrongUse as error:
            raise UserError(f"{self.path / PLAN} does not hold a run's plan: {error}") from error

    def write_plan(self, plan: RunPlan) -> None:
        atomic.write_text(self.path / PLAN, plan.model_dump_json(indent=2) + "\n")

    def status(self) -> Status:
        if not (self.path / STATUS).exists():
            return Status(name=self.path.name)
        return Status.parse(self._json(STATUS))

    def write_status(self, status: Status) -> None:
        atomic.write_text(self.path / STATUS, status.model_dump_json(indent=2) + "\n")

    def rename(self, name: str) -> None:
        """Changes the name that is shown; the folder stays where it is."""
        if not name.strip():
            raise WrongUse("A run needs a name. Write at least one letter.")
        self.write_status(self.status().model_copy(update={"name": name.strip()}))

    def state(self) -> State:
        if claims.owner(self.path / LOCK) is not None:
            return State.RUNNING
        status = self.status()
        match status.reason:
            case None:
                return State.NEW if status.step == 0 and not self.checkpoint_steps() else State.INTERRUPTED
            case Reason.FINISHED:
                return State.FINISHED
            case Reason.STOPPED | Reason.ALARM:
                return State.STOPPED
            case Reason.NOT_FINITE | Reason.OUT_OF_MEMORY | Reason.FAILED:
                return State.FAILED

    def summary(self) -> RunSummary:
        status = self.status()
        changed = max(file.stat().st_mtime for file in (self.path / PLAN, self.path / STATUS) if file.exists())
        return RunSummary(
            self.path,
            status.name,
            status.data_title,
            self.plan(),
            self.state(),
            status.step,
            status.sentence,
            changed,
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the run for one trainer. Raises WrongUse while another process trains it."""
        with claims.claimed(
            self.path / LOCK,
            lambda owner: f"{self.path} is being trained by process {owner}. Stop that first, or start a new run.",
        ):
            yield

    def checkpoint_steps(self) -> list[int]:
        """The steps of finished checkpoints, oldest first."""
        if not self.checkpoints.is_dir():
            return []
        names = (folder.name for folder in self.checkpoints.glob("step-*"))
        return sorted(int(name[5:]) for name in names if name[5:].isdigit())

    def checkpoint(self, step: int) -> Path:
        return self.checkpoints / f"step-{step:09d}"

    def read_metrics(self) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]]]:
        """Steps (K,) and the readings (K,) by key. A line cut short by a crash is left out."""
        path = self.path / METRICS
        if not path.exists():
            return np.empty(0, np.int64), {}
        rows = [line.split(",") for line in path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]]
        header = rows[0] if rows else [STEP]
        body = [row for row in rows[1:] if len(row) == len(header) and row[0].isdecimal()]
        table = np.array([[_number(cell) for cell in row] for row in body], np.float64).reshape(len(body), len(header))
        return table[:, 0].astype(np.int64), {key: table[:, place] for place, key in enumerate(header) if place}

    def append_metrics(self, steps: NDArray[np.int64], values: Mapping[str, NDArray[np.float64]]) -> None:
        path = self.path / METRICS
        if path.exists() and not self._has_columns(values):
            # The run was begun when its family had other readings: it goes on with those of today.
            taken, kept = self.read_metrics()
            columns = {key: kept.get(key, np.full(len(taken), np.nan)) for key in values}
            atomic.write_text(path, _header(values) + _rows(taken, columns))
        header = "" if path.exists() else _header(values)
        atomic.append_text(path, header + _rows(steps, values))

    def _has_columns(self, values: Mapping[str, Any]) -> bool:
        with (self.path / METRICS).open(encoding="utf-8", errors="replace") as file:
            return file.readline() == _header(values)

    def export_metrics(self, path: Path) -> None:
        """Copies the readings to another file. Raises UserError."""
        source = self.path / METRICS
        atomic.write_bytes(path, source.read_bytes() if source.exists() else b"")

    def read_marks(self) -> list[Marked]:
        path = self.path / MARKS
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8", errors="replace") as file:
            rows = [row for row in csv.reader(file) if len(row) == 4]
        return [Marked(int(step), MarkKind(kind), label, text) for step, kind, label, text in rows]

    def append_mark(self, mark: Marked) -> None:
        atomic.append_text(self.path / MARKS, _mark_row(mark))

    def forget_after(self, step: int) -> None:
        """Drops readings, marks, previews and charts of steps that a resumed run will take again."""
        steps, values = self.read_metrics()
        if values:
            kept = steps <= step
            rows = _rows(steps[kept], {key: column[kept] for key, column in values.items()})
            atomic.write_text(self.path / METRICS, _header(values) + rows)
        else:
            # Not even its first line is whole: nothing may be appended to that.
            (self.path / METRICS).unlink(missing_ok=True)
        marks = [_mark_row(mark) for mark in self.read_marks() if mark.step <= step]
        if (self.path / MARKS).exists():
            atomic.write_text(self.path / MARKS, "".join(marks))
        for view in self.views():
            for later in (s for s in self.preview_steps(view) if s > step):
                self._preview(view, later).unlink(missing_ok=True)
        for chart in self.charts():
            with suppress(UserError):
                if self.read_chart(chart).step <= step:
                    continue
            self._chart(chart).unlink(missing_ok=True)

    def views(self) -> list[str]:
        folder = self.path / "previews"
        return sorted(view.name for view in folder.iterdir()) if folder.is_dir() else []

    def preview_steps(self, view: str) -> list[int]:
        names = (file.stem for file in (self.path / "previews" / view).glob("*.png"))
        return sorted(int(name) for name in names if name.isdigit())

    def write_preview(self, view: str, step: int, pictures: NDArray[np.uint8], per_item: int) -> None:
        sheets.write(self._preview(view, step), pictures, per_item)

    def read_preview(self, view: str, step: int) -> tuple[NDArray[np.uint8], int]:
        """(N, H, W, C) uint8 and how many of them belong together."""
        return sheets.read(self._preview(view, step))

    def charts(self) -> list[str]:
        return sorted(file.stem for file in (self.path / "charts").glob("*.npz"))

    def write_chart(self, chart: Charted) -> None:
        """Takes the place of the one before."""
        charts.write(self._chart(chart.chart), chart.step, chart.values)

    def read_chart(self, chart: str) -> Charted:
        """The newest that was kept. Raises UserError."""
        step, values = charts.read(self._chart(chart))
        return Charted(step, chart, values)

    def _chart(self, chart: str) -> Path:
        return self.path / "charts" / f"{chart}.npz"

    def _preview(self, view: str, step: int) -> Path:
        return self.path / "previews" / view / f"{step:09d}.png"

    def _json(self, name: str) -> dict[str, Any]:
        try:
            content = json.loads((self.path / name).read_bytes())
        except (OSError, ValueError) as error:
            raise UserError(f"{self.path / name} cannot be read: {error}. The run cannot be opened.") from error
        if not isinstance(content, dict):
            raise UserError(f"{self.path / name} does not hold a run's settings. The run cannot be opened.")
        return content


def check_free(path: Path) -> None:
    """Raises WrongUse where a new run cannot go, because there is something."""
    if path.exists() and not path.is_dir():
        raise WrongUse(f"{path} is a file. Choose a folder for the run.")
    if path.exists() and any(path.iterdir()):
        way_out = "Resume it, or choose another folder." if (path / PLAN).exists() else "Choose another folder."
        raise WrongUse(f"{path} is not empty. {way_out}")


def list_runs(folder: Path) -> list[RunSummary]:
    """All runs in a folder, the newest first. Folders that cannot be read as runs are left out."""
    summaries = []
    for plan in folder.glob(f"*/{PLAN}"):
        try:
            summaries.append(RunFolder(plan.parent).summary())
        except (UserError, OSError):
            continue
    return sorted(summaries, key=lambda run: run.changed, reverse=True)


def new_path(folder: Path, words: Sequence[str]) -> Path:
    """A free folder name that sorts by time: 2026-03-01-1430-dcgan-digits."""
    slug = "-".join("".join(c if c.isalnum() else "-" for c in word.lower()).strip("-") for word in words)
    stem = f"{time.strftime('%Y-%m-%d-%H%M')}-{slug}"
    candidates = (folder / (stem if number == 1 else f"{stem}-{number}") for number in range(1, 10_000))
    return next(path for path in candidates if not path.exists())


def remove(path: Path) -> None:
    """Deletes a run for good."""
    atomic.remove_folder(path)
    atomic.sweep(path.parent)


def _header(values: Mapping[str, Any]) -> str:
    return ",".join([STEP, *values]) + "\n"


def _rows(steps: NDArray[np.int64], values: Mapping[str, NDArray[np.float64]]) -> str:
    columns = [column.tolist() for column in values.values()]
    lines = (
        ",".join([str(step), *(f"{value:.7g}" for value in row)])
        for step, *row in zip(steps.tolist(), *columns, strict=True)
    )
    return "".join(line + "\n" for line in lines)


def _mark_row(mark: Marked) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow([mark.step, mark.kind.value, mark.label, mark.explanation])
    return line.getvalue()


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")
