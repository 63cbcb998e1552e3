"""Differentiable augmentation of what a discriminator sees, and the strength that adapts itself to overfitting.

Zhao et al. 2020, arXiv:2006.10738 (the operations); Karras et al. 2020, arXiv:2006.06676 (the adaptive strength).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BRIGHTNESS, SATURATION, CONTRAST = 0.5, 1.0, 0.5
SHIFT = 0.125
CUTOUT = 0.5


class Augmentation(nn.Module):
    """Colour, shift and cut-out, each with probability `strength` per picture; `strength` is saved with the model.

    With a `target` the strength moves by the sign of E[sign(D(real))] - target, so that it would go from 0 to 1 in
    500,000 pictures; without one it stays.
    """

    strength: Tensor

    def __init__(self, strength: float, target: float | None = None, ramp_pictures: int = 500_000) -> None:
        super().__init__()
        self.target = target
        self.ramp_pictures = ramp_pictures
        self.register_buffer("strength", torch.tensor(0.0 if target is not None else strength))

    def forward(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """(N, C, H, W) in [-1, 1] -> the same shape. The gradient passes through."""
        for operation in (_brightness, _saturation, _contrast, _shift, _cutout):
            changed = operation(images, rng)
            drawn = torch.rand((len(images), 1, 1, 1), generator=rng, device=images.device)
            images = torch.where(drawn < self.strength, changed, images)
        return images

    @torch.no_grad()
    def adapt(self, real_scores: Tensor) -> None:
        """Moves the strength after one batch of raw scores on real pictures. Does nothing without a target."""
        if self.target is None:
            return
        direction = torch.sign(torch.sign(real_scores.float()).mean() - self.target)
        self.strength.add_(direction * len(real_scores) / self.ramp_pictures).clamp_(0, 1)


def _uniform(images: Tensor, rng: torch.Generator) -> Tensor:
    """(N, 1, 1, 1) in [-0.5, 0.5)."""
    return torch.rand((len(images), 1, 1, 1), generator=rng, device=images.device, dtype=images.dtype) - 0.5


def _brightness(images: Tensor, rng: torch.Generator) -> Tensor:
    return images + 2 * BRIGHTNESS * _uniform(images, rng)


def _saturation(images: Tensor, rng: torch.Generator) -> Tensor:
    mean = images.mean(1, keepdim=True)
    return (images - mean) * (1 + 2 * SATURATION * _uniform(images, rng)) + mean


def _contrast(images: Tensor, rng: torch.Generator) -> Tensor:
    mean = images.mean((1, 2, 3), keepdim=True)
    return (images - mean) * (1 + 2 * CONTRAST * _uniform(images, rng)) + mean


def _shift(images: Tensor, rng: torch.Generator) -> Tensor:
    """Moves by whole pixels, up to an eighth of the side; what comes in from outside is grey."""
    number, _, height, width = images.shape
    most = (round(height * SHIFT), round(width * SHIFT))
    padded = F.pad(images, (most[1], most[1], most[0], most[0]))
    device = images.device
    tops = torch.randint(2 * most[0] + 1, (number, 1, 1), generator=rng, device=device)
    lefts = torch.randint(2 * most[1] + 1, (number, 1, 1), generator=rng, device=device)
    rows = tops + torch.arange(height, device=device)[None, :, None]  # (N, H, 1)
    columns = lefts + torch.arange(width, device=device)[None, None, :]  # (N, 1, W)
    picture = torch.arange(number, device=device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[picture, rows, columns].permute(0, 3, 1, 2)


def _cutout(images: Tensor, rng: torch.Generator) -> Tensor:
    """Greys a square of half the side around a random middle, as much of it as is in the picture."""
    number, _, height, width = images.shape
    device = images.device
    middle_y = torch.randint(height, (number, 1, 1, 1), generator=rng, device=device)
    middle_x = torch.randint(width, (number, 1, 1, 1), generator=rng, device=device)
    rows = torch.arange(height, device=device)[None, None, :, None]
    columns = torch.arange(width, device=device)[None, None, None, :]
    inside = _within(rows - middle_y, round(height * CUTOUT)) & _within(columns - middle_x, round(width * CUTOUT))
    return images * (~inside).to(images.dtype)


def _within(offsets: Tensor, length: int) -> Tensor:
    """Where an offset from the middle lies in a stretch of `length` whole pixels."""
    return (offsets >= -(length // 2)) & (offsets < length - length // 2)
