"""How a decoder's output judges pixels: likelihoods in nats, and the mean picture of each."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum
from typing import ClassVar, assert_never

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.losses import bernoulli_nll, optimal_gaussian_nll

HALF_LEVEL = 1 / 255
"""Half the distance between neighbouring 8-bit values in [-1, 1]."""
FINEST = math.log(HALF_LEVEL)
FIRST_LOG_DEVIATION = -1.0
FIRST_LOG_SCALE = -2.0


class Likelihood(Enum):
    BERNOULLI = "Bernoulli"
    GAUSSIAN = "Gaussian"
    LEARNT_GAUSSIAN = "Gaussian, learnt sigma"
    LOGISTIC = "discretised logistic"


class PixelLikelihood(nn.Module, ABC):
    """p(x|z) of pictures in [-1, 1], given a decoder's output of the same shape. Pixels are independent given z."""

    is_discrete: ClassVar[bool] = False
    """Whether it gives 8-bit pictures probabilities that sum to 1, rather than a density."""

    @abstractmethod
    def nll(self, output: Tensor, images: Tensor) -> Tensor:
        """-log p in nats per picture, (N,) float32. output, images: (N, C, H, W)."""

    def location(self, output: Tensor) -> Tensor:
        """Where a pixel's distribution lies: its mean, unless that has to be brought into [-1, 1] first."""
        return output

    def mean(self, output: Tensor) -> Tensor:
        """The mean picture, in [-1, 1]."""
        return self.location(output).clamp(-1, 1)

    def settled(self, rebuilt: Iterable[tuple[Tensor, Tensor]]) -> AbstractContextManager[None]:
        """For its length, nll of a picture depends on that picture alone.

        rebuilt: pairs of outputs and pictures, from which is taken what would otherwise be taken from each batch.
        """
        return nullcontext()


class BernoulliPixels(PixelLikelihood):
    """The output is a logit; grey values are read as chances of white. Right for pictures nearly black and white."""

    def nll(self, output: Tensor, images: Tensor) -> Tensor:
        return bernoulli_nll(output, images)

    def location(self, output: Tensor) -> Tensor:
        return 2 * torch.sigmoid(output) - 1


class OptimalGaussianPixels(PixelLikelihood):
    """The output is the mean; the one variance is the best for the batch at hand (Rybkin 2021, arXiv:2006.13202)."""

    def __init__(self) -> None:
        super().__init__()
        self.variance: float | None = None

    def nll(self, output: Tensor, images: Tensor) -> Tensor:
        if self.variance is None:
            return optimal_gaussian_nll(output, images)
        return gaussian_nll(output, images, torch.tensor(math.log(self.variance) / 2, device=output.device))

    @contextmanager
    def settled(self, rebuilt: Iterable[tuple[Tensor, Tensor]]) -> Iterator[None]:
        squares, pixels = 0.0, 0
        for output, images in rebuilt:
            squares += float((output.float() - images.float()).square().sum())
            pixels += images.numel()
        self.variance = max(squares / pixels, 1e-6)
        try:
            yield
        finally:
            self.variance = None


class LearntGaussianPixels(PixelLikelihood):
    """The output is the mean; one standard deviation for all pixels is learnt beside the networks."""

    def __init__(self) -> None:
        super().__init__()
        self.log_deviation = nn.Parameter(torch.full((), FIRST_LOG_DEVIATION))

    def nll(self, output: Tensor, images: Tensor) -> Tensor:
        return gaussian_nll(output, images, no_finer_than_a_level(self.log_deviation))


class LogisticPixels(PixelLikelihood):
    """The output is the location; each channel's scale is learnt beside the networks (Kingma 2016, 1606.04934)."""

    is_discrete: ClassVar[bool] = True

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.full((channels, 1, 1), FIRST_LOG_SCALE))

    def nll(self, output: Tensor, images: Tensor) -> Tensor:
        return discretised_logistic_nll(output, images, no_finer_than_a_level(self.log_scale))


def pixel_likelihood(kind: Likelihood, channels: int) -> PixelLikelihood:
    match kind:
        case Likelihood.BERNOULLI:
            return BernoulliPixels()
        case Likelihood.GAUSSIAN:
            return OptimalGaussianPixels()
        case Likelihood.LEARNT_GAUSSIAN:
            return LearntGaussianPixels()
        case Likelihood.LOGISTIC:
            return LogisticPixels(channels)
        case _:
            assert_never(kind)


def gaussian_nll(means: Tensor, images: Tensor, log_deviation: Tensor) -> Tensor:
    """-log p in nats per picture, (N,): density of pictures in [-1, 1]. log_deviation: of a shape that broadcasts."""
    standardised = (means.float() - images.float()) * (-log_deviation).exp()
    per_pixel = 0.5 * (standardised.square() + math.log(2 * math.pi)) + log_deviation
    return per_pixel.flatten(1).sum(1)


def discretised_logistic_nll(locations: Tensor, images: Tensor, log_scale: Tensor) -> Tensor:
    """-log P in nats per 8-bit picture, (N,): a logistic density, integrated over each of the 256 values.

    The lowest and highest values take the tails, so that the probabilities sum to 1. log_scale broadcasts.
    """
    images = images.float()
    inverse_scale = (-log_scale).exp()
    centred = images - locations.float()
    below_upper_edge = F.logsigmoid((centred + HALF_LEVEL) * inverse_scale)
    above_lower_edge = F.logsigmoid((HALF_LEVEL - centred) * inverse_scale)
    # sigmoid(a) - sigmoid(b) = sigmoid(a) sigmoid(-b) (1 - exp(b - a)): no difference of numbers that are nearly equal.
    between = below_upper_edge + above_lower_edge + torch.expm1(-2 * HALF_LEVEL * inverse_scale).neg().log()
    log_probability = torch.where(images > 1 - HALF_LEVEL, above_lower_edge, between)
    log_probability = torch.where(images < HALF_LEVEL - 1, below_upper_edge, log_probability)
    return -log_probability.flatten(1).sum(1)


def no_finer_than_a_level(log_size: Tensor) -> Tensor:
    """Bounded smoothly from below: a density that narrows without end would be worth more than all that is learnt."""
    return FINEST + F.softplus(log_size - FINEST)


def binarised(images: Tensor, rng: torch.Generator) -> Tensor:
    """Each pixel drawn anew, white (1) with its brightness as the chance, else black (-1) (Salakhutdinov 2008)."""
    chances = torch.rand(images.shape, generator=rng, device=images.device)
    return torch.where(chances < (images + 1) / 2, 1.0, -1.0)
