"""How likely a model finds pictures, by importance sampling (Burda 2016, arXiv:1509.00519): log p(x), not its bound."""

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from gen_studio.data.spec import Batch
from gen_studio.models.capabilities import HasLikelihood
from gen_studio.nets.posterior import DiagonalGaussian

IN_CACHE = 100_000
"""Decoded numbers at a time on a processor: MNIST's dense models are 1.4 times as fast as with all of 5,000 latents."""
PER_LAUNCH = 2**22
"""Decoded numbers at a time on an accelerator: 16 MB for each tensor of them."""

Heard = Callable[[int], None]
"""Told of so many more latents that were weighed. It may raise Cancelled."""


def _unheard(latents: int) -> None:
    pass


@torch.no_grad()
def negative_log_likelihood(
    model: HasLikelihood,
    batches: Callable[[], Iterable[Batch]],
    samples: int,
    rng: torch.Generator,
    latents_at_once: int | None = None,
) -> float:
    """The mean -log p(x) of all pictures in nats, as `likelihoods_of_all` finds it."""
    return -float(likelihoods_of_all(model, batches, samples, rng, latents_at_once).mean())


@torch.no_grad()
def likelihoods_of_all(
    model: HasLikelihood,
    batches: Callable[[], Iterable[Batch]],
    samples: int,
    rng: torch.Generator,
    latents_at_once: int | None = None,
    heard: Heard = _unheard,
) -> Tensor:
    """log p(x) in nats of each picture, (N,) float64 on the CPU. batches: gives the pictures anew each time.

    A model that judges pictures by the company they are in is first given that of all of them.
    """
    with model.settled(batches(), rng):
        observed = (model.observed(batch, rng) for batch in batches())
        return torch.cat([log_likelihoods(model, batch, samples, rng, latents_at_once, heard) for batch in observed])


@torch.no_grad()
def negative_elbos(model: HasLikelihood, batches: Callable[[], Iterable[Batch]], rng: torch.Generator) -> Tensor:
    """-ELBO in nats of each picture, (N,) float64 on the CPU: one latent each, the KL to the prior in closed form."""
    found = []
    with model.settled(batches(), rng):
        for batch in (model.observed(batch, rng) for batch in batches()):
            posterior = model.posterior(batch)
            likelihood = model.log_likelihood(posterior.draw(rng), batch)
            found.append((posterior.kl().sum(1) - likelihood).cpu().double())
    return torch.cat(found)


@torch.no_grad()
def log_likelihoods(
    model: HasLikelihood,
    batch: Batch,
    samples: int,
    rng: torch.Generator,
    latents_at_once: int | None = None,
    heard: Heard = _unheard,
) -> Tensor:
    """log 1/k sum over i of p(x|z_i) p(z_i) / q(z_i|x) in nats for each picture, (N,) float64 on the CPU.

    samples: k, the number of z_i drawn from q(z|x). A bound on log p(x) from below that rises to it with k; published
    tables use 5,000. latents_at_once: how many are decoded together; it decides memory and speed, and which latents
    are drawn does not depend on it.
    """
    at_once = latents_at_once or _suitable(batch)
    parts = batch.split(max(1, at_once // samples))
    return torch.cat([_of_part(model, part, samples, max(1, at_once // len(part)), rng, heard) for part in parts])


def _suitable(batch: Batch) -> int:
    numbers = IN_CACHE if batch.images.device.type == "cpu" else PER_LAUNCH
    return max(1, numbers // batch.images[0].numel())


def _of_part(
    model: HasLikelihood, batch: Batch, samples: int, at_once: int, rng: torch.Generator, heard: Heard
) -> Tensor:
    """Sums weights portion by portion, in float64: each is a float32 logarithm, and there may be thousands."""
    posterior = model.posterior(batch)
    noise = _noise(posterior, samples, rng)
    deviation = (posterior.log_variance / 2).exp()
    total = torch.full((len(batch),), -math.inf, dtype=torch.float64)
    for portion in noise.split(at_once):
        latents = posterior.mean + deviation * portion
        log_weights = posterior.log_weights(latents, model.log_likelihoods(latents, batch))
        total = torch.logaddexp(total, log_weights.cpu().double().logsumexp(0))
        heard(portion.shape[0] * portion.shape[1])
    return total - math.log(samples)


def _noise(posterior: DiagonalGaussian, samples: int, rng: torch.Generator) -> Tensor:
    """(samples, N, D), drawn picture by picture: neither company nor portions change what a picture is given."""
    pictures, dimensions = posterior.mean.shape
    device = posterior.mean.device
    drawn = [torch.randn((samples, dimensions), generator=rng, device=device) for _ in range(pictures)]
    return torch.stack(drawn, 1)
