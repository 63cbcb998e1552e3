"""What a training run tells the world: a closed set of values without torch or Qt, matched exhaustively."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.charts import Chart, Projection
from gen_studio.core.description import ChartInfo, FamilyDescription, SourceInfo, ViewInfo
from gen_studio.core.jobs import Progress
from gen_studio.core.plan import DataPlan, Device, RunPlan


class Reason(Enum):
    """Why a run ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    NOT_FINITE = "not finite"
    OUT_OF_MEMORY = "out of memory"
    ALARM = "alarm"
    FAILED = "failed"


class MarkKind(Enum):
    """Whose doing an event on the curve is."""

    USER = "user"
    ALARM = "alarm"


@dataclass(frozen=True)
class Advanced:
    """Steps were taken. `steps` (K,) are their numbers, each array in `values` and `gradient_norms` is (K,) float64.

    `gradient_norms` holds NaN at steps where the norm was not taken. `memory` is in bytes, `seconds_left` by the clock.
    """

    step: int
    total_steps: int
    steps: NDArray[np.int64]
    values: Mapping[str, NDArray[np.float64]]
    gradient_norms: Mapping[str, NDArray[np.float64]]
    rates: Mapping[str, float]
    images_per_second: float
    seconds_left: float
    memory: int


@dataclass(frozen=True)
class Pictured:
    """One view of the model at a step. pictures: (N, H, W, C) uint8, `per_item` of them belong together.

    `kept` ones are also in the run's folder, under the same view and step.
    """

    step: int
    view: str
    pictures: NDArray[np.uint8]
    per_item: int = 1
    kept: bool = False


@dataclass(frozen=True)
class Charted:
    """A reading of many numbers at a step, from the same held-out examples each time. Only the newest may be kept."""

    step: int
    chart: str
    values: Chart


@dataclass(frozen=True)
class Saved:
    """A checkpoint is on the disk. `score` is the family's own measure on held-out pictures, if it has one."""

    step: int
    path: Path
    score: float | None = None
    is_best: bool = False


@dataclass(frozen=True)
class Marked:
    """Something to mark on the curves."""

    step: int
    kind: MarkKind
    label: str
    explanation: str = ""


@dataclass(frozen=True)
class Fix:
    """One thing to try against an alarm.

    settings: changes of the family's settings, for a new run. rate_factors: by player, for the run under way.
    """

    key: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    rate_factors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Alarmed:
    """A run may be going wrong; it goes on. Said once, and again only if it went away in between.

    title: a question ("Mode collapse?"). seen and meaning are sentences: what the readings show since when, and what
    that does to training. items: which of the samples are meant, where pictures gave the reason.
    """

    step: int
    key: str
    title: str
    since: int
    seen: str
    meaning: str
    fixes: tuple[Fix, ...] = ()
    items: tuple[int, ...] = ()

    @property
    def mark(self) -> Marked:
        """What stays of it on the curves."""
        return Marked(self.step, MarkKind.ALARM, self.title.rstrip("?"), self.seen)

    @property
    def sentence(self) -> str:
        """All of it in a line."""
        tries = f" Try: {'; '.join(fix.label for fix in self.fixes)}." if self.fixes else ""
        return f"Step {self.step:,}: {self.title} Since step {self.since:,}: {self.seen} {self.meaning}{tries}"


@dataclass(frozen=True)
class Warned:
    """A sentence to show while training goes on."""

    sentence: str


@dataclass(frozen=True)
class Ended:
    """No further steps will come. `sentence` says what happened and the way on; `details` is for Copy."""

    step: int
    reason: Reason
    sentence: str
    details: str = field(default="", repr=False)


Event = Advanced | Pictured | Charted | Saved | Marked | Alarmed | Warned | Ended
"""What a session tells while it trains."""


@dataclass(frozen=True)
class Loading:
    """Something has to be read or decided first."""

    progress: Progress


@dataclass(frozen=True)
class Ready:
    """torch and all families are imported.

    `views` and `charts` are by family key: all that a family may have; settings decide which of them a run has.
    `problems` are sentences about packages that could not be loaded.
    """

    families: tuple[FamilyDescription, ...]
    views: Mapping[str, tuple[ViewInfo, ...]]
    sources: tuple[SourceInfo, ...]
    devices: tuple[Device, ...]
    problems: tuple[str, ...] = ()
    charts: Mapping[str, tuple[ChartInfo, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Began:
    """A run is under way, or was opened and waits where it stopped. `plan` has nothing left open.

    `views` and `charts` are those of this run.
    """

    path: Path
    plan: RunPlan
    players: tuple[str, ...]
    rates: Mapping[str, float]
    step: int
    parameters: int
    notes: tuple[str, ...] = ()
    views: tuple[ViewInfo, ...] = ()
    charts: tuple[ChartInfo, ...] = ()


@dataclass(frozen=True)
class Paused:
    step: int


@dataclass(frozen=True)
class Continued:
    step: int


@dataclass(frozen=True)
class Refused:
    """What was asked for was not done, and nothing was changed. `sentence` has the way out.

    asked: the data, where it was a data set that could not be shown.
    """

    sentence: str
    details: str = field(default="", repr=False)
    asked: DataPlan | None = None


@dataclass(frozen=True)
class DataShown:
    """A data set was loaded to look at.

    asked: the plan as it was asked for; plan: with nothing left open. pictures: (N, H, W, C) uint8, a selection, pairs
    side by side. shape: (C, H, W) of one picture. splits: how many pictures each split has; counts: each class, empty
    without classes. attributes: how many pictures have each, ranges: of those that are numbers; domains: how many each
    of two has; layout: colour ("#8CC8F0") and share of the pixels for each class.
    """

    asked: DataPlan
    plan: DataPlan
    pictures: NDArray[np.uint8]
    shape: tuple[int, int, int]
    splits: Mapping[str, int]
    counts: Mapping[str, int]
    skipped: tuple[str, ...]
    notes: tuple[str, ...]
    attributes: Mapping[str, int] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    domains: Mapping[str, int] = field(default_factory=dict)
    layout: Mapping[str, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """A copy of the weights of this run at this step lies ready for whoever looks at it."""

    path: Path
    step: int


Message = Event | Loading | Ready | Began | Paused | Continued | Refused | DataShown | Published
"""All that the workers tell the window."""


@dataclass(frozen=True)
class Projected:
    """The answer to the request of that number: places (N, 2) of codes."""

    number: int
    points: NDArray[np.float64]
    projection: Projection


@dataclass(frozen=True)
class Probed:
    """The answer to the request of that number: how much of the class a linear classifier finds in `examples` codes."""

    number: int
    accuracy: float
    examples: int


@dataclass(frozen=True)
class NotAnswered:
    """Why the request of that number has no answer, with the way out."""

    number: int
    sentence: str
    details: str = field(default="", repr=False)


Answer = Projected | Probed | NotAnswered
"""What is computed on request alone, beside training."""
