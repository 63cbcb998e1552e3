"""Which numbers are moved when the latent of a picture is sought: those of the latent, or the styles made of it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor

from gen_studio.core.latents import Direction, Given, LatentPicture, Move, Space
from gen_studio.inference.latent_search import Coordinates
from gen_studio.models.capabilities import HasLatent, HasStyles, IsConditional

DRAWN = 128
"""Latents of the prior from which its reach is read."""
REACH = 0.95
"""Share of the prior's own latents that lie no farther out than what is found may, at no cost."""
LEAST_DEVIATION = 1e-3


@dataclass(frozen=True, eq=False)
class Begin:
    """Latents (N, *latent_shape) to start from, and the weights of classes (N, K) where there are classes."""

    latents: Tensor
    weights: Tensor | None = None

    def take(self, rows: Tensor) -> "Begin":
        return Begin(self.latents[rows], None if self.weights is None else self.weights[rows])


class SearchSpace(ABC):
    """Numbers about as large as a standard normal's, so that one step size suits all models."""

    @abstractmethod
    def coordinates(self, begin: Begin) -> Coordinates:
        """The numbers of what to start from."""

    @abstractmethod
    def paint(self, values: Tensor, begin: Begin) -> Tensor:
        """(N, C, H, W)."""

    @abstractmethod
    def picture(self, values: Tensor, begin: Begin) -> LatentPicture:
        """What one row of numbers stands for; both have a single row."""


class LatentSpace(SearchSpace):
    def __init__(self, model: HasLatent, drawn: Tensor) -> None:
        self.model = model
        self.farthest = _reach(drawn)

    def coordinates(self, begin: Begin) -> Coordinates:
        return Coordinates(begin.latents, lambda values: self.paint(values, begin), self.farthest)

    def paint(self, values: Tensor, begin: Begin) -> Tensor:
        if isinstance(self.model, IsConditional):
            assert begin.weights is not None
            return self.model.decode_blended(values, begin.weights)
        return self.model.decode(values)

    def picture(self, values: Tensor, begin: Begin) -> LatentPicture:
        return LatentPicture(point=_given(values), classes=_classes(begin))


class StyleSpace(SearchSpace):
    """Styles in their own standard deviations away from the mean style: one for all layers, or one for each."""

    def __init__(self, model: HasStyles, drawn: Tensor, every_layer: bool) -> None:
        self.model, self.every_layer = model, every_layer
        with torch.no_grad():
            styles = model.styles(drawn)[:, 0]
        self.mean = model.mean_style.detach()
        self.deviation = styles.std(0).clamp_min(LEAST_DEVIATION)
        self.farthest = _reach((styles - self.mean) / self.deviation)

    def coordinates(self, begin: Begin) -> Coordinates:
        with torch.no_grad():
            styles = self.model.styles(begin.latents)
        layers = self.model.style_layers if self.every_layer else 1
        values = (styles[:, :layers] - self.mean) / self.deviation
        return Coordinates(values, lambda moved: self.paint(moved, begin), self.farthest)

    def paint(self, values: Tensor, begin: Begin) -> Tensor:
        return self.model.synthesise(self._styles(values), None)

    def picture(self, values: Tensor, begin: Begin) -> LatentPicture:
        """The latent that was started from, and the way from its styles to those that were found."""
        with torch.no_grad():
            ways = (self._styles(values) - self.model.styles(begin.latents))[0].double().cpu()
        layers = range(self.model.style_layers) if self.every_layer else [None]
        moves = tuple(Move(direction=_way(ways[layer or 0], layer), strength=1.0) for layer in layers)
        return LatentPicture(point=_given(begin.latents), moves=moves)

    def _styles(self, values: Tensor) -> Tensor:
        """(N, style_layers, style_size)."""
        return (self.mean + values * self.deviation).expand(-1, self.model.style_layers, -1)


def space_of(model: HasLatent, every_layer: bool, rng: torch.Generator, device: torch.device) -> SearchSpace:
    """Styles where the model has them, since they reach more pictures than latents do; else the latent."""
    drawn = model.draw_latents(DRAWN, rng).to(device)
    return StyleSpace(model, drawn, every_layer) if isinstance(model, HasStyles) else LatentSpace(model, drawn)


def _reach(values: Tensor) -> float:
    return float(values.flatten(1).square().mean(1).quantile(REACH))


def _given(latents: Tensor) -> Given:
    return Given(values=tuple(latents.double().flatten().tolist()))


def _classes(begin: Begin) -> tuple[float, ...]:
    return () if begin.weights is None else tuple(begin.weights[0].double().tolist())


def _way(values: Tensor, layer: int | None) -> Direction:
    name = "to the picture" if layer is None else f"to the picture, layer {layer}"
    return Direction(
        name=name,
        space=Space.STYLE,
        values=tuple(values.tolist()),
        source="projection",
        first_layer=layer,
        last_layer=layer,
    )
