"""The Wasserstein GAN with gradient penalty of Gulrajani and others."""

from typing import ClassVar

from gen_studio.core.description import Group, Info, Metric
from gen_studio.models.adversarial import ADVERSARIAL_METRICS, WASSERSTEIN
from gen_studio.models.adversarial_config import RateDecay, Regulariser
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional import ConvolutionalConfig, ConvolutionalModel
from gen_studio.models.registry import family
from gen_studio.nets.convolutional import Norm
from gen_studio.nets.losses import AdversarialLoss


class WGANGPConfig(ConvolutionalConfig):
    loss: AdversarialLoss = AdversarialLoss.WASSERSTEIN
    regulariser: Regulariser = Regulariser.GRADIENT_PENALTY
    discriminator_rate: float = 1e-4
    generator_rate: float = 1e-4
    critic_steps: int = 5
    latents: int = 128
    beta1: float = 0.0
    beta2: float = 0.9
    rate_decay: RateDecay = RateDecay.LINEAR
    norm: Norm = Norm.LAYER


@family
class WGANGP(ConvolutionalModel[WGANGPConfig]):
    """Improved Training of Wasserstein GANs, arXiv:1704.00028.

    The critic minimises E[D(G(z))] - E[D(x)] + 10 E[(|grad D(x')| - 1)^2], with x' on the line between a real picture
    and a fake, at a place of its own for each picture; G minimises -E[D(G(z))]. The penalty is per picture, so the
    critic has LayerNorm in place of BatchNorm. Five critic steps per G step, Adam(1e-4, 0, 0.9) with both rates
    falling linearly to zero over the planned steps, batches of 64, 128 latents.

    Departs from the paper in its networks: DCGAN's, which it tests among others, in place of residual ones.
    """

    info: ClassVar[Info] = Info(
        key="wgan_gp",
        title="WGAN-GP",
        group=Group.ADVERSARIAL,
        year=2017,
        paper="Gulrajani, Ahmed, Arjovsky, Dumoulin and Courville, Improved Training of Wasserstein GANs, 2017, "
        "arXiv:1704.00028",
        summary="A critic drawn towards slope 1 between real pictures and fakes: slow, and hard to upset.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, WASSERSTEIN)
    Config: ClassVar[type[FamilyConfig]] = WGANGPConfig
