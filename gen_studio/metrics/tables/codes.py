"""Figures of what a model's code says of the test pictures."""

import math

import torch
from torch import Tensor

from gen_studio.data.spec import ImageSet
from gen_studio.metrics import codes
from gen_studio.metrics.measure import Measure, Settings
from gen_studio.metrics.probe import probe_accuracy
from gen_studio.metrics.subject import SEED, Subject
from gen_studio.models.capabilities import CanAutoencode, HasLikelihood

MOST_FOR_PROBE = 60_000
"""Training pictures whose codes a probe is fitted to."""


def _total_correlation(subject: Subject) -> float:
    drawn = subject.posterior.draw(torch.Generator().manual_seed(SEED))
    return codes.gaussian_total_correlation(drawn)


def _probe(subject: Subject) -> float:
    found, labels = _codes(subject, subject.dataset.train, MOST_FOR_PROBE)
    return probe_accuracy(found, labels, *_codes(subject, subject.dataset.test), len(subject.dataset.spec.classes))


def _codes(subject: Subject, pictures: ImageSet, most: int | None = None) -> tuple[Tensor, Tensor]:
    """(N, D) and the labels (N,)."""
    model = subject.model
    assert isinstance(model, CanAutoencode)
    pairs = [(model.encode(b.images).flatten(1).float(), b.labels) for b in subject.batches(pictures, most)]
    found, labels = zip(*pairs, strict=True)
    return torch.cat(found), torch.cat(labels)


def _of_latents(subject: Subject) -> Settings:
    assert isinstance(subject.model, HasLikelihood)
    return {"of": math.prod(subject.model.latent_shape)}


TABLE = (
    Measure(
        "kl",
        "KL from the posterior to the prior on the test pictures, in nats",
        lambda s: float(codes.kl_by_dimension(s.posterior).sum()),
        HasLikelihood,
        unit="nats",
    ),
    Measure(
        "active_units",
        "latents whose posterior mean varies by more than 0.01 over the test pictures",
        lambda s: float(codes.active_units(s.posterior)),
        HasLikelihood,
        unit="latents",
        settings=_of_latents,
    ),
    Measure(
        "code_correlation",
        "total correlation of a normal distribution fitted to the test pictures' codes, in nats",
        _total_correlation,
        HasLikelihood,
        unit="nats",
    ),
    Measure(
        "probe_accuracy",
        f"accuracy of a linear classifier on the codes of the test pictures, fitted to {MOST_FOR_PROBE:,} others",
        _probe,
        CanAutoencode,
        True,
        settings=lambda s: {"fitted to": min(MOST_FOR_PROBE, len(s.dataset.train))},
    ),
)
