"""What a benchmark promises: goals written down before it runs, figures after, and a sentence where it cannot run."""

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gen_studio.core.errors import WrongUse
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
class Goal:
    """A bound on one figure. `key` names the figure."""

    key: str
    words: str
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    @property
    def bound(self) -> str:
        """For example "≥ 2", "≤ 16"."""
        low = "" if self.at_least is None else f"≥ {self.at_least:g}"
        high = "" if self.at_most is None else f"≤ {self.at_most:g}"
        return " and ".join(part for part in (low, high) if part)


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


def all_cores() -> int:
    return os.cpu_count() or 1


def missing_data(plan: DataPlan, conditions: Conditions) -> str | None:
    """The sentence of a source that is not there; None where it is."""
    from gen_studio.data import catalog

    try:
        catalog.load(plan, root=conditions.root)
    except WrongUse as error:
        return str(error)
    return None


def datasets_folder(conditions: Conditions) -> Path:
    """Where data sets are looked for, as the catalogue does it."""
    from gen_studio.core import paths
    from gen_studio.data.catalog import ROOT_VARIABLE

    chosen = conditions.root or os.environ.get(ROOT_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else paths.datasets()
