"""The variational autoencoder of Kingma and Welling, dense layers, as in the paper's MNIST experiments."""

from typing import ClassVar

from torch import nn

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.models.variational import VariationalConfig, VariationalModel
from gen_studio.nets.initial import glorot_weights


class VAEConfig(VariationalConfig):
    hidden: int = setting(400, "Hidden units", "Width of the one hidden layer on each side.", ge=1, le=8192)
    learning_rate: float = setting(1e-3, "Learning rate", "Step size of Adam.", gt=0, le=1, rate_of="vae")


@family
class VAE(VariationalModel[VAEConfig]):
    """Auto-Encoding Variational Bayes, arXiv:1312.6114.

    Minimises -ELBO = E_q(z|x)[-log p(x|z)] + KL(q(z|x) || N(0, I)), summed over pixels and latent dimensions and
    averaged over the batch, in nats, with one sample of z per picture. Departs from the paper in ReLU for tanh,
    Adam for Adagrad and Glorot's first weights.
    """

    info: ClassVar[Info] = Info(
        key="vae",
        title="VAE",
        group=Group.VARIATIONAL,
        year=2013,
        paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2013, arXiv:1312.6114",
        summary="Learns a smooth latent space to encode into, walk through and sample from.",
    )
    Config: ClassVar[type[FamilyConfig]] = VAEConfig
    player: ClassVar[str] = "vae"

    def __init__(self, config: VAEConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        pixels = data.channels * data.height * data.width
        self.encoder = nn.Sequential(
            nn.Flatten(),
            nn.Linear(pixels, config.hidden),
            nn.ReLU(),
            nn.Linear(config.hidden, 2 * config.latents),
        )
        self.decoder = nn.Sequential(
            nn.Linear(config.latents, config.hidden),
            nn.ReLU(),
            nn.Linear(config.hidden, pixels),
            nn.Unflatten(1, data.shape),
        )
        glorot_weights(self)
