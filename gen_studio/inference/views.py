"""What there is to look at in a model: a table from capability to pictures, so that nobody asks for a model's name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gen_studio.core.description import ViewInfo
from gen_studio.data.spec import Batch
from gen_studio.inference.images import to_pictures
from gen_studio.models.capabilities import CanDenoise, CanReconstruct, CanSample, CanTranslate, Capability


@dataclass(frozen=True)
class View:
    """One way of looking, and how its pictures are made."""

    info: ViewInfo
    requires: type[Capability]
    render: Callable[[Any, Batch, int, torch.Generator], list[Tensor]]


def _translations(model: CanTranslate, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    assert examples.inputs is not None
    inputs = examples.inputs[:count]
    return [inputs, model.translate(inputs, rng), examples.images[:count]]


def _samples(model: CanSample, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    return [model.sample(count, rng)]


def _reconstructions(model: CanReconstruct, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    images = examples.images[:count]
    return [images, model.reconstruct(images, rng)]


def _denoised(model: CanDenoise, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    images = examples.images[:count]
    noisy = model.corrupt(images, rng)
    return [noisy, model.reconstruct(noisy, rng), images]


VIEWS = (
    View(ViewInfo("translations", "Translations", ("Input", "Output", "Target")), CanTranslate, _translations),
    View(ViewInfo("samples", "Samples", ("Sample",)), CanSample, _samples),
    View(ViewInfo("denoised", "Denoised", ("Noisy", "Cleaned", "Picture")), CanDenoise, _denoised),
    View(ViewInfo("reconstructions", "Reconstructions", ("Picture", "Rebuilt")), CanReconstruct, _reconstructions),
)


def views_of(family: type) -> tuple[View, ...]:
    """The views a family offers, the most telling first."""
    return tuple(view for view in VIEWS if issubclass(family, view.requires))


@torch.no_grad()
def render(view: View, model: nn.Module, examples: Batch, count: int, rng: torch.Generator) -> NDArray[np.uint8]:
    """`count` items as (count * per_item, H, W, C) uint8, the pictures of one item side by side.

    The model must be in evaluation mode. Grey pictures beside coloured ones become coloured.
    """
    groups = [to_pictures(group) for group in view.render(model, examples, count, rng)]
    channels = max(group.shape[-1] for group in groups)
    groups = [np.repeat(group, channels, -1) if group.shape[-1] < channels else group for group in groups]
    return np.stack(groups, 1).reshape(-1, *groups[0].shape[1:])
