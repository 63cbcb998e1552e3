"""The class-conditional GAN with projection discriminator of Miyato and Koyama."""

from typing import ClassVar

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import ConditionalAdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.losses import AdversarialLoss
from gen_studio.nets.residual import ResidualCritic, ResidualGenerator, ResidualWidths


class ProjectionGANConfig(AdversarialConfig):
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
class ProjectionGAN(ConditionalAdversarialModel[ProjectionGANConfig]):
    """cGANs with Projection Discriminator, arXiv:1802.05637.

    D(x, y) = psi(phi(x)) + <V y, phi(x)>, with phi the features summed over places and V y the class's embedding: the
    form of log p(x|y) - log q(x|y) where classes are softmax-linear. G has BatchNorm whose scale and shift belong to
    the class. D minimises relu(1 - D(x, y)) + relu(1 + D(G(z, y), y)), G minimises -D(G(z, y), y). Residual networks
    with spectral norm on every layer of D, the embedding too; Adam(2e-4, 0, 0.9), five D steps per G step.

    Departs from the paper in a constant learning rate for its linear decay near the end, and in drawing the fakes'
    classes from the data instead of evenly.
    """

    info: ClassVar[Info] = Info(
        key="projection_gan",
        title="Projection GAN",
        group=Group.CONDITIONAL,
        year=2018,
        paper="Miyato and Koyama, cGANs with Projection Discriminator, 2018, arXiv:1802.05637",
        summary="Compares a picture's features with its class by an inner product; sharp pictures of every class.",
    )
    Config: ClassVar[type[FamilyConfig]] = ProjectionGANConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: ProjectionGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        widths, classes = ResidualWidths.for_size(config.width, data.height), len(data.classes)
        self.generator = ResidualGenerator(config.latents, widths, data.channels, classes)
        self.set_discriminator(
            ResidualCritic(data.channels, widths, data.height, classes, batch_view=config.batch_view)
        )
