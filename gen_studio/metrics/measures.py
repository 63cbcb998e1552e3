"""How good a trained model is, in single figures: a table from a figure's name to what it needs and how it is found.

Pictures of a run are compared with its own test pictures, and judged by a classifier trained on its own training
pictures: nothing is fetched. Every figure depends on the model, the data and `SEED` alone.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.words import one_of
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Batch, ImageSet, normalise
from gen_studio.metrics import codes
from gen_studio.metrics.classifier import Classifier, accuracy, classes_seen, shares
from gen_studio.metrics.frechet import frechet_distance
from gen_studio.metrics.likelihood import negative_log_likelihood
from gen_studio.metrics.probe import probe_accuracy
from gen_studio.models.base import FamilyConfig, TrainableModel, build
from gen_studio.models.capabilities import (
    CanAutoencode,
    CanDenoise,
    CanReconstruct,
    CanSample,
    CanTranslate,
    Capability,
    HasLikelihood,
    IsConditional,
)
from gen_studio.nets.posterior import DiagonalGaussian

SEED = 11
SAMPLES = 1_000
"""For shares of classes."""
MOST_FOR_DISTANCE = 5_000
"""Pictures on each side of a distance between sets; fewer where there are fewer test pictures."""
MOST_FOR_PROBE = 10_000
"""Training pictures whose codes a probe is fitted to."""
AT_ONCE = 128
MOST_WEIGHTS = 5_000
"""Latents for each picture, as in published tables."""
FEWER_WEIGHTS = 100


@dataclass(frozen=True)
class Subject:
    """A model as it is shown, in evaluation mode, and the data of its run. `judge` gives the classifier when asked."""

    model: TrainableModel[FamilyConfig]
    dataset: Dataset
    device: torch.device
    judge: Callable[[], Classifier]

    def generator(self) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(SEED)

    def batches(self, pictures: ImageSet, most: int | None = None) -> Iterable[Batch]:
        """The first `most` pictures of a split, or all, in order, on the device."""
        rows = torch.arange(min(len(pictures), most or len(pictures)))
        return (pictures.batch(part, self.device) for part in rows.split(AT_ONCE))

    @cached_property
    def classifier(self) -> Classifier:
        return self.judge()

    @cached_property
    def shares(self) -> dict[str, float]:
        """By class, the share among samples."""
        return shares(self.classifier, torch.cat(list(_samples(self.model, SAMPLES, self.generator()))))

    @cached_property
    def distance(self) -> float:
        return self.distance_of(self.model)

    @cached_property
    def translation_error(self) -> float:
        model, rng = self.model, self.generator()
        assert isinstance(model, CanTranslate)
        return self.error_of(lambda batch: model.translate(_inputs(batch), rng))

    @cached_property
    def reconstruction_error(self) -> float:
        model, rng = self.model, self.generator()
        assert isinstance(model, CanReconstruct)
        return self.squared_error_of(lambda batch: model.reconstruct(batch.images, rng))

    @cached_property
    def mean_picture_squared_error(self) -> float:
        """What a model that gives the same picture back whatever it is shown could have: the data's variance."""
        mean = mean_picture(self.dataset.train).to(self.device)
        return self.squared_error_of(lambda batch: mean.expand_as(batch.images))

    def squared_error_of(self, answer: Callable[[Batch], Tensor]) -> float:
        """Between answers and the test pictures, the mean over channels and places, pictures in [-1, 1]."""
        return _mean(((answer(b) - b.images).square().mean(), len(b)) for b in self.batches(self.dataset.test))

    @cached_property
    def posterior(self) -> DiagonalGaussian:
        """Of all test pictures."""
        assert isinstance(self.model, HasLikelihood)
        return codes.posterior_of(self.model, self.batches(self.dataset.test), self.generator())

    def error_of(self, answer: Callable[[Batch], Tensor]) -> float:
        """L1 between answers to the test questions and their targets, the mean over channels, pictures in [-1, 1]."""
        return _mean(((answer(b) - b.images).abs().mean(), len(b)) for b in self.batches(self.dataset.test))

    def distance_of(self, model: TrainableModel[FamilyConfig]) -> float:
        """Between the features of test pictures and of as many of the model's."""
        assert isinstance(model, CanSample)
        count = min(len(self.dataset.test), MOST_FOR_DISTANCE)
        real = [self.classifier.features(batch.images) for batch in self.batches(self.dataset.test, count)]
        made = [self.classifier.features(part) for part in _samples(model, count, self.generator())]
        return frechet_distance(torch.cat(real), torch.cat(made))


@dataclass(frozen=True)
class Measure:
    """One figure. `requires`: the capability that a model must have. `of_classes`: whether the data must have labels.
    `beside`: further figures that say what this one is worth, and are reported with it."""

    key: str
    words: str
    compute: Callable[[Subject], float]
    requires: type[Capability] | None = None
    of_classes: bool = False
    beside: tuple[str, ...] = ()


