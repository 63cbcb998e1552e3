"""Doubling and halving of pictures and features with small binomial filters, which keep aliases out.

The taps [1, 2, 1] and [1, 3, 3, 1] are applied along both axes and sum to one; outside of the picture is zero.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BINOMIAL_2 = (1, 2, 1)
BINOMIAL_3 = (1, 3, 3, 1)


class Blur(nn.Module):
    """Filters every channel by itself, with `padding` zeros around: (N, C, H, W) -> (N, C, H', W').

    `gain` is the factor on the mean, 4 behind a doubling that filled in zeros.
    """

    kernel: Tensor

    def __init__(self, taps: Sequence[int], padding: int, stride: int = 1, gain: float = 1.0) -> None:
        super().__init__()
        self.padding = padding
        self.stride = stride
        # Made anew with the network: nothing that was learnt, so nothing to save.
        self.register_buffer("kernel", gain * binomial(taps)[None, None], persistent=False)

    def forward(self, features: Tensor) -> Tensor:
        channels = features.shape[1]
        kernel = self.kernel.to(features.dtype).expand(channels, -1, -1, -1)
        return F.conv2d(features, kernel, stride=self.stride, padding=self.padding, groups=channels)


class SmoothDouble(nn.Module):
    """Twice the size, linearly interpolated, in float32: zeros in between, then [1, 3, 3, 1]."""

    kernel: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernel", 4 * binomial(BINOMIAL_3)[None, None], persistent=False)

    def forward(self, features: Tensor) -> Tensor:
        channels = features.shape[1]
        # Pictures go through here, and bfloat16 has fewer steps than they have shades.
        with torch.autocast(features.device.type, enabled=False):
            kernel = self.kernel.expand(channels, -1, -1, -1)
            return F.conv_transpose2d(features.float(), kernel, stride=2, padding=1, groups=channels)


def smooth_halve() -> Blur:
    """Half the size: [1, 3, 3, 1], then every other place."""
    return Blur(BINOMIAL_3, padding=1, stride=2)


def binomial(taps: Sequence[int]) -> Tensor:
    """(len(taps), len(taps)) with a sum of 1."""
    line = torch.tensor(taps, dtype=torch.float32)
    return torch.outer(line, line) / line.sum().square()


def double(features: Tensor) -> Tensor:
    """Twice the size, each value four times."""
    return F.interpolate(features, scale_factor=2, mode="nearest")


def halve(features: Tensor) -> Tensor:
    """Half the size, means of 2x2."""
    return F.avg_pool2d(features, 2)


def at_size(images: Tensor, size: int) -> Tensor:
    """Square pictures of another size, a power of two apart: means of squares downwards, repeated values upwards."""
    now = images.shape[-1]
    if size < now:
        return F.avg_pool2d(images, now // size)
    return F.interpolate(images, scale_factor=size // now, mode="nearest") if size > now else images
