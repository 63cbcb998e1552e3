"""Equalised learning rate: weights from N(0, 1), scaled when they are used, so that Adam moves all layers alike.

Karras et al. 2017, arXiv:1710.10196, section 4.1. The scale is He's constant, gain / sqrt(inputs of one unit).
"""

import math

import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.settling import Settles, still

HE_GAIN = math.sqrt(2)
"""For layers that a rectifier follows, where the rectifier itself has no gain."""
SLOPE = 0.2
PIXEL_EPSILON = 1e-8


class EqualisedLinear(nn.Linear, Settles):
    """y = (W * scale * multiplier) x + b * multiplier, with W from N(0, 1) / multiplier.

    A `multiplier` below 1 slows the layer's learning by that factor and changes nothing else. `bias` is the bias's
    first value.
    """

    def __init__(
        self, inputs: int, outputs: int, *, gain: float = 1.0, multiplier: float = 1.0, bias: float = 0.0
    ) -> None:
        super().__init__(inputs, outputs)
        self.scale = gain / math.sqrt(inputs) * multiplier
        self.multiplier = multiplier
        nn.init.normal_(self.weight, 0.0, 1 / multiplier)
        nn.init.constant_(self.bias, bias / multiplier)

    def forward(self, features: Tensor) -> Tensor:
        return F.linear(features, self.weight * self.scale, self.bias * self.multiplier)

    def settled(self) -> "SettledLinear":
        return SettledLinear(self.weight * self.scale, self.bias * self.multiplier)


class EqualisedConv2d(nn.Conv2d, Settles):
    """A convolution that keeps the picture's size at stride 1, unless `padding` says otherwise."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        stride: int = 1,
        padding: int | None = None,
        gain: float = HE_GAIN,
        bias: bool = True,
    ) -> None:
        around = kernel // 2 if padding is None else padding
        super().__init__(inputs, outputs, kernel, stride, around, bias=bias)
        self.scale = gain / math.sqrt(inputs * kernel * kernel)
        nn.init.normal_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def forward(self, features: Tensor) -> Tensor:
        return F.conv2d(features, self.weight * self.scale, self.bias, self.stride, self.padding)

    def settled(self) -> "SettledConv2d":
        return SettledConv2d(self.weight * self.scale, self.bias, self.stride, self.padding)


class SettledLinear(nn.Module):
    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias = still(weight), still(bias)

    def forward(self, features: Tensor) -> Tensor:
        return F.linear(features, self.weight, self.bias)


class SettledConv2d(nn.Module):
    def __init__(
        self, weight: Tensor, bias: Tensor | None, stride: tuple[int, ...], padding: str | tuple[int, ...]
    ) -> None:
        super().__init__()
        self.weight, self.bias = still(weight), None if bias is None else still(bias)
        self.stride, self.padding = stride, padding

    def forward(self, features: Tensor) -> Tensor:
        return F.conv2d(features, self.weight, self.bias, self.stride, self.padding)


class PixelNorm(nn.Module):
    """Divides each place's vector by its root mean square over channels, in float32: x / sqrt(E[x^2] + 1e-8)."""

    def forward(self, features: Tensor) -> Tensor:
        full = features.float()
        return (full * (full.square().mean(1, keepdim=True) + PIXEL_EPSILON).rsqrt()).to(features.dtype)


def leaky(features: Tensor) -> Tensor:
    """Leaky ReLU of slope 0.2, without a gain."""
    return F.leaky_relu(features, SLOPE)


def scaled_leaky(features: Tensor) -> Tensor:
    """Leaky ReLU of slope 0.2 times sqrt(2), which keeps the size of what passes (Karras 2019)."""
    return F.leaky_relu(features, SLOPE) * HE_GAIN
