"""The spectrally normalised GAN of Miyato and others, with residual networks."""

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
from gen_studio.nets.residual import ResidualCritic, ResidualGenerator, ResidualWidths


class SNGANConfig(AdversarialConfig):
    loss: AdversarialLoss = AdversarialLoss.HINGE
    spectral_norm: bool = True
    critic_steps: int = 5
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
class SNGAN(AdversarialModel[SNGANConfig]):
    """Spectral Normalization for Generative Adversarial Networks, arXiv:1802.05957.

    Residual networks; every layer of D is divided by its largest singular value, which one power iteration per
    training pass follows; the first block of D has no pre-activation; features are summed over places. D minimises
    relu(1 - D(x)) + relu(1 + D(G(z))), G minimises -D(G(z)). Adam(2e-4, 0, 0.9), five D steps per G step.

    Departs from the paper in the first weights (Glorot's), which it does not give, and in a constant learning rate
    for its linear decay, which is a setting.
    """

    info: ClassVar[Info] = Info(
        key="sngan",
        title="SN-GAN",
        group=Group.ADVERSARIAL,
        year=2018,
        paper="Miyato, Kataoka, Koyama and Yoshida, Spectral Normalization for Generative Adversarial Networks, 2018, "
        "arXiv:1802.05957",
        summary="Residual networks whose discriminator is kept smooth by its weights' singular values.",
    )
    Config: ClassVar[type[FamilyConfig]] = SNGANConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: SNGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        widths = ResidualWidths.for_size(config.width, data.height)
        self.generator = ResidualGenerator(config.latents, widths, data.channels)
        self.set_discriminator(ResidualCritic(data.channels, widths, data.height, batch_view=config.batch_view))
