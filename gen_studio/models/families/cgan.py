"""The conditional adversarial network of Mirza and Osindero, between dense networks."""

from typing import ClassVar

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import ConditionalAdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.nets.dense import LabelledDenseCritic, LabelledDenseGenerator


class CGANConfig(AdversarialConfig):
    batch_size: int = 100
    hidden: int = setting(
        1200, "Hidden units", "Width of the hidden layers; D has five for each unit of maxout.", ge=10, le=8192
    )
    dropout: float = setting(
        0.5, "D dropout", "Chance of each of D's hidden units, in training.", ge=0, lt=1, advanced=True
    )


@family
class CGAN(ConditionalAdversarialModel[CGANConfig]):
    """Conditional Generative Adversarial Nets, arXiv:1411.1784.

    Both players are told the class y: D minimises softplus(-D(x, y)) + softplus(D(G(z, y), y)), G minimises
    softplus(-D(G(z, y), y)). In G class and latent pass through layers of their own, are concatenated and
    meet in a joint layer of rectifiers; in D the class stands beside the pixels, before two layers of maxout with
    dropout.

    Departs from the paper in D's first layer, which takes class and picture at once where the paper has a layer for
    each: there the class was hardly heeded. Also in Adam(2e-4, beta1 0.5) for SGD with momentum, no dropout in G, a
    normal prior for a uniform one, He's first weights in G, G's loss that does not saturate, and tanh at G's output,
    since pictures are in [-1, 1].
    """

    info: ClassVar[Info] = Info(
        key="cgan",
        title="cGAN",
        group=Group.CONDITIONAL,
        year=2014,
        paper="Mirza and Osindero, Conditional Generative Adversarial Nets, 2014, arXiv:1411.1784",
        summary="The first game that makes what it is asked for, between two dense networks.",
    )
    Config: ClassVar[type[FamilyConfig]] = CGANConfig

    def __init__(self, config: CGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        classes = len(data.classes)
        self.generator = LabelledDenseGenerator(config.latents, classes, config.hidden, data.shape)
        self.set_discriminator(
            LabelledDenseCritic(classes, config.hidden, data.shape, config.batch_view, config.dropout)
        )
