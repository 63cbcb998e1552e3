"""The approximate posterior of the variational families, and what it costs to say a latent with it."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from gen_studio.nets.losses import kl_to_standard_normal
from gen_studio.nets.noise import normal_like

LOG_VARIANCE_RANGE = 10.0
ACTIVE_VARIANCE = 0.01
"""How far a posterior's mean has to vary over pictures to count as used (Burda 2016)."""


@dataclass(frozen=True, eq=False)
class DiagonalGaussian:
    """q(z|x) of N pictures: mean and log_variance are (N, D) float32. The prior is a standard normal."""

    mean: Tensor
    log_variance: Tensor

    @classmethod
    def of(cls, outputs: Tensor) -> "DiagonalGaussian":
        """From an encoder's outputs (N, 2 * D): means beside log-variances, which are kept in bounds."""
        mean, log_variance = outputs.float().chunk(2, dim=1)
        return cls(mean, log_variance.clamp(-LOG_VARIANCE_RANGE, LOG_VARIANCE_RANGE))

    def draw(self, rng: torch.Generator) -> Tensor:
        """One latent for each picture, (N, D), differentiable."""
        return self.mean + (self.log_variance / 2).exp() * normal_like(self.mean, rng)

    def draws(self, samples: int, rng: torch.Generator) -> Tensor:
        """Several latents for each picture, (samples, N, D), differentiable."""
        noise = torch.randn((samples, *self.mean.shape), generator=rng, device=self.mean.device)
        return self.mean + (self.log_variance / 2).exp() * noise

    def kl(self) -> Tensor:
        """KL(q(z|x) || N(0, 1)) in nats by picture and dimension, (N, D)."""
        return kl_to_standard_normal(self.mean, self.log_variance)

    def log_density(self, latents: Tensor) -> Tensor:
        """log q(z|x) in nats: latents (..., N, D) -> (..., N)."""
        standardised = (latents - self.mean) * (-self.log_variance / 2).exp()
        return normal_log_density(standardised) - self.log_variance.sum(1) / 2

    def log_weights(self, latents: Tensor, log_likelihoods: Tensor) -> Tensor:
        """log p(x, z) - log q(z|x): latents (..., N, D), their log p(x|z) (..., N) -> (..., N)."""
        return log_likelihoods + normal_log_density(latents) - self.log_density(latents)

    def active_share(self) -> Tensor:
        """Which part of the dimensions varies from picture to picture, 0 to 1, detached."""
        variance = self.mean.detach().var(0, unbiased=False)
        return (variance > ACTIVE_VARIANCE).float().mean()


def normal_log_density(latents: Tensor) -> Tensor:
    """log N(z; 0, I) in nats: (..., D) -> (...)."""
    return -0.5 * (latents.square() + math.log(2 * math.pi)).sum(-1)


def log_mean_exp(log_weights: Tensor) -> Tensor:
    """The logarithm of the mean weight over the first dimension: (samples, N) -> (N,)."""
    return log_weights.logsumexp(0) - math.log(len(log_weights))
