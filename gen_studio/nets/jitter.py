"""Random jitter of training pictures: a little larger, cut back at a random place, mirrored half of the time."""

import torch
import torch.nn.functional as F
from torch import Tensor

MARGIN = 30 / 256
"""Isola 2016, section 6.2: pictures of 256 pixels become 286 pixels wide before 256 are cut out again."""


def jitter(columns: dict[str, Tensor], rng: torch.Generator) -> dict[str, Tensor]:
    """Columns of (N, C, H, W) in the same shape, every picture moved by itself and its partners alike.

    Colours are interpolated; a picture of one channel keeps its own values, so that thin lines stay lines.
    """
    first = next(iter(columns.values()))
    number, _, height, width = first.shape
    tall, wide = height + max(1, round(MARGIN * height)), width + max(1, round(MARGIN * width))
    rows = _window(number, height, tall, rng, first.device)
    cells = _window(number, width, wide, rng, first.device)
    mirrored = torch.rand(number, 1, generator=rng, device=first.device) < 0.5
    cells = torch.where(mirrored, cells.flip(1), cells)
    place = torch.arange(number, device=first.device)[:, None, None]
    return {
        name: _enlarged(column, (tall, wide))[place, :, rows[:, :, None], cells[:, None, :]].permute(0, 3, 1, 2)
        for name, column in columns.items()
    }


def cut(images: Tensor, size: tuple[int, int], rng: torch.Generator) -> Tensor:
    """A part of `size` of every picture, each from a random place of its own; pictures of that size as they are."""
    height, width = images.shape[2:]
    if (height, width) == size:
        return images
    rows = _window(len(images), size[0], height, rng, images.device)
    cells = _window(len(images), size[1], width, rng, images.device)
    place = torch.arange(len(images), device=images.device)[:, None, None]
    return images[place, :, rows[:, :, None], cells[:, None, :]].permute(0, 3, 1, 2)


def _window(number: int, kept: int, length: int, rng: torch.Generator, device: torch.device) -> Tensor:
    """(number, kept) indices that rise by one from a start of each row's own."""
    starts = torch.randint(length - kept + 1, (number, 1), generator=rng, device=device)
    return starts + torch.arange(kept, device=device)


def _enlarged(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    if pictures.shape[1] == 1:
        return F.interpolate(pictures, size=size, mode="nearest-exact")
    return F.interpolate(pictures, size=size, mode="bilinear", align_corners=False)
