"""The generator and discriminator of Radford 2015 (arXiv:1511.06434), which many later papers build on."""

import math
from enum import Enum
from itertools import pairwise
from typing import assert_never

from torch import Tensor, nn

from gen_studio.nets.critic import BatchView, Critic, make_batch_view

INNERMOST = 4
"""Side of the features between the picture and a single vector."""


class Norm(Enum):
    """How a discriminator normalises its features."""

    BATCH = "batch"
    LAYER = "layer"
    NONE = "none"


def widths_from_inside(width: int, size: int) -> list[int]:
    """Channels from the 4x4 features outwards, [512, 256, 128, 64] for width 64 at 64 pixels."""
    levels = int(math.log2(size)) - 2
    return [width * 2 ** min(level, 3) for level in reversed(range(levels))]


class ConvolutionalGenerator(nn.Module):
    """Latents (N, latents) -> pictures (N, channels, size, size) in [-1, 1], by 4x4 transposed convolutions alone.

    Without `bounded` the last layer's numbers come as they are, for a likelihood that brings bounds of its own.
    """

    def __init__(self, latents: int, width: int, size: int, channels: int, bounded: bool = True) -> None:
        super().__init__()
        widths = widths_from_inside(width, size)
        layers: list[nn.Module] = [nn.ConvTranspose2d(latents, widths[0], INNERMOST, 1, 0, bias=False)]
        for inner, outer in pairwise(widths):
            layers += [nn.BatchNorm2d(inner), nn.ReLU(inplace=True)]
            layers += [nn.ConvTranspose2d(inner, outer, 4, 2, 1, bias=False)]
        layers += [nn.BatchNorm2d(widths[-1]), nn.ReLU(inplace=True)]
        layers += [nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1), *([nn.Tanh()] if bounded else [])]
        self.layers = nn.Sequential(*layers)

    def forward(self, latents: Tensor) -> Tensor:
        pictures: Tensor = self.layers(latents[:, :, None, None])
        return pictures


def halving_layers(channels: int, width: int, size: int, norm: Norm = Norm.BATCH) -> nn.Sequential:
    """Pictures (N, channels, size, size) -> features (N, inner width, 4, 4). The first layer is never normalised."""
    outwards = widths_from_inside(width, size)[::-1]
    layers: list[nn.Module] = [nn.Conv2d(channels, outwards[0], 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
    for outer, inner in pairwise(outwards):
        layers += [nn.Conv2d(outer, inner, 4, 2, 1, bias=norm is Norm.NONE), *_norm(norm, inner)]
        layers += [nn.LeakyReLU(0.2, inplace=True)]
    return nn.Sequential(*layers)


class ConvolutionalReader(nn.Sequential):
    """The discriminator's layers with several outputs: pictures (N, channels, size, size) -> (N, outputs)."""

    def __init__(self, channels: int, width: int, size: int, outputs: int) -> None:
        inner = widths_from_inside(width, size)[0]
        head = nn.Conv2d(inner, outputs, INNERMOST, 1, 0)
        super().__init__(*halving_layers(channels, width, size), head, nn.Flatten())


class ConvolutionalCritic(Critic):
    """Pictures (N, channels, size, size) -> raw scores (N,). The first layer is never normalised."""

    def __init__(
        self, channels: int, width: int, size: int, norm: Norm = Norm.BATCH, batch_view: BatchView = BatchView.NONE
    ) -> None:
        outwards = widths_from_inside(width, size)[::-1]
        view, extra = make_batch_view(batch_view, outwards[-1], INNERMOST)
        super().__init__(view)
        self.body = halving_layers(channels, width, size, norm)
        self.head = nn.Conv2d(outwards[-1] + extra, 1, INNERMOST, 1, 0)
        activations = [place for place, layer in enumerate(self.body) if isinstance(layer, nn.LeakyReLU)]
        self.until_middle = activations[len(activations) // 2] + 1

    def middle(self, images: Tensor) -> Tensor:
        """What the layer in the middle of the body makes of pictures, (N, F, h, w): local, but more than edges."""
        features: Tensor = self.body[: self.until_middle](images)
        return features

    def features(self, images: Tensor) -> Tensor:
        features: Tensor = self.body(images)
        return features

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        scores: Tensor = self.head(features)
        return scores.flatten()


def _norm(norm: Norm, channels: int) -> list[nn.Module]:
    match norm:
        case Norm.BATCH:
            return [nn.BatchNorm2d(channels)]
        case Norm.LAYER:
            return [nn.GroupNorm(1, channels)]
        case Norm.NONE:
            return []
        case _:
            assert_never(norm)
