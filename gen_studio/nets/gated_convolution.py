"""Gated convolutions, the two networks made of them, and their patch critic (Yu 2019, arXiv:1806.03589)."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.contextual_attention import contextual_attention
from gen_studio.nets.regularisers import normalise_spectrum

DILATIONS = (2, 4, 8, 16)
CRITIC_LAYERS = 6
GAIN = 2.0
"""Of the first weights: a gate that is half open and an ELU let about a quarter of the power through."""


class GatedConv2d(nn.Module):
    """ELU(Wf x) * sigmoid(Wg x): a gate of its own for every place and channel. The side is kept, or halved."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        padding = dilation * (kernel - 1) // 2
        # Features and gates in one convolution, the features first.
        self.both = nn.Conv2d(inputs, 2 * outputs, kernel, stride, padding, dilation)
        nn.init.normal_(self.both.weight, 0.0, GAIN / math.sqrt(inputs * kernel * kernel))
        assert self.both.bias is not None
        nn.init.zeros_(self.both.bias)

    def forward(self, x: Tensor) -> Tensor:
        features, gates = self.both(x).chunk(2, dim=1)
        return F.elu(features) * torch.sigmoid(gates)


class GatedEncoder(nn.Sequential):
    """Pictures and holes -> features at a quarter of the side, with four times the width."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__(
            GatedConv2d(inputs, width, 5),
            GatedConv2d(width, 2 * width, stride=2),
            GatedConv2d(2 * width, 2 * width),
            GatedConv2d(2 * width, 4 * width, stride=2),
            GatedConv2d(4 * width, 4 * width),
        )


class GatedDecoder(nn.Sequential):
    """Features at a quarter of the side -> pictures in [-1, 1]."""

    def __init__(self, inputs: int, width: int, outputs: int) -> None:
        last = nn.Conv2d(width // 2, outputs, 3, 1, 1)
        super().__init__(
            GatedConv2d(inputs, 4 * width),
            nn.UpsamplingNearest2d(scale_factor=2),
            GatedConv2d(4 * width, 2 * width),
            nn.UpsamplingNearest2d(scale_factor=2),
            GatedConv2d(2 * width, width),
            GatedConv2d(width, width // 2),
            last,
            nn.Tanh(),
        )


def dilated(width: int) -> nn.Sequential:
    """Sees far without losing a place."""
    return nn.Sequential(*(GatedConv2d(width, width, dilation=dilation) for dilation in DILATIONS))


class CoarseNetwork(nn.Module):
    """Pictures that are 0 in their holes (N, C, H, W) and the holes -> a first guess of the whole."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            GatedEncoder(channels + 1, width), dilated(4 * width), GatedDecoder(4 * width, width, channels)
        )

    def forward(self, images: Tensor, holes: Tensor) -> Tensor:
        guess: Tensor = self.layers(torch.cat([images, holes], 1))
        return guess


class RefinementNetwork(nn.Module):
    """Pictures with a guess in their holes -> the whole again, by two branches: one dilated, one that attends."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.seeing = nn.Sequential(GatedEncoder(channels + 1, width), dilated(4 * width))
        self.matching = GatedEncoder(channels + 1, width)
        self.placing = GatedConv2d(4 * width, 4 * width)
        self.decoder = GatedDecoder(8 * width, width, channels)

    def forward(self, images: Tensor, holes: Tensor) -> Tensor:
        given = torch.cat([images, holes], 1)
        found = contextual_attention(self.matching(given), F.max_pool2d(holes, 4))
        whole: Tensor = self.decoder(torch.cat([self.seeing(given), self.placing(found)], 1))
        return whole


def spectral_patch_critic(inputs: int, width: int, size: int) -> nn.Sequential:
    """Strided 5x5 convolutions with spectral norm -> scores for every place and channel of the last features.

    Six of them as in the paper, as far as the side can be halved to 4 pixels; widths 64, 128, 256, 256, ...
    """
    layers: list[nn.Module] = []
    count = min(CRITIC_LAYERS, max(2, int(math.log2(size)) - 2))
    for level in range(count):
        outputs = width * 2 ** min(level, 2)
        # A bias at the end would shift real and fake alike, which the hinge does not see.
        layers += [nn.Conv2d(inputs, outputs, 5, 2, 2, bias=level < count - 1), nn.LeakyReLU(0.2)]
        inputs = outputs
    critic = nn.Sequential(*layers[:-1])
    normalise_spectrum(critic)
    return critic
