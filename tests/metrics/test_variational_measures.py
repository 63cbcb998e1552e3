"""Figures of models with a posterior: found by capability, equal to what the parts give by hand."""

import math
from dataclasses import replace

import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.metrics.classifier import Classifier
from gen_studio.metrics.codes import posterior_of
from gen_studio.metrics.likelihood import negative_log_likelihood
from gen_studio.metrics.measures import MEASURES, Subject, measure
from gen_studio.metrics.tables.likelihood import MOST_WEIGHTS
from gen_studio.models import registry
from gen_studio.models.capabilities import HasLikelihood
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

OWN = [key for key, one in MEASURES.items() if one.requires is HasLikelihood]


def no_judge() -> Classifier:
    raise AssertionError("these figures need no classifier")


def subject(key: str, **settings: object) -> Subject:
    data = subjects.dataset()
    learner = Learner(subjects.plan_for(registry.find(key), settings), data.train)
    subjects.train(learner, 5)
    return Subject(learner.new_shown_model(), data, torch.device("cpu"), no_judge)


def test_there_are_figures_of_likelihood_and_of_codes() -> None:
    assert set(OWN) == {"elbo", "nll", "nll_bound", "bits_per_dimension", "kl", "active_units", "code_correlation"}
    assert MOST_WEIGHTS == 5000


def test_the_published_likelihood_is_below_the_quick_one_and_that_below_the_elbo() -> None:
    figures = measure(subject("iwae", samples=1), ["nll", "nll_bound", "test_score"])
    assert figures["nll"] <= figures["nll_bound"] + 0.05 <= figures["test_score"] + 0.5


def test_the_likelihood_is_that_of_the_latents_asked_for() -> None:
    own = subject("iwae")
    asked = replace(own, weights=7)
    test = own.dataset.test
    by_hand = negative_log_likelihood(
        own.model,
        lambda: [test.batch(torch.arange(len(test)))],
        7,
        own.generator(),  # type: ignore[arg-type]
    )
    assert measure(asked, ["nll"])["nll"] == pytest.approx(by_hand, rel=1e-6)
    assert measure(asked, ["nll_bound"])["nll_bound"] == pytest.approx(by_hand, rel=1e-6)
    assert MEASURES["nll"].settings(asked) == {"k": 7} and MEASURES["nll"].settings(own) == {"k": 5000}
    error = MEASURES["nll"].error
    assert error is not None
    assert error(asked) == pytest.approx(float(asked.log_likelihoods(7).std()) / math.sqrt(len(test)))


def test_the_elbo_is_a_bound_and_a_vaes_score() -> None:
    figures = measure(subject("conv_vae", likelihood="Bernoulli"), ["elbo", "nll_bound", "test_score"])
    assert figures["nll_bound"] - 0.1 <= figures["elbo"]
    assert figures["elbo"] == pytest.approx(figures["test_score"], rel=0.05)


def test_bits_are_counted_by_pixel_and_channel_of_8_bit_pictures() -> None:
    of_bytes = subject("conv_vae", likelihood="discretised logistic")
    figures = measure(of_bytes, ["nll_bound", "bits_per_dimension"])
    assert figures["bits_per_dimension"] == pytest.approx(figures["nll_bound"] / (256 * math.log(2)))
    assert 0 < figures["bits_per_dimension"] < 20
    with pytest.raises(WrongUse, match="Train one with the discretised logistic, or choose the measure nll"):
        measure(subject("conv_vae"), ["bits_per_dimension"])


def test_codes_are_those_of_all_test_pictures() -> None:
    one = subject("conv_vae")
    model = one.model
    assert isinstance(model, HasLikelihood)
    figures = measure(one, ["kl", "active_units", "code_correlation"])
    with torch.no_grad():
        posterior = model.posterior(one.dataset.test.batch(torch.arange(len(one.dataset.test))))
        again = posterior_of(model, one.dataset.test.batch(torch.arange(8)).split(3), one.generator())
    assert figures["kl"] == pytest.approx(float(posterior.kl().sum(1).mean()), rel=1e-4)
    assert figures["active_units"] == int((posterior.mean.var(0) > 0.01).sum())
    assert math.isfinite(figures["code_correlation"])
    torch.testing.assert_close(again.mean.float(), posterior.mean, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("key", OWN)
def test_a_model_without_a_posterior_has_none_of_them(key: str) -> None:
    data = subjects.dataset()
    model = Learner(subjects.plan_for(registry.find("dcgan")), data.train).new_shown_model()
    with pytest.raises(WrongUse, match="Choose another measure"):
        measure(Subject(model, data, torch.device("cpu"), no_judge), [key])
