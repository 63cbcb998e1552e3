"""Bicubic shrinking and enlarging: where small pictures come from, and what a network that enlarges has to beat."""

import torch.nn.functional as F
from torch import Tensor

STEPS = 127.5
"""Steps between shades of an 8-bit picture, in [-1, 1]."""


def shrunk(images: Tensor, scale: int) -> Tensor:
    """(N, C, H, W) in [-1, 1], sides that are multiples of `scale` -> (N, C, H / scale, W / scale).

    The kernel is as wide as it takes to heed every pixel. What is left has 256 shades, as in a picture file.
    """
    size = (images.shape[2] // scale, images.shape[3] // scale)
    small = F.interpolate(images.float(), size=size, mode="bicubic", antialias=True, align_corners=False)
    return small.add(1).mul(STEPS).round().clamp(0, 2 * STEPS).div(STEPS).sub(1)


def enlarged(images: Tensor, scale: int) -> Tensor:
    """(N, C, h, w) -> (N, C, scale * h, scale * w), cut back to [-1, 1] where the kernel overshoots."""
    size = (scale * images.shape[2], scale * images.shape[3])
    return F.interpolate(images.float(), size=size, mode="bicubic", align_corners=False).clamp(-1, 1)
