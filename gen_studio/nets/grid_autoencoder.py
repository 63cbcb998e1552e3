"""The networks of a VQ-VAE (van den Oord 2017, arXiv:1711.00937): pictures to a grid of features, and back."""

import torch.nn.functional as F
from torch import Tensor, nn

RESIDUAL_BLOCKS = 2


class GridEncoder(nn.Module):
    """Pictures (N, C, H, W), sides multiples of 2^halvings -> features (N, dimensions, h, w).

    4x4 convolutions of stride 2, one of 3x3, two residual blocks.
    """

    def __init__(self, channels: int, width: int, dimensions: int, halvings: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for place in range(halvings):
            layers += [nn.Conv2d(width if place else channels, width, 4, 2, 1), nn.ReLU()]
        layers += [nn.Conv2d(width, width, 3, 1, 1), *_blocks(width), nn.ReLU(), nn.Conv2d(width, dimensions, 1)]
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        features: Tensor = self.layers(images)
        return features


class GridDecoder(nn.Module):
    """The encoder back to front: features (N, dimensions, h, w) -> outputs (N, C, H, W), not bounded."""

    def __init__(self, channels: int, width: int, dimensions: int, halvings: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(dimensions, width, 3, 1, 1), *_blocks(width)]
        for place in reversed(range(halvings)):
            layers += [nn.ReLU(), nn.ConvTranspose2d(width, width if place else channels, 4, 2, 1)]
        self.layers = nn.Sequential(*layers)

    def forward(self, features: Tensor) -> Tensor:
        outputs: Tensor = self.layers(features)
        return outputs


class _Block(nn.Module):
    """ReLU, 3x3 at a quarter of the width, ReLU, 1x1 beside nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        narrow = max(1, width // 4)
        self.layers = nn.Sequential(
            nn.ReLU(), nn.Conv2d(width, narrow, 3, 1, 1), nn.ReLU(), nn.Conv2d(narrow, width, 1)
        )

    def forward(self, features: Tensor) -> Tensor:
        answer: Tensor = self.layers(features)
        return features + answer


def _blocks(width: int) -> list[nn.Module]:
    return [_Block(width) for _ in range(RESIDUAL_BLOCKS)]


def padded(images: Tensor, multiple: int) -> Tensor:
    """Pictures whose sides are multiples, by repeating the last row and column; to be cut off again."""
    height, width = images.shape[2:]
    return F.pad(images, (0, -width % multiple, 0, -height % multiple), mode="replicate")
