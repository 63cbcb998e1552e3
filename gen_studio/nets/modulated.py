"""Modulated convolution: a style scales what a convolution reads, and demodulation takes its effect on the size back.

Karras et al. 2019, arXiv:1912.04958, section 2.2.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.equalised import HE_GAIN, SLOPE, EqualisedLinear, scaled_leaky
from gen_studio.nets.resampling import BINOMIAL_3, Blur
from gen_studio.nets.settling import Settles, still
from gen_studio.nets.styles import NoiseInput, NoiseSource, Still

DEMODULATION_EPSILON = 1e-8


class ModulatedConv2d(nn.Module):
    """Features (N, inputs, h, w) and styles (N, style_size) -> (N, outputs, h, w), or twice the side with `up`.

    Each picture has the weights w'_oik = s_i w_oik, demodulated to w'_oik / sqrt(sum over i, k of w'_oik^2 + 1e-8).
    Scaling what goes in by s and what comes out by the root is the same, and takes one convolution for all pictures.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, style_size: int, *, demodulate: bool = True, up: bool = False
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(nn.init.normal_(torch.empty(outputs, inputs, kernel, kernel)))
        self.scale = 1 / math.sqrt(inputs * kernel * kernel)
        self.demodulate = demodulate
        self.affine = EqualisedLinear(style_size, inputs, bias=1.0)
        # Behind a transposed convolution, which leaves three of four places to the neighbours.
        self.blur = Blur(BINOMIAL_3, padding=1, gain=4.0) if up else None

    def forward(self, features: Tensor, styles: Tensor) -> Tensor:
        weight = self.weight * self.scale
        with torch.autocast(features.device.type, enabled=False):
            scales = self.affine(styles.float())  # (N, inputs)
            sizes = self._sizes(weight, scales) if self.demodulate else None
        features = self._convolve(features * scales[:, :, None, None].to(features.dtype), weight)
        return features if sizes is None else features * sizes[:, :, None, None].to(features.dtype)

    def _convolve(self, features: Tensor, weight: Tensor) -> Tensor:
        if self.blur is None:
            return F.conv2d(features, weight, padding=weight.shape[-1] // 2)
        blurred: Tensor = self.blur(F.conv_transpose2d(features, weight.transpose(0, 1), stride=2))
        return blurred

    @staticmethod
    def _sizes(weight: Tensor, scales: Tensor) -> Tensor:
        return demodulation(scales, powers(weight))


def powers(weight: Tensor) -> Tensor:
    """(inputs, outputs): how much of each input's power reaches each output."""
    return weight.square().sum((2, 3)).T


def demodulation(scales: Tensor, powers: Tensor) -> Tensor:
    """(N, inputs) -> (N, outputs): what brings the variance of every output back to one."""
    return (scales.square() @ powers + DEMODULATION_EPSILON).rsqrt()


class StyledLayer(nn.Module, Settles):
    """A modulated 3x3 convolution, noise of one strength, a bias and a leaky ReLU with gain sqrt(2).

    size: of the side of what comes out.
    """

    def __init__(self, inputs: int, outputs: int, style_size: int, size: int, *, up: bool = False) -> None:
        super().__init__()
        self.convolution = ModulatedConv2d(inputs, outputs, 3, style_size, up=up)
        self.noise = NoiseInput(size)
        self.bias = nn.Parameter(torch.zeros(outputs, 1, 1))

    def forward(self, features: Tensor, styles: Tensor, noise: NoiseSource) -> Tensor:
        features = self.noise(self.convolution(features, styles), noise)
        return scaled_leaky(features + self.bias.to(features.dtype))

    def settled(self) -> "SettledLayer":
        return SettledLayer(self)


class StyledColours(nn.Module, Settles):
    """Features -> colours by a modulated 1x1 convolution that is not demodulated, in float32."""

    def __init__(self, inputs: int, channels: int, style_size: int) -> None:
        super().__init__()
        self.convolution = ModulatedConv2d(inputs, channels, 1, style_size, demodulate=False)
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, features: Tensor, styles: Tensor) -> Tensor:
        colours: Tensor = self.convolution(features, styles).float() + self.bias
        return colours

    def settled(self) -> "SettledModulation":
        return SettledModulation(self.convolution, self.bias)


class SettledModulation(nn.Module):
    """A modulated convolution and a bias whose weights stay, times a gain; in the type of its weights."""

    def __init__(self, layer: ModulatedConv2d, bias: Tensor, gain: float = 1.0) -> None:
        super().__init__()
        weight = layer.weight * layer.scale
        self.affine = layer.affine.settled()
        self.powers = still(powers(weight).contiguous()) if layer.demodulate else None
        self.blur = layer.blur
        # A transposed convolution has inputs before outputs.
        self.weight = still(gain * (weight if self.blur is None else weight.transpose(0, 1)))
        self.bias = still(gain * bias.flatten())

    def forward(self, features: Tensor, styles: Tensor) -> Tensor:
        scales = self.affine(styles)  # (N, inputs)
        sizes = None if self.powers is None else demodulation(scales, self.powers)
        if len(features) == 1:
            # A single picture has fewer weights than features, and biases come with its convolutions.
            return self._convolve(features, self.weight * self._factors(scales, sizes), self.bias)
        features = self._convolve(features * scales[:, :, None, None], self.weight, None)
        if sizes is not None:
            features *= sizes[:, :, None, None]
        return features.add_(self.bias[:, None, None])

    def _factors(self, scales: Tensor, sizes: Tensor | None) -> Tensor:
        """What the weights of one picture are multiplied by, in their order of inputs and outputs."""
        if self.blur is None:
            factors = scales if sizes is None else sizes.T * scales
        else:
            factors = scales.T if sizes is None else scales.T * sizes
        return factors[:, :, None, None]

    def _convolve(self, features: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        if self.blur is None:
            return F.conv2d(features, weight, bias, padding=weight.shape[-1] // 2)
        return self.blur.filtered(F.conv_transpose2d(features, weight, stride=2), bias)


class SettledLayer(nn.Module):
    """A styled layer whose weights stay: a leaky ReLU's gain is one of what comes before it."""

    def __init__(self, layer: StyledLayer) -> None:
        super().__init__()
        self.convolution = SettledModulation(layer.convolution, layer.bias, HE_GAIN)
        self.noise = layer.noise
        self.strength = still(HE_GAIN * layer.noise.strength)

    def forward(self, features: Tensor, styles: Tensor, noise: NoiseSource) -> Tensor:
        features = self.convolution(features, styles)
        if noise is not Still.NONE:
            features += self.strength * self.noise.drawn(features, noise)
        return F.leaky_relu(features, SLOPE, inplace=True)
