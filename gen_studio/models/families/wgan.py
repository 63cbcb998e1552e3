"""The Wasserstein GAN of Arjovsky, Chintala and Bottou, its critic held in bounds by clipping."""

from typing import ClassVar

from gen_studio.core.description import Group, Info, Metric
from gen_studio.models.adversarial import ADVERSARIAL_METRICS, WASSERSTEIN
from gen_studio.models.adversarial_config import Optimiser, Regulariser
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional import ConvolutionalConfig, ConvolutionalModel
from gen_studio.models.registry import family
from gen_studio.nets.losses import AdversarialLoss


class WGANConfig(ConvolutionalConfig):
    loss: AdversarialLoss = AdversarialLoss.WASSERSTEIN
    regulariser: Regulariser = Regulariser.CLIPPING
    discriminator_rate: float = 5e-5
    generator_rate: float = 5e-5
    critic_steps: int = 5
    optimiser: Optimiser = Optimiser.RMSPROP


@family
class WGAN(ConvolutionalModel[WGANConfig]):
    """Wasserstein GAN, arXiv:1701.07875.

    The critic has no sigmoid: it maximises E[D(x)] - E[D(G(z))] with every weight clipped to [-0.01, 0.01] after each
    of its steps, which keeps it Lipschitz up to a constant; what it reaches estimates the Wasserstein distance up to
    that constant, and is plotted. G maximises E[D(G(z))]. Five critic steps per G step, RMSProp(5e-5) without
    momentum, batches of 64, DCGAN's networks. The verdicts are the sigmoid of scores that have no scale: read the
    estimate instead.
    """

    info: ClassVar[Info] = Info(
        key="wgan",
        title="WGAN",
        group=Group.ADVERSARIAL,
        year=2017,
        paper="Arjovsky, Chintala and Bottou, Wasserstein GAN, 2017, arXiv:1701.07875",
        summary="A critic with clipped weights whose loss says how far the samples are from the data.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, WASSERSTEIN)
    Config: ClassVar[type[FamilyConfig]] = WGANConfig
