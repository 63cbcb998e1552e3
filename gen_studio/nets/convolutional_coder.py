"""The small convolutional encoder and decoder of Higgins 2017 and Burgess 2018 (arXiv:1804.03599), without norms."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from gen_studio.nets.labels import class_weights

INNERMOST = 4
"""Side of the features between the convolutions and the dense layers."""


def coder_widths(width: int, size: int) -> list[int]:
    """Channels after each halving: `width` twice, then twice as many. [32, 32, 64, 64] for width 32 at 64 pixels."""
    levels = int(math.log2(size // INNERMOST))
    return [width if level < 2 else 2 * width for level in range(levels)]


class ConvolutionalEncoder(nn.Module):
    """Pictures (N, channels, size, size) -> (N, outputs); with classes, labels (N,) join before the dense layers."""

    def __init__(self, channels: int, width: int, size: int, outputs: int, classes: int = 0) -> None:
        super().__init__()
        self.classes = classes
        widths = coder_widths(width, size)
        layers: list[nn.Module] = []
        for outer, inner in pairwise([channels, *widths]):
            layers += [nn.Conv2d(outer, inner, 4, 2, 1), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten())
        self.dense = nn.Linear(widths[-1] * INNERMOST**2 + classes, 8 * width)
        self.head = nn.Linear(8 * width, outputs)
        _first_weights(self)
        nn.init.xavier_uniform_(self.head.weight)

    def forward(self, pictures: Tensor, labels: Tensor | None = None) -> Tensor:
        features = _beside(self.body(pictures), labels, self.classes)
        outputs: Tensor = self.head(torch.relu(self.dense(features)))
        return outputs


class ConvolutionalDecoder(nn.Module):
    """Latents (N, latents), and labels (N,) where there are classes -> (N, channels, size, size), of any range."""

    def __init__(self, latents: int, width: int, size: int, channels: int, classes: int = 0) -> None:
        super().__init__()
        self.classes = classes
        widths = coder_widths(width, size)[::-1]
        self.dense = nn.Sequential(
            nn.Linear(latents + classes, 8 * width),
            nn.ReLU(),
            nn.Linear(8 * width, widths[0] * INNERMOST**2),
            nn.ReLU(),
            nn.Unflatten(1, (widths[0], INNERMOST, INNERMOST)),
        )
        layers: list[nn.Module] = []
        for inner, outer in pairwise(widths):
            layers += [nn.ConvTranspose2d(inner, outer, 4, 2, 1), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1))
        _first_weights(self)

    def forward(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        pictures: Tensor = self.body(self.dense(_beside(latents, labels, self.classes)))
        return pictures


def _beside(features: Tensor, labels: Tensor | None, classes: int) -> Tensor:
    """The class after the features, one-hot or as weights, where there are classes."""
    if not classes:
        return features
    assert labels is not None
    return torch.cat([features, class_weights(labels, classes).to(features.dtype)], 1)


def _first_weights(network: nn.Module) -> None:
    """What goes in keeps its strength through rectifiers (He 2015), biases 0."""
    for module in network.modules():
        if isinstance(module, nn.ConvTranspose2d):
            # Each pixel hears a quarter of the 4x4 taps of every channel: the stride of two skips the others.
            nn.init.normal_(module.weight, 0.0, math.sqrt(2 / (module.in_channels * 4)))
        elif isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        else:
            continue
        assert module.bias is not None
        nn.init.zeros_(module.bias)
