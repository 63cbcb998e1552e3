"""The Wasserstein GAN with gradient penalty of Gulrajani and others."""

from typing import ClassVar

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric
from gen_studio.models.adversarial import ADVERSARIAL_METRICS, WASSERSTEIN
from gen_studio.models.adversarial_config import RateDecay, Regulariser
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional import ConvolutionalConfig, ConvolutionalModel
from gen_studio.models.registry import family
from gen_studio.nets.convolutional import Norm
from gen_studio.nets.losses import AdversarialLoss


class WGANGPConfig(ConvolutionalConfig):
    loss: AdversarialLoss = setting(
        AdversarialLoss.WASSERSTEIN, "Loss", "The game that discriminator and generator play."
    )
    regulariser: Regulariser = setting(
        Regulariser.GRADIENT_PENALTY, "Regulariser", "What keeps the discriminator's gradient in bounds."
    )
    discriminator_rate: float = setting(
        1e-4, "D learning rate", "Step size of the discriminator.", gt=0, le=1, rate_of="discriminator"
    )
    generator_rate: float = setting(
        1e-4, "G learning rate", "Step size of the generator.", gt=0, le=1, rate_of="generator"
    )
    critic_steps: int = setting(
        5,
        "D steps per G step",
        "Discriminator steps, each on new pictures, for one of the generator.",
        ge=1,
        le=100,
        advanced=True,
    )
    latents: int = setting(128, "Latents", "Dimensions of the latent space.", ge=1, le=1024, advanced=True)
    beta1: float = setting(0.0, "Adam beta 1", "Decay of the gradient's running mean.", ge=0, lt=1, advanced=True)
    beta2: float = setting(
        0.9, "Adam beta 2", "Decay of the squared gradient's running mean.", ge=0, lt=1, advanced=True
    )
    rate_decay: RateDecay = setting(
        RateDecay.LINEAR, "Rate decay", "How both learning rates change over the planned steps.", advanced=True
    )
    norm: Norm = setting(Norm.LAYER, "D normalisation", "How D normalises its features.", advanced=True)


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
