"""The U-Net that guesses the noise in a picture, told how noisy it is (Ho, Jain & Abbeel 2020, arXiv:2006.11239).

Pictures may have any size: what does not halve is rounded up on the way in and cut on the way out.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.noise import dropout

GROUPS = 32
LEAST_PER_GROUP = 4
LONGEST_WAVE = 10_000.0
WIDER = (1, 2)
"""Channels at the outermost sizes, as multiples of the width; further in they stay as they are."""


@dataclass(frozen=True)
class DenoiserShape:
    """width: channels at the outermost size. sizes: how many sizes of features, each half the one before.

    blocks: residual blocks at each on the way in; one more on the way out. attention: the largest features that are
    at most so high have attention; 0 for none. patch: squares of pixels that enter as one. dropout: in training.
    """

    width: int
    sizes: int = 4
    blocks: int = 2
    attention: int = 16
    patch: int = 1
    dropout: float = 0.0

    @property
    def widths(self) -> list[int]:
        return [self.width * WIDER[min(place, len(WIDER) - 1)] for place in range(self.sizes)]

    def attentive(self, height: int) -> int | None:
        """Which of the sizes has attention, for pictures of that height."""
        side = -(-height // self.patch)
        for place in range(self.sizes):
            if side <= self.attention:
                return place
            side = (side + 1) // 2
        return None


class Denoiser(nn.Module):
    """Noisy pictures (N, channels, H, W) and times (N,) from 0 to 1,000 -> noise of the same shape, in float32."""

    def __init__(self, channels: int, height: int, shape: DenoiserShape) -> None:
        super().__init__()
        self.shape = shape
        widths, inner = shape.widths, shape.widths[-1]
        attentive = shape.attentive(height)
        self.times = nn.Sequential(nn.Linear(2 * (shape.width // 2), 4 * shape.width), nn.SiLU())
        self.times.append(nn.Linear(4 * shape.width, 4 * shape.width))
        self.enter = nn.Conv2d(channels * shape.patch**2, shape.width, 3, padding=1)
        kept, now = [shape.width], shape.width
        self.inwards, self.shrink = nn.ModuleList(), nn.ModuleList()
        for place, width in enumerate(widths):
            for _ in range(shape.blocks):
                self.inwards.append(_Stage(now, width, shape, place == attentive))
                now = width
                kept.append(now)
            if place < shape.sizes - 1:
                self.shrink.append(nn.Conv2d(now, now, 3, 2, 1))
                kept.append(now)
        self.middle = nn.ModuleList([_Stage(inner, inner, shape, shape.attention > 0), _Stage(inner, inner, shape)])
        self.outwards, self.grow = nn.ModuleList(), nn.ModuleList()
        for place, width in reversed(list(enumerate(widths))):
            for _ in range(shape.blocks + 1):
                self.outwards.append(_Stage(now + kept.pop(), width, shape, place == attentive))
                now = width
            if place > 0:
                self.grow.append(nn.Conv2d(now, now, 3, padding=1))
        self.leave = nn.Sequential(
            group_norm(now), nn.SiLU(), zeroed(nn.Conv2d(now, channels * shape.patch**2, 3, 1, 1))
        )

    def forward(self, images: Tensor, times: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """rng: the chance of dropout; without it there is none."""
        told = self.times(waves(times, 2 * (self.shape.width // 2)))
        height, width = images.shape[2:]
        patch, blocks = self.shape.patch, self.shape.blocks
        padded = F.pad(images, (0, -width % patch, 0, -height % patch))
        features = self.enter(F.pixel_unshuffle(padded, patch))
        kept = [features]
        for place, stage in enumerate(self.inwards):
            features = stage(features, told, rng)
            kept.append(features)
            if place % blocks == blocks - 1 and place // blocks < len(self.shrink):
                features = self.shrink[place // blocks](features)
                kept.append(features)
        for stage in self.middle:
            features = stage(features, told, rng)
        for place, stage in enumerate(self.outwards):
            features = stage(torch.cat([features, kept.pop()], 1), told, rng)
            if place % (blocks + 1) == blocks and place // (blocks + 1) < len(self.grow):
                larger = F.interpolate(features, size=kept[-1].shape[2:], mode="nearest")
                features = self.grow[place // (blocks + 1)](larger)
        noise: Tensor = F.pixel_shuffle(self.leave(features), patch)
        return noise[:, :, :height, :width].float()


class _Stage(nn.Module):
    """norm, SiLU, 3x3, + time, norm, SiLU, dropout, 3x3 beside a shortcut; attention after it where asked for."""

    def __init__(self, inputs: int, outputs: int, shape: DenoiserShape, attentive: bool = False) -> None:
        super().__init__()
        self.dropout = shape.dropout
        self.before = group_norm(inputs)
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(4 * shape.width, outputs)
        self.between = group_norm(outputs)
        self.second = zeroed(nn.Conv2d(outputs, outputs, 3, padding=1))
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.attention = PlaceAttention(outputs) if attentive else None

    def forward(self, features: Tensor, told: Tensor, rng: torch.Generator | None) -> Tensor:
        hidden = self.first(F.silu(self.before(features))) + self.time(F.silu(told))[:, :, None, None]
        hidden = F.silu(self.between(hidden))
        if self.dropout and rng is not None:
            hidden = dropout(hidden, self.dropout, rng)
        answer: Tensor = self.shortcut(features) + self.second(hidden)
        return answer if self.attention is None else self.attention(answer)


class PlaceAttention(nn.Module):
    """(N, C, h, w) -> the same: every place attends to all, with one head, beside a shortcut; at first to nothing."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = group_norm(channels)
        self.ask = nn.Conv2d(channels, 3 * channels, 1)
        self.answer = zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, features: Tensor) -> Tensor:
        asked = self.ask(self.norm(features)).flatten(2).transpose(1, 2)  # (N, hw, 3C)
        query, key, value = asked.chunk(3, dim=2)
        found = F.scaled_dot_product_attention(query, key, value).transpose(1, 2)  # (N, C, hw)
        answer: Tensor = self.answer(found.unflatten(2, features.shape[2:]))
        return features + answer


def waves(times: Tensor, size: int) -> Tensor:
    """Sines and cosines of times (N,), from one radian a unit of time to a ten-thousandth of it: (N, size), even."""
    half = size // 2
    places = torch.arange(half, device=times.device, dtype=torch.float32)
    angles = times.float()[:, None] * torch.exp(-math.log(LONGEST_WAVE) * places / max(1, half - 1))
    return torch.cat([angles.sin(), angles.cos()], 1)


def group_norm(channels: int) -> nn.GroupNorm:
    """In 32 groups, or as many as leave at least four channels in each."""
    return nn.GroupNorm(math.gcd(GROUPS, max(1, channels // LEAST_PER_GROUP)), channels)


def zeroed(layer: nn.Conv2d) -> nn.Conv2d:
    """A layer that says nothing at first: a block begins as its shortcut."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
