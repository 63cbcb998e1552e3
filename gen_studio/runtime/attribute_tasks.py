"""Tasks about attributes: pictures to sort, the direction between two piles, the place of a person's own picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.latents import Direction, Drawn, LatentPicture, Space
from gen_studio.core.looking import Picture
from gen_studio.core.plan import Channels, DataPlan
from gen_studio.core.runs import RunFolder
from gen_studio.core.tasks import (
    DataPictures,
    ExamplesRead,
    FindPlace,
    FoundPlace,
    HeldOut,
    Known,
    LearnDirection,
    Learnt,
    Pile,
    ReadExamples,
    ShowData,
    Sorted,
)
from gen_studio.core.words import count
from gen_studio.data import catalog, given, held_out
from gen_studio.data.columns import recoloured
from gen_studio.data.dataset import Dataset
from gen_studio.data.pictures import ENDINGS, KINDS, square
from gen_studio.data.spec import DataSpec, ImageSet
from gen_studio.data.traits import Trait, facts_of, parse, readings_of
from gen_studio.inference import directions, piles
from gen_studio.inference.answering import able
from gen_studio.inference.directions import Piles
from gen_studio.inference.projection import Effort, objection, project
from gen_studio.metrics.attribute_directions import changes, companions, piles_of_traits
from gen_studio.metrics.attribute_reader import Reader, train_reader
from gen_studio.models.capabilities import CanAutoencode, HasCode, HasLatent
from gen_studio.runtime.show import OnShow

SEED = 11
MOST_READ = 10_000
"""Training pictures from which a reader learns: enough to tell attributes, and a matter of seconds."""
MOST_EXAMPLES = 200
TOO_MANY = f"No more than {MOST_EXAMPLES} pictures are taken at a time."
JUDGED = 64
"""Samples on which is tried what else a direction changes."""
NO_LATENTS = "latents to learn a direction among"


def show_data(task: ShowData, shown: OnShow, report: Report) -> DataPictures:
    if task.held_out:
        images = held_out.some(_plan(shown), task.count, task.seed, report=report)["images"]
        return DataPictures(np.ascontiguousarray(images.transpose(0, 2, 3, 1)), facts_of(shown.model.data))
    pictures = _training_pictures(shown, report)
    rng = torch.Generator().manual_seed(task.seed)
    rows = torch.randperm(len(pictures), generator=rng)[: task.count]
    chosen: NDArray[np.uint8] = pictures.images[rows].permute(0, 2, 3, 1).contiguous().numpy()
    return DataPictures(chosen, facts_of(pictures.spec))


def read_examples(task: ReadExamples, shown: OnShow, report: Report) -> ExamplesRead:
    """Raises WrongUse where their latents could not be found later on, or none of them can be read."""
    model = able(shown.model, HasCode, NO_LATENTS)
    refused = None if isinstance(model, CanAutoencode) else objection(model)
    if refused:
        raise WrongUse(refused)
    plan, given_ = _plan(shown), _one_by_one(task.given)
    read: list[Picture] = []
    failed = [(_name(one), TOO_MANY) for one in given_[MOST_EXAMPLES:]]
    for place, one in enumerate(given_[:MOST_EXAMPLES]):
        report(Progress("Reading pictures", place, len(given_)))
        try:
            read.append(_fitted(one, plan, shown.model.data))
        except WrongUse as error:
            failed.append((_name(one), str(error)))
    if not read:
        raise WrongUse(failed[0][1] if failed else f"There are no pictures in that folder. Pictures are {KINDS} files.")
    return ExamplesRead(tuple(read), tuple(failed))


def learn(task: LearnDirection, shown: OnShow, report: Report) -> Learnt:
    model = able(shown.model, HasCode, NO_LATENTS)
    lesson = _Lesson(model, shown, report)
    match task.examples:
        case Sorted(more, less):
            lesson.seek((*more.pictures, *less.pictures))
            sorted_ = Piles(lesson.places(more), lesson.places(less))
            trait, source = None, f"from {count(len(sorted_.more) + len(sorted_.less), 'picture')}"
        case Known(words):
            trait = parse(words, lesson.pictures.spec)
            sorted_, source = lesson.known(trait), "from the data" if lesson.encodes else "from judged samples"
    found = directions.learn(
        sorted_,
        task.name,
        method=task.method,
        space=lesson.space,
        source=source,
        orthogonal_to=task.orthogonal_to,
    )
    return Learnt(found.direction, found.quality, lesson.along(found.direction, trait))


def find_place(task: FindPlace, shown: OnShow, report: Report) -> FoundPlace:
    model = able(shown.model, HasCode, "latents in which a picture could be found")
    given_ = _held_out(task.given, shown, report) if isinstance(task.given, HeldOut) else task.given
    wanted = _fitted(given_, _plan(shown), shown.model.data)
    rng = torch.Generator().manual_seed(SEED)
    effort = Effort() if task.searches else Effort(steps=0)
    found = project(model, wanted[None], rng, effort=effort, device=shown.device, report=report)[0]
    return FoundPlace(found.picture, wanted, found.shown, 127.5 * sqrt(found.pixel_error), found.way.value)


class _Lesson:
    """One direction and what it is learnt with."""

    def __init__(self, model: HasCode, shown: OnShow, report: Report) -> None:
        self.model, self.shown, self.report = model, shown, report
        self.space = piles.natural_space(model)
        self.rng = torch.Generator().manual_seed(SEED)
        self._sought = _sought(shown.run, shown.step)

    @property
    def encodes(self) -> bool:
        """Whether places of pictures are told by the model itself."""
        return isinstance(self.model, CanAutoencode) and self.space is Space.LATENT

    @property
    def pictures(self) -> ImageSet:
        return _training_pictures(self.shown, self.report)

    def reader(self) -> Reader:
        return _reader(self.shown, self.report)

    def places(self, pile: Pile) -> NDArray[np.float64]:
        """(N, D)."""
        found = [self._sought[picture.tobytes()][None] for picture in pile.pictures]
        if pile.samples:
            found.insert(0, piles.of_samples(self.model, pile.samples, self.space, self.shown.device))
        return np.concatenate(found) if found else np.zeros((0, 1))

    def seek(self, pictures: Sequence[Picture]) -> None:
        """Finds the places of pictures of others; of those that were sought before, by the same weights, they stand."""
        new = {picture.tobytes(): picture for picture in pictures if picture.tobytes() not in self._sought}
        if new:
            others = np.stack(list(new.values()))
            found = piles.of_pictures(
                self.model, others, self.space, self.rng, device=self.shown.device, report=self.report
            )
            self._sought.update(zip(new, found, strict=True))

    def known(self, trait: Trait) -> Piles:
        return piles_of_traits(
            self.model,
            self.pictures,
            trait,
            trait.opposite,
            self.space,
            self.reader,
            self.rng,
            device=self.shown.device,
            report=self.report,
        )

    def along(self, direction: Direction, trait: Trait | None) -> tuple[tuple[str, float], ...]:
        """What else goes along with a direction, but for the trait that it was learnt from."""
        try:
            found = self._companions(direction) if facts_of(self.pictures.spec) else {}
        except UserError:
            if trait is not None:
                raise
            return ()  # data that have gone since take nothing from what was sorted by hand
        own = set(readings_of((trait.attribute,))) if trait else set()
        return tuple(
            sorted(((name, by) for name, by in found.items() if name not in own), key=lambda one: -abs(one[1]))
        )

    def _companions(self, direction: Direction) -> dict[str, float]:
        model, device = self.model, self.shown.device
        if self.encodes and isinstance(model, CanAutoencode):
            return companions(model, direction, self.pictures, device=device, report=self.report)
        if not isinstance(model, HasLatent):
            return {}
        reader = self.reader()
        self.report(Progress("Trying it on samples"))
        samples = [LatentPicture(point=Drawn(seed=seed)) for seed in range(JUDGED)]
        return {one.name: one.by for one in changes(model, direction, reader, samples, device=device)}


@lru_cache(maxsize=1)
def _sought(run: Path, step: int) -> dict[bytes, NDArray[np.float64]]:
    """Places by the pictures' bytes: whoever puts one more into a pile waits for that one alone."""
    return {}


