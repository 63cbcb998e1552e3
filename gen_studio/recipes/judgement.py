"""Judges one checkpoint of a run by figures from the table of measures, each with what it depends on."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.jobs import Report, unheard
from gen_studio.core.plan import DataPlan, Device
from gen_studio.core.runs import RunFolder
from gen_studio.core.words import count
from gen_studio.data import catalog
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Split
from gen_studio.metrics.classifier import FEATURES, Classifier, train_classifier
from gen_studio.metrics.measures import Measure, Subject, find, measure, measures_of
from gen_studio.training import checkpoint
from gen_studio.training.device import choose_device

JUDGE_KEY = "classifier_accuracy"
INCOMPARABLE = (
    "Distances are in the features of a network trained on these data, not of Inception: they cannot be compared "
    "with published ones, nor across data."
)


@dataclass(frozen=True)
class Question:
    """What is asked of which run. Without names: all figures that there are and that are quickly found.

    step: of the checkpoint, None for the newest. root: the folder of data sets. limit: judge on so many of the test
    pictures. weights and latents_at_once: see Subject. download: fetch a named data set where it is missing.
    """

    run: Path
    names: Sequence[str] | None = None
    step: int | None = None
    device: Device = Device.AUTO
    root: Path | None = None
    limit: int | None = None
    weights: int | None = None
    latents_at_once: int | None = None
    download: bool = False


@dataclass(frozen=True)
class Figure:
    """One result. `name` is what it was asked for by; `error` the standard error of a mean over pictures."""

    name: str
    key: str
    words: str
    value: float
    unit: str = ""
    settings: Mapping[str, int | float | str] = field(default_factory=dict)
    error: float | None = None


@dataclass(frozen=True)
class Judge:
    """The classifier in whose eyes some figures are: how many pictures taught it, and its accuracy on the test's."""

    taught_by: int
    accuracy: float


@dataclass(frozen=True)
class Judgement:
    """All results and what they have in common. `on_request`: further figures of this model, which take longer."""

    figures: Sequence[Figure]
    on_request: Sequence[Measure]
    judge: Judge | None
    card: checkpoint.Card
    title: str
    data_title: str
    device: str
    pictures: int
    pictures_in_all: int
    notes: Sequence[str]


def answer(question: Question, report: Report = unheard) -> Judgement:
    """Reads the run and changes nothing in it. Raises WrongUse for a figure that there is not, or not of this model."""
    asked = None if question.names is None else _named(question.names)
    folder = RunFolder.open(question.run)
    loaded = checkpoint.load_shown(folder, question.step)
    device = torch.device(choose_device(question.device).value)
    whole = _data(folder.plan().data, loaded.card, question, report)
    dataset = whole if question.limit is None else _part(whole, question.limit)

    def judge() -> Classifier:
        return train_classifier(dataset.train, device=device, report=report)

    subject = Subject(
        loaded.model.to(device), dataset, device, judge, question.weights, question.latents_at_once, report
    )
    names = _quick(subject) if asked is None else asked
    _check_use(question, subject, names)
    values = measure(subject, names)
    figures = [_figure(find(key), names.get(key, key), value, subject) for key, value in values.items()]
    return Judgement(
        figures=figures,
        on_request=[one for one in measures_of(subject) if one.key not in values] if asked is None else (),
        judge=_judge(subject, values),
        card=loaded.card,
        title=loaded.model.info.title,
        data_title=folder.status().data_title,
        device=device.type,
        pictures=len(dataset.test),
        pictures_in_all=len(whole.test),
        notes=_notes(figures, subject),
    )


def _named(names: Sequence[str]) -> dict[str, str]:
    """By key, the name by which a figure was asked for first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(find(name).key, name)
    return found


def _data(plan: DataPlan, card: checkpoint.Card, question: Question, report: Report) -> Dataset:
    """The data of a run. Raises UserError where they have become others."""
    if question.root is not None and not catalog.source_of(plan.source).info.needs_path:
        # Named data sets may have moved since, or the run may come from another machine.
        plan = plan.model_copy(update={"path": None})
    dataset = catalog.load(plan, report=report, download=question.download, root=question.root)
    if dataset.spec != card.spec:
        raise UserError(
            f"The data of this run have changed since: it was trained on {_in_words(card.spec.shape)} and "
            f"{count(len(card.classes), 'class', 'classes')}, and now there are {_in_words(dataset.spec.shape)} and "
            f"{count(len(dataset.spec.classes), 'class', 'classes')}. Put the old pictures back, or train a new run."
        )
    return dataset


def _in_words(shape: tuple[int, int, int]) -> str:
    channels, height, width = shape
    return f"pictures of {height} × {width} in {count(channels, 'channel')}"


def _part(dataset: Dataset, limit: int) -> Dataset:
    """With the first test pictures: a split is in an order drawn by lot, so they are a fair sample of it."""
    test = dataset.test.take(torch.arange(min(limit, len(dataset.test))))
    return replace(dataset, splits={**dataset.splits, Split.TEST: test})


def _quick(subject: Subject) -> dict[str, str]:
    """By key, the names of all figures of this model that are quickly found."""
    there = measures_of(subject)
    found = {one.key: one.key for one in there if one.is_light(subject)}
    if not found:
        raise WrongUse(
            f"No figure of {subject.model.info.title} is quickly found on these data. Name the ones to find: "
            f"--metrics {','.join(one.key for one in there)}"
        )
    return found


def _check_use(question: Question, subject: Subject, keys: Iterable[str]) -> None:
    """That no option is given in vain: its number would be thought to have counted."""
    weighed = [one.key for one in measures_of(subject) if "k" in one.settings(subject)]
    if any(key in weighed for key in keys):
        return
    for option, value in (("--samples", question.weights), ("--batch", question.latents_at_once)):
        if value is not None:
            way_out = f", or ask for one that does: --metrics {','.join(weighed)}" if weighed else ""
            raise WrongUse(f"None of these figures weighs latents. Leave {option} out{way_out}.")


@torch.no_grad()
def _figure(one: Measure, name: str, value: float, subject: Subject) -> Figure:
    error = None if one.error is None else one.error(subject)
    return Figure(
        name=name,
        key=one.key,
        words=one.words,
        value=value,
        unit=one.unit,
        settings=one.settings(subject),
        error=None if error is None or math.isnan(error) else error,
    )


def _judge(subject: Subject, values: Mapping[str, float]) -> Judge | None:
    if not subject.was_judged:
        return None
    accuracy = values[JUDGE_KEY] if JUDGE_KEY in values else find(JUDGE_KEY).compute(subject)
    return Judge(len(subject.dataset.train), accuracy)


def _notes(figures: Sequence[Figure], subject: Subject) -> list[str]:
    sizes = [int(one.settings.get("dimensions", FEATURES)) for one in figures if "features" in one.settings]
    if not sizes:
        return []
    few = (
        f"A distance of {count(subject.compared, 'picture')} in {max(sizes)} dimensions is too small: "
        "there are fewer than their covariance needs. Judge on more test pictures."
    )
    return [INCOMPARABLE, few] if subject.compared <= max(sizes) else [INCOMPARABLE]
