"""Likelihoods against torch's own distributions, and against what a probability has to be."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal

from gen_studio.nets.likelihoods import (
    FINEST,
    HALF_LEVEL,
    Likelihood,
    OptimalGaussianPixels,
    binarised,
    discretised_logistic_nll,
    gaussian_nll,
    no_finer_than_a_level,
    pixel_likelihood,
)

SHAPE = (4, 3, 5, 5)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(seed: int = 0) -> Tensor:
    """(4, 3, 5, 5) with 8-bit values, the darkest and the brightest among them."""
    levels = torch.randint(0, 256, SHAPE, generator=generator(seed), dtype=torch.uint8)
    levels[0, 0, 0, 0], levels[0, 0, 0, 1] = 0, 255
    return levels.float() * (1 / 127.5) - 1


def outputs(seed: int = 1) -> Tensor:
    return torch.randn(SHAPE, generator=generator(seed))


@pytest.mark.parametrize("scale", [HALF_LEVEL, 0.05, 0.5, 5.0])
@pytest.mark.parametrize("location", [-1.7, -1.0, -0.2, 0.5 / 255, 1.0, 2.0])
def test_the_discretised_logistic_gives_256_values_a_probability_of_one_in_all(location: float, scale: float) -> None:
    values = (torch.arange(256).float() / 127.5 - 1).view(256, 1, 1, 1)
    log_scale = torch.tensor(math.log(scale))
    nll = discretised_logistic_nll(torch.full_like(values, location), values, log_scale)
    assert nll.shape == (256,)
    assert (nll >= 0).all()
    assert float((-nll).double().exp().sum()) == pytest.approx(1, abs=2e-4)


def test_the_discretised_logistic_is_the_difference_of_two_sigmoids() -> None:
    images, locations = pictures().double(), outputs().double() / 2
    upper = torch.sigmoid((images + HALF_LEVEL - locations) / 0.2)
    lower = torch.sigmoid((images - HALF_LEVEL - locations) / 0.2)
    upper[images > 0.999], lower[images < -0.999] = 1.0, 0.0
    expected = -(upper - lower).log().sum((1, 2, 3))
    found = discretised_logistic_nll(locations, images, torch.tensor(math.log(0.2)))
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-3)


def test_a_location_far_off_still_has_a_gradient() -> None:
    locations = torch.full((1, 1, 2, 2), 30.0, requires_grad=True)
    nll = discretised_logistic_nll(locations, torch.zeros(1, 1, 2, 2), torch.tensor(FINEST))
    (gradient,) = torch.autograd.grad(nll.sum(), locations)
    assert nll.isfinite().all()
    assert (gradient > 1).all()


def test_gaussian_densities_are_torchs_own() -> None:
    images, means = pictures(), outputs()
    expected = -Normal(means, 0.3).log_prob(images).sum((1, 2, 3))
    torch.testing.assert_close(gaussian_nll(means, images, torch.tensor(0.3).log()), expected)


def test_the_learnt_sigma_that_is_best_is_the_optimal_one() -> None:
    images, means = pictures(), outputs()
    best = pixel_likelihood(Likelihood.GAUSSIAN, 3).nll(means, images).mean()
    deviations = torch.linspace(-2, 2, 401)
    tried = torch.stack([gaussian_nll(means, images, deviation).mean() for deviation in deviations])
    assert float(tried.min()) == pytest.approx(float(best), rel=1e-4)
    assert (tried >= best - 1e-3).all()


@pytest.mark.parametrize("kind", Likelihood)
def test_every_likelihood_is_in_nats_per_picture_and_means_a_picture(kind: Likelihood) -> None:
    likelihood = pixel_likelihood(kind, 3)
    nll = likelihood.nll(outputs().bfloat16(), pictures())
    assert nll.shape == (4,)
    assert nll.dtype == torch.float32
    assert nll.isfinite().all()
    mean = likelihood.mean(10 * outputs())
    assert mean.shape == SHAPE
    assert mean.min() >= -1
    assert mean.max() <= 1


@pytest.mark.parametrize("kind", Likelihood)
def test_the_mean_picture_is_the_distributions(kind: Likelihood) -> None:
    likelihood = pixel_likelihood(kind, 1)
    output = torch.tensor([-0.8, -0.1, 0.0, 0.6]).view(1, 1, 2, 2)
    with torch.no_grad():
        expected = 2 * Bernoulli(logits=output).mean - 1 if kind is Likelihood.BERNOULLI else output
        torch.testing.assert_close(likelihood.mean(output), expected)


@pytest.mark.parametrize("kind", [Likelihood.LEARNT_GAUSSIAN, Likelihood.LOGISTIC])
def test_a_grey_is_likeliest_at_its_own_mean(kind: Likelihood) -> None:
    # But for black and white, which take the logistic's tails.
    levels = (torch.arange(1, 255).float() / 127.5 - 1).view(254, 1, 1, 1)
    with torch.no_grad():
        nll = pixel_likelihood(kind, 1).nll(torch.full_like(levels, 0.6), levels)
    assert abs(float(levels[nll.argmin()]) - 0.6) <= HALF_LEVEL


def test_the_optimal_sigma_of_a_picture_hangs_on_its_company_until_it_is_settled() -> None:
    likelihood = OptimalGaussianPixels()
    images, means = pictures(), outputs()
    alone = torch.cat([likelihood.nll(means[i : i + 1], images[i : i + 1]) for i in range(4)])
    together = likelihood.nll(means, images)
    assert not torch.allclose(alone, together)
    with likelihood.settled([(means[:1], images[:1]), (means[1:], images[1:])]):
        alone = torch.cat([likelihood.nll(means[i : i + 1], images[i : i + 1]) for i in range(4)])
        torch.testing.assert_close(alone, together)
    assert not torch.allclose(likelihood.nll(means[:1], images[:1]), together[:1])
    assert likelihood.variance is None


def test_scales_come_near_to_a_level_and_no_nearer() -> None:
    sizes = torch.tensor([-1e3, FINEST, 0.0, 2.0], requires_grad=True)
    bounded = no_finer_than_a_level(sizes)
    assert bounded[0] == FINEST
    torch.testing.assert_close(bounded[2:], sizes[2:], atol=5e-3, rtol=0)
    (gradient,) = torch.autograd.grad(bounded.sum(), sizes)
    assert gradient[1] == 0.5


@pytest.mark.parametrize("kind", [Likelihood.LEARNT_GAUSSIAN, Likelihood.LOGISTIC])
def test_a_learnt_scale_finds_the_one_of_the_errors(kind: Likelihood) -> None:
    likelihood = pixel_likelihood(kind, 1)
    errors = 0.15 * torch.randn(64, 1, 8, 8, generator=generator())
    steps = torch.optim.Adam(likelihood.parameters(), lr=0.1)
    for _ in range(100):
        loss = likelihood.nll(torch.zeros_like(errors), errors).mean()
        steps.zero_grad()
        loss.backward()
        steps.step()
    scale = float(no_finer_than_a_level(next(likelihood.parameters()).detach()).exp())
    # A logistic distribution of scale s has the standard deviation s * pi / sqrt(3), and one fitted to normal errors
    # is within a few hundredths of that.
    expected = 0.15 if kind is Likelihood.LEARNT_GAUSSIAN else 0.15 * math.sqrt(3) / math.pi
    assert scale == pytest.approx(expected, rel=0.08)


def test_binarised_pictures_are_black_or_white_as_often_as_they_are_bright() -> None:
    images = torch.tensor([-1.0, -0.5, 0.5, 1.0]).view(1, 1, 2, 2).expand(4000, -1, -1, -1)
    drawn = binarised(images, generator())
    assert set(drawn.unique().tolist()) == {-1.0, 1.0}
    torch.testing.assert_close(drawn.mean(0), images[0], atol=0.05, rtol=0)
    assert torch.equal(drawn, binarised(images, generator()))
    assert not torch.equal(drawn, binarised(images, generator(1)))
