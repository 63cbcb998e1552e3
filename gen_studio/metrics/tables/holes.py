"""Figures of how well a model fills holes, beside those of fills that need no model."""

from collections.abc import Callable

import torch
from torch import Tensor

from gen_studio.inference.fills import diffusion_fill, mean_fill
from gen_studio.metrics.measure import Measure, Settings
from gen_studio.metrics.subject import SEED, Subject, mean_of
from gen_studio.models.capabilities import CanInpaint
from gen_studio.models.inpainting import hole_error
from gen_studio.nets.holes import HoleShape, draw_holes

COVERAGE = (0.1, 0.4)


def _of_model(subject: Subject) -> float:
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanInpaint)
    return _error(subject, lambda images, holes: model.inpaint(images, holes, rng))


def _error(subject: Subject, fill: Callable[[Tensor, Tensor], Tensor]) -> float:
    """The same holes for every model, whatever it was taught on, and on every device."""
    rng = torch.Generator().manual_seed(SEED)

    def error(images: Tensor) -> Tensor:
        size = (images.shape[2], images.shape[3])
        holes = draw_holes(HoleShape.ANY, len(images), size, COVERAGE, rng).to(images.device)
        return hole_error(fill(images, holes), images, holes)

    return mean_of((error(batch.images), len(batch)) for batch in subject.batches(subject.dataset.test))


def _settings(subject: Subject) -> Settings:
    least, most = COVERAGE
    return {"holes": "rectangles, strokes and brush", "missing": f"{least:.0%} to {most:.0%}"}


_BASELINES = ("hole_error_of_mean_fill", "hole_error_of_diffusion_fill")
TABLE = (
    Measure(
        "hole_error",
        "L1 inside holes, test pictures in [-1, 1]",
        _of_model,
        CanInpaint,
        beside=_BASELINES,
        settings=_settings,
    ),
    Measure(
        "hole_error_to_mean",
        "L1 inside holes as a share of that of holes in the mean colour of what is known",
        lambda s: _of_model(s) / _error(s, mean_fill),
        CanInpaint,
        beside=("hole_error", *_BASELINES),
        settings=_settings,
    ),
    Measure(
        "hole_error_to_diffusion",
        "L1 inside holes as a share of that of holes filled smoothly from their edges",
        lambda s: _of_model(s) / _error(s, diffusion_fill),
        CanInpaint,
        beside=("hole_error", *_BASELINES),
        settings=_settings,
    ),
    Measure(
        "hole_error_of_mean_fill",
        "L1 inside holes in the mean colour of what is known",
        lambda s: _error(s, mean_fill),
        CanInpaint,
        settings=_settings,
    ),
    Measure(
        "hole_error_of_diffusion_fill",
        "L1 inside holes filled smoothly from their edges, by Laplace's equation",
        lambda s: _error(s, diffusion_fill),
        CanInpaint,
        settings=_settings,
    ),
)
