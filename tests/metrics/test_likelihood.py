"""The likelihood estimate against one that is known exactly, and against the bound it tightens."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import Cancelled
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.metrics.likelihood import log_likelihoods, negative_elbos, negative_log_likelihood
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.models.capabilities import HasLikelihood
from gen_studio.nets.posterior import DiagonalGaussian
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

FAMILIES = [family for family in registry.families().values() if issubclass(family, HasLikelihood)]


class Linear(HasLikelihood):
    """Probabilistic PCA: x = W z + sigma e, of which log p(x) is known. The posterior is the true one, `off` wider."""

    is_discrete = False
    latent_shape = (2,)

    def __init__(self, off: float = 1.0) -> None:
        self.weight = torch.randn(9, 2, generator=generator(7))
        self.variance = 0.3
        self.off = off
        self.most = 0

    def decode(self, latents: Tensor) -> Tensor:
        return (latents @ self.weight.T).view(-1, 1, 3, 3)

    def posterior(self, batch: Batch) -> DiagonalGaussian:
        precision = torch.eye(2) + self.weight.T @ self.weight / self.variance
        mean = batch.images.flatten(1) @ self.weight @ torch.linalg.inv(precision) / self.variance
        variance = self.off * torch.linalg.inv(precision).diagonal().expand_as(mean)
        return DiagonalGaussian(mean, variance.log())

    def log_likelihood(self, latents: Tensor, batch: Batch) -> Tensor:
        self.most = max(self.most, latents.shape[0])
        return (
            torch.distributions.Normal(self.decode(latents), math.sqrt(self.variance))
            .log_prob(batch.images)
            .sum((1, 2, 3))
        )

    def exact(self, images: Tensor) -> Tensor:
        covariance = self.weight @ self.weight.T + self.variance * torch.eye(9)
        return torch.distributions.MultivariateNormal(torch.zeros(9), covariance).log_prob(images.flatten(1))


class Orthogonal(Linear):
    """Its true posterior is a diagonal Gaussian: with `off` at 1, every latent weighs exactly p(x)."""

    def __init__(self, off: float = 1.0) -> None:
        super().__init__(off)
        self.weight = 1.5 * torch.linalg.qr(self.weight).Q


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(count: int = 20) -> Tensor:
    model = Linear()
    noise = math.sqrt(model.variance) * torch.randn(count, 1, 3, 3, generator=generator(2))
    return model.decode(torch.randn(count, 2, generator=generator(1))) + noise


def test_the_estimate_is_the_likelihood_where_that_is_known() -> None:
    model, batch = Linear(off=1.5), Batch(images())
    found = log_likelihoods(model, batch, 5000, generator())
    torch.testing.assert_close(found.float(), model.exact(batch.images), atol=0.05, rtol=0)


@pytest.mark.parametrize("samples", [1, 7, 5000])
def test_with_the_true_posterior_the_estimate_is_exact_from_the_first_latent(samples: int) -> None:
    model, batch = Orthogonal(), Batch(images())
    found = log_likelihoods(model, batch, samples, generator())
    torch.testing.assert_close(found.float(), model.exact(batch.images), atol=1e-4, rtol=1e-5)


def test_the_elbo_falls_short_by_the_distance_to_the_true_posterior() -> None:
    model, batch = Orthogonal(off=4.0), Batch(images(2000))
    found = negative_elbos(model, lambda: batch.split(128), generator())
    gap = (4 - 1 - math.log(4)) / 2 * 2  # the KL of two dimensions four times as wide in variance
    assert found.shape == (2000,)
    assert float(found.mean()) == pytest.approx(-float(model.exact(batch.images).mean()) + gap, abs=0.2)


def test_it_is_a_bound_that_rises_with_its_samples() -> None:
    model, batch = Linear(off=4.0), Batch(images(400))
    exact = float(model.exact(batch.images).mean())
    found = [float(log_likelihoods(model, batch, samples, generator()).mean()) for samples in (1, 5, 50, 1000)]
    assert found == sorted(found)
    assert found[0] < exact - 0.2
    assert found[-1] == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("codes", [1, 7, 64, 1000, 100_000])
def test_memory_does_not_grow_with_pictures_or_samples(codes: int) -> None:
    model, batch = Linear(off=1.5), Batch(images(10))
    found = log_likelihoods(model, batch, 300, generator(), latents_at_once=codes)
    assert model.most <= codes
    torch.testing.assert_close(found.float(), model.exact(batch.images), atol=0.25, rtol=0)


@pytest.mark.parametrize("codes", [1, 7, 64, 1000, 100_000])
def test_how_many_are_decoded_together_decides_nothing_but_rounding(codes: int) -> None:
    batch = Batch(images(10))
    whole, portions = (
        log_likelihoods(Linear(off=4.0), batch, 37, generator(), latents_at_once=at_once) for at_once in (None, codes)
    )
    torch.testing.assert_close(portions, whole, atol=1e-5, rtol=1e-6)


def test_a_picture_is_given_the_same_latents_whatever_comes_after_it() -> None:
    pictures = images(10)
    few, many = (log_likelihoods(Linear(off=4.0), Batch(part), 37, generator()) for part in (pictures[:4], pictures))
    torch.testing.assert_close(few, many[:4], atol=1e-5, rtol=1e-6)


def test_whoever_listens_hears_of_every_latent_and_may_call_it_off() -> None:
    heard: list[int] = []
    log_likelihoods(Linear(), Batch(images(10)), 30, generator(), latents_at_once=64, heard=heard.append)
    assert sum(heard) == 300 and max(heard) <= 64

    def call_off(latents: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        log_likelihoods(Linear(), Batch(images(10)), 30, generator(), heard=call_off)


def test_weights_far_below_the_smallest_number_still_count() -> None:
    model = Linear()
    far = Batch(images(3) + 60)
    found = log_likelihoods(model, far, 2000, generator())
    assert found.isfinite().all()
    torch.testing.assert_close(found.float(), model.exact(far.images), rtol=0.02, atol=1.0)


def test_the_mean_is_over_all_pictures_of_uneven_batches() -> None:
    model, batch = Linear(), Batch(images(10))
    found = negative_log_likelihood(model, lambda: batch.split(4), 3000, generator())
    assert found == pytest.approx(-float(model.exact(batch.images).mean()), abs=0.05)


@pytest.mark.parametrize("family", FAMILIES, ids=[family.info.key for family in FAMILIES])
@pytest.mark.parametrize("likelihood", ["Bernoulli", "Gaussian", "discretised logistic"])
def test_every_family_with_a_likelihood_can_be_judged_by_it(family: Any, likelihood: str) -> None:
    learner = Learner(subjects.plan_for(family, {"likelihood": likelihood}), subjects.pictures())
    subjects.train(learner, 3)
    model, batch = learner.new_shown_model(), learner.pictures.batch(torch.arange(16))
    assert isinstance(model, HasLikelihood)

    def estimate(samples: int, pictures_in_a_batch: int) -> float:
        return negative_log_likelihood(model, lambda: batch.split(pictures_in_a_batch), samples, generator())

    one, many = estimate(1, 16), estimate(500, 16)
    assert math.isfinite(one)
    assert many <= one + 1e-3
    # A picture's likelihood does not hang on the company it is judged in.
    assert estimate(500, 5) == pytest.approx(many, abs=0.02 * abs(many) + 1.0)


def small_vae(**settings: object) -> Any:
    family = registry.find("conv_vae")
    return build(family, family.Config.parse({"width": 4, "latents": 2, **settings}), DataSpec(1, 16, 16), generator())


def test_the_best_sigma_is_that_of_all_pictures_however_they_are_batched() -> None:
    model = small_vae(likelihood="Gaussian").eval()
    noise = torch.rand((8, 1, 16, 16), generator=generator()) * 2 - 1
    batch = Batch(torch.cat([model.decode(torch.zeros(8, 2)).detach(), noise]))  # half of them are easy
    together, apart = (
        negative_log_likelihood(model, lambda size=size: batch.split(size), 200, generator()) for size in (16, 8)
    )
    assert apart == pytest.approx(together, rel=0.02)


def test_a_binarising_model_is_shown_the_same_pictures_however_many_latents_are_decoded_together() -> None:
    model = small_vae(likelihood="Bernoulli", binarise=True).eval()
    grey = Batch(torch.zeros(20, 1, 16, 16))
    found = [negative_log_likelihood(model, lambda: grey.split(8), 50, generator(), at_once) for at_once in (None, 7)]
    assert found[0] == pytest.approx(found[1], rel=1e-6)


def test_a_binarising_model_is_judged_by_binarised_pictures() -> None:
    model = small_vae(likelihood="Bernoulli", binarise=True).eval()
    seen: list[Tensor] = []
    posterior = model.posterior

    def noted(batch: Batch) -> DiagonalGaussian:
        seen.append(batch.images)
        return posterior(batch)

    model.posterior = noted
    grey = Batch(torch.full((40, 1, 16, 16), -0.5))  # one pixel in four is drawn white
    negative_log_likelihood(model, lambda: [grey], 5, generator())
    drawn = torch.cat(seen)
    assert set(drawn.unique().tolist()) == {-1.0, 1.0}
    assert float((drawn > 0).float().mean()) == pytest.approx(0.25, abs=0.02)
