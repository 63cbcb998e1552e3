"""The shape that all discriminators share, and what lets one look at a whole batch at once."""

from abc import ABC, abstractmethod
from enum import Enum
from typing import assert_never

import torch
from torch import Tensor, nn


class BatchView(Enum):
    """How a discriminator compares the pictures of a batch with each other."""

    NONE = "none"
    DISCRIMINATION = "minibatch discrimination"
    DEVIATION = "minibatch standard deviation"


class Critic(nn.Module, ABC):
    """Features first, raw scores from them. `forward` is both; feature matching takes the features alone.

    A family's last layers take `extra_channels` more than its features have: those that `batch_view` appends.
    `chance` is there for the length of a training step, for critics with dropout; without it they leave it out.
    """

    chance: torch.Generator | None = None

    def __init__(self, batch_view: "nn.Module | None" = None) -> None:
        super().__init__()
        self.batch_view = batch_view

    def entry(self, images: Tensor, labels: Tensor | None) -> Tensor:
        """What the first layer sees: the pictures, (N, C, H, W), unless something is to stand beside them."""
        return images

    @abstractmethod
    def features(self, images: Tensor) -> Tensor:
        """What `entry` gives -> (N, F, h, w) or (N, F)."""

    @abstractmethod
    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        """Features with the extra channels, labels (N,) or None -> raw scores (N,) or (N, ...)."""

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        features = self.features(self.entry(images, labels))
        if self.batch_view is not None:
            features = self.batch_view(features)
        return self.score(features, labels)


def make_batch_view(kind: BatchView, channels: int, size: int) -> tuple[nn.Module | None, int]:
    """The module and how many channels it appends to (N, channels, size, size) features."""
    match kind:
        case BatchView.NONE:
            return None, 0
        case BatchView.DISCRIMINATION:
            module = MinibatchDiscrimination(channels * size * size)
            return module, module.kernels
        case BatchView.DEVIATION:
            return MinibatchDeviation(), 1
        case _:
            assert_never(kind)


class MinibatchDiscrimination(nn.Module):
    """Salimans et al. 2016, arXiv:1606.03498: o_b(x_i) = sum over j of exp(-|M_ib - M_jb|_1), M = T f.

    Appends `kernels` channels to (N, F, h, w), or features to (N, F). Real and fake batches must pass apart.
    """

    def __init__(self, features: int, kernels: int = 16, dimensions: int = 8) -> None:
        super().__init__()
        self.kernels = kernels
        self.dimensions = dimensions
        self.projection = nn.Linear(features, kernels * dimensions, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        rows = self.projection(features.flatten(1)).view(-1, self.kernels, self.dimensions)
        distances = (rows[:, None] - rows[None]).abs().sum(3)  # (N, N, kernels)
        # Every picture is at distance 0 of itself; the constant that this adds is taken off.
        closeness = torch.exp(-distances.float()).sum(1) - 1
        return _append(features, closeness.to(features.dtype))


class MinibatchDeviation(nn.Module):
    """Karras et al. 2017, arXiv:1710.10196: the standard deviation over groups of four, averaged, as one channel."""

    def __init__(self, group: int = 4) -> None:
        super().__init__()
        self.group = group

    def forward(self, features: Tensor) -> Tensor:
        number = len(features)
        group = next(size for size in range(min(self.group, number), 0, -1) if number % size == 0)
        grouped = features.float().reshape(group, -1, *features.shape[1:])  # (G, N/G, F, ...)
        deviation = (grouped.var(0, unbiased=False) + 1e-8).sqrt().flatten(1).mean(1)  # (N/G,)
        return _append(features, deviation.repeat(group)[:, None].to(features.dtype))


def _append(features: Tensor, values: Tensor) -> Tensor:
    """Appends values (N, K) to features (N, F) or, the same at every place, to (N, F, h, w)."""
    if features.ndim == 4:
        values = values[:, :, None, None].expand(-1, -1, *features.shape[2:])
    return torch.cat([features, values], 1)
