"""The VAE's bound against an estimate by brute force, and its terms on the scale they are said to have."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.vae import LOG_VARIANCE_RANGE, VAE, Likelihood, VAEConfig


def vae(**settings: object) -> VAE:
    config = VAEConfig.parse({"hidden": 16, "latents": 2, **settings})
    model = build(VAE, config, DataSpec(1, 4, 4), torch.Generator().manual_seed(0))
    assert isinstance(model, VAE)
    return model


def pictures(count: int = 8) -> Tensor:
    rng = torch.Generator().manual_seed(1)
    return torch.randint(0, 2, (count, 1, 4, 4), generator=rng).float() * 2 - 1


def elbo(model: VAE, images: Tensor, seed: int) -> float:
    return -float(model.validate(Batch(images), torch.Generator().manual_seed(seed))["loss"])


@torch.no_grad()
def test_the_elbo_is_a_bound_that_brute_force_confirms() -> None:
    model, images = vae(), pictures()
    model.encoder[-1].bias[2:] -= 2  # a posterior of its own, narrower than the prior
    model.decoder[0].weight.mul_(5)  # and a decoder that minds where in it a latent lies
    latents = torch.randn(50_000, 2, generator=torch.Generator().manual_seed(2))
    logits = model.decoder(latents)
    pixels = (images + 1) / 2
    likelihoods = [Bernoulli(logits=logits).log_prob(picture).sum((1, 2, 3)) for picture in pixels]
    exact = sum(float(one.logsumexp(0)) - math.log(len(one)) for one in likelihoods) / len(images)
    bound = sum(elbo(model, images, seed) for seed in range(1000)) / 1000
    mean, log_variance = model.posterior(images)
    posterior = Normal(mean, (log_variance / 2).exp())
    rng = torch.Generator().manual_seed(3)
    draws = mean + (log_variance / 2).exp() * torch.randn(10_000, 8, 2, generator=rng)
    joint = Bernoulli(logits=model.decoder(draws.view(-1, 2)).view(10_000, 8, 1, 4, 4)).log_prob(pixels).sum((2, 3, 4))
    joint = joint + Normal(0.0, 1.0).log_prob(draws).sum(2) - posterior.log_prob(draws).sum(2)
    assert bound == pytest.approx(float(joint.mean()), abs=0.1)
    assert bound < exact


def test_the_loss_is_the_sum_of_its_terms_in_nats_per_picture() -> None:
    model = vae()
    with torch.no_grad():
        one = model.validate(Batch(pictures(8)), torch.Generator().manual_seed(0))
        mean, log_variance = model.posterior(pictures(8))
    assert float(one["loss"]) == pytest.approx(float(one["reconstruction"] + one["kl"]))
    exact = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean()
    assert float(one["kl"]) == pytest.approx(float(exact), rel=1e-5)
    # At the start every pixel is about a coin toss, log 2 nats each.
    assert float(one["reconstruction"]) == pytest.approx(16 * math.log(2), rel=0.15)


def test_the_scale_does_not_depend_on_the_batch() -> None:
    model, images = vae(likelihood=Likelihood.BERNOULLI), pictures(4)
    with torch.no_grad():
        terms = model.validate(Batch(images), torch.Generator().manual_seed(0))
        twice = model.validate(Batch(images.repeat(64, 1, 1, 1)), torch.Generator().manual_seed(0))
    assert float(twice["kl"]) == pytest.approx(float(terms["kl"]), rel=1e-4)
    assert float(twice["loss"]) == pytest.approx(float(terms["loss"]), rel=0.1)


def test_the_log_variance_stays_in_its_range() -> None:
    model = vae()
    with torch.no_grad():
        model.encoder[-1].bias.fill_(1e6)
        mean, log_variance = model.posterior(pictures())
    assert log_variance.max() == LOG_VARIANCE_RANGE
    assert mean.shape == log_variance.shape == (8, 2)


@pytest.mark.parametrize("likelihood", Likelihood)
def test_the_mean_of_the_likelihood_is_what_is_decoded(likelihood: Likelihood) -> None:
    model = vae(likelihood=likelihood)
    latents = torch.randn(3, 2, generator=torch.Generator().manual_seed(0))
    output = model.decoder(latents)
    expected = 2 * Bernoulli(logits=output).mean - 1 if likelihood is Likelihood.BERNOULLI else output.clamp(-1, 1)
    torch.testing.assert_close(model.decode(latents), expected)


def test_a_picture_is_encoded_as_the_mean_of_its_posterior() -> None:
    model = vae()
    assert torch.equal(model.encode(pictures()), model.posterior(pictures())[0])


def test_the_defaults_are_those_of_the_published_figures() -> None:
    config = VAEConfig()
    assert (config.hidden, config.latents, config.batch_size, config.learning_rate) == (400, 20, 128, 1e-3)
