"""Latents for the two piles that a direction is learnt from: of samples, of any pictures, or picked by a judge."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.latents import LatentPicture, Space
from gen_studio.inference.directions import Piles
from gen_studio.inference.exploring import latent_of
from gen_studio.inference.images import to_images
from gen_studio.inference.projection import Effort, project
from gen_studio.models.capabilities import CanAutoencode, FormsInSteps, HasCode, HasLatent, HasStyles, IsConditional

AT_ONCE = 64
MANY = Effort(steps=150, starts=2)
"""For each of many pictures that are sought."""
SAMPLES = 4000
SAMPLES_IN_STEPS = 200
"""Of a model that forms a picture in many steps."""
SHARE = 0.15
"""Of the samples, those that a judge is the most certain of on either side, become the piles."""
LEAST_APART = 1e-6

Latents = NDArray[np.float64]
Judge = Callable[[Tensor], Tensor]
"""Pictures (N, C, H, W) in [-1, 1] -> how much they have of something, (N,)."""


def natural_space(model: HasCode) -> Space:
    """Where directions change least beside what they are meant to: among the styles, where there are styles."""
    return Space.STYLE if isinstance(model, HasStyles) else Space.LATENT


def of_samples(
    model: HasCode, pictures: Sequence[LatentPicture], space: Space, device: torch.device | str = "cpu"
) -> Latents:
    """(N, D), where pictures of this model are, moves included; a style is the mean over its layers."""
    return np.stack([_place(model, picture, space, device) for picture in pictures])


def of_pictures(
    model: HasCode,
    pictures: NDArray[np.uint8],
    space: Space,
    rng: torch.Generator,
    *,
    effort: Effort = MANY,
    device: torch.device | str = "cpu",
    report: Report = unheard,
) -> Latents:
    """(N, D) of anybody's pictures (N, H, W, C): encoded where the model can, else sought, which takes a while."""
    if isinstance(model, CanAutoencode) and space is Space.LATENT:
        return np.concatenate(list(_encoded(model, pictures, device, report)))
    found = project(model, pictures, rng, effort=effort, device=device, report=report)
    return of_samples(model, [one.picture for one in found], space, device)


@torch.no_grad()
def judged(
    model: HasLatent,
    judge: Judge,
    space: Space,
    rng: torch.Generator,
    *,
    count: int | None = None,
    share: float = SHARE,
    device: torch.device | str = "cpu",
    report: Report = unheard,
) -> Piles:
    """Of many samples those with the most and with the least of what the judge sees, equally many of each class.

    count: None for a number that suits the model. Raises WrongUse where the judge sees no difference.
    """
    number = count or (SAMPLES_IN_STEPS if isinstance(model, FormsInSteps) else SAMPLES)
    latents = model.draw_latents(number, rng).to(device)
    kinds = torch.arange(number) % (len(model.class_names) if isinstance(model, IsConditional) else 1)
    verdicts, places = [], []
    for rows in torch.arange(number).split(AT_ONCE):
        report(Progress("Judging samples", int(rows[0]), number))
        images, own = _painted(model, latents[rows], kinds[rows], space)
        verdicts.append(judge(images).double().cpu())
        places.append(own.double().cpu())
    verdict, place = torch.cat(verdicts), torch.cat(places)
    if verdict.max() - verdict.min() < LEAST_APART:
        raise WrongUse(
            "All samples of this model look alike to the classifier that tells the piles. Train the model further, or "
            "sort some of its samples by hand."
        )
    less, more = _extremes(verdict, kinds, share)
    return Piles(place[more].numpy(), place[less].numpy())


def _place(model: HasCode, picture: LatentPicture, space: Space, device: torch.device | str) -> NDArray[np.float64]:
    latent = latent_of(model, picture)
    for move in picture.moves:
        if move.direction.space is Space.LATENT:
            latent = latent + move.strength * torch.tensor(move.direction.values, dtype=torch.float64)
    if space is Space.LATENT:
        own: NDArray[np.float64] = latent.numpy()
        return own
    assert isinstance(model, HasStyles)
    with torch.no_grad():
        mapped = model.styles(latent.float().view(1, *model.latent_shape).to(device))
        styles = model.truncate(mapped, picture.truncation, picture.truncated_layers)[0].double().cpu().numpy().copy()
    for move in picture.moves:
        way = move.direction
        if way.space is Space.STYLE:
            last = len(styles) if way.last_layer is None else way.last_layer + 1
            styles[way.first_layer or 0 : last] += move.strength * np.array(way.values)
    mean: NDArray[np.float64] = styles.mean(0)
    return mean


@torch.no_grad()
def _encoded(
    model: CanAutoencode, pictures: NDArray[np.uint8], device: torch.device | str, report: Report
) -> Iterator[Latents]:
    for first in range(0, len(pictures), AT_ONCE):
        report(Progress("Encoding pictures", first, len(pictures)))
        latents = model.encode(to_images(pictures[first : first + AT_ONCE], device))
        yield latents.flatten(1).double().cpu().numpy()


def _painted(model: HasLatent, latents: Tensor, kinds: Tensor, space: Space) -> tuple[Tensor, Tensor]:
    """Pictures as they are explored, and where they are in the space, (N, D)."""
    if isinstance(model, HasStyles):
        styles = model.styles(latents)
        images = model.synthesise(styles, None)
        return images, styles[:, 0] if space is Space.STYLE else latents.flatten(1)
    if isinstance(model, IsConditional):
        return model.decode_as(latents, kinds.to(latents.device)), latents.flatten(1)
    return model.decode(latents), latents.flatten(1)


def _extremes(verdict: Tensor, kinds: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Rows with the least and with the most. Of each class equally many: else the piles would differ by class."""
    less, more = [], []
    for kind in kinds.unique():
        rows = (kinds == kind).nonzero()[:, 0]
        order = rows[verdict[rows].argsort()]
        each = max(1, round(share * len(rows)))
        less.append(order[:each])
        more.append(order[-each:])
    return torch.cat(less), torch.cat(more)
