"""The variational bound between convolutional networks: the small ones of beta-VAE, or those of DCGAN."""

from enum import Enum
from typing import ClassVar, TypeVar, assert_never

from gen_studio.core.config import setting
from gen_studio.data.spec import DataSpec
from gen_studio.models.base import FamilyConfig
from gen_studio.models.sizes import POWERS
from gen_studio.models.variational import VariationalConfig, VariationalModel
from gen_studio.nets.convolutional import ConvolutionalGenerator, ConvolutionalReader
from gen_studio.nets.convolutional_coder import ConvolutionalDecoder, ConvolutionalEncoder
from gen_studio.nets.initial import dcgan_weights


class Networks(Enum):
    """Encoder and decoder alike."""

    BETA_VAE = "beta-VAE's"
    DCGAN = "DCGAN's"


class ConvolutionalVariationalConfig(VariationalConfig):
    latents: int = 10
    batch_size: int = 64
    width: int = setting(
        32,
        "Width",
        "Channels of the two layers next to the picture; further in there are twice as many.",
        ge=4,
        le=256,
        advanced=True,
    )
    networks: Networks = setting(
        Networks.BETA_VAE, "Networks", "Small ones without norms, or DCGAN's, wider and with BatchNorm.", advanced=True
    )


K = TypeVar("K", bound=ConvolutionalVariationalConfig, covariant=True)


class ConvolutionalVariationalModel(VariationalModel[K]):
    """4x4 convolutions of stride 2 with ReLU, one dense layer of 8 times the width, and the same back; or DCGAN's."""

    Config: ClassVar[type[FamilyConfig]] = ConvolutionalVariationalConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: K, data: DataSpec) -> None:
        super().__init__(config, data)
        shape = (config.width, data.height)
        match config.networks:
            case Networks.BETA_VAE:
                self.encoder = ConvolutionalEncoder(data.channels, *shape, 2 * config.latents)
                self.decoder = ConvolutionalDecoder(config.latents, *shape, data.channels)
            case Networks.DCGAN:
                self.encoder = ConvolutionalReader(data.channels, *shape, 2 * config.latents)
                self.decoder = ConvolutionalGenerator(config.latents, *shape, data.channels, bounded=False)
                dcgan_weights(self.encoder)
                dcgan_weights(self.decoder)
            case _:
                assert_never(config.networks)
