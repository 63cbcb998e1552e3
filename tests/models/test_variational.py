"""What all variational families share: the bound against brute force, its scale, its settings."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli

from gen_studio.core.description import ACTIVE_UNITS, KL
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.models.capabilities import HasLikelihood
from gen_studio.models.families.conv_vae import ConvVAE, ConvVAEConfig
from gen_studio.models.variational import LatentVariableModel
from gen_studio.nets.likelihoods import Likelihood
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

FAMILIES = [family for family in registry.families().values() if issubclass(family, LatentVariableModel)]
every_family = pytest.mark.parametrize("family", FAMILIES, ids=[family.info.key for family in FAMILIES])


def conv_vae(**settings: object) -> ConvVAE:
    config = ConvVAEConfig.parse({"width": 4, "latents": 2, "likelihood": "Bernoulli", **settings})
    model = build(ConvVAE, config, DataSpec(1, 16, 16), generator())
    assert isinstance(model, ConvVAE)
    return model


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 8) -> Tensor:
    return torch.randint(0, 2, (count, 1, 16, 16), generator=generator(1)).float() * 2 - 1


def test_there_are_several_such_families() -> None:
    assert len(FAMILIES) >= 5
    assert all(issubclass(family, HasLikelihood) for family in FAMILIES)


@torch.no_grad()
def test_the_elbo_is_a_bound_that_brute_force_confirms() -> None:
    model, images = conv_vae(), pictures()
    latents = torch.randn(20_000, 2, generator=generator(2))
    logits = torch.cat([model.decoder(part) for part in latents.split(2000)])
    exact = torch.stack(
        [Bernoulli(logits=logits).log_prob((picture + 1) / 2).sum((1, 2, 3)).logsumexp(0) for picture in images]
    ) - math.log(len(latents))
    bounds = [-float(model.validate(Batch(images), generator(seed))["loss"]) for seed in range(300)]
    assert sum(bounds) / len(bounds) < float(exact.mean())


@every_family
def test_the_readings_are_the_bounds_parts_in_nats(family: subjects.Family) -> None:
    learner = Learner(subjects.plan_for(family), subjects.pictures())
    assert {KL, ACTIVE_UNITS} <= set(family.metrics)
    batch = learner.next_batch()
    with torch.no_grad():
        model = learner.new_shown_model()
        assert isinstance(model, LatentVariableModel)
        readings = model.validate(batch, generator())
        posterior = model.posterior(batch)
    expected = 0.5 * (posterior.mean.square() + posterior.log_variance.exp() - 1 - posterior.log_variance)
    assert float(readings["kl"]) == pytest.approx(float(expected.sum(1).mean()), rel=1e-4)
    assert 0 <= float(readings["active_units"]) <= 1
    # A bound of several samples is tighter than the sum of its parts; of one it is that sum, or near it.
    assert float(readings["loss"]) < float(readings["reconstruction"] + readings["kl"]) + 10


@every_family
@pytest.mark.parametrize("kind", Likelihood)
def test_likelihoods_of_several_latents_are_those_of_each(family: subjects.Family, kind: Likelihood) -> None:
    learner = Learner(subjects.plan_for(family, {"likelihood": kind.value}), subjects.pictures(channels=3))
    model, batch = learner.new_shown_model(), learner.next_batch()
    assert isinstance(model, HasLikelihood)
    with torch.no_grad(), model.settled([batch], generator()):
        latents = model.posterior(batch).draws(3, generator())
        together = model.log_likelihoods(latents, batch)
        apart = torch.stack([model.log_likelihood(one, batch) for one in latents])
    assert together.shape == (3, len(batch))
    torch.testing.assert_close(together, apart, rtol=1e-4, atol=1e-2)


def test_the_scale_does_not_depend_on_the_batch() -> None:
    model, images = conv_vae(), pictures(4)
    with torch.no_grad():
        terms = model.validate(Batch(images), generator())
        twice = model.validate(Batch(images.repeat(64, 1, 1, 1)), generator())
    assert float(twice["kl"]) == pytest.approx(float(terms["kl"]), rel=1e-4)
    assert float(twice["loss"]) == pytest.approx(float(terms["loss"]), rel=0.1)


def test_binarising_draws_anew_from_the_steps_own_chance() -> None:
    model = conv_vae(binarise=True)
    grey = Batch(torch.zeros(8, 1, 16, 16))
    one, same, other = (model.observed(grey, generator(seed)).images for seed in (0, 0, 1))
    assert set(one.unique().tolist()) == {-1.0, 1.0}
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert conv_vae().observed(grey, generator()) is grey


def test_a_binarised_run_resumes_as_if_never_stopped() -> None:
    plan = subjects.plan_for(ConvVAE, {"binarise": True, "likelihood": "Bernoulli"})
    straight, resumed = (Learner(plan, subjects.pictures()) for _ in range(2))
    subjects.train(straight, 2)
    resumed.restore(straight.state())
    for learner in (straight, resumed):
        subjects.train(learner, 2)
    assert subjects.differences(straight.state(), resumed.state()) == []


@pytest.mark.parametrize("kind", [kind for kind in Likelihood if kind is not Likelihood.BERNOULLI])
def test_binarised_pictures_are_refused_to_other_likelihoods_with_a_way_out(kind: Likelihood) -> None:
    with pytest.raises(WrongUse, match="Set the likelihood to Bernoulli, or switch Binarise off"):
        ConvVAEConfig.parse({"binarise": True, "likelihood": kind.value})


def test_averaged_weights_are_kept_where_asked_for() -> None:
    learner = Learner(subjects.plan_for(ConvVAE, {"ema": 0.9}), subjects.pictures())
    assert learner.average is not None
    assert set(learner.average.modules) == {"encoder", "decoder"}
