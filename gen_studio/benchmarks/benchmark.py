"""What a benchmark promises: goals written down before it runs, figures after, and a sentence where it cannot run."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gen_studio.core.errors import WrongUse
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan, Device


@dataclass(frozen=True)
class Conditions:
    """What whoever measures decides. None leaves it to the benchmark.

    root: where data sets are found. seconds: how long each variant is measured in each repeat. share: how much of a
    long training is done; below 1 it tries the machinery out, and no goal counts.
    """

    device: Device = Device.CPU
    root: Path | None = None
    threads: int | None = None
    repeats: int | None = None
    seconds: float | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Measured:
    """What came out. Goals are about `figures`; `repeats` holds each single measurement, `notes` are sentences.

    A goal whose figure is missing was not measured here; a note says why.
    """

    figures: Mapping[str, float]
    settings: Mapping[str, Any]
    repeats: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


class Benchmark(ABC):
    """One measurement. A concrete one stands in a file of its own in `definitions` and has a name."""

    name: ClassVar[str]
    summary: ClassVar[str]
    goals: ClassVar[tuple[Goal, ...]] = ()
    long: ClassVar[bool] = False
    """Whether it takes many minutes; it is then run only when it is named."""

    def obstacle(self, conditions: Conditions) -> str | None:
        """Why it cannot run here, as a sentence with a way out; None where it can."""
        return None

    @abstractmethod
    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        """Runs it. `workspace` is an empty folder that is removed afterwards."""


def missing_data(plan: DataPlan, conditions: Conditions) -> str | None:
    """The sentence of a source that is not there; None where it is."""
    from gen_studio.data import catalog

    try:
        catalog.load(plan, root=conditions.root)
    except WrongUse as error:
        return str(error)
    return None
