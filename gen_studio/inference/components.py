"""Which ways through a latent space change pictures most, and how much each single number does.

Where a mapping network makes styles, their spread tells: the principal components of styles, GANSpace's (Härkönen et
al. 2020, arXiv:2004.02546). A latent of the prior is spread alike in all directions, and there the decoder tells: the
principal components of its gradients, E[J^T J] over latents, with J what a picture changes by (the active subspace of
Constantine et al. 2014, arXiv:1304.2070). J itself is never computed: for r from N(0, I), g = J^T r is one backward
pass, and E[g g^T] = E[J^T J]. Codes without a prior are spread as the data's are: their principal components.

Where a picture forms in many steps from noise, gradients differ a hundredfold in length from latent to latent, and
the few longest would speak for all: of a DDPM of digits, what two surveys of 128 probes found had nothing in common.
There every gradient counts alike, and surveys agree; and few steps say nearly what many say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.latents import Direction, Space
from gen_studio.models.capabilities import CanAutoencode, DecodesInSteps, HasLatent, HasStyles

PROBES = 256
"""Gradients that are drawn: the effect of a number is then known to about a twentieth."""
MOST_IN_STEPS, FEWEST_IN_STEPS = 96, 32
"""The same where each takes some steps: fewer of large pictures, so that it is done within a minute on one core."""
FEW_STEPS = 5
STYLES = 4096
PORTION = 16
PIXELS_IN_STEPS = 8 * 32 * 32
"""Of a portion that forms in steps: all of them are kept for the way back."""
GREY_LEVELS = 127.5
"""Of the unit in which pictures are in [-1, 1]."""


@dataclass(frozen=True, eq=False)
class Component:
    """A way that changes pictures, and its share of all change. Strength 1 is one standard deviation of its space."""

    direction: Direction
    share: float


@dataclass(frozen=True, eq=False)
class Survey:
    """What there is to know of a latent space: its components, and `effects` of its single numbers."""

    components: list[Component]
    effects: NDArray[np.float32]


def survey(
    model: HasLatent,
    count: int,
    rng: torch.Generator,
    device: torch.device | str = "cpu",
    report: Report = unheard,
) -> Survey:
    """At most `count` components, and what each number does. The model is in evaluation mode. rng: on the CPU."""
    found = gradients(model, rng, device, report=report)
    if isinstance(model, DecodesInSteps):
        found = evened(found)
    if isinstance(model, HasStyles):
        own = style_components(model, count, rng, device)
    else:
        own = latent_components(found, count)
    with torch.no_grad():
        pixels = _decoder(model)(model.draw_latents(1, rng).to(device)).numel()
    return Survey(own, effects(found, pixels))


def style_components(
    model: HasStyles, count: int, rng: torch.Generator, device: torch.device | str = "cpu"
) -> list[Component]:
    """The ways in which styles differ most from latent to latent, the largest first. rng: on the CPU."""
    with torch.no_grad():
        latents = model.draw_latents(STYLES, rng).to(device)
        styles = torch.cat([model.styles(part)[:, 0] for part in latents.split(PORTION * 16)]).cpu().double()
    return _components(styles - styles.mean(0), count, Space.STYLE)


def latent_components(gradients: Tensor, count: int) -> list[Component]:
    """The ways that change pictures most, the strongest first, from what `gradients` gives."""
    return [_unit(component) for component in _components(gradients.double(), count, Space.LATENT)]


def code_components(
    model: CanAutoencode, images: Tensor, count: int, device: torch.device | str = "cpu"
) -> list[Component]:
    """The ways in which the codes of pictures (N, C, H, W) differ most, the largest first."""
    if len(images) < 2:
        raise WrongUse("The codes of a single picture do not differ. Take more pictures.")
    with torch.no_grad():
        parts = images.split(PORTION * 4)
        codes = torch.cat([model.encode(part.to(device)).flatten(1) for part in parts]).cpu().double()
    return _components(codes - codes.mean(0), count, Space.LATENT)


def gradients(
    model: HasLatent,
    rng: torch.Generator,
    device: torch.device | str = "cpu",
    probes: int | None = None,
    report: Report = unheard,
) -> Tensor:
    """(probes, D) on the CPU: J^T r at latents of the prior, for r from N(0, I). rng: on the CPU."""
    decode, portion = _decoder(model), PORTION
    if isinstance(model, DecodesInSteps):
        portion = max(1, PIXELS_IN_STEPS // torch.Size(model.latent_shape[-2:]).numel())
        probes = probes or min(MOST_IN_STEPS, max(FEWEST_IN_STEPS, 12 * portion))
    probes = probes or PROBES
    rows = []
    for start in range(0, probes, portion):
        report(Progress("Trying out the latents", start, probes))
        latents = model.draw_latents(min(portion, probes - start), rng).to(device).requires_grad_()
        with torch.enable_grad():
            pictures = decode(latents).float()
            towards = torch.randn(pictures.shape, generator=rng).to(device)
            (gradient,) = torch.autograd.grad((pictures * towards).sum(), latents)
        rows.append(gradient.detach().flatten(1).float().cpu())
    report(Progress("Trying out the latents", probes, probes))
    return torch.cat(rows)


def evened(gradients: Tensor) -> Tensor:
    """(N, D): the same gradients, each as long as the median one; where pictures are clamped all over there is none."""
    lengths = gradients.norm(dim=1, keepdim=True)
    moving = lengths > 0
    if not moving.any():
        return gradients
    even: Tensor = torch.where(moving, gradients * (lengths[moving].median() / lengths), 0.0)
    return even


def _decoder(model: HasLatent) -> Callable[[Tensor], Tensor]:
    if isinstance(model, DecodesInSteps):
        return partial(model.decode_in, steps=min(FEW_STEPS, model.forming_steps))
    return model.decode


def effects(gradients: Tensor, pixels: int) -> NDArray[np.float32]:
    """(D,): by how many grey levels a pixel changes when one number of the latent moves by a standard deviation.

    The root of the mean square over `pixels` numbers of a picture (C * H * W) and over latents, to first order.
    """
    change: Tensor = (gradients.double().square().mean(0) / pixels).sqrt() * GREY_LEVELS
    levels: NDArray[np.float32] = change.float().numpy()
    return levels


def _components(rows: Tensor, count: int, space: Space) -> list[Component]:
    """Principal components of rows (N, D) that are measured from 0, each as long as its standard deviation."""
    _, lengths, ways = torch.linalg.svd(rows, full_matrices=False)
    spread = lengths.square()
    shares = spread / spread.sum().clamp_min(torch.finfo(spread.dtype).tiny)
    deviations = lengths / len(rows) ** 0.5
    return [
        Component(_direction(number, deviation * way, space), float(share))
        for number, (way, deviation, share) in enumerate(zip(ways, deviations, shares, strict=True), start=1)
    ][:count]


def _direction(number: int, way: Tensor, space: Space) -> Direction:
    # Both signs are the same component: the number that it has most of points up, so that it is found again alike.
    way = way if way[way.abs().argmax()] >= 0 else -way
    return Direction(name=f"Direction {number}", space=space, values=tuple(way.tolist()), source="from the model")


def _unit(component: Component) -> Component:
    """One standard deviation of the prior long."""
    way = torch.tensor(component.direction.values, dtype=torch.float64)
    values = tuple((way / way.norm().clamp_min(torch.finfo(way.dtype).tiny)).tolist())
    return Component(component.direction.model_copy(update={"values": values}), component.share)
