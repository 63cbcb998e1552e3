"""The importance-weighted bound against the ELBO, against brute force, and as it grows with its samples."""

import math

import pytest
import torch
from torch import Tensor

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.iwae import IWAE, IWAEConfig


def iwae(samples: int, **settings: object) -> IWAE:
    """Weights depend on the seed alone: models that differ in their samples are alike."""
    config = IWAEConfig.parse({"samples": samples, "hidden": 16, "latents": 2, **settings})
    model = build(IWAE, config, DataSpec(1, 4, 4), torch.Generator().manual_seed(0))
    assert isinstance(model, IWAE)
    with torch.no_grad():
        model.encoder[-1].bias[2:] -= 1  # a posterior of its own, narrower than the prior
        model.decoder[0].weight.mul_(4)  # and a decoder that minds where in it a latent lies
    return model


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(count: int = 6) -> Batch:
    return Batch(torch.randint(0, 2, (count, 1, 4, 4), generator=generator(1)).float() * 2 - 1)


@torch.no_grad()
def bound(model: IWAE, repeats: int) -> float:
    return -sum(float(model.terms(batch(), generator(seed)).loss) for seed in range(repeats)) / repeats


def log_weight(model: IWAE, image: Tensor, noise: Tensor) -> Tensor:
    """log p(x, z) - log q(z|x) by torch's own distributions, for one picture and one draw."""
    mean, log_variance = model.encoder(((image + 1) / 2)[None]).chunk(2, 1)
    posterior = torch.distributions.Normal(mean[0], (log_variance[0] / 2).exp())
    latent = posterior.mean + posterior.stddev * noise
    pixels = torch.distributions.Bernoulli(logits=model.decoder(latent[None])[0])
    prior = torch.distributions.Normal(0.0, 1.0)
    return pixels.log_prob((image + 1) / 2).sum() + prior.log_prob(latent).sum() - posterior.log_prob(latent).sum()


@torch.no_grad()
def test_one_sample_gives_the_elbo() -> None:
    model = iwae(1)
    terms = model.terms(batch(), generator(3))
    # With the same draws: the reconstruction, and the KL term as it is sampled.
    sampled_kl = terms.posterior.log_density(terms.latents[0]) - torch.distributions.Normal(0.0, 1.0).log_prob(
        terms.latents[0]
    ).sum(1)
    assert float(terms.loss) == pytest.approx(float(terms.reconstruction + sampled_kl.mean()), rel=1e-5)
    # Over many draws: the ELBO with its KL term in closed form.
    elbos = [model.terms(batch(), generator(seed)) for seed in range(2000)]
    expected = sum(float(one.reconstruction + one.kl.sum(1).mean()) for one in elbos) / 2000
    assert -bound(model, 2000) == pytest.approx(expected, abs=0.05)


def test_the_bound_grows_with_its_samples_and_stays_one() -> None:
    bounds = [bound(iwae(samples), repeats) for samples, repeats in ((1, 1000), (5, 300), (50, 60))]
    model = iwae(1)
    with torch.no_grad():
        latents = torch.randn(50_000, 2, generator=generator(2))
        likelihoods = model.log_likelihoods(latents[:, None].expand(-1, 6, -1), batch())
        exact = float((likelihoods.logsumexp(0) - math.log(50_000)).mean())
    assert bounds[0] + 0.1 < bounds[1] < bounds[2] < exact + 0.02


def test_its_gradient_is_that_of_the_weighed_logarithms() -> None:
    model, images, samples = iwae(4), batch(3).images, 4
    weights = list(model.parameters())
    terms = model.terms(Batch(images), generator(5))
    found = torch.autograd.grad(terms.loss, weights)
    noise = torch.randn((samples, 3, 2), generator=generator(5))
    by_hand = [torch.zeros_like(weight) for weight in weights]
    bounds = []
    for n, image in enumerate(images):
        logs = [log_weight(model, image, noise[k, n]) for k in range(samples)]
        shares = torch.stack(logs).detach().softmax(0)
        bounds.append(float(torch.stack(logs).detach().double().exp().mean().log()))
        for share, log in zip(shares, logs, strict=True):
            for total, gradient in zip(by_hand, torch.autograd.grad(log, weights, retain_graph=True), strict=True):
                total -= share * gradient / 3
    assert float(terms.loss.detach()) == pytest.approx(-sum(bounds) / 3, rel=1e-5)
    for one, other in zip(found, by_hand, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)


def test_the_rate_falls_in_the_papers_stages_over_the_planned_steps() -> None:
    model = iwae(1)
    passes = 3280
    factors = [model.rate_factor("model", (done + 0.5) / passes) for done in range(passes)]
    expected = [10 ** (-stage / 7) for stage in range(8) for _ in range(3**stage)]
    assert factors == pytest.approx(expected)
    assert iwae(1, schedule="linear to zero").rate_factor("model", 0.25) == 0.75
    assert iwae(1, schedule="constant").rate_factor("model", 0.9) == 1


def test_the_defaults_are_the_papers_one_layer_model() -> None:
    config = IWAEConfig()
    assert (config.latents, config.hidden, config.batch_size, config.learning_rate) == (50, 200, 20, 1e-3)
    model = iwae(1)
    (group,) = model.optimizers()["model"].param_groups
    assert (group["lr"], group["betas"], group["eps"]) == (1e-3, (0.9, 0.999), 1e-4)
    assert all(not layer.bias.any() for layer in model.decoder if isinstance(layer, torch.nn.Linear))