def _one_by_one(pictures: Sequence[Path | Picture]) -> list[Path | Picture]:
    """With the files of a folder in its place."""
    each: list[Path | Picture] = []
    for one in pictures:
        if isinstance(one, Path) and one.is_dir():
            each += sorted(file for file in one.iterdir() if file.suffix.lower() in ENDINGS)
        else:
            each.append(one)
    return each


def _name(picture: Path | Picture) -> str:
    return picture.name if isinstance(picture, Path) else "The picture"


def _plan(shown: OnShow) -> DataPlan:
    return RunFolder(shown.run).plan().data


@dataclass
class _Kept:
    """What the last task has read and taught: one direction is seldom learnt alone, and drawn data take a minute."""

    dataset: Dataset | None = None
    reader: Reader | None = None


@lru_cache(maxsize=1)
def _kept(plan: DataPlan) -> _Kept:
    return _Kept()


def _dataset(shown: OnShow, report: Report) -> Dataset:
    plan = _plan(shown)
    kept = _kept(plan)
    if kept.dataset is None:
        kept.dataset = catalog.load(plan, report=report)
    return kept.dataset


def _reader(shown: OnShow, report: Report) -> Reader:
    kept = _kept(_plan(shown))
    if kept.reader is None:
        pictures = _training_pictures(shown, report)
        some = pictures.take(torch.arange(min(MOST_READ, len(pictures))))
        kept.reader = train_reader(some, device=shown.device, report=report)
    return kept.reader


def _held_out(which: HeldOut, shown: OnShow, report: Report) -> Picture:
    picture: Picture = held_out.some(_plan(shown), 1, which.seed, report=report)["images"][0].transpose(1, 2, 0)
    return np.ascontiguousarray(picture)


def _training_pictures(shown: OnShow, report: Report) -> ImageSet:
    return _dataset(shown, report).train


def _fitted(picture: Path | NDArray[np.uint8], plan: DataPlan, spec: DataSpec) -> NDArray[np.uint8]:
    """A picture as the model takes its own: (H, W, C), made a square in the way of the data, in its colours."""
    pixels = given.picture(picture).pixels if isinstance(picture, Path) else picture
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    planes = square(image, spec.height, plan.fit)
    colours = Channels.GREY if spec.channels == 1 else Channels.COLOUR
    # A copy, for torch wants to be allowed to write.
    fitted: NDArray[np.uint8] = recoloured(planes[None], colours)[0].transpose(1, 2, 0).copy()
    return fitted
