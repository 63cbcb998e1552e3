"""Figures of what a model gives back of test pictures: reconstructions, cleaned pictures."""

from gen_studio.metrics.measure import Measure
from gen_studio.metrics.subject import Subject
from gen_studio.models.capabilities import CanDenoise, CanReconstruct


def _denoised_share(subject: Subject) -> float:
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanDenoise)
    error = subject.squared_error_of(lambda batch: model.reconstruct(model.corrupt(batch.images, rng), rng))
    return error / subject.mean_picture_squared_error


TABLE = (
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
