"""The adversarial game of style-based generators: mapped, mixed and averaged styles, noise, truncation."""

import math
from abc import abstractmethod
from typing import TypeVar

import torch
from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.data.spec import Batch
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.capabilities import HasStyles
from gen_studio.nets.resampling import at_size
from gen_studio.nets.styles import MAPPING_LAYERS, NoiseSource, Still, StyleGenerator, SummedNoise, mix


class StyleBasedConfig(AdversarialConfig):
    latents: int = setting(512, "Latents", "Dimensions of the latent and of a style.", ge=1, le=1024, advanced=True)
    mapping_layers: int = setting(
        MAPPING_LAYERS,
        "Mapping layers",
        "Layers from latent to style; fewer keep latents further apart, which small pictures and short runs need.",
        ge=1,
        le=16,
        advanced=True,
    )
    style_mixing: float = setting(
        0.9,
        "Style mixing",
        "Share of training pictures that change to a second style at some layer.",
        ge=0,
        le=1,
        advanced=True,
    )


S = TypeVar("S", bound=StyleBasedConfig, covariant=True)


class StyleBasedModel(AdversarialModel[S], HasStyles):
    """A family adds its networks and `paint`. Chance and the mean style move in `imagine` alone, which only trains."""

    generator: StyleGenerator

    @abstractmethod
    def paint(self, styles: Tensor, noise: NoiseSource) -> Tensor:
        """Styles (N, style_layers, style_size) -> what the generator makes of them, without bounds."""

    @property
    def style_layers(self) -> int:
        return 2 * int(math.log2(self.data.height)) - 2

    @property
    def mixed_layers(self) -> int:
        """How many of the layers are at work; they take the first styles."""
        return self.style_layers

    @property
    def style_size(self) -> int:
        return self.config.latents

    @property
    def mean_style(self) -> Tensor:
        return self.generator.mapping.mean

    def styles(self, latents: Tensor) -> Tensor:
        mapped: Tensor = self.generator.mapping(latents)
        return mapped[:, None].expand(-1, self.style_layers, -1)

    def synthesise(self, styles: Tensor, rng: torch.Generator | SummedNoise | None) -> Tensor:
        return self._finished(self.paint(styles, Still.NONE if rng is None else rng))

    def decode(self, latents: Tensor) -> Tensor:
        # Noise that never changes: a latent is one picture.
        return self._finished(self.paint(self.styles(latents), Still.FIXED))

    def imagine(self, batch: Batch, rng: torch.Generator) -> Tensor:
        return self.paint(self.mixed_styles(len(batch), rng), rng)

    def mixed_styles(self, count: int, rng: torch.Generator) -> Tensor:
        """New styles for training, (count, mixed_layers, style_size); the mean style follows the first of each pair."""
        mapping = self.generator.mapping
        one = mapping(self.draw_latents(count, rng))
        if self.training:
            mapping.follow(one)
        other = mapping(self.draw_latents(count, rng))
        return mix(one, other, self.mixed_layers, self.config.style_mixing, rng)

    def _finished(self, pictures: Tensor) -> Tensor:
        return at_size(pictures, self.data.height).clamp(-1, 1)
