"""The patch discriminator: scores overlapping patches of a picture instead of the whole (Isola 2017)."""

from itertools import pairwise

from torch import nn


def patch_critic(channels: int, width: int = 64, strided_layers: int = 3, affine: bool = True) -> nn.Sequential:
    """C64-C128-C256-C512 and one score per patch, (N, C, H, W) -> (N, 1, h, w).

    With three strided layers each score sees 70x70 pixels, with two 34x34. The first layer is not normalised; the
    others normalise each picture by itself, which is what BatchNorm does at the paper's batch size of 1. affine:
    whether those norms have scales and shifts that are learnt.
    """
    layers: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
    widths = [width * 2 ** min(level, 3) for level in range(strided_layers + 1)]
    for level, (inner, outer) in enumerate(pairwise(widths)):
        stride = 2 if level < strided_layers - 1 else 1
        layers += [nn.Conv2d(inner, outer, 4, stride, 1, bias=affine), nn.InstanceNorm2d(outer, affine=affine)]
        layers += [nn.LeakyReLU(0.2, inplace=True)]
    layers += [nn.Conv2d(widths[-1], 1, 4, 1, 1)]
    return nn.Sequential(*layers)


def receptive_field(strided_layers: int = 3) -> int:
    """Side in pixels of the patch behind one score."""
    field = 1
    for stride in [1, 1] + [2] * strided_layers:
        field = (field - 1) * stride + 4
    return field
