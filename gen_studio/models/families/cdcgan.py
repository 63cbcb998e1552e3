"""The conditional game between convolutional networks."""

from typing import ClassVar

from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import ConditionalAdversarialModel
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional import ConvolutionalConfig
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.labelled_convolutional import LabelledCritic, LabelledGenerator


class CDCGANConfig(ConvolutionalConfig):
    batch_size: int = 128


@family
class CDCGAN(ConditionalAdversarialModel[CDCGANConfig]):
    """Conditional Generative Adversarial Nets, arXiv:1411.1784, with the networks of DCGAN, arXiv:1511.06434.

    D minimises softplus(-D(x, y)) + softplus(D(G(z, y), y)), G minimises softplus(-D(G(z, y), y)). The class enters
    G beside the latent, one-hot, and D beside the picture, as a map for each class. Weights from
    N(0, 0.02), Adam(2e-4, beta1 0.5), as in DCGAN.
    """

    info: ClassVar[Info] = Info(
        key="cdcgan",
        title="cDCGAN",
        group=Group.CONDITIONAL,
        year=2015,
        paper="Mirza and Osindero, Conditional Generative Adversarial Nets, 2014, arXiv:1411.1784; Radford, Metz and "
        "Chintala, Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks, "
        "2015, arXiv:1511.06434",
        summary="DCGAN that makes what it is asked for: the class enters generator and discriminator.",
    )
    Config: ClassVar[type[FamilyConfig]] = CDCGANConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: CDCGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        classes, shape = len(data.classes), (config.width, data.height)
        self.generator = LabelledGenerator(config.latents, classes, *shape, data.channels)
        critic = LabelledCritic(data.channels, classes, *shape, config.norm, config.batch_view)
        for network in (self.generator, critic):
            dcgan_weights(network)
        self.set_discriminator(critic)
