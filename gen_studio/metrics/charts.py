"""What there is to chart of a model: a table from capability to values, so that nobody asks for a model's name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gen_studio.core.charts import Bars, Chart, Fact, Projection, Scatter
from gen_studio.core.description import ChartInfo
from gen_studio.data.spec import Batch
from gen_studio.metrics.codes import active_dimensions, kl_by_dimension, posterior_of
from gen_studio.metrics.projections import principal
from gen_studio.models.capabilities import CanAutoencode, HasCode, HasCodebook, HasLikelihood
from gen_studio.nets.codebook import perplexity
from gen_studio.nets.posterior import DiagonalGaussian


@dataclass(frozen=True)
class Examples:
    """Held-out examples, in batches that are made when they are wanted, and what their labels stand for."""

    batches: Callable[[], Sequence[Batch]]
    classes: tuple[str, ...] = ()


class Look:
    """What a model makes of examples. Each thing is computed once, when the first chart asks for it."""

    def __init__(self, model: nn.Module, examples: Examples, rng: torch.Generator) -> None:
        self.model = model
        self.examples = examples
        self._rng = rng

    @cached_property
    def batches(self) -> Sequence[Batch]:
        return self.examples.batches()

    @cached_property
    def posterior(self) -> DiagonalGaussian:
        assert isinstance(self.model, HasLikelihood)
        return posterior_of(self.model, self.batches, self._rng)

    @cached_property
    def codes(self) -> NDArray[np.float64]:
        """(N, D), the most likely ones."""
        if isinstance(self.model, HasLikelihood):
            return _numbers(self.posterior.mean)
        model = self.model
        assert isinstance(model, CanAutoencode)
        return _numbers(torch.cat([model.encode(batch.images).flatten(1) for batch in self.batches]))

    @property
    def labels(self) -> NDArray[np.int64] | None:
        labels = [batch.labels for batch in self.batches if batch.labels is not None]
        return torch.cat(labels).cpu().numpy() if labels and self.examples.classes else None


@dataclass(frozen=True)
class ChartKind:
    """One chart, and how its values are come by. `requires`: any of these. applies: whether settings allow for it."""

    info: ChartInfo
    requires: tuple[type, ...]
    draw: Callable[[Look], Chart]
    applies: Callable[[Any], bool] = lambda model: True


def _latent_map(look: Look) -> Scatter:
    codes = look.codes
    coordinates, shares = principal(codes)
    kept = codes if codes.shape[1] <= len(codes) else coordinates
    known = (kept.astype(np.float32), look.labels, look.examples.classes)
    if codes.shape[1] == 2:
        return Scatter(codes, ("Latent 1", "Latent 2"), *known, projection=None)
    first, second = (f"Direction {n}, {100 * share:.0f} % of the variance" for n, share in enumerate(shares[:2], 1))
    return Scatter(coordinates[:, :2], (first, second), *known, projection=Projection.PCA)


def _kl_bars(look: Look) -> Bars:
    nats = _numbers(kl_by_dimension(look.posterior))
    active = active_dimensions(look.posterior).numpy()
    facts = (
        Fact(f"{int(active.sum())} of {len(active)}", "active units"),
        Fact(f"{nats.sum():.1f} nats", "KL in all"),
    )
    return Bars(nats, active, "nats", "Dimension", "active", "not active", facts)


def _code_bars(look: Look) -> Bars:
    assert isinstance(look.model, HasCodebook)
    counts = torch.stack([look.model.code_use(batch.images) for batch in look.batches]).sum(0).cpu()
    used = counts.numpy() > 0
    shares = 100 * _numbers(counts) / max(1.0, float(counts.sum()))
    facts = (
        Fact(f"{float(perplexity(counts)):.1f}", "perplexity"),
        Fact(f"{int(used.sum())} of {len(used)}", "codes in use"),
    )
    return Bars(shares, used, "%", "Code", "in use", "not in use", facts)


def _has_a_plane(model: HasCode) -> bool:
    return prod(model.latent_shape) >= 2


CHARTS = (
    ChartKind(ChartInfo("latent_map", "Latent map"), (CanAutoencode, HasLikelihood), _latent_map, _has_a_plane),
    ChartKind(ChartInfo("kl", "KL by dimension"), (HasLikelihood,), _kl_bars),
    ChartKind(ChartInfo("codebook", "Codebook"), (HasCodebook,), _code_bars),
)


def charts_of(model: nn.Module) -> tuple[ChartKind, ...]:
    """The charts of a model, the most telling first."""
    return tuple(kind for kind in CHARTS if isinstance(model, kind.requires) and kind.applies(model))


def possible_charts(family: type) -> tuple[ChartKind, ...]:
    """The charts that models of a family may have; settings decide which of them one has."""
    return tuple(kind for kind in CHARTS if issubclass(family, kind.requires))


@torch.no_grad()
def draw(kind: ChartKind, look: Look) -> Chart | None:
    """The values of one chart; None where the model no longer gives numbers. It must be in evaluation mode."""
    codes = look.codes if isinstance(look.model, (CanAutoencode, HasLikelihood)) else np.zeros(0)
    return kind.draw(look) if np.isfinite(codes).all() else None


def _numbers(values: Tensor) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = values.detach().double().cpu().numpy()
    return numbers
