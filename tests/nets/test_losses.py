"""Losses and likelihoods against the naive formula, or against torch.distributions, where those are exact."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal, kl_divergence

from gen_studio.nets.losses import (
    AdversarialLoss,
    bernoulli_nll,
    discriminator_loss,
    generator_loss,
    kl_to_standard_normal,
    optimal_gaussian_nll,
    verdict,
)

every_game = pytest.mark.parametrize("game", AdversarialLoss)
LOGITS = (AdversarialLoss.NON_SATURATING, AdversarialLoss.MINIMAX)


def scores(seed: int, count: int = 64) -> Tensor:
    return 2 * torch.randn(count, 1, 2, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def naive_discriminator(game: AdversarialLoss, real: Tensor, fake: Tensor) -> Tensor:
    """As the papers print them."""
    match game:
        case AdversarialLoss.NON_SATURATING | AdversarialLoss.MINIMAX:
            return -(real.sigmoid().log().mean() + (1 - fake.sigmoid()).log().mean())
        case AdversarialLoss.LEAST_SQUARES:
            return 0.5 * ((real - 1) ** 2).mean() + 0.5 * (fake**2).mean()
        case AdversarialLoss.HINGE:
            return -torch.minimum(real - 1, torch.zeros(())).mean() - torch.minimum(-fake - 1, torch.zeros(())).mean()
        case AdversarialLoss.WASSERSTEIN:
            return -(real.mean() - fake.mean())


def naive_generator(game: AdversarialLoss, fake: Tensor) -> Tensor:
    match game:
        case AdversarialLoss.NON_SATURATING:
            return -fake.sigmoid().log().mean()
        case AdversarialLoss.MINIMAX:
            return (1 - fake.sigmoid()).log().mean()
        case AdversarialLoss.LEAST_SQUARES:
            return 0.5 * ((fake - 1) ** 2).mean()
        case AdversarialLoss.HINGE | AdversarialLoss.WASSERSTEIN:
            return -fake.mean()


@every_game
def test_a_game_is_the_formula_of_its_paper(game: AdversarialLoss) -> None:
    real, fake = scores(0), scores(1)
    torch.testing.assert_close(discriminator_loss(game, real, fake).double(), naive_discriminator(game, real, fake))
    torch.testing.assert_close(generator_loss(game, fake).double(), naive_generator(game, fake))


@every_game
def test_the_gradient_of_a_game_is_that_of_the_formula(game: AdversarialLoss) -> None:
    def gradients(loss: Tensor, *of: Tensor) -> list[Tensor]:
        return [gradient.double() for gradient in torch.autograd.grad(loss, of)]

    real, fake = scores(0).requires_grad_(), scores(1).requires_grad_()
    one = gradients(discriminator_loss(game, real, fake), real, fake)
    other = gradients(naive_discriminator(game, real, fake), real, fake)
    torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-7)
    ours, theirs = gradients(generator_loss(game, fake), fake), gradients(naive_generator(game, fake), fake)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-7)


def test_the_gradient_lives_where_the_naive_formula_has_none() -> None:
    fake = torch.full((4,), -200.0, requires_grad=True)
    naive = -(fake.sigmoid() + 1e-12).log().mean()
    assert torch.autograd.grad(naive, fake)[0].abs().max() < 1e-6
    (gradient,) = torch.autograd.grad(generator_loss(AdversarialLoss.NON_SATURATING, fake), fake)
    torch.testing.assert_close(gradient, torch.full((4,), -0.25))
    sure = torch.full((4,), 200.0, requires_grad=True)
    (gradient,) = torch.autograd.grad(discriminator_loss(AdversarialLoss.NON_SATURATING, -sure, sure), sure)
    torch.testing.assert_close(gradient, torch.full((4,), 0.5))


@pytest.mark.parametrize("game", LOGITS)
def test_smoothing_is_one_sided_cross_entropy(game: AdversarialLoss) -> None:
    real, fake = scores(0).float(), scores(1).float()
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits
    expected = cross_entropy(real, torch.full_like(real, 0.9)) + cross_entropy(fake, torch.zeros_like(fake))
    torch.testing.assert_close(discriminator_loss(game, real, fake, real_target=0.9), expected)


def test_smoothing_moves_the_best_score_of_real_pictures_only() -> None:
    real = torch.tensor([math.log(0.9 / 0.1)], requires_grad=True)
    (gradient,) = torch.autograd.grad(discriminator_loss(LOGITS[0], real, real.detach(), 0.9), real)
    assert gradient.abs() < 1e-6
    least = torch.tensor([0.9], requires_grad=True)
    loss = discriminator_loss(AdversarialLoss.LEAST_SQUARES, least, torch.zeros(1), 0.9)
    assert torch.autograd.grad(loss, least)[0].abs() < 1e-6
    assert loss.item() == 0


@every_game
def test_losses_are_in_float32_whatever_the_scores(game: AdversarialLoss) -> None:
    low = scores(0).to(torch.bfloat16)
    assert discriminator_loss(game, low, low).dtype == torch.float32
    assert generator_loss(game, low).dtype == torch.float32


@every_game
def test_a_verdict_is_between_zero_and_one_and_grows_with_the_scores(game: AdversarialLoss) -> None:
    readings = [verdict(game, torch.full((8,), level, requires_grad=True)) for level in (-30.0, -0.2, 0.3, 0.7, 30.0)]
    values = [reading.item() for reading in readings]
    assert values == sorted(values)
    assert values[0] == pytest.approx(0, abs=1e-6)
    assert values[-1] == pytest.approx(1, abs=1e-6)
    assert not any(reading.requires_grad for reading in readings)
    assert all(reading.ndim == 0 for reading in readings)


def test_an_undecided_critic_stands_at_one_half() -> None:
    undecided = {AdversarialLoss.LEAST_SQUARES: 0.5}
    for game in AdversarialLoss:
        assert verdict(game, torch.full((4,), undecided.get(game, 0.0))).item() == pytest.approx(0.5)


def test_kl_is_that_of_torch() -> None:
    rng = torch.Generator().manual_seed(0)
    mean, log_variance = torch.randn(5, 7, generator=rng), 2 * torch.randn(5, 7, generator=rng)
    exact = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(kl_to_standard_normal(mean, log_variance), exact)
    assert kl_to_standard_normal(torch.zeros(3), torch.zeros(3)).abs().max() == 0


def test_the_bernoulli_likelihood_is_that_of_torch() -> None:
    rng = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(4, 3, 5, 5, generator=rng)
    pixels = torch.randint(0, 2, (4, 3, 5, 5), generator=rng).float()
    exact = -Bernoulli(logits=logits).log_prob(pixels).flatten(1).sum(1)
    torch.testing.assert_close(bernoulli_nll(logits, 2 * pixels - 1), exact)
    grey = torch.rand(4, 3, 5, 5, generator=rng)
    expected = -(grey * torch.log(logits.sigmoid()) + (1 - grey) * torch.log(1 - logits.sigmoid())).flatten(1).sum(1)
    torch.testing.assert_close(bernoulli_nll(logits, 2 * grey - 1), expected, rtol=1e-4, atol=1e-3)


def test_the_optimal_gaussian_is_a_gaussian_with_the_errors_variance() -> None:
    rng = torch.Generator().manual_seed(0)
    means, images = torch.randn(6, 1, 4, 4, generator=rng), torch.randn(6, 1, 4, 4, generator=rng)
    sigma = (means - images).square().mean().sqrt()
    exact = -Normal(means, sigma).log_prob(images).flatten(1).sum(1)
    found = optimal_gaussian_nll(means, images)
    torch.testing.assert_close(found, exact)
    closed_form = 16 / 2 * (math.log(2 * math.pi * sigma.item() ** 2) + 1)
    assert found.mean().item() == pytest.approx(closed_form, rel=1e-5)
    for other in (0.9 * sigma, 1.1 * sigma):
        assert -Normal(means, other).log_prob(images).flatten(1).sum(1).mean() > found.mean()


def test_a_perfect_reconstruction_has_a_finite_likelihood() -> None:
    images = torch.zeros(2, 1, 4, 4)
    assert optimal_gaussian_nll(images.requires_grad_(), images.detach()).isfinite().all()
