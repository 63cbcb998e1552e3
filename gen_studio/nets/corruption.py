"""Ways to damage pictures (N, C, H, W) in [-1, 1], each with fresh chance; whole pixels are hit, in all channels."""

import torch
from torch import Tensor

from gen_studio.nets.noise import normal_like

BLACK, WHITE = -1.0, 1.0


def gaussian(images: Tensor, deviation: float, rng: torch.Generator) -> Tensor:
    """Adds noise of that standard deviation. Nothing is clipped."""
    return images + deviation * normal_like(images, rng)


def masked(images: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Blackens each pixel with that probability."""
    return torch.where(_chance(images, rng) < share, BLACK, images)


def salted(images: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Makes each pixel black or white, by the toss of a fair coin, with that probability."""
    chance = _chance(images, rng)
    extremes = torch.where(chance < share / 2, BLACK, WHITE).to(images.dtype)
    return torch.where(chance < share, extremes, images)


def _chance(images: Tensor, rng: torch.Generator) -> Tensor:
    """(N, 1, H, W), uniform in [0, 1)."""
    return torch.rand((len(images), 1, *images.shape[2:]), generator=rng, device=images.device)
