"""Self-attention over the places of a picture (Zhang et al. 2018, arXiv:1805.08318)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """(N, C, h, w) -> the same: what is there, and a learnt share of what was found elsewhere in the picture.

    Query and key have C / 8 channels, the value C / 2; key and value are max-pooled to half the side. The share
    starts at 0, so that a network first learns from what is near.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        narrow, half = max(1, channels // 8), max(1, channels // 2)
        self.query = nn.Conv2d(channels, narrow, 1, bias=False)
        self.key = nn.Conv2d(channels, narrow, 1, bias=False)
        self.value = nn.Conv2d(channels, half, 1, bias=False)
        self.output = nn.Conv2d(half, channels, 1, bias=False)
        self.share = nn.Parameter(torch.zeros(()))

    def forward(self, features: Tensor) -> Tensor:
        query = self.query(features).flatten(2).transpose(1, 2)  # (N, hw, C/8)
        key = F.max_pool2d(self.key(features), 2).flatten(2).transpose(1, 2)  # (N, hw/4, C/8)
        value = F.max_pool2d(self.value(features), 2).flatten(2).transpose(1, 2)  # (N, hw/4, C/2)
        # Written out: torch's fused attention has no second derivative, which a gradient penalty takes.
        weights = torch.softmax((query @ key.transpose(1, 2)).float(), dim=2)  # (N, hw, hw/4)
        found = weights.to(value.dtype) @ value  # (N, hw, C/2)
        found = found.transpose(1, 2).unflatten(2, features.shape[2:])
        answer: Tensor = self.output(found)
        return features + self.share * answer
