"""Doubling and halving of pictures and features with small binomial filters, which keep aliases out.

The taps [1, 2, 1] and [1, 3, 3, 1] are applied along both axes and sum to one; outside of the picture is zero.
"""

from collections.abc import Sequence
from typing import Any

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
        filtered: Tensor = _Gather.apply(features, self.kernel, self.stride, self.padding)
        return filtered

    def filtered(self, features: Tensor, bias: Tensor | None) -> Tensor:
        """The same with a bias (C,), where no gradient is wanted."""
        return F.conv2d(
            features, _each(self.kernel, features), bias, self.stride, self.padding, groups=features.shape[1]
        )


class SmoothDouble(nn.Module):
    """Twice the size, linearly interpolated, in float32: zeros in between, then [1, 3, 3, 1]."""

    kernel: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernel", 4 * binomial(BINOMIAL_3)[None, None], persistent=False)

    def forward(self, features: Tensor) -> Tensor:
        # Pictures go through here, and bfloat16 has fewer steps than they have shades.
        with torch.autocast(features.device.type, enabled=False):
            doubled: Tensor = _Spread.apply(features.float(), self.kernel, 2, 1, 2 * features.shape[2])
        return doubled


class _Gather(torch.autograd.Function):
    """The same filter for every channel. Its gradient is `_Spread` and the other way round.

    Autograd would find the same; but to it a gradient's gradient is a matter of general convolutions, which takes
    seven times as long here, and every penalty on a discriminator's gradient comes through it.
    """

    @staticmethod
    def forward(ctx: Any, features: Tensor, kernel: Tensor, stride: int, padding: int) -> Tensor:
        ctx.save_for_backward(kernel)
        ctx.layout = (stride, padding, features.shape[2])
        return F.conv2d(features, _each(kernel, features), stride=stride, padding=padding, groups=features.shape[1])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return _Spread.apply(gradients[0], ctx.saved_tensors[0], *ctx.layout), None, None, None


class _Spread(torch.autograd.Function):
    """The transpose of `_Gather`, back to features of that height; height and width are both even or both odd."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, kernel: Tensor, stride: int, padding: int, height: int) -> Tensor:
        ctx.save_for_backward(kernel)
        ctx.layout = (stride, padding)
        return F.conv_transpose2d(
            features,
            _each(kernel, features),
            stride=stride,
            padding=padding,
            output_padding=(height + 2 * padding - kernel.shape[2]) % stride,
            groups=features.shape[1],
        )

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return _Gather.apply(gradients[0], ctx.saved_tensors[0], *ctx.layout), None, None, None, None


def _each(kernel: Tensor, features: Tensor) -> Tensor:
    """One copy of the kernel for each channel, without copying."""
    return kernel.to(features.dtype).expand(features.shape[1], -1, -1, -1)


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
