"""Finds the latent of a picture that no model has made: by the family's encoder, by optimisation, or by both."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.latents import Given, LatentPicture
from gen_studio.inference.exploring import explore
from gen_studio.inference.images import to_images
from gen_studio.inference.latent_search import approach, errors
from gen_studio.inference.likeness_features import Features, at_hand, several_sizes
from gen_studio.inference.search_spaces import Begin, SearchSpace, space_of
from gen_studio.models.capabilities import CanAutoencode, FormsInSteps, HasCode, HasLatent, IsConditional
from gen_studio.nets.perceptual import frozen

CANDIDATES = 128
"""Latents drawn to find good ones to start from."""
AT_ONCE = 16
"""Pictures that are sought together: more of them take more memory, and change no answer by more than rounding."""

Pictures = NDArray[np.uint8]


class Way(Enum):
    """How a latent was found."""

    ENCODED = "encoded"
    REFINED = "encoded, then optimised"
    OPTIMISED = "optimised"


@dataclass(frozen=True)
class Effort:
    """How hard to try.

    steps: of Adam; with 0 an encoder's answer stands. starts: from how many latents, where no encoder gives one.
    rate: the largest step, in standard deviations. every_layer: a style of its own for each layer, where there are
    styles: that comes closer to a picture, and directions then do less to it.
    """

    steps: int = 300
    starts: int = 4
    rate: float = 0.1
    every_layer: bool = False


@dataclass(frozen=True, eq=False)
class Projection:
    """What comes nearest to a picture, as it is shown, (H, W, C), and how far that is from the original.

    pixel_error: the mean square, with pictures in [-1, 1]. feature_error: in the features of that name.
    """

    picture: LatentPicture
    shown: Pictures
    pixel_error: float
    feature_error: float
    features: str
    way: Way


def objection(model: HasCode) -> str | None:
    """Why the latents of pictures cannot be found, as a sentence with a way out; None where they can."""
    if isinstance(model, FormsInSteps):
        return (
            f"This model forms a picture in {model.forming_steps} steps, too many to search through for a latent. "
            "Use a run with an encoder, a VAE for example, or a GAN."
        )
    return None


def project(
    model: HasCode,
    pictures: Pictures,
    rng: torch.Generator,
    *,
    effort: Effort = Effort(),
    classes: tuple[float, ...] = (),
    features: Features | None = None,
    device: torch.device | str = "cpu",
    report: Report = unheard,
) -> list[Projection]:
    """One answer for each picture (N, H, W, C). The model is in evaluation mode on the device, and stays as it is.

    Answers depend on weights, pictures and the generator alone, which is on the CPU. classes: weights for a
    conditional model; () lets it try its classes. features: None for the best at hand. Raises WrongUse with the
    objection, and lets through Cancelled from `report`.
    """
    refused = objection(model)
    if refused:
        raise WrongUse(refused)
    assert isinstance(model, nn.Module)
    search = _Search(model, effort, classes, features or at_hand(), torch.device(device))
    found: list[Projection] = []
    with frozen(model):
        for first in range(0, len(pictures), AT_ONCE):
            part = pictures[first : first + AT_ONCE]
            found += search.run(part, rng, _share_of(report, first, len(part), len(pictures)))
    return found


@dataclass(frozen=True, eq=False)
class _Search:
    model: HasCode
    effort: Effort
    classes: tuple[float, ...]
    features: Features
    device: torch.device

    def run(self, pictures: Pictures, rng: torch.Generator, report: Report) -> list[Projection]:
        model, wanted = self.model, to_images(pictures, self.device)
        encoded = self._encoded(wanted)
        if encoded is not None and (self.effort.steps == 0 or not isinstance(model, HasLatent)):
            return self._finished(encoded, wanted, Way.ENCODED)
        assert isinstance(model, HasLatent)
        space = space_of(model, self.effort.every_layer, rng, self.device)
        if encoded is None:
            begin = self._starts(model, space, wanted, rng)
            return self._finished(self._improved(space, begin, wanted, report), wanted, Way.OPTIMISED)
        latents = torch.cat([_latent(picture, model, self.device) for picture in encoded])
        begin = Begin(latents, self._weights(model, len(latents)))
        return self._finished(self._improved(space, begin, wanted, report), wanted, Way.REFINED)

    def _encoded(self, wanted: Tensor) -> list[LatentPicture] | None:
        if not isinstance(self.model, CanAutoencode):
            return None
        with torch.no_grad():
            latents = self.model.encode(wanted).double().flatten(1).tolist()
        return [LatentPicture(point=Given(values=tuple(latent))) for latent in latents]

    def _improved(self, space: SearchSpace, begin: Begin, wanted: Tensor, report: Report) -> list[LatentPicture]:
        """begin: as many rows for each picture, those of one side by side. The best of each is kept."""
        each = len(begin.latents) // len(wanted)
        found = approach(
            space.coordinates(begin),
            wanted.repeat_interleave(each, 0),
            self.features,
            self.effort.steps,
            self.effort.rate,
            report,
        )
        best = found.errors.view(-1, each).argmin(1) + each * torch.arange(len(wanted), device=self.device)
        return [space.picture(found.values[row], begin.take(row)) for row in best.split(1)]

    @torch.no_grad()
    def _starts(self, model: HasLatent, space: SearchSpace, wanted: Tensor, rng: torch.Generator) -> Begin:
        """Of latents drawn from the prior those whose pictures are the nearest, for each picture."""
        latents = model.draw_latents(CANDIDATES, rng).to(self.device)
        drawn = Begin(latents, self._weights(model, CANDIDATES))
        rows = [drawn.take(part) for part in torch.arange(CANDIDATES, device=self.device).split(AT_ONCE)]
        images = torch.cat([space.paint(space.coordinates(part).values, part) for part in rows])
        # Sizes of the picture alone: a large network for each pair would take longer than the search.
        coarse = several_sizes()
        nearest = [
            errors(images, picture.expand_as(images), coarse).argsort()[: self.effort.starts]
            for picture in wanted.split(1)
        ]
        return drawn.take(torch.cat(nearest))

    def _weights(self, model: HasLatent, count: int) -> Tensor | None:
        if not isinstance(model, IsConditional):
            return None
        kinds = len(model.class_names)
        if self.classes:
            weights = torch.tensor(self.classes, device=self.device)
            return (weights / weights.sum()).expand(count, kinds)
        return torch.eye(kinds, device=self.device)[torch.arange(count, device=self.device) % kinds]

    @torch.no_grad()
    def _finished(self, chosen: list[LatentPicture], wanted: Tensor, way: Way) -> list[Projection]:
        """Errors are those of the pictures that are shown, not of what was optimised."""
        shown, _ = explore(self.model, chosen, self.device)
        images = to_images(shown, self.device)
        pixels = (images - wanted).square().flatten(1).mean(1).tolist()
        in_features = self.features.error(self.features.maps(images), self.features.maps(wanted)).tolist()
        return [
            Projection(*one, self.features.name, way) for one in zip(chosen, shown, pixels, in_features, strict=True)
        ]


def _latent(picture: LatentPicture, model: HasCode, device: torch.device) -> Tensor:
    """(1, *latent_shape)."""
    assert isinstance(picture.point, Given)
    return torch.tensor(picture.point.values, device=device).view(1, *model.latent_shape)


def _share_of(report: Report, first: int, count: int, total: int) -> Report:
    """Progress through some of the pictures as progress through all of them."""

    def heard(progress: Progress) -> None:
        report(Progress(progress.what, first * progress.total + count * progress.done, total * progress.total))

    return heard
