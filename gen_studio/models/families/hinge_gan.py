"""The geometric GAN of Lim and Ye, which brought the hinge loss to the game."""

from typing import ClassVar

from gen_studio.core.description import Group, Info
from gen_studio.models.adversarial_config import Optimiser
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional import ConvolutionalConfig, ConvolutionalModel
from gen_studio.models.registry import family
from gen_studio.nets.losses import AdversarialLoss


class HingeGANConfig(ConvolutionalConfig):
    loss: AdversarialLoss = AdversarialLoss.HINGE
    optimiser: Optimiser = Optimiser.RMSPROP


@family
class HingeGAN(ConvolutionalModel[HingeGANConfig]):
    """Geometric GAN, arXiv:1705.02894.

    D is a support vector machine on its own last features: it minimises relu(1 - D(x)) + relu(1 + D(G(z))), so that
    only pictures within the margin or on its wrong side move it. G moves its pictures along the normal of the
    separating plane, minimising -D(G(z)). DCGAN's networks, RMSProp(2e-4), batches of 64.

    Departs from the paper in one G step per D step, where its experiments take ten, and in leaving out weight decay.
    """

    info: ClassVar[Info] = Info(
        key="hinge_gan",
        title="Hinge GAN",
        group=Group.ADVERSARIAL,
        year=2017,
        paper="Lim and Ye, Geometric GAN, 2017, arXiv:1705.02894",
        summary="Judges like a support vector machine: only pictures near the border still teach.",
    )
    Config: ClassVar[type[FamilyConfig]] = HingeGANConfig
