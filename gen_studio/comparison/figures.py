"""The figures of a comparison: each as `metrics` finds it, for the runs that have it, with the data read once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from gen_studio.comparison.entry import Entry
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.data import catalog
from gen_studio.data.dataset import Dataset
from gen_studio.metrics.classifier import Classifier, train_classifier
from gen_studio.metrics.measures import Subject, find, measure

ERRORS = ("reconstruction_error", "l1")
"""Shown unless others are asked for, and as shares of the first run's: errors have a zero."""


@dataclass(frozen=True)
class Figure:
    """One measure of all runs. values: None for a run that does not have it; shares: of the first run that has it."""

    key: str
    words: str
    values: tuple[float | None, ...]

    @property
    def first(self) -> int:
        """The place of the first run that has it."""
        return next(place for place, value in enumerate(self.values) if value is not None)

    @property
    def shares(self) -> tuple[float | None, ...] | None:
        """None for measures without a meaningful zero."""
        base = self.values[self.first]
        if self.key not in ERRORS or not base:
            return None
        return tuple(None if value is None else value / base for value in self.values)


@dataclass
class Shelf:
    """Data sets and their classifiers, each read and trained once: runs of the same data share one object."""

    root: Path | None
    device: torch.device
    report: Report = unheard
    _datasets: dict[str, Dataset] = field(default_factory=dict)
    _judges: dict[str, Classifier] = field(default_factory=dict)

    def dataset(self, entry: Entry) -> Dataset:
        """Raises WrongUse where the pictures are no longer there."""
        key = self._key(entry)
        if key not in self._datasets:
            self._datasets[key] = catalog.load(entry.plan.data, report=self.report, root=self.root)
        return self._datasets[key]

    def judge(self, entry: Entry) -> Classifier:
        key = self._key(entry)
        if key not in self._judges:
            train = self.dataset(entry).train
            self._judges[key] = train_classifier(train, device=self.device, report=self.report)
        return self._judges[key]

    def subject(self, entry: Entry) -> Subject:
        return Subject(entry.model, self.dataset(entry), self.device, lambda: self.judge(entry), report=self.report)

    def _key(self, entry: Entry) -> str:
        return entry.data.model_dump_json()


def figures(entries: Sequence[Entry], shelf: Shelf, asked: Sequence[str]) -> tuple[Figure, ...]:
    """The measures asked for, or the errors that any of the runs has, and those reported beside them.

    Raises WrongUse for one that is unknown, or that no run has.
    """
    keys = [find(key).key for key in asked or ERRORS]
    found: list[dict[str, float]] = [{} for _ in entries]
    for place, entry in enumerate(entries):
        shelf.report(Progress("Measuring", place, len(entries)))
        able = [key for key in keys if asked or _may_have(entry, key)]
        if able:
            subject = shelf.subject(entry)
            for key in able:
                found[place].update(_measured(subject, key))
    rows = []
    for key in dict.fromkeys([*keys, *(key for one in found for key in one)]):
        values = tuple(one.get(key) for one in found)
        if any(value is not None for value in values):
            rows.append(Figure(key, find(key).words, values))
        elif asked:
            raise WrongUse(f"None of these runs has the measure {key}: {find(key).words}. Leave it out.")
    return tuple(rows)


def _may_have(entry: Entry, key: str) -> bool:
    needed = find(key).requires
    return needed is None or isinstance(entry.model, needed)


def _measured(subject: Subject, key: str) -> dict[str, float]:
    try:
        return measure(subject, [key])
    except WrongUse:
        # Others may have it: the page has a dash here.
        return {}
