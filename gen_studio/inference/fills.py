"""Holes filled without a model, to hold models against: with the mean colour, and smoothly from the edges inwards.

Pictures are (N, C, H, W) float; holes (N, 1, H, W), above a half where pixels are missing. Known pixels stay.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

TOLERANCE = 1e-4
"""Of the residual, as a share of the first one."""


def mean_fill(images: Tensor, holes: Tensor) -> Tensor:
    """Each hole in the mean colour of what is known of its picture; where nothing is, 0."""
    missing = holes > 0.5
    known = (~missing).to(images.dtype)
    total = images.masked_fill(missing, 0).sum((2, 3), keepdim=True)
    return torch.where(missing, total / known.sum((2, 3), keepdim=True).clamp_min(1), images)


def diffusion_fill(images: Tensor, holes: Tensor, most_steps: int = 1000) -> Tensor:
    """Each hole harmonic: every missing pixel the mean of its neighbours, of three or two at the picture's edge.

    What heat would come to if it flowed in from what is known. Conjugate gradients, until the residual is small.
    """
    missing = (holes > 0.5).expand_as(images)
    inside = missing.to(torch.float32)
    known = images.float().masked_fill(missing, 0)
    # Starting at the mean, only what differs from it has to flow.
    found = mean_fill(images.float(), holes) * inside
    residual = -_differences(known + found) * inside
    first = _product(residual, residual)
    direction, power = residual, first
    for _ in range(most_steps):
        if bool((power <= TOLERANCE**2 * first).all()):
            break
        spread = _differences(direction) * inside
        length = power / _product(direction, spread).clamp_min(1e-20)
        found = found + length * direction
        residual = residual - length * spread
        before, power = power, _product(residual, residual)
        direction = residual + power / before.clamp_min(1e-20) * direction
    return torch.where(missing, found.to(images.dtype), images)


def _differences(pictures: Tensor) -> Tensor:
    """Every pixel's differences to its neighbours, summed. Beyond the edge there are none."""
    padded = F.pad(pictures, (1, 1, 1, 1), mode="replicate")
    around = padded[:, :, :-2, 1:-1] + padded[:, :, 2:, 1:-1] + padded[:, :, 1:-1, :-2] + padded[:, :, 1:-1, 2:]
    return 4 * pictures - around


def _product(one: Tensor, other: Tensor) -> Tensor:
    """(N, C, 1, 1): every channel of every picture is a problem of its own."""
    return (one * other).sum((2, 3), keepdim=True)