@torch.no_grad()
def measure(subject: Subject, keys: Iterable[str]) -> dict[str, float]:
    """The figures asked for, and those reported beside them. Raises WrongUse for one that this model does not have."""
    wanted = [find(key) for key in keys]
    for one in wanted:
        _check(one, subject)
    figures = {one.key: one.compute(subject) for one in wanted}
    beside = [key for one in wanted for key in one.beside if key not in figures]
    return figures | {key: find(key).compute(subject) for key in beside}


def find(key: str) -> Measure:
    """Raises WrongUse for an unknown one."""
    if key not in MEASURES:
        raise WrongUse(f'There is no measure "{key}". {one_of("Measures", list(MEASURES), wrong=key)}')
    return MEASURES[key]


def _check(one: Measure, subject: Subject) -> None:
    title = subject.model.info.title
    if one.requires is not None and not isinstance(subject.model, one.requires):
        raise WrongUse(f"{title} has no {one.words}. Choose another measure: {', '.join(MEASURES)}.")
    if one.of_classes and not subject.dataset.spec.has_labels:
        raise WrongUse(f"The {one.words} needs class labels, and this source has none. Choose a labelled source.")


def _samples(model: Any, count: int, rng: torch.Generator) -> Iterable[Tensor]:
    """Exactly `count` pictures, in portions; a conditional model goes through its classes over all of them."""
    done = 0
    while done < count:
        size = min(AT_ONCE, count - done)
        if isinstance(model, IsConditional):
            labels = torch.arange(done, done + size, device=rng.device) % len(model.class_names)
            yield model.decode_as(model.draw_latents(size, rng), labels)
        else:
            yield model.sample(size, rng)
        done += size


def _label_accuracy(subject: Subject) -> float:
    model = subject.model
    assert isinstance(model, IsConditional)
    images = torch.cat(list(_samples(model, SAMPLES, subject.generator())))
    labels = torch.arange(SAMPLES, device=images.device) % len(model.class_names)
    return classes_seen(subject.classifier, images).eq(labels).float().mean().item()


def _distance_share(subject: Subject) -> float:
    model = subject.model
    untrained = build(type(model), model.config, model.data, torch.Generator().manual_seed(SEED))
    return subject.distance / subject.distance_of(untrained.eval().requires_grad_(False).to(subject.device))


def _test_score(subject: Subject) -> float:
    score = type(subject.model).score
    if score is None:
        title = subject.model.info.title
        raise WrongUse(f"{title} has no score on held-out pictures. Choose another measure: {', '.join(MEASURES)}.")
    rng = subject.generator()
    terms = ((subject.model.validate(b, rng)[score.key], len(b)) for b in subject.batches(subject.dataset.test))
    return _mean(terms)


def _nll(subject: Subject, samples: int) -> float:
    assert isinstance(subject.model, HasLikelihood)
    test = subject.dataset.test
    return negative_log_likelihood(subject.model, lambda: subject.batches(test), samples, subject.generator())


def _bits_per_dimension(subject: Subject) -> float:
    assert isinstance(subject.model, HasLikelihood)
    if not subject.model.is_discrete:
        raise WrongUse(
            f"Bits per dimension are for likelihoods of 8-bit pictures; this {type(subject.model).info.title} was "
            "trained with another. Train one with the discretised logistic, or choose the measure nll."
        )
    return _nll(subject, FEWER_WEIGHTS) / (math.prod(subject.model.data.shape) * math.log(2))


def _total_correlation(subject: Subject) -> float:
    drawn = subject.posterior.draw(torch.Generator().manual_seed(SEED))
    return codes.gaussian_total_correlation(drawn)


def _input_error(subject: Subject) -> float:
    """The L1 of the questions themselves, in every channel: what a model that does nothing would have."""
    return subject.error_of(lambda batch: _inputs(batch).mean(1, keepdim=True).expand_as(batch.images))


def _mean_picture_error(subject: Subject) -> float:
    """The L1 of the mean training picture: what a model that heeds no question could have."""
    mean = mean_picture(subject.dataset.train).to(subject.device)
    return subject.error_of(lambda batch: mean.expand_as(batch.images))


def mean_picture(pictures: ImageSet) -> Tensor:
    """(C, H, W) in [-1, 1]."""
    total = torch.zeros(pictures.spec.shape, dtype=torch.float64)
    for part in pictures.images.split(256):
        total += part.double().sum(0)
    return normalise(total / len(pictures))


def _denoised_share(subject: Subject) -> float:
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanDenoise)
    error = subject.squared_error_of(lambda batch: model.reconstruct(model.corrupt(batch.images, rng), rng))
    return error / subject.mean_picture_squared_error


def _probe(subject: Subject) -> float:
    codes, labels = _codes(subject, subject.dataset.train, MOST_FOR_PROBE)
    return probe_accuracy(codes, labels, *_codes(subject, subject.dataset.test), len(subject.dataset.spec.classes))


