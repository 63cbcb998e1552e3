"""Numbered samples: the picture of a seed at a place is the same however many others are asked for."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.inference.images import to_pictures
from gen_studio.models.capabilities import CanSample, HasLatent, IsConditional

PORTION = 16


def draw_latents(model: HasLatent, count: int, seed: int) -> Tensor:
    """(count, *latent_shape) on the CPU, drawn one after the other, so that more of them do not change the first."""
    rng = torch.Generator().manual_seed(seed)
    return torch.cat([model.draw_latents(1, rng) for _ in range(count)])


@torch.no_grad()
def samples(
    model: CanSample, count: int, seed: int, device: torch.device | str = "cpu", portion: int = PORTION
) -> NDArray[np.uint8]:
    """The first `count` pictures of a seed, (count, H, W, C) uint8. The model is in evaluation mode on the device.

    Every portion is computed at its full length and then cut: kernels differ in the last bits between batch sizes.
    """
    # A seed means the same latents on every device, so chance is drawn on the CPU wherever it is a latent.
    portions = (
        _decoded(model, count, seed, device, portion)
        if isinstance(model, HasLatent) and model.samples_are_decoded
        else _drawn(model, count, seed, device, portion)
    )
    return np.concatenate([to_pictures(images) for images in portions])[:count]


def _decoded(model: HasLatent, count: int, seed: int, device: torch.device | str, portion: int) -> Iterator[Tensor]:
    latents = draw_latents(model, _whole(count, portion), seed)
    if not isinstance(model, IsConditional):
        yield from (model.decode(part.to(device)) for part in latents.split(portion))
        return
    # Classes in turn by the picture's number: left to the model, every portion would begin with the first again.
    labels = torch.arange(len(latents)) % len(model.class_names)
    for part, wanted in zip(latents.split(portion), labels.split(portion), strict=True):
        yield model.decode_as(part.to(device), wanted.to(device))


def _drawn(model: CanSample, count: int, seed: int, device: torch.device | str, portion: int) -> Iterator[Tensor]:
    seeds = torch.Generator().manual_seed(seed)
    for _ in range(_whole(count, portion) // portion):
        # Each portion has a generator of its own: what a longer portion draws must not reach into the next.
        own = int(torch.randint(2**62, (1,), generator=seeds).item())
        yield model.sample(portion, torch.Generator(device).manual_seed(own))


def _whole(count: int, portion: int) -> int:
    return -(-count // portion) * portion
