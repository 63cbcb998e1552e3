"""Patch discriminators at several scales that tell their features too (Wang et al. 2018, arXiv:1711.11585)."""

import math
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

SLOPE = 0.2
MOST_STRIDED = 3


class StagedPatchCritic(nn.Module):
    """(N, channels, size, size) -> what each stage makes of it; the last is one score per patch, (N, 1, h, w).

    4x4 convolutions, C64-C128-C256-C512 at a width of 64, instance norm without parameters but for the first. Patches
    are 70x70, less for pictures below 32 pixels, which have no room for three halvings.
    """

    def __init__(self, channels: int, width: int, size: int) -> None:
        super().__init__()
        strided = max(1, min(MOST_STRIDED, int(math.log2(size)) - 2))
        widths = [width * 2 ** min(level, 3) for level in range(strided + 1)]
        stages = [nn.Sequential(nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(SLOPE))]
        for level, (inner, outer) in enumerate(pairwise(widths), start=1):
            convolution = nn.Conv2d(inner, outer, 4, 2 if level < strided else 1, 1, bias=False)
            stages.append(nn.Sequential(convolution, nn.InstanceNorm2d(outer), nn.LeakyReLU(SLOPE)))
        stages.append(nn.Sequential(nn.Conv2d(widths[-1], 1, 4, 1, 1)))
        self.stages = nn.ModuleList(stages)

    def forward(self, images: Tensor) -> list[Tensor]:
        outputs = []
        for stage in self.stages:
            images = stage(images)
            outputs.append(images)
        return outputs


class MultiscaleCritic(nn.Module):
    """The same look at pictures (N, channels, size, size) and at their halves: the outputs of all stages, by scale."""

    def __init__(self, channels: int, width: int, size: int, scales: int = 2) -> None:
        super().__init__()
        self.critics = nn.ModuleList(StagedPatchCritic(channels, width, size >> scale) for scale in range(scales))

    def forward(self, images: Tensor) -> list[list[Tensor]]:
        outputs = []
        for place, critic in enumerate(self.critics):
            images = F.avg_pool2d(images, 2) if place else images
            outputs.append(critic(images))
        return outputs
