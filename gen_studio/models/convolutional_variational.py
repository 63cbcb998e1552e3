"""The variational bound between the small convolutional networks of beta-VAE, which several papers share."""

from typing import ClassVar, TypeVar

from gen_studio.core.config import setting
from gen_studio.data.spec import DataSpec
from gen_studio.models.base import FamilyConfig
from gen_studio.models.sizes import next_power, power_objection
from gen_studio.models.variational import VariationalConfig, VariationalModel
from gen_studio.nets.convolutional_coder import ConvolutionalDecoder, ConvolutionalEncoder


class ConvolutionalVariationalConfig(VariationalConfig):
    latents: int = setting(10, "Latents", "Dimensions of the latent space.", ge=1, le=1024)
    batch_size: int = setting(64, "Batch size", "Pictures per training step.", ge=1, le=4096)
    width: int = setting(
        32,
        "Width",
        "Channels of the two layers next to the picture; further in there are twice as many.",
        ge=4,
        le=256,
        advanced=True,
    )


K = TypeVar("K", bound=ConvolutionalVariationalConfig, covariant=True)


class ConvolutionalVariationalModel(VariationalModel[K]):
    """4x4 convolutions of stride 2 with ReLU, one dense layer of 8 times the width, and the same back."""

    Config: ClassVar[type[FamilyConfig]] = ConvolutionalVariationalConfig

    def __init__(self, config: K, data: DataSpec) -> None:
        super().__init__(config, data)
        shape = (config.width, data.height)
        self.encoder = ConvolutionalEncoder(data.channels, *shape, 2 * config.latents)
        self.decoder = ConvolutionalDecoder(config.latents, *shape, data.channels)

    @classmethod
    def objection(cls, data: DataSpec) -> str | None:
        return super().objection(data) or power_objection(cls.info.title, data)

    @classmethod
    def fitting_size(cls, size: int) -> int:
        return next_power(size)
