"""The self-attention GAN of Zhang, Goodfellow, Metaxas and Odena."""

from typing import ClassVar

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.losses import AdversarialLoss
from gen_studio.nets.regularisers import normalise_spectrum
from gen_studio.nets.residual import ResidualCritic, ResidualGenerator, ResidualWidths

ATTENTION = 32
"""Side of the features with attention, in pictures that are larger."""


class SAGANConfig(AdversarialConfig):
    loss: AdversarialLoss = AdversarialLoss.HINGE
    spectral_norm: bool = True
    discriminator_rate: float = 4e-4
    generator_rate: float = 1e-4
    generator_spectral_norm: bool = setting(
        True, "Spectral norm in G", "Divides the generator's weights by their largest singular values.", advanced=True
    )
    latents: int = 128
    beta1: float = 0.0
    beta2: float = 0.9
    width: int = setting(
        64,
        "Width",
        "Base of the channels: four times as many in G and twice in D up to 32 pixels, doubling inwards above.",
        ge=4,
        le=256,
    )


@family
class SAGAN(AdversarialModel[SAGANConfig]):
    """Self-Attention Generative Adversarial Networks, arXiv:1805.08318.

    Residual networks with a self-attention block in each, y = x + gamma * attention(x) with gamma = 0 at first;
    spectral norm in G as in D; D minimises relu(1 - D(x)) + relu(1 + D(G(z))), G minimises -D(G(z)); one step each,
    at rates of 4e-4 for D and 1e-4 for G, Adam(0, 0.9).

    Departs from the paper in having no classes (the projection GAN has them), in attention at 16x16 for pictures of
    32 pixels and 8x8 for 16, in Glorot's first weights, and in a batch of 64 for 256.
    """

    info: ClassVar[Info] = Info(
        key="sagan",
        title="SAGAN",
        group=Group.ADVERSARIAL,
        year=2018,
        paper="Zhang, Goodfellow, Metaxas and Odena, Self-Attention Generative Adversarial Networks, 2018, "
        "arXiv:1805.08318",
        summary="Residual networks in which every place of a picture can look at every other.",
    )
    Config: ClassVar[type[FamilyConfig]] = SAGANConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: SAGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        size, attention = data.height, min(ATTENTION, data.height // 2)
        widths = ResidualWidths.for_size(config.width, size)
        self.generator = ResidualGenerator(config.latents, widths, data.channels, attention=attention)
        if config.generator_spectral_norm:
            normalise_spectrum(self.generator)
        self.set_discriminator(
            ResidualCritic(data.channels, widths, size, attention=attention, batch_view=config.batch_view)
        )
