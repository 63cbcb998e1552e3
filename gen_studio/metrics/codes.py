"""What a model's code of pictures is like: how much it says, how many dimensions say it, how far they overlap."""

from collections.abc import Iterable

import torch
from torch import Tensor

from gen_studio.data.spec import Batch
from gen_studio.models.capabilities import HasLikelihood
from gen_studio.nets.posterior import ACTIVE_VARIANCE, DiagonalGaussian


@torch.no_grad()
def posterior_of(model: HasLikelihood, batches: Iterable[Batch], rng: torch.Generator) -> DiagonalGaussian:
    """The posteriors of all pictures, (N, D) float64 on the CPU."""
    parts = [model.posterior(model.observed(batch, rng)) for batch in batches]
    means, log_variances = ([getattr(p, name).cpu().double() for p in parts] for name in ("mean", "log_variance"))
    return DiagonalGaussian(torch.cat(means), torch.cat(log_variances))


def kl_by_dimension(posterior: DiagonalGaussian) -> Tensor:
    """The mean KL to the prior in nats, (D,): which dimensions are used, and how much."""
    return posterior.kl().mean(0)


def active_units(posterior: DiagonalGaussian) -> int:
    """How many dimensions' means vary over the pictures by more than 0.01 (Burda 2016)."""
    return int(active_dimensions(posterior).sum())


def active_dimensions(posterior: DiagonalGaussian) -> Tensor:
    """Which dimensions those are, (D,) bool."""
    return posterior.mean.var(0) > ACTIVE_VARIANCE


def gaussian_total_correlation(codes: Tensor) -> float:
    """KL(N(m, C) || product of its marginals) in nats of the normal distribution fitted to codes (N, D).

    0 where no two dimensions go together linearly. Of drawn codes, not of means: those of idle dimensions are next to
    constant, and what little they vary says nothing.
    """
    covariance = codes.double().T.cov().reshape(codes.shape[1], codes.shape[1])
    correlation = covariance / covariance.diagonal().sqrt().outer(covariance.diagonal().sqrt())
    return max(0.0, -0.5 * float(torch.linalg.slogdet(correlation).logabsdet))
