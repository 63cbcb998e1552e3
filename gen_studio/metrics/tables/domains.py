"""Figures of translations between two domains, in the eyes of a classifier that was taught to tell the domains."""

from collections.abc import Iterable

import torch
from torch import Tensor

from gen_studio.metrics.classifier import classes_seen
from gen_studio.metrics.frechet import frechet_distance
from gen_studio.metrics.measure import Measure, Settings
from gen_studio.metrics.subject import Subject, mean_of, mean_picture
from gen_studio.models.capabilities import CanTranslateBothWays


def _both(subject: Subject) -> Iterable[tuple[Tensor, Tensor]]:
    """As many test pictures of the first domain as of the second."""
    for batch in subject.batches(subject.dataset.test):
        assert batch.others is not None
        yield batch.images, batch.others


def _translations(subject: Subject) -> Iterable[tuple[Tensor, Tensor]]:
    """Those pictures as ones of the other domain: now of the second, and of the first."""
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanTranslateBothWays)
    return ((model.translate(one, rng), model.translate_back(other, rng)) for one, other in _both(subject))


def _taken_for_the_other(subject: Subject, pairs: Iterable[tuple[Tensor, Tensor]]) -> float:
    """The share of pictures, of both domains alike, that look as if they were of the other."""
    judge = subject.domain_classifier
    shares = [
        (classes_seen(judge, images).eq(other).float().mean(), len(images))
        for pair in pairs
        for images, other in zip(pair, (1, 0), strict=True)
    ]
    return mean_of(shares)


def _distance_to_identity(subject: Subject) -> float:
    judge = subject.domain_classifier
    real = [torch.cat([judge.features(pair[side]) for pair in _both(subject)]) for side in (0, 1)]
    pairs = list(_translations(subject))
    made = [torch.cat([judge.features(pair[side]) for pair in pairs]) for side in (0, 1)]
    apart = frechet_distance(real[0], real[1])
    return (frechet_distance(made[0], real[1]) + frechet_distance(made[1], real[0])) / (2 * apart)


def _cycle(subject: Subject) -> float:
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanTranslateBothWays)
    terms = []
    for one, other in _both(subject):
        there = (model.translate_back(model.translate(one, rng), rng) - one).abs().mean()
        back = (model.translate(model.translate_back(other, rng), rng) - other).abs().mean()
        terms.append(((there + back) / 2, len(one)))
    return mean_of(terms)


def _cycle_to_mean(subject: Subject) -> float:
    """Each domain against its own mean training picture."""
    means = [mean_picture(one).to(subject.device) for one in (subject.dataset.train, subject.second_domain)]
    terms = [((pair[side] - means[side]).abs().mean(), len(pair[side])) for pair in _both(subject) for side in (0, 1)]
    return _cycle(subject) / mean_of(terms)


def _of_sets(subject: Subject) -> Settings:
    return {"test pictures": len(subject.dataset.test), "features": "classifier of domains"}


TABLE = (
    Measure(
        "domain_accuracy",
        "share of translations, both ways, seen as of the domain they were translated to",
        lambda s: _taken_for_the_other(s, _translations(s)),
        CanTranslateBothWays,
        beside=("domain_accuracy_before",),
    ),
    Measure(
        "domain_accuracy_before",
        "the same of the pictures as they were: what a model that does nothing would have",
        lambda s: _taken_for_the_other(s, _both(s)),
        CanTranslateBothWays,
    ),
    Measure(
        "domain_distance_to_identity",
        "Frechet distance between translations and their domain, as a share of that between the domains",
        _distance_to_identity,
        CanTranslateBothWays,
        objection=lambda s: s.too_few_for_distance,
        settings=_of_sets,
    ),
    Measure(
        "cycle_error",
        "L1 between test pictures in [-1, 1] and what they are after the way there and back",
        _cycle,
        CanTranslateBothWays,
    ),
    Measure(
        "cycle_to_mean",
        "the same as a share of the L1 of the mean training picture of their domain",
        _cycle_to_mean,
        CanTranslateBothWays,
        beside=("cycle_error",),
    ),
)
