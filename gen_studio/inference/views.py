"""What there is to look at in a model: a table from capability to pictures, so that nobody asks for a model's name."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gen_studio.core.description import SAMPLES, ViewInfo
from gen_studio.data.spec import Batch
from gen_studio.inference.images import to_pictures
from gen_studio.inference.painting import coloured
from gen_studio.models.capabilities import (
    CanDenoise,
    CanInpaint,
    CanPaint,
    CanReconstruct,
    CanSample,
    CanTranslate,
    CanTranslateBothWays,
    CanUpscale,
    Capability,
    FormsInSteps,
    HasLatent,
    IsConditional,
)

GRID = 9
"""Quantiles of each latent on the prior's grid."""
MOMENTS = 8
"""Of a sample that forms step by step."""
EXAMPLES = "{items} held-out examples"


@dataclass(frozen=True)
class View:
    """One way of looking, and how its pictures are made.

    applies: whether a model that can do what is required is also one of this shape; settings may decide it.
    """

    info: ViewInfo
    requires: type[Capability]
    render: Callable[[Any, Batch, int, torch.Generator], list[Tensor]]
    applies: Callable[[Any], bool] = lambda model: True


def _translations(model: CanTranslate, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    assert examples.inputs is not None
    inputs = examples.inputs[:count]
    return [inputs, model.translate(inputs, rng), examples.images[:count]]


def _there_and_back(model: CanTranslateBothWays, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    inputs = examples.images[:count]
    answers = model.translate(inputs, rng)
    return [inputs, answers, model.translate_back(answers, rng)]


def _back_and_there(model: CanTranslateBothWays, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    assert examples.others is not None
    inputs = examples.others[:count]
    answers = model.translate_back(inputs, rng)
    return [inputs, answers, model.translate(answers, rng)]


def _paintings(model: CanPaint, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    assert examples.layout is not None
    layouts = examples.layout[:count]
    return [coloured(layouts, model.palette), model.paint(layouts, rng), examples.images[:count]]


def _in_style(model: CanPaint, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    """Every layout in the look of the next example's picture."""
    assert examples.layout is not None
    layouts, styles = examples.layout[:count], examples.images.roll(-1, 0)[:count]
    return [coloured(layouts, model.palette), model.paint(layouts, rng, styles), styles]


def _enlargements(model: CanUpscale, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    """Beside what costs nothing: pixels repeated, which is what the model is given, and bicubic interpolation."""
    examples = examples.map(lambda column: column[:count])
    small = model.shrunk(examples.images)
    given = nn.functional.interpolate(small, scale_factor=model.scale, mode="nearest")
    return [given, model.question(examples), model.upscale(small, rng), examples.images]


def _fillings(model: CanInpaint, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    """A hole is shown in the grey of no light and no dark, 0, which is what the model sees there."""
    images = examples.images[:count]
    holes = model.draw_holes(images, rng)
    return [images.masked_fill(holes > 0.5, 0), model.inpaint(images, holes, rng), images]


def _samples(model: CanSample, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    return [model.sample(count, rng)]


def _reconstructions(model: CanReconstruct, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    images = examples.images[:count]
    return [images, model.reconstruct(images, rng)]


def _denoised(model: CanDenoise, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    images = examples.images[:count]
    noisy = model.corrupt(images, rng)
    return [noisy, model.reconstruct(noisy, rng), images]


def _prior_grid(model: HasLatent, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    """Columns of a grid whose places are equally likely: the first latent grows to the right, the second upwards.

    As in figure 4 of Kingma and Welling, 2013, arXiv:1312.6114. All of it is of one class where there are classes.
    """
    device = examples.images.device
    shares = (torch.arange(GRID, device=device) + 0.5) / GRID
    places = model.prior_quantiles(shares)
    rows = places.flip(0)[:count]
    latents = torch.cartesian_prod(rows, places).flip(1)
    if isinstance(model, IsConditional):
        pictures = model.decode_as(latents, torch.zeros(len(latents), dtype=torch.int64, device=device))
    else:
        pictures = model.decode(latents)
    return list(pictures.unflatten(0, (len(rows), GRID)).unbind(1))


def _forming(model: FormsInSteps, examples: Batch, count: int, rng: torch.Generator) -> list[Tensor]:
    """Moments evenly spread over the steps, the last of them the sample."""
    steps = model.forming_steps
    wanted = [ceil((moment + 1) * steps / MOMENTS) - 1 for moment in range(MOMENTS)]
    # Only what is shown is kept: all of a thousand steps would not fit beside a training run.
    shown = {step: pictures for step, pictures in enumerate(model.forming(count, rng)) if step in wanted}
    return [shown[step] for step in wanted]


def _has_two_latents(model: HasLatent) -> bool:
    return model.latent_shape == (2,)


_SHARES = tuple(f"{100 * (moment + 1) / MOMENTS:.0f} %" for moment in range(MOMENTS))

VIEWS = (
    View(
        ViewInfo("translations", "Translations", ("Input", "Output", "Target"), made=1, about=EXAMPLES),
        CanTranslate,
        _translations,
    ),
    View(
        ViewInfo("there_and_back", "There and back", ("Input", "Output", "Back"), made=1, about=EXAMPLES),
        CanTranslateBothWays,
        _there_and_back,
    ),
    View(
        ViewInfo("back_and_there", "The other way", ("Input", "Output", "Back"), made=1, about=EXAMPLES),
        CanTranslateBothWays,
        _back_and_there,
    ),
    View(
        ViewInfo("paintings", "Paintings", ("Layout", "Painted", "Target"), made=1, about=EXAMPLES),
        CanPaint,
        _paintings,
    ),
    View(
        ViewInfo("in_style", "In a style", ("Layout", "Painted", "Style"), made=1, about=EXAMPLES),
        CanPaint,
        _in_style,
        lambda model: bool(model.takes_style),
    ),
    View(
        ViewInfo("enlargements", "Enlargements", ("Input", "Bicubic", "Output", "Picture"), made=2, about=EXAMPLES),
        CanUpscale,
        _enlargements,
    ),
    View(
        ViewInfo("fillings", "Fillings", ("Picture with hole", "Filled", "Original"), made=1, about=EXAMPLES),
        CanInpaint,
        _fillings,
    ),
    View(ViewInfo(SAMPLES, "Samples", ("Sample",)), CanSample, _samples),
    View(
        ViewInfo("denoised", "Denoised", ("Noisy", "Cleaned", "Picture"), made=1, about=EXAMPLES),
        CanDenoise,
        _denoised,
    ),
    View(
        ViewInfo("reconstructions", "Reconstructions", ("Picture", "Rebuilt"), made=1, about=EXAMPLES),
        CanReconstruct,
        _reconstructions,
    ),
    View(
        ViewInfo(
            "prior_grid",
            "Prior grid",
            ("",) * GRID,
            in_rows=True,
            about="{items} × {per_item} quantiles of the prior",
        ),
        HasLatent,
        _prior_grid,
        _has_two_latents,
    ),
    View(
        ViewInfo(
            "forming",
            "Forming",
            _SHARES,
            made=MOMENTS - 1,
            in_rows=True,
            about="{items} samples on their way",
        ),
        FormsInSteps,
        _forming,
    ),
)


def views_of(model: nn.Module) -> tuple[View, ...]:
    """The views of a model, the most telling first."""
    return tuple(view for view in VIEWS if isinstance(model, view.requires) and view.applies(model))


def possible_views(family: type) -> tuple[View, ...]:
    """The views that models of a family may have; settings decide which of them one has."""
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
