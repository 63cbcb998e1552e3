"""The least-squares GAN of Mao and others."""

from typing import ClassVar

from gen_studio.core.description import Group, Info
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional import ConvolutionalConfig, ConvolutionalModel
from gen_studio.models.registry import family
from gen_studio.nets.losses import AdversarialLoss


class LSGANConfig(ConvolutionalConfig):
    loss: AdversarialLoss = AdversarialLoss.LEAST_SQUARES


@family
class LSGAN(ConvolutionalModel[LSGANConfig]):
    """Least Squares Generative Adversarial Networks, arXiv:1611.04076.

    D's output is linear and has targets, 1 for real and 0 for fake: D minimises ((D(x) - 1)^2 + D(G(z))^2) / 2, and G
    minimises (D(G(z)) - 1)^2 / 2. A fake far on the right side of the border is still drawn to it, where a sigmoid's
    gradient has vanished. Adam(beta1 0.5), batches of 64.

    Departs from the paper in its networks: DCGAN's in place of one for 112x112 scenes. The rate is the paper's 2e-4
    for characters; it uses 1e-3 for scenes.
    """

    info: ClassVar[Info] = Info(
        key="lsgan",
        title="LSGAN",
        group=Group.ADVERSARIAL,
        year=2017,
        paper="Mao, Li, Xie, Lau, Wang and Smolley, Least Squares Generative Adversarial Networks, 2017, "
        "arXiv:1611.04076",
        summary="Judges by squared distance to a target, so that no fake is too bad to learn from.",
    )
    Config: ClassVar[type[FamilyConfig]] = LSGANConfig
