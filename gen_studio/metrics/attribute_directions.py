"""Directions from what a data set knows of its pictures, and what else moving along one changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Report, unheard
from gen_studio.core.latents import Direction, LatentPicture, Move, Space
from gen_studio.data.spec import ImageSet
from gen_studio.data.traits import CLASS, Trait, as_readings, facts_of, holding, known_of, readings_of
from gen_studio.inference import piles as piling
from gen_studio.inference.directions import Piles, correlations
from gen_studio.inference.exploring import explore
from gen_studio.inference.images import to_images
from gen_studio.metrics.attribute_reader import Reader
from gen_studio.models.capabilities import CanAutoencode, HasCode, HasLatent, IsConditional

MOST = 4000
"""Pictures in a pile; more hardly move a mean."""


@dataclass(frozen=True)
class Change:
    """By how much a reading, from 0 to 1, changes on the mean from one strength to the other."""

    name: str
    by: float


def piles_of_traits(
    model: HasCode,
    pictures: ImageSet,
    more: Trait,
    less: Trait,
    space: Space,
    reader: Callable[[], Reader],
    rng: torch.Generator,
    *,
    device: torch.device | str = "cpu",
    report: Report = unheard,
) -> Piles:
    """Pictures with either trait, encoded; where the model cannot encode, its samples, judged by the reader.

    Raises WrongUse where no picture has one of them, or the latent has no say in it.
    """
    if isinstance(model, IsConditional) and CLASS in (more.attribute.name, less.attribute.name):
        raise WrongUse(
            "This model is told the class beside the latent, so no direction leads from one class to another. Choose "
            "the class, or blend classes."
        )
    rows = [_rows(trait, pictures) for trait in (more, less)]
    if isinstance(model, CanAutoencode) and space is Space.LATENT:
        both = [_shown(pictures, part) for part in rows]
        return Piles(*(piling.of_pictures(model, one, space, rng, device=device, report=report) for one in both))
    if not isinstance(model, HasLatent):
        raise WrongUse("This model has no latents to learn a direction among. Choose one that has, a VAE or a GAN.")
    read = reader()

    def judge(images: Tensor) -> Tensor:
        return read.certainty(more, images) - read.certainty(less, images)

    return piling.judged(model, judge, space, rng, device=device, report=report)


def companions(
    model: CanAutoencode,
    direction: Direction,
    pictures: ImageSet,
    *,
    device: torch.device | str = "cpu",
    report: Report = unheard,
) -> dict[str, float]:
    """How the places of encoded pictures along a direction go with what is known of them, from -1 to 1, by name."""
    rows = torch.arange(min(MOST, len(pictures)))
    latents = piling.of_pictures(
        model, _shown(pictures, rows), Space.LATENT, torch.Generator(), device=device, report=report
    )
    return correlations(direction, latents, _facts(pictures.take(rows)))


def changes(
    model: HasCode,
    direction: Direction,
    reader: Reader,
    pictures: Sequence[LatentPicture],
    strengths: tuple[float, float] = (-1.0, 1.0),
    device: torch.device | str = "cpu",
) -> tuple[Change, ...]:
    """What a reader sees change when these pictures are moved along a direction, the most changed first."""
    low, high = (
        reader.read(to_images(explore(model, [_moved(one, direction, by) for one in pictures], device)[0], device))
        for by in strengths
    )
    means = (high - low).mean(0).tolist()
    found = [Change(name, by) for name, by in zip(reader.readings, means, strict=True)]
    return tuple(sorted(found, key=lambda change: -abs(change.by)))


def _moved(picture: LatentPicture, direction: Direction, strength: float) -> LatentPicture:
    return picture.model_copy(update={"moves": (*picture.moves, Move(direction=direction, strength=strength))})


def _rows(trait: Trait, pictures: ImageSet) -> Tensor:
    rows = holding(trait, pictures).nonzero()[:MOST, 0]
    if not len(rows):
        raise WrongUse(f"None of the training pictures is {trait.words}. Name another value for one of the piles.")
    return rows


def _shown(pictures: ImageSet, rows: Tensor) -> NDArray[np.uint8]:
    """(N, H, W, C)."""
    shown: NDArray[np.uint8] = pictures.images[rows].permute(0, 2, 3, 1).numpy()
    return shown


def _facts(pictures: ImageSet) -> dict[str, NDArray[np.floating]]:
    facts = facts_of(pictures.spec)
    columns = as_readings(known_of(pictures.columns, pictures.spec), facts)
    return dict(zip(readings_of(facts), columns.numpy().T, strict=True))
