"""The generator and the discriminator of SRGAN (Ledig et al. 2016, arXiv:1609.04802, figure 4)."""

from itertools import pairwise
from math import ceil, log2

import torch.nn.functional as F
from torch import Tensor, nn

OUTER = 9
"""Side of the first and the last kernel."""
HALVINGS = 4
LEAKY = 0.2


class ResidualBlock(nn.Module):
    """3x3, BatchNorm, PReLU, 3x3, BatchNorm, and what went in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.PReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, features: Tensor) -> Tensor:
        changed: Tensor = self.body(features)
        return features + changed


class SRResNet(nn.Module):
    """(N, C, h, w) -> (N, C, scale * h, scale * w): residual blocks on the small picture, then doublings.

    A doubling is a convolution to four times the channels, whose pixels are then shuffled into squares of 2x2.
    """

    def __init__(self, channels: int, width: int, blocks: int, scale: int) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(channels, width, OUTER, padding=OUTER // 2), nn.PReLU())
        self.blocks = nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))
        self.after = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))
        doublings: list[nn.Module] = []
        for _ in range(int(log2(scale))):
            doublings += [nn.Conv2d(width, 4 * width, 3, padding=1), nn.PixelShuffle(2), nn.PReLU()]
        self.doublings = nn.Sequential(*doublings)
        self.last = nn.Conv2d(width, channels, OUTER, padding=OUTER // 2)

    def forward(self, small: Tensor) -> Tensor:
        early = self.first(small)
        features = early + self.after(self.blocks(early))
        large: Tensor = self.last(self.doublings(features))
        return large


def reach(blocks: int, scale: int) -> int:
    """How many pixels of the small picture to each side a pixel of the answer depends on, at most."""
    on_small = OUTER // 2 + 2 * blocks + 1
    doubled = sum(0.5**level for level in range(int(log2(scale))))
    return on_small + ceil(doubled + (OUTER // 2) / scale)


class ResolutionCritic(nn.Module):
    """(N, C, H, W) -> one score each, (N,): eight 3x3 convolutions, every other one halving, then two dense layers."""

    def __init__(self, channels: int, width: int, height: int, breadth: int) -> None:
        super().__init__()
        widths = [width * 2 ** (layer // 2) for layer in range(2 * HALVINGS)]
        layers: list[nn.Module] = [nn.Conv2d(channels, width, 3, padding=1), nn.LeakyReLU(LEAKY, inplace=True)]
        for place, (inner, outer) in enumerate(pairwise(widths), 1):
            layers += [nn.Conv2d(inner, outer, 3, 1 + place % 2, 1, bias=False), nn.BatchNorm2d(outer)]
            layers += [nn.LeakyReLU(LEAKY, inplace=True)]
        self.body = nn.Sequential(*layers)
        places = -(-height // 2**HALVINGS) * -(-breadth // 2**HALVINGS)
        self.first_dense = nn.Linear(widths[-1] * places, 16 * width)
        self.last_dense = nn.Linear(16 * width, 1)

    def forward(self, images: Tensor) -> Tensor:
        features = self.body(images).flatten(1)
        scores: Tensor = self.last_dense(F.leaky_relu(self.first_dense(features), LEAKY))
        return scores.flatten()
