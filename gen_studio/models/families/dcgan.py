"""The deep convolutional GAN of Radford, Metz and Chintala."""

from typing import ClassVar

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.convolutional import ConvolutionalCritic, ConvolutionalGenerator, Norm
from gen_studio.nets.initial import dcgan_weights


class DCGANConfig(AdversarialConfig):
    batch_size: int = setting(128, "Batch size", "Pictures per training step.", ge=2, le=4096)
    width: int = setting(
        64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256, advanced=True
    )
    norm: Norm = setting(Norm.BATCH, "D normalisation", "How D normalises its features.", advanced=True)


@family
class DCGAN(AdversarialModel[DCGANConfig]):
    """Unsupervised Representation Learning with Deep Convolutional GANs, arXiv:1511.06434.

    4x4 convolutions of stride 2 without a dense layer; BatchNorm everywhere but at G's output and D's input; ReLU in
    G, LeakyReLU 0.2 in D; weights from N(0, 0.02); Adam(2e-4, beta1 0.5). D minimises
    softplus(-D(x)) + softplus(D(G(z))), G minimises softplus(-D(G(z))).
    """

    info: ClassVar[Info] = Info(
        key="dcgan",
        title="DCGAN",
        group=Group.ADVERSARIAL,
        year=2015,
        paper="Radford, Metz and Chintala, Unsupervised Representation Learning with Deep Convolutional "
        "Generative Adversarial Networks, 2015, arXiv:1511.06434",
        summary="The convolutional GAN that made adversarial training work on pictures.",
    )
    Config: ClassVar[type[FamilyConfig]] = DCGANConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: DCGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        shape = (config.width, data.height)
        self.generator = ConvolutionalGenerator(config.latents, *shape, data.channels)
        self.set_discriminator(ConvolutionalCritic(data.channels, *shape, config.norm, config.batch_view))
        dcgan_weights(self)
