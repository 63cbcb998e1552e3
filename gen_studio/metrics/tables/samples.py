"""Figures of a model's samples, in the eyes of a classifier trained on the same data."""

import torch

from gen_studio.metrics.classifier import accuracy, classes_seen
from gen_studio.metrics.measure import Cost, Measure, Settings
from gen_studio.metrics.subject import SAMPLES, SEED, Subject
from gen_studio.models.base import build
from gen_studio.models.capabilities import CanSample, IsConditional


def _label_accuracy(subject: Subject) -> float:
    model = subject.model
    assert isinstance(model, IsConditional)
    images = torch.cat(list(subject.samples(SAMPLES)))
    labels = torch.arange(SAMPLES, device=images.device) % len(model.class_names)
    return classes_seen(subject.classifier, images).eq(labels).float().mean().item()


def _distance_share(subject: Subject) -> float:
    model = subject.model
    untrained = build(type(model), model.config, model.data, torch.Generator().manual_seed(SEED))
    return subject.distance / subject.distance_of(untrained.eval().requires_grad_(False).to(subject.device))


def _of_samples(subject: Subject) -> Settings:
    return {"samples": SAMPLES}


def _of_sets(subject: Subject) -> Settings:
    return {"samples": subject.compared, "test pictures": subject.compared, "features": "classifier"}


_JUDGE = ("classifier_accuracy",)
TABLE = (
    Measure(
        "label_accuracy",
        "share of samples seen as their label",
        _label_accuracy,
        IsConditional,
        True,
        _JUDGE,
        cost=Cost.SAMPLES,
        settings=_of_samples,
    ),
    Measure(
        "classifier_fid_share",
        "Frechet distance in the classifier's features, as a share of the untrained model's",
        _distance_share,
        CanSample,
        True,
        ("classifier_fid", *_JUDGE),
        cost=Cost.HEAVY,
        objection=lambda s: s.too_few_for_distance,
        settings=_of_sets,
    ),
    Measure(
        "classifier_fid",
        "Frechet distance in the classifier's features",
        lambda s: s.distance,
        CanSample,
        True,
        short="fid",
        cost=Cost.SAMPLES,
        objection=lambda s: s.too_few_for_distance,
        settings=_of_sets,
    ),
    Measure(
        "classes_seen",
        f"classes seen in {SAMPLES:,} samples",
        lambda s: float(sum(share > 0 for share in s.shares.values())),
        CanSample,
        True,
        _JUDGE,
        unit="classes",
        cost=Cost.SAMPLES,
        settings=lambda s: {"of": len(s.dataset.spec.classes), "samples": SAMPLES},
    ),
    Measure(
        "rarest_class",
        f"share of the rarest class in {SAMPLES:,} samples",
        lambda s: min(s.shares.values()),
        CanSample,
        True,
        _JUDGE,
        cost=Cost.SAMPLES,
        settings=_of_samples,
    ),
    Measure(
        "classifier_accuracy",
        "the classifier's own accuracy on the test pictures",
        lambda s: accuracy(s.classifier, s.dataset.test, s.device),
        of_classes=True,
        cost=Cost.HEAVY,  # as long as nothing else needs a classifier
    ),
)
