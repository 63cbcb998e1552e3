"""Whether a learnt direction does what its name says, and whether a picture stays itself, in a judge's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from gen_studio.core.annotations import Attribute, AttributeKind
from gen_studio.core.jobs import Report
from gen_studio.core.latents import Drawn, LatentPicture, Move
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import ImageSet
from gen_studio.data.traits import Trait
from gen_studio.inference.directions import Learnt, learn
from gen_studio.inference.exploring import explore
from gen_studio.inference.images import to_images, to_pictures
from gen_studio.inference.piles import natural_space
from gen_studio.inference.projection import Effort, Projection, project
from gen_studio.metrics.attribute_directions import piles_of_traits
from gen_studio.metrics.attribute_reader import Reader, reading_error, train_reader
from gen_studio.metrics.subject import mean_picture
from gen_studio.models.capabilities import HasLatent

PICTURES = 500
SOUGHT = 16
"""Pictures whose latents are sought by optimisation, which takes longer."""
SEED = 3
ENDS = (-3.0, 3.0)
BELOW, ABOVE = 0.2, 0.8
"""Chances of the trait, in the judge's eyes, that the two ends of the slider have to reach."""
READABLE = 0.05
"""Of the test pictures at most so many are read wrongly in the attributes that are watched beside the trait."""


@dataclass(frozen=True, eq=False)
class Editing:
    """A trait and a model in evaluation mode on the CPU with its data. judge: taught by pictures that neither the model
    nor the direction has seen."""

    model: HasLatent
    dataset: Dataset
    trait: Trait
    judge: Reader
    report: Report

    def of_pictures(self) -> dict[str, float]:
        """Of test pictures, which the model encodes: how many cross, and how near each is to its original."""
        encoded = self._projected(PICTURES, Effort(steps=0))
        return {
            **self._figures("test pictures", [one.picture for one in encoded]),
            **self._likeness(encoded),
            **self._sought(Effort(steps=200)),
        }

    def of_samples(self) -> dict[str, float]:
        return self._figures("samples", [LatentPicture(point=Drawn(seed=seed)) for seed in range(PICTURES)])

    def of_projections(self) -> dict[str, float]:
        """Of test pictures whose latents are sought, of a model that cannot encode."""
        return self._sought(Effort())

    def common(self) -> dict[str, float]:
        """Of the direction and of the judge."""
        quality = self._learnt.quality
        assert quality is not None
        return {
            "cross-validated accuracy": quality.accuracy,
            "cross-validated area": quality.area,
            "judge wrong on test pictures": self._wrong[self.trait.attribute.name],
        }

    @cached_property
    def _learnt(self) -> Learnt:
        """From the training pictures alone: encoded, or as a reader that they teach sees samples."""
        train, space = self.dataset.train, natural_space(self.model)
        both = piles_of_traits(
            self.model,
            train,
            self.trait,
            self.trait.opposite,
            space,
            lambda: train_reader(train, report=self.report),
            torch.Generator().manual_seed(SEED),
            report=self.report,
        )
        return learn(both, self.trait.value, space=space)

    @cached_property
    def _test(self) -> ImageSet:
        return self.dataset.test.take(torch.arange(min(PICTURES, len(self.dataset.test))))

    @cached_property
    def _wrong(self) -> dict[str, float]:
        return reading_error(self.judge, self._test)

    def _figures(self, what: str, pictures: Sequence[LatentPicture]) -> dict[str, float]:
        at_0, low, high = (self._moved(pictures, strength) for strength in (0.0, *ENDS))
        less, more = (self.judge.chance(self.trait, images) for images in (low, high))
        kept = torch.stack([self._others(images) == self._others(at_0) for images in (low, high)])
        return {
            f"{what} that cross": float(((less < BELOW) & (more > ABOVE)).float().mean()),
            f"{what}, other attributes kept": float(kept.float().mean()),
        }

    def _moved(self, pictures: Sequence[LatentPicture], strength: float) -> Tensor:
        """(N, C, H, W) as they are shown."""
        move = Move(direction=self._learnt.direction, strength=strength)
        moved = [one.model_copy(update={"moves": (*one.moves, move)}) for one in pictures]
        return to_images(explore(self.model, moved)[0])

    def _others(self, images: Tensor) -> Tensor:
        """(N, attributes) bool: the yes-or-no attributes beside the trait, of those that the judge reads well."""
        watched = [fact.values[1] for fact in self.judge.facts if self._is_watched(fact)]
        return self.judge.read(images)[:, [self.judge.readings.index(name) for name in watched]] > 0.5

    def _is_watched(self, fact: Attribute) -> bool:
        is_other = fact.kind is AttributeKind.BINARY and fact != self.trait.attribute
        return is_other and self._wrong[fact.name] < READABLE

    def _projected(self, count: int, effort: Effort) -> list[Projection]:
        rows = torch.arange(min(count, len(self._test)))
        pictures = to_pictures(self._test.batch(rows).images)
        assert isinstance(self.model, nn.Module)
        return project(self.model, pictures, torch.Generator().manual_seed(SEED), effort=effort, report=self.report)

    def _likeness(self, found: Sequence[Projection]) -> dict[str, float]:
        """At strength 0, in pixels and in the features of the judge."""
        images = self._test.batch(torch.arange(len(found))).images
        shown = torch.cat([to_images(one.shown[None]) for one in found])
        with torch.no_grad():
            seen, wanted = self.judge.network.features(shown), self.judge.network.features(images)
        pixels, apart = (shown - images).square().mean(), (seen - wanted).norm(dim=1).mean()
        mean = mean_picture(self.dataset.train)
        return {
            "pixel distance": float(pixels),
            "pixel distance, share of the mean picture's": float(pixels / (mean - images).square().mean()),
            "feature distance": float(apart),
            "feature distance, share of that to others": float(apart / _mean_to_others(seen, wanted)),
            "nearest to their own original, pixels": _own_is_nearest(shown.flatten(1), images.flatten(1)),
            "nearest to their own original, features": _own_is_nearest(seen, wanted),
        }

    def _sought(self, effort: Effort) -> dict[str, float]:
        found = self._projected(SOUGHT, effort)
        pixels = sum(one.pixel_error for one in found) / len(found)
        return {f"pixel distance of {len(found)}, {found[0].way.value}": pixels}


def all_of(pictures: Dataset) -> ImageSet:
    """All splits of a data set as one, to teach a judge of another's."""
    parts = pictures.splits.values()
    columns = {name: torch.cat([part.columns[name] for part in parts]) for name in pictures.train.columns}
    return ImageSet(pictures.spec, columns)


def _own_is_nearest(found: Tensor, wanted: Tensor) -> float:
    return float(torch.cdist(found, wanted).argmin(1).eq(torch.arange(len(found))).float().mean())


def _mean_to_others(found: Tensor, wanted: Tensor) -> Tensor:
    distances, number = torch.cdist(found, wanted), len(found)
    return (distances.sum() - distances.diagonal().sum()) / (number * (number - 1))
