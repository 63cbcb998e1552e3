"""The posterior's terms against torch's own distributions."""

import math

import pytest
import torch
from torch.distributions import Independent, Normal, kl_divergence

from gen_studio.nets.posterior import LOG_VARIANCE_RANGE, DiagonalGaussian, log_mean_exp, normal_log_density


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def posterior() -> DiagonalGaussian:
    return DiagonalGaussian.of(torch.randn(6, 8, generator=generator()))


def torchs(q: DiagonalGaussian) -> Normal:
    return Normal(q.mean, (q.log_variance / 2).exp())


def test_the_kl_is_torchs_own_by_picture_and_dimension() -> None:
    q = posterior()
    expected = kl_divergence(torchs(q), Normal(torch.zeros(6, 4), torch.ones(6, 4)))
    torch.testing.assert_close(q.kl(), expected)


def test_densities_are_torchs_own() -> None:
    q, latents = posterior(), torch.randn(3, 6, 4, generator=generator(1))
    torch.testing.assert_close(q.log_density(latents), Independent(torchs(q), 1).log_prob(latents))
    torch.testing.assert_close(normal_log_density(latents), Normal(0.0, 1.0).log_prob(latents).sum(-1))


def test_weights_are_the_joint_density_over_the_posteriors() -> None:
    q, latents = posterior(), torch.randn(3, 6, 4, generator=generator(1))
    likelihoods = torch.randn(3, 6, generator=generator(2))
    expected = likelihoods + Normal(0.0, 1.0).log_prob(latents).sum(-1) - Independent(torchs(q), 1).log_prob(latents)
    torch.testing.assert_close(q.log_weights(latents, likelihoods), expected)


def test_drawn_latents_have_the_posteriors_moments() -> None:
    q = posterior()
    drawn = q.draws(20_000, generator())
    assert drawn.shape == (20_000, 6, 4)
    torch.testing.assert_close(drawn.mean(0), q.mean, atol=0.05, rtol=0)
    torch.testing.assert_close(drawn.var(0).log(), q.log_variance, atol=0.08, rtol=0)


def test_one_draw_is_the_first_of_several() -> None:
    assert torch.equal(posterior().draw(generator(3)), posterior().draws(1, generator(3))[0])


def test_the_log_variance_stays_in_its_range() -> None:
    q = DiagonalGaussian.of(torch.full((2, 6), 1e6))
    assert (q.log_variance == LOG_VARIANCE_RANGE).all()
    assert q.mean.dtype == torch.float32


def test_an_active_unit_is_one_whose_mean_varies() -> None:
    means = torch.zeros(100, 4)
    means[:, 0] = torch.linspace(-1, 1, 100)
    means[:, 1] = 0.05 * torch.linspace(-1, 1, 100)  # a variance of about 0.0008
    means[:, 2] = 5.0
    assert float(DiagonalGaussian(means, torch.zeros(100, 4)).active_share()) == 0.25


def test_the_mean_of_weights_is_taken_without_leaving_logarithms() -> None:
    weights = torch.rand(7, 3, generator=generator())
    torch.testing.assert_close(log_mean_exp(weights.log()), weights.mean(0).log())
    huge = torch.full((7, 3), -2000.0)
    assert float(log_mean_exp(huge)[0]) == pytest.approx(-2000)
    assert float(log_mean_exp(huge[:1])[0]) == -2000 - math.log(1)
