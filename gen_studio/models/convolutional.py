"""The adversarial game between the networks of DCGAN, for the families whose paper changes the game and not them."""

from typing import ClassVar, TypeVar

from gen_studio.core.config import setting
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import FamilyConfig
from gen_studio.models.sizes import POWERS
from gen_studio.nets.convolutional import ConvolutionalCritic, ConvolutionalGenerator, Norm
from gen_studio.nets.initial import dcgan_weights


class ConvolutionalConfig(AdversarialConfig):
    """The knobs of the game, and those of the networks."""

    batch_size: int = setting(64, "Batch size", "Pictures per training step.", ge=2, le=4096)
    width: int = setting(
        64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256, advanced=True
    )
    norm: Norm = setting(Norm.BATCH, "D normalisation", "How D normalises its features.", advanced=True)


K = TypeVar("K", bound=ConvolutionalConfig, covariant=True)


class ConvolutionalModel(AdversarialModel[K]):
    """DCGAN's generator and discriminator (Radford 2015), with weights from N(0, 0.02)."""

    Config: ClassVar[type[FamilyConfig]] = ConvolutionalConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: K, data: DataSpec) -> None:
        super().__init__(config, data)
        shape = (config.width, data.height)
        self.generator = ConvolutionalGenerator(config.latents, *shape, data.channels)
        critic = ConvolutionalCritic(data.channels, *shape, config.norm, config.batch_view)
        for network in (self.generator, critic):
            # Before the settings are put around D: a weight under spectral norm is computed, and cannot be filled.
            dcgan_weights(network)
        self.set_discriminator(critic)
