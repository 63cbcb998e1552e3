"""What the window may ask of the working threads: frozen values, one signal, one match. Free of torch."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.charts import Projection
from gen_studio.core.plan import DataPlan, RunPlan


@dataclass(frozen=True)
class LoadLibrary:
    """Imports torch and the families."""


@dataclass(frozen=True)
class Start:
    """Begins a new run. `path` None: a new folder among the user's runs."""

    plan: RunPlan
    path: Path | None = None
    name: str | None = None
    download: bool = False


@dataclass(frozen=True)
class OpenRun:
    """Takes up a run where its newest checkpoint, or the one at `from_step`, left it; it waits for Continue."""

    path: Path
    steps: int | None = None
    from_step: int | None = None
    go_on: bool = True


@dataclass(frozen=True)
class Pause:
    pass


@dataclass(frozen=True)
class Continue:
    pass


@dataclass(frozen=True)
class Stop:
    pass


@dataclass(frozen=True)
class SaveNow:
    pass


@dataclass(frozen=True)
class StepPlayer:
    player: str


@dataclass(frozen=True)
class SetRate:
    player: str
    rate: float


@dataclass(frozen=True)
class Watch:
    """Whether somebody looks at the pictures; without a watcher only a hundred per run are made."""

    watched: bool


@dataclass(frozen=True)
class Publish:
    """Whether somebody looks at the model itself: copies of its weights are then made now and then."""

    wanted: bool


@dataclass(frozen=True)
class UseThreads:
    """How many processor threads training may take."""

    threads: int


@dataclass(frozen=True)
class Look:
    """Loads a data set and shows some of it. `download` fetches what is missing, which only the user may ask for."""

    plan: DataPlan
    download: bool = False


@dataclass(frozen=True, eq=False)
class Project:
    """Places on a plane for codes (N, D). The answer carries the number."""

    number: int
    codes: NDArray[np.float32]
    projection: Projection


@dataclass(frozen=True, eq=False)
class Probe:
    """How much of the class, labels (N,) out of so many `classes`, a linear classifier finds in codes (N, D)."""

    number: int
    codes: NDArray[np.float32]
    labels: NDArray[np.int64]
    classes: int


@dataclass(frozen=True)
class Quit:
    """Stops what trains, saved, and leaves the thread."""


Command = (
    LoadLibrary
    | Start
    | OpenRun
    | Pause
    | Continue
    | Stop
    | SaveNow
    | StepPlayer
    | SetRate
    | Watch
    | Publish
    | UseThreads
    | Quit
)

Analysis = Project | Probe | Quit
