"""What style-based generators share: from latents to styles, the mixing of two of them, and noise beside them.

Karras et al. 2018, arXiv:1812.04948, and 2019, arXiv:1912.04958.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import torch
from torch import Tensor, nn

from gen_studio.nets.equalised import EqualisedLinear, PixelNorm, scaled_leaky

MAPPING_LAYERS = 8
MAPPING_MULTIPLIER = 0.01
MEAN_DECAY = 0.995


class Still(Enum):
    """Noise that is not drawn anew: one pattern per layer that never changes, or none."""

    FIXED = "fixed"
    NONE = "none"


@dataclass(frozen=True)
class SummedNoise:
    """What several generators draw, each times its weight."""

    parts: tuple[tuple[torch.Generator, float], ...]


NoiseSource = torch.Generator | SummedNoise | Still


class MappingNetwork(nn.Module):
    """Latents (N, latents) -> styles (N, size), in float32; learns at a hundredth of the rate of the rest.

    Latents are divided by their root mean square. `mean` is the running mean of styles, moved by `follow` alone.
    """

    mean: Tensor

    def __init__(self, latents: int, size: int, layers: int = MAPPING_LAYERS) -> None:
        super().__init__()
        self.norm = PixelNorm()
        self.layers = nn.ModuleList(
            EqualisedLinear(size if layer else latents, size, multiplier=MAPPING_MULTIPLIER) for layer in range(layers)
        )
        self.register_buffer("mean", torch.zeros(size))

    def forward(self, latents: Tensor) -> Tensor:
        with torch.autocast(latents.device.type, enabled=False):
            styles: Tensor = self.norm(latents.float())
            for layer in self.layers:
                styles = scaled_leaky(layer(styles))
        return styles

    @torch.no_grad()
    def follow(self, styles: Tensor) -> None:
        """Moves the mean towards that of styles (N, size)."""
        self.mean.lerp_(styles.mean(0), 1 - MEAN_DECAY)


class StyleGenerator(nn.Module):
    """Base of generators that paint from styles."""

    mapping: MappingNetwork


def mix(one: Tensor, other: Tensor, layers: int, probability: float, rng: torch.Generator) -> Tensor:
    """Styles (N, size) twice -> (N, layers, size): with that probability the other takes over from some layer on."""
    number, device = len(one), one.device
    crossover = torch.randint(1, layers, (number, 1), generator=rng, device=device)
    mixed = torch.rand((number, 1), generator=rng, device=device) < probability
    taken = mixed & (torch.arange(layers, device=device) >= crossover)  # (N, layers)
    return torch.where(taken[:, :, None], other[:, None], one[:, None])


class NoiseInput(nn.Module):
    """Adds noise, the same for all channels, times a learnt strength that starts at 0: one, or one per channel."""

    fixed: Tensor

    def __init__(self, size: int, strengths: int = 1) -> None:
        super().__init__()
        self.strength = nn.Parameter(torch.zeros(strengths, 1, 1))
        # Saved: pictures of a latent are to be the same wherever they are looked at.
        self.register_buffer("fixed", nn.init.normal_(torch.empty(1, 1, size, size)))

    def forward(self, features: Tensor, noise: NoiseSource) -> Tensor:
        if noise is Still.NONE:
            return features
        return features + (self.strength * self.drawn(features, noise)).to(features.dtype)

    def drawn(self, features: Tensor, noise: NoiseSource) -> Tensor:
        """(N or 1, 1, h, w), before the strength; not for Still.NONE."""
        shape = (len(features), 1, *features.shape[2:])
        match noise:
            case torch.Generator():
                return _normal(shape, noise).to(features.device)
            case SummedNoise():
                drawn = [weight * _normal(shape, rng) for rng, weight in noise.parts]
                return torch.stack(drawn).sum(0).to(features.device)
            case _:
                return self.fixed


def _normal(shape: Sequence[int], rng: torch.Generator) -> Tensor:
    """Drawn where the generator lives: one on the CPU gives every device the same noise."""
    return torch.randn(tuple(shape), generator=rng, device=rng.device)
