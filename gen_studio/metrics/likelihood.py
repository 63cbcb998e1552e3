"""How likely a model finds pictures, by importance sampling (Burda 2016, arXiv:1509.00519): log p(x), not its bound."""

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from gen_studio.data.spec import Batch
from gen_studio.models.capabilities import HasLikelihood
from gen_studio.nets.posterior import DiagonalGaussian

PIXELS_AT_ONCE = 2**22
"""Decoded numbers in memory at a time: 16 MB for each tensor of them."""


@torch.no_grad()
def negative_log_likelihood(
    model: HasLikelihood,
    batches: Callable[[], Iterable[Batch]],
    samples: int,
    rng: torch.Generator,
    pixels_at_once: int = PIXELS_AT_ONCE,
) -> float:
    """The mean -log p(x) of all pictures in nats, as `log_likelihoods` finds it. batches: gives them anew each time.

    A model that judges pictures by the company they are in is first given that of all of them.
    """
    total, pictures = 0.0, 0
    with model.settled(batches(), rng):
        for batch in batches():
            found = log_likelihoods(model, model.observed(batch, rng), samples, rng, pixels_at_once)
            total -= float(found.sum())
            pictures += len(batch)
    return total / pictures


@torch.no_grad()
def log_likelihoods(
    model: HasLikelihood, batch: Batch, samples: int, rng: torch.Generator, pixels_at_once: int = PIXELS_AT_ONCE
) -> Tensor:
    """log 1/k sum over i of p(x|z_i) p(z_i) / q(z_i|x) in nats for each picture, (N,) float64 on the CPU.

    samples: k, the number of z_i drawn from q(z|x). A bound on log p(x) from below that rises to it with k; published
    tables use 5,000. Memory does not grow with the pictures or with k.
    """
    codes_at_once = max(1, pixels_at_once // batch.images[0].numel())
    parts = batch.split(max(1, codes_at_once // samples))
    return torch.cat([_of_part(model, part, samples, max(1, codes_at_once // len(part)), rng) for part in parts])


def _of_part(model: HasLikelihood, batch: Batch, samples: int, at_once: int, rng: torch.Generator) -> Tensor:
    """Sums weights portion by portion, in float64: each is a float32 logarithm, and there may be thousands."""
    posterior = model.posterior(batch)
    total = torch.full((len(batch),), -math.inf, dtype=torch.float64)
    for done in range(0, samples, at_once):
        log_weights = _log_weights(model, posterior, batch, min(at_once, samples - done), rng)
        total = torch.logaddexp(total, log_weights.cpu().double().logsumexp(0))
    return total - math.log(samples)


def _log_weights(
    model: HasLikelihood, posterior: DiagonalGaussian, batch: Batch, samples: int, rng: torch.Generator
) -> Tensor:
    """(samples, N) in nats."""
    latents = posterior.draws(samples, rng)
    return posterior.log_weights(latents, model.log_likelihoods(latents, batch))
