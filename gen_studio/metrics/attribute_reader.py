"""A small network that reads off a picture what a data set knows of its own: for pictures that are in no data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.core.annotations import Attribute, AttributeKind
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Report, unheard
from gen_studio.data.spec import Batch, ImageSet
from gen_studio.data.traits import HIGH, Trait, facts_of, known_of, readings_of
from gen_studio.metrics.classifier import AT_ONCE, Classifier, Schedule, taught

SCHEDULE = Schedule(epochs=6)


@dataclass(frozen=True)
class Reader:
    """Scores for each fact, side by side: a logit for yes or no, one for each category, a number between -1 and 1."""

    network: Classifier
    facts: tuple[Attribute, ...]

    @torch.no_grad()
    def certainty(self, trait: Trait, images: Tensor) -> Tensor:
        """(N,), how certainly pictures in [-1, 1] have the trait: log odds, and of a number how high or low it is."""
        scores: Tensor = self._scores(images).split(_widths(self.facts), 1)[self.facts.index(trait.attribute)]
        match trait.attribute.kind:
            case AttributeKind.NUMBER:
                certainty, is_turned = scores[:, 0], trait.value != HIGH
            case AttributeKind.BINARY:
                certainty, is_turned = scores[:, 0], trait.value != trait.attribute.values[1]
            case AttributeKind.CATEGORY:
                own = trait.attribute.values.index(trait.value)
                others = torch.cat([scores[:, :own], scores[:, own + 1 :]], 1)
                certainty, is_turned = scores[:, own] - others.logsumexp(1), trait.is_other
            case _:
                assert_never(trait.attribute.kind)
        return -certainty if is_turned else certainty

    def chance(self, trait: Trait, images: Tensor) -> Tensor:
        """(N,), the chance that pictures have a trait, which is none of a number's."""
        return self.certainty(trait, images).sigmoid()

    @property
    def readings(self) -> tuple[str, ...]:
        """What `read` reads, in words."""
        return readings_of(self.facts)

    @torch.no_grad()
    def read(self, images: Tensor) -> Tensor:
        """(N, readings), all from 0 to 1: chances of yes and of each category, and numbers from lowest to highest."""
        parts = self._scores(images).split(_widths(self.facts), 1)
        return torch.cat([_read(fact, part) for fact, part in zip(self.facts, parts, strict=True)], 1)

    def _scores(self, images: Tensor) -> Tensor:
        return torch.cat([self.network(part) for part in images.split(AT_ONCE)])


def train_reader(
    pictures: ImageSet, schedule: Schedule = SCHEDULE, device: torch.device | str = "cpu", report: Report = unheard
) -> Reader:
    """A reader of all that is known of these pictures, attributes and classes. Depends on pictures and schedule alone.

    Raises WrongUse where nothing is known, and lets through Cancelled from `report`.
    """
    facts = facts_of(pictures.spec)
    if not facts:
        raise WrongUse(
            "Nothing is known of these pictures that could be read off them. Choose data with classes or attributes, "
            "for example toy faces, or a folder with a folder for each class."
        )
    widths = _widths(facts)

    def loss(scores: Tensor, batch: Batch) -> Tensor:
        known = known_of(batch.columns(), pictures.spec).unbind(1)
        parts = scores.split(widths, 1)
        return torch.stack([_loss(*each) for each in zip(facts, parts, known, strict=True)]).mean()

    return Reader(taught(pictures, sum(widths), loss, schedule, device, report), facts)


def reading_error(reader: Reader, pictures: ImageSet, device: torch.device | str = "cpu") -> dict[str, float]:
    """By fact: the share of pictures that are read wrongly, of numbers the mean error as a share of their range.

    More may be known of these pictures than the reader reads, and not less.
    """
    wrong: dict[str, float] = {}
    places = [facts_of(pictures.spec).index(fact) for fact in reader.facts]
    parts = [pictures.batch(rows, device) for rows in torch.arange(len(pictures)).split(AT_ONCE)]
    read = torch.cat([reader.read(part.images) for part in parts]).split(_widths(reader.facts), 1)
    known = torch.cat([known_of(part.columns(), pictures.spec) for part in parts])[:, places].unbind(1)
    for fact, found, wanted in zip(reader.facts, read, known, strict=True):
        match fact.kind:
            case AttributeKind.NUMBER:
                error = (found[:, 0] - _scaled(fact, wanted)).abs()
            case AttributeKind.BINARY:
                error = ((found[:, 0] > 0.5) != (wanted > 0.5)).float()
            case AttributeKind.CATEGORY:
                error = (found.argmax(1) != wanted.long()).float()
        wrong[fact.name] = float(error.mean())
    return wrong


def _widths(facts: Sequence[Attribute]) -> list[int]:
    return [len(fact.values) if fact.kind is AttributeKind.CATEGORY else 1 for fact in facts]


def _loss(fact: Attribute, scores: Tensor, known: Tensor) -> Tensor:
    match fact.kind:
        case AttributeKind.NUMBER:
            return F.mse_loss(scores[:, 0], 2 * _scaled(fact, known) - 1)
        case AttributeKind.BINARY:
            return F.binary_cross_entropy_with_logits(scores[:, 0], known)
        case AttributeKind.CATEGORY:
            return F.cross_entropy(scores, known.long())


def _read(fact: Attribute, scores: Tensor) -> Tensor:
    match fact.kind:
        case AttributeKind.NUMBER:
            return ((scores + 1) / 2).clamp(0, 1)
        case AttributeKind.BINARY:
            return scores.sigmoid()
        case AttributeKind.CATEGORY:
            return scores.softmax(1)


def _scaled(fact: Attribute, known: Tensor) -> Tensor:
    """A number's values from 0 to 1."""
    return (known - fact.low) / (fact.high - fact.low) if fact.high > fact.low else torch.zeros_like(known)
