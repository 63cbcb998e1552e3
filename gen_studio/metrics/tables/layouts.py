"""Figures of paintings of the test layouts, in the eyes of a segmenter trained on the same data."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from gen_studio.data.spec import Batch
from gen_studio.metrics.frechet import frechet_distance
from gen_studio.metrics.measure import Cost, Measure, Settings
from gen_studio.metrics.segmenter import FEATURES, confusion, layout_of
from gen_studio.metrics.subject import Subject
from gen_studio.models.capabilities import CanPaint

Painter = Callable[[Batch], Tensor]


def _paintings(subject: Subject) -> Painter:
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanPaint)
    return lambda batch: model.paint(layout_of(batch), rng)


def _flat(subject: Subject) -> Painter:
    """Every class in its mean colour over the training pictures: what a painter without any art could do."""
    spec = subject.dataset.spec
    total, number = torch.zeros(len(spec.layout), spec.channels), torch.zeros(len(spec.layout), 1)
    for batch in subject.batches(subject.dataset.train):
        classes = layout_of(batch).flatten().cpu()
        number.index_add_(0, classes, torch.ones(len(classes), 1))
        total.index_add_(0, classes, batch.images.movedim(1, -1).flatten(0, 2).cpu())
    colours = (total / number.clamp_min(1)).to(subject.device)
    return lambda batch: colours[layout_of(batch)].movedim(-1, 1)


def _seen(subject: Subject, painter: Painter) -> Tensor:
    """(K, K), the segmenter's confusion over all test pictures."""
    parts = [confusion(subject.segmenter, painter(b), layout_of(b)) for b in subject.batches(subject.dataset.test)]
    return torch.stack(parts).sum(0)


def _accuracy(seen: Tensor) -> float:
    return float(seen.diagonal().sum() / seen.sum())


def _overlap(seen: Tensor) -> float:
    """Intersection over union, the mean over the classes that there are in the layouts."""
    shared, there = seen.diagonal(), seen.sum(1)
    union = there + seen.sum(0) - shared
    return float((shared / union.clamp_min(1))[there > 0].mean())


def _real(batch: Batch) -> Tensor:
    return batch.images


def _kept(subject: Subject) -> float:
    return _accuracy(_seen(subject, _paintings(subject))) / _accuracy(_seen(subject, _real))


def _distance_to_flat(subject: Subject) -> float:
    """Both distances are from the test pictures; none is painted from its own picture."""

    @cache
    def features(painter: Painter) -> Tensor:
        return torch.cat([subject.segmenter.features(painter(b)) for b in subject.batches(subject.dataset.test)])

    painted, flat = (frechet_distance(features(_real), features(one)) for one in (_paintings(subject), _flat(subject)))
    return painted / flat


def _no_layouts(subject: Subject) -> str | None:
    if subject.dataset.spec.has_layouts:
        return None
    return "A segmenter needs class layouts, and this source has none. Choose a source with layouts."


def _in_features(subject: Subject) -> Settings:
    return {"test pictures": len(subject.dataset.test), "features": "segmenter", "dimensions": FEATURES}


_JUDGE = ("segmenter_accuracy",)
TABLE = (
    Measure(
        "layout_accuracy",
        "share of the pixels of paintings in which a segmenter sees the layout",
        lambda s: _accuracy(_seen(s, _paintings(s))),
        CanPaint,
        beside=_JUDGE,
        objection=_no_layouts,
    ),
    Measure(
        "layout_kept",
        "the same as a share of what the segmenter sees in real pictures",
        _kept,
        CanPaint,
        beside=("layout_accuracy", *_JUDGE),
        objection=_no_layouts,
    ),
    Measure(
        "layout_overlap",
        "intersection over union of layouts and what a segmenter sees in paintings, the mean over classes",
        lambda s: _overlap(_seen(s, _paintings(s))),
        CanPaint,
        beside=_JUDGE,
        objection=_no_layouts,
    ),
    Measure(
        "painting_distance_to_flat",
        "Frechet distance of paintings in the segmenter's features, as a share of that of flat mean colours",
        _distance_to_flat,
        CanPaint,
        beside=_JUDGE,
        objection=lambda s: _no_layouts(s) or s.too_few_for_distance,
        settings=_in_features,
    ),
    Measure(
        "segmenter_accuracy",
        "share of the pixels of real test pictures in which the segmenter sees their layout",
        lambda s: _accuracy(_seen(s, _real)),
        cost=Cost.HEAVY,  # as long as nothing else needs a segmenter
        objection=_no_layouts,
    ),
)
