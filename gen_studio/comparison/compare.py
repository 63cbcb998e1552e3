"""Puts runs side by side: opens them, asks all of them the same, and keeps what came of it as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from gen_studio.comparison import cost, figures, pictures, settings
from gen_studio.comparison.cost import Cost
from gen_studio.comparison.drawing import Curve
from gen_studio.comparison.entry import Entry, open_entries
from gen_studio.comparison.figures import Figure, Shelf
from gen_studio.comparison.pictures import Group, Pictures
from gen_studio.comparison.settings import Row
from gen_studio.comparison.smoothness import smoothness
from gen_studio.comparison.tones import tones
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.data.dataset import Dataset
from gen_studio.metrics.measures import find
from gen_studio.models.capabilities import CanReconstruct, CanTranslate

NEEDS_PICTURES = (CanReconstruct, CanTranslate)


@dataclass(frozen=True)
class Question:
    """What is asked of all runs. metrics: keys of measures, none for the errors. title, why: of the page.

    machine: the words for the hardware that times are taken on.
    """

    samples: int = 16
    seed: int = 0
    metrics: tuple[str, ...] = ()
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    root: Path | None = None
    title: str = ""
    why: str = ""
    machine: str = ""


@dataclass(frozen=True)
class Loss:
    """One curve of a run: its readings, what they are called, and how smoothly they went."""

    title: str
    unit: str
    curve: Curve
    smoothness: float


@dataclass(frozen=True)
class Side:
    """One run of a comparison, `step` of its `planned` steps trained. samples: None where its family makes none."""

    name: str
    folder: str
    family: str
    paper: str
    data: str
    step: int
    planned: int
    seconds: float
    images_per_second: float | None
    parameters: int
    samples: Pictures | None
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class Comparison:
    """All that the page shows."""

    question: Question
    sides: tuple[Side, ...]
    data_differs: bool
    settings: tuple[Row, ...]
    reconstructions: tuple[Group, ...]
    translations: tuple[Group, ...]
    figures: tuple[Figure, ...]
    costs: tuple[Cost, ...]

    def document(self) -> dict[str, Any]:
        """Its figures in plain values, without the pictures."""
        return {
            "runs": [self._run(place) for place in range(len(self.sides))],
            "settings": [{"title": row.title, "values": list(row.values)} for row in self.settings],
            "data_differs": self.data_differs,
            "seed": self.question.seed,
            "machine": self.question.machine,
        }

    def _run(self, place: int) -> dict[str, Any]:
        side = self.sides[place]
        costs = [price for one in self.costs if one.run == place for price in one.prices]
        return {
            "run": side.folder,
            "name": side.name,
            "family": side.family,
            "data": side.data,
            "step": side.step,
            "training_seconds": round(side.seconds, 1),
            "images_per_second": side.images_per_second,
            "parameters": side.parameters,
            "figures": {one.key: one.values[place] for one in self.figures if one.values[place] is not None},
            "smoothness": {loss.title: loss.smoothness for loss in side.losses},
            "sampling_cost": [{"steps": price.steps, "seconds_per_picture": price.seconds} for price in costs],
        }


def compare(paths: Sequence[Path], question: Question, report: Report = unheard) -> Comparison:
    """Asks all runs. Raises WrongUse or UserError, with a way out, before any of the longer work where that can be."""
    for key in question.metrics:
        find(key)
    device, seed = question.device, question.seed
    entries = open_entries(paths, device)
    shelf = Shelf(question.root, device, report)
    datasets = [_pictures_for(entry, shelf) for entry in entries]
    sides: list[Side] = []
    for place, entry in enumerate(entries):
        report(Progress("Drawing samples", place, len(entries)))
        sides.append(_side(entry, pictures.samples(entry, question.samples, seed, device)))
    rebuilt = pictures.reconstructions(entries, datasets, seed, device)
    translated = pictures.translations(entries, datasets, seed, device)
    measured = figures.figures(entries, shelf, question.metrics)
    costs = [cost.cost_of(place, entry, seed, device, report) for place, entry in enumerate(entries)]
    return Comparison(
        question,
        tuple(sides),
        settings.data_differs(entries),
        settings.differences(entries),
        rebuilt,
        translated,
        measured,
        tuple(one for one in costs if one is not None),
    )


def _pictures_for(entry: Entry, shelf: Shelf) -> Dataset | None:
    """The data of a run that has something to do with it; samples need none."""
    return shelf.dataset(entry) if isinstance(entry.model, NEEDS_PICTURES) else None


def _side(entry: Entry, samples: Pictures | None) -> Side:
    info = entry.family.info
    return Side(
        name=entry.name,
        folder=str(entry.folder.path),
        family=info.title,
        paper=info.paper,
        data=entry.status.data_title,
        step=entry.step,
        planned=entry.plan.steps,
        seconds=entry.status.seconds,
        images_per_second=entry.images_per_second,
        parameters=entry.parameters,
        samples=samples,
        losses=_losses(entry),
    )


def _losses(entry: Entry) -> tuple[Loss, ...]:
    steps, values = entry.folder.read_metrics()
    there = [metric for metric in entry.curves if metric.key in values]
    return tuple(
        Loss(
            metric.title,
            metric.unit,
            Curve(metric.label or metric.title, tone, steps.astype(float), values[metric.key]),
            smoothness(values[metric.key]),
        )
        for metric, tone in zip(there, tones(there), strict=True)
    )
