"""Chance inside networks, always from a generator that is handed in: torch's own dropout draws from a global state."""

import torch
from torch import Tensor


def normal_like(like: Tensor, rng: torch.Generator) -> Tensor:
    """Standard normal noise of the same shape, type and device."""
    return torch.randn(like.shape, generator=rng, device=like.device, dtype=like.dtype)


def dropout(features: Tensor, probability: float, rng: torch.Generator) -> Tensor:
    """Zeroes each element with the given probability and scales the rest so that the mean stays."""
    keep = torch.empty(features.shape, device=features.device, dtype=features.dtype)
    keep.bernoulli_(1 - probability, generator=rng)
    return features * keep / (1 - probability)
