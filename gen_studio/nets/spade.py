"""Spatially-adaptive normalisation (Park et al. 2019, arXiv:1903.07291) and the painter that is made of it."""

import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.noise import normal_like
from gen_studio.nets.resampling import double

INNERMOST = 4
"""Side of the features that the painter begins with, and of those that its encoder ends with."""
LOG_VARIANCE_RANGE = 10.0


def one_hot(layouts: Tensor, classes: int) -> Tensor:
    """(N, H, W) int64 -> (N, classes, H, W) float32; torch's own looks at the values first, and waits for them."""
    numbers = torch.arange(classes, device=layouts.device)[:, None, None]
    return (layouts[:, None] == numbers).float()


class SpatialNorm(nn.Module):
    """norm(x) * (1 + gamma(m)) + beta(m), with gamma and beta two convolutions deep from the layout m at x's size.

    Features (N, C, h, w) and one-hot layouts (N, classes, H, W). The norm is a BatchNorm without parameters.
    """

    def __init__(self, channels: int, classes: int, hidden: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.shared = nn.Conv2d(classes, hidden, 3, padding=1)
        self.gamma = nn.Conv2d(hidden, channels, 3, padding=1)
        self.beta = nn.Conv2d(hidden, channels, 3, padding=1)

    def forward(self, features: Tensor, layout: Tensor) -> Tensor:
        seen = F.relu(self.shared(F.interpolate(layout, size=features.shape[2:], mode="nearest")))
        modulated: Tensor = self.norm(features) * (1 + self.gamma(seen)) + self.beta(seen)
        return modulated


class SpadeBlock(nn.Module):
    """SPADE, ReLU, 3x3, SPADE, ReLU, 3x3 beside the features, or beside SPADE, ReLU, 3x3 where the channels differ.

    No biases: the next norm would take them off again.
    """

    def __init__(self, channels: int, out: int, classes: int, hidden: int) -> None:
        super().__init__()
        self.before = SpatialNorm(channels, classes, hidden)
        self.first = nn.Conv2d(channels, out, 3, padding=1, bias=False)
        self.between = SpatialNorm(out, classes, hidden)
        self.second = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.aside = SpatialNorm(channels, classes, hidden) if channels != out else None
        self.shortcut = nn.Conv2d(channels, out, 3, padding=1, bias=False) if channels != out else None

    def forward(self, features: Tensor, layout: Tensor) -> Tensor:
        changed = self.first(F.relu(self.before(features, layout)))
        changed = self.second(F.relu(self.between(changed, layout)))
        if self.aside is not None and self.shortcut is not None:
            features = self.shortcut(F.relu(self.aside(features, layout)))
        joined: Tensor = features + changed
        return joined


class SpadeGenerator(nn.Module):
    """Latents (N, latents) and one-hot layouts (N, classes, size, size) -> pictures (N, channels, size, size).

    One dense layer to 4x4, then a block at every size; channels double inwards from `width` to 16 times that.
    """

    def __init__(self, latents: int, channels: int, classes: int, width: int, hidden: int, size: int) -> None:
        super().__init__()
        levels = int(math.log2(size // INNERMOST))
        widths = [width * 2 ** min(level, 4) for level in range(levels, -1, -1)]
        self.seed = widths[0]
        self.dense = nn.Linear(latents, widths[0] * INNERMOST**2)
        self.blocks = nn.ModuleList(
            SpadeBlock(inner, outer, classes, hidden) for inner, outer in pairwise((widths[0], *widths))
        )
        self.picture = nn.Conv2d(widths[-1], channels, 3, padding=1)

    def forward(self, latents: Tensor, layout: Tensor) -> Tensor:
        features: Tensor = self.dense(latents).view(-1, self.seed, INNERMOST, INNERMOST)
        for place, block in enumerate(self.blocks):
            features = block(double(features) if place else features, layout)
        return torch.tanh(self.picture(F.relu(features)))


class StyleEncoder(nn.Module):
    """Pictures (N, channels, size, size) -> mean and log-variance of a style, (N, latents) each in float32."""

    def __init__(self, latents: int, channels: int, width: int, size: int) -> None:
        super().__init__()
        widths = [width * 2 ** min(level, 3) for level in range(int(math.log2(size // INNERMOST)))]
        layers: list[nn.Module] = []
        for inner, outer in pairwise((channels, *widths)):
            layers += [nn.Conv2d(inner, outer, 3, 2, 1, bias=False), nn.InstanceNorm2d(outer), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers, nn.Flatten())
        self.mean = nn.Linear(widths[-1] * INNERMOST**2, latents)
        self.log_variance = nn.Linear(widths[-1] * INNERMOST**2, latents)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(images)
        log_variance = self.log_variance(features).float().clamp(-LOG_VARIANCE_RANGE, LOG_VARIANCE_RANGE)
        return self.mean(features).float(), log_variance

    @staticmethod
    def draw(mean: Tensor, log_variance: Tensor, rng: torch.Generator) -> Tensor:
        """One style of each distribution, differentiable."""
        return mean + (log_variance / 2).exp() * normal_like(mean, rng)
