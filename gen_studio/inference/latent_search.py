"""Moves latents, or styles, until their pictures are near to those wanted: Adam on the numbers, never on a weight."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi

import torch
from torch import Tensor

from gen_studio.core.jobs import Progress, Report
from gen_studio.inference.likeness_features import Features

WARM_UP = 0.05
"""Share of the steps in which the rate rises to its full height."""
FEATURES_WEIGHT = 0.5
PRIOR_WEIGHT = 0.1


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Numbers (N, ...) about as large as a standard normal's, and the pictures (N, C, H, W) that they make.

    farthest: the mean square of a row up to which it costs nothing, as far as the prior's own latents reach. A row
    that begins farther out, where an encoder has put it, is held there instead.
    """

    values: Tensor
    paint: Callable[[Tensor], Tensor]
    farthest: float


@dataclass(frozen=True, eq=False)
class Nearest:
    """The best numbers of all steps, (N, ...), and their errors (N,)."""

    values: Tensor
    errors: Tensor


def errors(found: Tensor, wanted: Tensor, features: Features) -> Tensor:
    """(N,), of pixels and features together. Both (N, C, H, W)."""
    with torch.no_grad():
        maps = features.maps(wanted)
    pixels = (found - wanted).square().flatten(1).mean(1)
    return pixels + FEATURES_WEIGHT * features.error(features.maps(found), maps)


def approach(
    begin: Coordinates, wanted: Tensor, features: Features, steps: int, rate: float, report: Report
) -> Nearest:
    """Adam whose rate rises at first and then falls to 0 along a cosine. No row heeds another.

    The prior costs only what lies farther out than its own latents do, so that a sample of the model itself can be
    found again exactly.
    """
    values = begin.values.detach().clone().requires_grad_()
    optimizer = torch.optim.Adam([values], lr=rate)
    held_at = _mean_square(values.detach()).clamp_min(begin.farthest)
    best = Nearest(values.detach().clone(), torch.full((len(values),), torch.inf, device=values.device))
    for step in range(steps + 1):
        report(Progress("Finding the latent", step, steps))
        # Whoever looks at a model does so without gradients; numbers that move need theirs all the same.
        with torch.enable_grad():
            error = errors(begin.paint(values), wanted, features)
            loss = error + PRIOR_WEIGHT * (_mean_square(values) - held_at).relu()
            total = loss.sum()
        best = _better(best, values.detach(), loss.detach())
        if step == steps:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * _height(step / steps)
        (values.grad,) = torch.autograd.grad(total, values)
        optimizer.step()
    return best


def _mean_square(values: Tensor) -> Tensor:
    """(N,), how far out each row is."""
    return values.square().flatten(1).mean(1)


def _better(best: Nearest, values: Tensor, loss: Tensor) -> Nearest:
    is_better = loss < best.errors
    rows = is_better.view(-1, *(1,) * (values.ndim - 1))
    return Nearest(torch.where(rows, values, best.values), torch.where(is_better, loss, best.errors))


def _height(progress: float) -> float:
    """From 0 up to 1 and down to 0 again, for progress from 0 to 1."""
    return min(1.0, (progress + 0.01) / WARM_UP) * (1 + cos(pi * progress)) / 2
