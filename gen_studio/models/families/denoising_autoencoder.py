"""The denoising autoencoder of Vincent and others: it is shown a damaged picture and asked for the whole one."""

from enum import Enum
from typing import ClassVar

import torch
from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.models.autoencoding import Autoencoding, AutoencodingConfig, Readings
from gen_studio.models.base import FamilyConfig
from gen_studio.models.capabilities import CanDenoise
from gen_studio.models.registry import family
from gen_studio.nets import corruption


class Noise(Enum):
    MASKING = "masking"
    GAUSSIAN = "Gaussian"
    SALT_AND_PEPPER = "salt and pepper"


CORRUPTIONS = {
    Noise.MASKING: corruption.masked,
    Noise.GAUSSIAN: corruption.gaussian,
    Noise.SALT_AND_PEPPER: corruption.salted,
}


class DenoisingConfig(AutoencodingConfig):
    noise: Noise = setting(
        Noise.MASKING, "Noise", "Masking blackens pixels, salt and pepper makes them black or white."
    )
    amount: float = setting(
        0.25, "Amount", "Share of the pixels that are hit, or the deviation of Gaussian noise.", ge=0, le=1
    )
    latents: int = 128


@family
class DenoisingAutoencoder(Autoencoding[DenoisingConfig], CanDenoise):
    """Extracting and Composing Robust Features with Denoising Autoencoders, ICML 2008; the other kinds of noise from
    Stacked Denoising Autoencoders, JMLR 11, 2010.

    Minimises E|x - g(f(x~))|^2, summed over pixels, x~ ~ q(x~ | x) drawn anew each time, x the clean picture. Departs
    from the papers in training all layers at once, in untied weights, and in hitting whole pixels, not channels.
    """

    info: ClassVar[Info] = Info(
        key="denoising_autoencoder",
        title="Denoising autoencoder",
        group=Group.AUTOENCODERS,
        year=2008,
        paper="Vincent, Larochelle, Bengio and Manzagol, Extracting and Composing Robust Features with Denoising "
        "Autoencoders, ICML 2008; Vincent et al., Stacked Denoising Autoencoders, JMLR 11, 2010",
        summary="Learns what pictures are like by cleaning damaged ones.",
    )
    Config: ClassVar[type[FamilyConfig]] = DenoisingConfig

    def corrupt(self, images: Tensor, rng: torch.Generator) -> Tensor:
        return CORRUPTIONS[self.config.noise](images, self.config.amount, rng)

    def terms(self, images: Tensor, rng: torch.Generator) -> Readings:
        return {"loss": self.error(self.encode(self.corrupt(images, rng)), images)}
