"""Figures of what a model answers to test pictures: translations, reconstructions, cleaned pictures."""

from gen_studio.metrics.measure import Measure
from gen_studio.metrics.subject import Subject, inputs_of, mean_picture
from gen_studio.models.capabilities import CanDenoise, CanReconstruct, CanTranslate


def _input_error(subject: Subject) -> float:
    """The L1 of the questions themselves, in every channel: what a model that does nothing would have."""
    return subject.error_of(lambda batch: inputs_of(batch).mean(1, keepdim=True).expand_as(batch.images))


def _mean_picture_error(subject: Subject) -> float:
    """The L1 of the mean training picture: what a model that heeds no question could have."""
    mean = mean_picture(subject.dataset.train).to(subject.device)
    return subject.error_of(lambda batch: mean.expand_as(batch.images))


def _denoised_share(subject: Subject) -> float:
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanDenoise)
    error = subject.squared_error_of(lambda batch: model.reconstruct(model.corrupt(batch.images, rng), rng))
    return error / subject.mean_picture_squared_error


TABLE = (
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
        short="recon",
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
)
