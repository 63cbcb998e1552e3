"""The two halves of an autoencoder, of dense layers or of convolutions, for pictures of any size.

Encoders: pictures (N, C, H, W) -> codes (N, latents). Decoders: codes -> outputs (N, C, H, W) without a last
non-linearity: what an output means, a pixel or its logit, is for the owner to say.
"""

import math
from collections.abc import Callable
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

Shape = tuple[int, int, int]
FirstLayer = Callable[[int, int], nn.Linear]

INNERMOST = 4
"""Convolutions halve until no side of the features is longer."""
WIDEST = 4
"""Channels double inwards up to so many times the width."""


class DenseEncoder(nn.Module):
    """Two hidden layers, the second half as wide."""

    def __init__(self, shape: Shape, hidden: int, latents: int) -> None:
        super().__init__()
        half = max(1, hidden // 2)
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(math.prod(shape), hidden),
            nn.ReLU(),
            nn.Linear(hidden, half),
            nn.ReLU(),
            nn.Linear(half, latents),
        )

    def forward(self, images: Tensor) -> Tensor:
        codes: Tensor = self.layers(images)
        return codes


class DenseDecoder(nn.Module):
    """The dense encoder back to front. `first` makes the layer that reads the code."""

    def __init__(self, shape: Shape, hidden: int, latents: int, first: FirstLayer = nn.Linear) -> None:
        super().__init__()
        half = max(1, hidden // 2)
        self.layers = nn.Sequential(
            first(latents, half),
            nn.ReLU(),
            nn.Linear(half, hidden),
            nn.ReLU(),
            nn.Linear(hidden, math.prod(shape)),
            nn.Unflatten(1, shape),
        )

    def forward(self, codes: Tensor) -> Tensor:
        outputs: Tensor = self.layers(codes)
        return outputs


class ConvolutionalEncoder(nn.Module):
    """3x3 convolutions of stride 2 down to 4x4 or less, then one dense layer."""

    def __init__(self, shape: Shape, width: int, latents: int) -> None:
        super().__init__()
        sizes, widths = halvings(shape), _widths(shape, width)
        layers: list[nn.Module] = []
        for outer, inner in pairwise(widths):
            layers += [nn.Conv2d(outer, inner, 3, 2, 1), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(widths[-1] * math.prod(sizes[-1]), latents))

    def forward(self, images: Tensor) -> Tensor:
        codes: Tensor = self.layers(images)
        return codes


class ConvolutionalDecoder(nn.Module):
    """One dense layer, then 4x4 transposed convolutions of stride 2, each cut to the size it had on the way in.

    `first` makes the layer that reads the code.
    """

    def __init__(self, shape: Shape, width: int, latents: int, first: FirstLayer = nn.Linear) -> None:
        super().__init__()
        self.sizes, widths = halvings(shape), _widths(shape, width)
        self.innermost = (widths[-1], *self.sizes[-1])
        self.dense = first(latents, math.prod(self.innermost))
        self.doublings = nn.ModuleList(
            nn.ConvTranspose2d(inner, outer, 4, 2, 1) for inner, outer in pairwise(reversed(widths))
        )

    def forward(self, codes: Tensor) -> Tensor:
        features: Tensor = self.dense(codes).unflatten(1, self.innermost)
        for doubling, (height, width) in zip(self.doublings, self.sizes[-2::-1], strict=True):
            features = doubling(F.relu(features))[:, :, :height, :width]
        return features


def halvings(shape: Shape) -> list[tuple[int, int]]:
    """The sizes of the features from the picture inwards, [28, 14, 7, 4] a side for MNIST; at least one is halved."""
    sizes = [shape[1:]]
    while len(sizes) == 1 or max(sizes[-1]) > INNERMOST:
        height, width = sizes[-1]
        sizes.append(((height + 1) // 2, (width + 1) // 2))
    return sizes


def _widths(shape: Shape, width: int) -> list[int]:
    """Channels at each of these sizes."""
    return [shape[0], *(width * min(2**level, WIDEST) for level in range(len(halvings(shape)) - 1))]
