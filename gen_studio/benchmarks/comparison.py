"""Compares ways of doing the same work: each in a process of its own, in turn, several times over."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, ClassVar

from gen_studio.benchmarks import hardware
from gen_studio.benchmarks.benchmark import Benchmark, Conditions, Measured
from gen_studio.benchmarks.processes import Errand, measured_apart
from gen_studio.core.cores import usable_cores
from gen_studio.core.jobs import Progress, Report

SPEED = "images/s"

Variant = Callable[[Conditions, Path], Mapping[str, float]]
"""Measures once, in a process of its own, and gives its readings; most give `images/s`."""


@dataclass(frozen=True)
class Ratio:
    """One variant's reading over another's, taken within each repeat, where both saw the same machine."""

    key: str
    over: str
    under: str
    reading: str = SPEED


class Comparison(Benchmark):
    """Runs its variants in turn, forwards and backwards, so that a machine that slows down wrongs none of them.

    Figures: the median of each reading, as "variant reading", and the median of each ratio.
    """

    repeats: ClassVar[int] = 5
    seconds: ClassVar[float] = 8.0
    ratios: ClassVar[tuple[Ratio, ...]] = ()

    @abstractmethod
    def variants(self, conditions: Conditions) -> Mapping[str, Variant]:
        """The ways to compare, by name."""

    def prepare(self, conditions: Conditions, workspace: Path) -> None:
        """Makes what all variants share, once."""

    def environment(self, variant: str, conditions: Conditions) -> Mapping[str, str]:
        """Variables that a variant's process gets beside the common ones."""
        return {}

    def default_threads(self) -> int:
        """How many threads each variant gets where nobody named a number."""
        return usable_cores()

    def limit_threads(self, threads: int) -> None:
        """Called in the measuring process before a variant: the same number for all."""
        import torch

        torch.set_num_threads(threads)

    def settings(self, conditions: Conditions) -> dict[str, Any]:
        """What to write beside the figures."""
        return {}

    def notes(self, conditions: Conditions) -> tuple[str, ...]:
        """Sentences on what was left out here, and why."""
        return ()

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        conditions = replace(conditions, threads=conditions.threads or self.default_threads())
        self.prepare(conditions, workspace)
        names = list(self.variants(conditions))
        repeats = conditions.repeats or self.repeats
        rounds: list[dict[str, Any]] = []
        for number in range(repeats):
            order = names if number % 2 == 0 else names[::-1]
            readings: dict[str, dict[str, float]] = {}
            for place, name in enumerate(order):
                report(Progress(f"{self.name}: {name}", number * len(names) + place, repeats * len(names)))
                errand = Errand(self.name, name, conditions, workspace, workspace / "answer.json")
                readings[name] = measured_apart(errand, self.environment(name, conditions))
            rounds.append({"order": order, "load": hardware.busy(), "readings": readings})
        return Measured(
            figures=summarised([r["readings"] for r in rounds], self.ratios),
            settings={
                "repeats": repeats,
                "seconds": self.seconds_of(conditions),
                "threads": conditions.threads,
                **self.settings(conditions),
            },
            repeats=tuple(rounds),
            notes=self.notes(conditions),
        )

    def seconds_of(self, conditions: Conditions) -> float:
        return self.seconds if conditions.seconds is None else conditions.seconds


def summarised(rounds: list[dict[str, dict[str, float]]], ratios: tuple[Ratio, ...]) -> dict[str, float]:
    """Medians over repeats. A ratio of which one side was not measured is left out."""
    figures: dict[str, float] = {}
    for ratio in ratios:
        if ratio.over in rounds[0] and ratio.under in rounds[0]:
            single = [r[ratio.over][ratio.reading] / r[ratio.under][ratio.reading] for r in rounds]
            figures[ratio.key] = median(single)
    for variant, readings in rounds[0].items():
        for reading in readings:
            figures[f"{variant} {reading}"] = median(r[variant][reading] for r in rounds)
    return figures
