"""Adversarial losses on logits, and likelihoods in nats: each written once, for every family.

Scores are the discriminator's raw outputs, any shape; every loss is a mean over all of them, in float32.
"""

import math
from enum import Enum
from typing import assert_never

import torch
import torch.nn.functional as F
from torch import Tensor


class AdversarialLoss(Enum):
    """The games. References: Goodfellow 2014, Mao 2017 (least squares), Lim & Ye 2017 (hinge), Arjovsky 2017."""

    NON_SATURATING = "non-saturating"
    MINIMAX = "minimax"
    LEAST_SQUARES = "least squares"
    HINGE = "hinge"
    WASSERSTEIN = "Wasserstein"


def discriminator_loss(kind: AdversarialLoss, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
    """The discriminator's loss. `real_target` below 1 is one-sided label smoothing, for losses with targets."""
    real, fake = real.float(), fake.float()
    match kind:
        case AdversarialLoss.NON_SATURATING | AdversarialLoss.MINIMAX:
            # Cross entropy with target t is t*softplus(-x) + (1-t)*softplus(x); softplus keeps the gradient
            # where a sigmoid followed by a logarithm would lose it.
            on_real = real_target * F.softplus(-real) + (1 - real_target) * F.softplus(real)
            return on_real.mean() + F.softplus(fake).mean()
        case AdversarialLoss.LEAST_SQUARES:
            return ((real - real_target).square().mean() + fake.square().mean()) / 2
        case AdversarialLoss.HINGE:
            return F.relu(1 - real).mean() + F.relu(1 + fake).mean()
        case AdversarialLoss.WASSERSTEIN:
            return fake.mean() - real.mean()
        case _:
            assert_never(kind)


def generator_loss(kind: AdversarialLoss, fake: Tensor) -> Tensor:
    """The generator's loss on the scores of its pictures."""
    fake = fake.float()
    match kind:
        case AdversarialLoss.NON_SATURATING:
            return F.softplus(-fake).mean()
        case AdversarialLoss.MINIMAX:
            return -F.softplus(fake).mean()
        case AdversarialLoss.LEAST_SQUARES:
            return (fake - 1).square().mean() / 2
        case AdversarialLoss.HINGE | AdversarialLoss.WASSERSTEIN:
            return -fake.mean()
        case _:
            assert_never(kind)


def encoder_loss(kind: AdversarialLoss, real: Tensor) -> Tensor:
    """The loss of whoever makes the latents of real pictures and wants them judged fake: the labels flipped."""
    match kind:
        case AdversarialLoss.LEAST_SQUARES:
            return real.float().square().mean() / 2
        case _:
            # The other games are symmetric: what passes for fake on real scores is what passes for real on -scores.
            return generator_loss(kind, -real)


def verdict(kind: AdversarialLoss, scores: Tensor) -> Tensor:
    """The scores as the discriminator's mean belief that the pictures are real, from 0 to 1, detached.

    Logits go through the sigmoid and least-squares outputs are clamped. Hinge scores have their margins at -1 and 1,
    so they are mapped linearly between. A Wasserstein critic has no scale: the sigmoid only keeps it on the axes.
    """
    scores = scores.detach().float()
    match kind:
        case AdversarialLoss.NON_SATURATING | AdversarialLoss.MINIMAX | AdversarialLoss.WASSERSTEIN:
            return torch.sigmoid(scores).mean()
        case AdversarialLoss.LEAST_SQUARES:
            return scores.clamp(0, 1).mean()
        case AdversarialLoss.HINGE:
            return ((scores + 1) / 2).clamp(0, 1).mean()
        case _:
            assert_never(kind)


def kl_to_standard_normal(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, exp(log_variance)) || N(0, 1)) in nats per element, the shape of its arguments."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)


def bernoulli_nll(logits: Tensor, images: Tensor) -> Tensor:
    """-log p in nats per picture, (N,). logits and images (N, C, H, W); images in [-1, 1] are read as [0, 1]."""
    targets = (images.float() + 1) / 2
    return F.binary_cross_entropy_with_logits(logits.float(), targets, reduction="none").flatten(1).sum(1)


def optimal_gaussian_nll(means: Tensor, images: Tensor) -> Tensor:
    """-log p in nats per picture, (N,), under a Gaussian whose one variance is the best one for this batch.

    Rybkin et al. 2021, "Simple and Effective VAE Training with Calibrated Decoders": the shared variance is the mean
    squared error, so neither term of the ELBO has to be weighed by hand. Density of pictures in [-1, 1].
    """
    squared = (means.float() - images.float()).square()
    variance = squared.mean().clamp_min(1e-6)
    per_pixel = 0.5 * (squared / variance + variance.log() + math.log(2 * math.pi))
    return per_pixel.flatten(1).sum(1)
