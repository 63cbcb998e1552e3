"""The networks of the second StyleGAN: colours summed over resolutions in one, residual blocks in the other.

Karras et al. 2019, arXiv:1912.04958, section 4.1 and appendix B.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from gen_studio.nets.critic import BatchView, Critic, make_batch_view
from gen_studio.nets.equalised import EqualisedConv2d, EqualisedLinear, scaled_leaky
from gen_studio.nets.growing import INNERMOST
from gen_studio.nets.modulated import StyledColours, StyledLayer
from gen_studio.nets.resampling import BINOMIAL_3, Blur, SmoothDouble, smooth_halve
from gen_studio.nets.styles import MAPPING_LAYERS, MappingNetwork, NoiseSource, StyleGenerator


class StyleGAN2Generator(StyleGenerator):
    """Styles (N, 2 log2(size) - 2, S) -> pictures (N, channels, size, size).

    The colours of a resolution take the style of the next one's first convolution.
    """

    def __init__(
        self, latents: int, widths: Sequence[int], channels: int, mapping_layers: int = MAPPING_LAYERS
    ) -> None:
        super().__init__()
        self.mapping = MappingNetwork(latents, latents, mapping_layers)
        self.constant = nn.Parameter(nn.init.normal_(torch.empty(widths[0], INNERMOST, INNERMOST)))
        self.first = StyledLayer(widths[0], widths[0], latents, INNERMOST)
        self.widen = nn.ModuleList()
        self.keep = nn.ModuleList()
        for level, (inner, outer) in enumerate(pairwise(widths), start=1):
            size = INNERMOST << level
            self.widen.append(StyledLayer(inner, outer, latents, size, up=True))
            self.keep.append(StyledLayer(outer, outer, latents, size))
        self.to_colours = nn.ModuleList(StyledColours(width, channels, latents) for width in widths)
        self.enlarge = SmoothDouble()

    def forward(self, styles: Tensor, noise: NoiseSource) -> Tensor:
        features = self.first(self.constant.expand(len(styles), -1, -1, -1), styles[:, 0], noise)
        pictures: Tensor = self.to_colours[0](features, styles[:, 1])
        for level, (widen, keep) in enumerate(zip(self.widen, self.keep, strict=True), start=1):
            features = widen(features, styles[:, 2 * level - 1], noise)
            features = keep(features, styles[:, 2 * level], noise)
            pictures = self.enlarge(pictures) + self.to_colours[level](features, styles[:, 2 * level + 1])
        return pictures


class StyleGAN2Critic(Critic):
    """Pictures -> raw scores (N,), by residual blocks. widths: channels from 4x4 outwards."""

    def __init__(self, channels: int, widths: Sequence[int], batch_view: BatchView) -> None:
        view, extra = make_batch_view(batch_view, widths[0], INNERMOST)
        super().__init__(view)
        self.from_colours = EqualisedConv2d(channels, widths[-1], 1, gain=1.0)
        self.blocks = nn.Sequential(*(ResidualHalving(*pair) for pair in pairwise(widths[::-1])))
        self.near = EqualisedConv2d(widths[0] + extra, widths[0], 3, gain=1.0)
        self.dense = EqualisedLinear(widths[0] * INNERMOST**2, widths[0])
        self.head = EqualisedLinear(widths[0], 1)

    def features(self, images: Tensor) -> Tensor:
        features: Tensor = self.blocks(scaled_leaky(self.from_colours(images)))
        return features

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        near = scaled_leaky(self.near(features)).flatten(1)
        scores: Tensor = self.head(scaled_leaky(self.dense(near)))
        return scores.flatten()


class ResidualHalving(nn.Module):
    """(N, outer, 2h, 2w) -> (N, inner, h, w): two convolutions beside a linear path, divided by sqrt(2)."""

    def __init__(self, outer: int, inner: int) -> None:
        super().__init__()
        self.keep = EqualisedConv2d(outer, outer, 3, gain=1.0)
        self.blur = Blur(BINOMIAL_3, padding=2)
        self.halve = EqualisedConv2d(outer, inner, 3, stride=2, padding=0, gain=1.0)
        self.smooth_halve = smooth_halve()
        self.skip = EqualisedConv2d(outer, inner, 1, gain=1.0, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        deep = scaled_leaky(self.halve(self.blur(scaled_leaky(self.keep(features)))))
        linear: Tensor = self.skip(self.smooth_halve(features))
        return (deep + linear) / math.sqrt(2)