def _codes(subject: Subject, pictures: ImageSet, most: int | None = None) -> tuple[Tensor, Tensor]:
    """(N, D) and the labels (N,)."""
    model = subject.model
    assert isinstance(model, CanAutoencode)
    pairs = [(model.encode(b.images).flatten(1).float(), b.labels) for b in subject.batches(pictures, most)]
    codes, labels = zip(*pairs, strict=True)
    return torch.cat(codes), torch.cat(labels)


def _inputs(batch: Batch) -> Tensor:
    assert batch.inputs is not None
    return batch.inputs


def _mean(terms: Iterable[tuple[Tensor, int]]) -> float:
    """The mean over pictures from means over batches and the sizes of those."""
    total, number = 0.0, 0
    for value, size in terms:
        total, number = total + float(value) * size, number + size
    return total / number


_JUDGE = ("classifier_accuracy",)
_TABLE = (
    Measure("test_score", "score on the test pictures", _test_score),
    Measure(
        "nll",
        f"-log p of the test pictures in nats, from {MOST_WEIGHTS:,} importance-weighted latents each",
        lambda s: _nll(s, MOST_WEIGHTS),
        HasLikelihood,
    ),
    Measure(
        "nll_bound",
        f"-log p of the test pictures in nats, at most: from {FEWER_WEIGHTS} importance-weighted latents each",
        lambda s: _nll(s, FEWER_WEIGHTS),
        HasLikelihood,
    ),
    Measure(
        "bits_per_dimension",
        f"-log2 P of the test pictures by pixel and channel, at most: from {FEWER_WEIGHTS} importance-weighted latents",
        _bits_per_dimension,
        HasLikelihood,
    ),
    Measure(
        "kl",
        "KL from the posterior to the prior on the test pictures, in nats",
        lambda s: float(codes.kl_by_dimension(s.posterior).sum()),
        HasLikelihood,
    ),
    Measure(
        "active_units",
        "latents whose posterior mean varies by more than 0.01 over the test pictures",
        lambda s: float(codes.active_units(s.posterior)),
        HasLikelihood,
    ),
    Measure(
        "code_correlation",
        "total correlation of a normal distribution fitted to the test pictures' codes, in nats",
        _total_correlation,
        HasLikelihood,
    ),
    Measure("label_accuracy", "share of samples seen as their label", _label_accuracy, IsConditional, True, _JUDGE),
    Measure(
        "classifier_fid_share",
        "Frechet distance in the classifier's features, as a share of the untrained model's",
        _distance_share,
        CanSample,
        True,
        ("classifier_fid", *_JUDGE),
    ),
    Measure("classifier_fid", "Frechet distance in the classifier's features", lambda s: s.distance, CanSample, True),
    Measure(
        "classes_seen",
        f"classes seen in {SAMPLES:,} samples",
        lambda s: float(sum(share > 0 for share in s.shares.values())),
        CanSample,
        True,
        _JUDGE,
    ),
    Measure(
        "rarest_class",
        f"share of the rarest class in {SAMPLES:,} samples",
        lambda s: min(s.shares.values()),
        CanSample,
        True,
        _JUDGE,
    ),
    Measure(
        "classifier_accuracy",
        "the classifier's own accuracy on the test pictures",
        lambda s: accuracy(s.classifier, s.dataset.test, s.device),
        of_classes=True,
    ),
    Measure(
        "l1", "L1 between answers and targets, test pictures in [-1, 1]", lambda s: s.translation_error, CanTranslate
    ),
    Measure(
        "l1_to_input",
        "L1 of the answers as a share of the L1 of the questions themselves",
        lambda s: s.translation_error / _input_error(s),
        CanTranslate,
        beside=("l1",),
    ),
    Measure(
        "l1_to_mean",
        "L1 of the answers as a share of the mean training picture's",
        lambda s: s.translation_error / _mean_picture_error(s),
        CanTranslate,
        beside=("l1",),
    ),
    Measure(
        "reconstruction_error",
        "squared error of reconstructions of the test pictures in [-1, 1]",
        lambda s: s.reconstruction_error,
        CanReconstruct,
    ),
    Measure(
        "reconstruction_to_mean",
        "squared error of reconstructions as a share of the mean training picture's",
        lambda s: s.reconstruction_error / s.mean_picture_squared_error,
        CanReconstruct,
        beside=("reconstruction_error",),
    ),
    Measure(
        "denoised_to_mean",
        "squared error of cleaned test pictures as a share of the mean training picture's",
        _denoised_share,
        CanDenoise,
    ),
    Measure(
        "probe_accuracy",
        f"accuracy of a linear classifier on the codes of the test pictures, fitted to {MOST_FOR_PROBE:,} others",
        _probe,
        CanAutoencode,
        True,
    ),
)
MEASURES: dict[str, Measure] = {one.key: one for one in _TABLE}
