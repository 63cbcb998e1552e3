"""The generative adversarial network of Goodfellow and others, between dense networks."""

from typing import ClassVar

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.nets.dense import DenseCritic, DenseGenerator


class GANConfig(AdversarialConfig):
    batch_size: int = 100
    hidden: int = setting(
        1200, "Hidden units", "Width of the hidden layers; D has five for each unit of maxout.", ge=10, le=8192
    )
    dropout: float = setting(
        0.5, "D dropout", "Chance of each of D's hidden units, in training.", ge=0, lt=1, advanced=True
    )


@family
class GAN(AdversarialModel[GANConfig]):
    """Generative Adversarial Networks, arXiv:1406.2661.

    D minimises softplus(-D(x)) + softplus(D(G(z))); G minimises softplus(-D(G(z))), the paper's form of its loss that
    does not saturate while D wins (minimax is a choice). G has two hidden layers of rectifiers, D two of maxout with
    dropout.

    Departs from the paper in Adam(2e-4, beta1 0.5) for SGD with momentum, a normal prior for a uniform one,
    He's first weights in G, and tanh at G's output, since pictures are in [-1, 1].
    """

    info: ClassVar[Info] = Info(
        key="gan",
        title="GAN",
        group=Group.ADVERSARIAL,
        year=2014,
        paper="Goodfellow, Pouget-Abadie, Mirza, Xu, Warde-Farley, Ozair, Courville and Bengio, Generative "
        "Adversarial Networks, 2014, arXiv:1406.2661",
        summary="The first adversarial game, between two dense networks; fast, and good for digits.",
    )
    Config: ClassVar[type[FamilyConfig]] = GANConfig

    def __init__(self, config: GANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        self.generator = DenseGenerator(config.latents, config.hidden, data.shape)
        self.set_discriminator(DenseCritic(config.hidden, data.shape, config.batch_view, config.dropout))
