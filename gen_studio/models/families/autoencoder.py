"""The autoencoder of Hinton and Salakhutdinov: a bottleneck, and nothing else."""

from typing import ClassVar

import torch
from torch import Tensor

from gen_studio.core.description import Group, Info
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import DataSpec
from gen_studio.models.autoencoding import Autoencoding, AutoencodingConfig, Readings
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family


class AutoencoderConfig(AutoencodingConfig):
    """A code smaller than the picture, so that copying is no way out."""


@family
class Autoencoder(Autoencoding[AutoencoderConfig]):
    """Reducing the Dimensionality of Data with Neural Networks, Science 313, 2006.

    Minimises E|x - g(f(x))|^2, summed over pixels, or the cross entropy of x read as [0, 1]. The code f(x) is
    smaller than the picture: undercomplete. Departs from the paper in training all layers at once from Glorot's first
    weights with ReLU and Adam, instead of layer by layer as restricted Boltzmann machines first.
    """

    info: ClassVar[Info] = Info(
        key="autoencoder",
        title="Autoencoder",
        group=Group.AUTOENCODERS,
        year=2006,
        paper="Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, Science 313, 2006",
        summary="Squeezes pictures through a few numbers and learns to bring them back.",
    )
    Config: ClassVar[type[FamilyConfig]] = AutoencoderConfig

    def __init__(self, config: AutoencoderConfig, data: DataSpec) -> None:
        pixels = data.channels * data.height * data.width
        if config.latents >= pixels:
            raise WrongUse(
                f"A code of {config.latents} numbers is no smaller than these pictures of {pixels}, which could be "
                f"copied. Set Code size to less than {pixels}, or choose a sparse autoencoder."
            )
        super().__init__(config, data)

    def terms(self, images: Tensor, rng: torch.Generator) -> Readings:
        return {"loss": self.error(self.encode(images), images)}
