"""The FactorVAE of Kim and Mnih: a VAE whose code is pressed to have independent dimensions."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot, Role
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig, Update
from gen_studio.models.convolutional_variational import ConvolutionalVariationalConfig, ConvolutionalVariationalModel
from gen_studio.models.registry import family
from gen_studio.models.variational import VARIATIONAL_METRICS
from gen_studio.nets.optimizers import adam
from gen_studio.nets.total_correlation import CodeCritic, code_critic_loss, permuted, total_correlation

CRITIC_BETAS = (0.5, 0.9)
TOTAL_CORRELATION = Metric(
    "total_correlation",
    "Total correlation",
    plot=Plot("total_correlation", "Total correlation"),
    label="TC",
    unit="nats",
)
CRITIC_LOSS = Metric(
    "loss_d", "D loss", plot=Plot("loss_d", "Discriminator of codes"), role=Role.DISCRIMINATOR, label="D"
)


class FactorVAEConfig(ConvolutionalVariationalConfig):
    gamma: float = setting(35.0, "Gamma", "Weight of the code's total correlation; 0 is a plain VAE.", ge=0, le=1000)
    learning_rate: float = 1e-4
    discriminator_rate: float = setting(
        1e-4, "D learning rate", "Step size of the discriminator.", gt=0, le=1, rate_of="discriminator"
    )
    hidden: int = setting(
        1000, "D hidden units", "Width of the discriminator's six layers.", ge=1, le=4096, advanced=True
    )


@family
class FactorVAE(ConvolutionalVariationalModel[FactorVAEConfig]):
    """Disentangling by Factorising, arXiv:1802.05983.

    The VAE minimises -ELBO + gamma * TC, TC = E_q(z)[log D(z) / (1 - D(z))], in nats per picture. D tells codes from
    those of a second batch whose dimensions were shuffled apart from each other, by the cross entropy of two logits:
    six layers of 1,000 with leaky ReLU, Adam(1e-4, 0.5, 0.9), beside Adam(1e-4) for the VAE. Each step takes two
    batches. Departs from the paper in He's first weights.
    """

    info: ClassVar[Info] = Info(
        key="factor_vae",
        title="FactorVAE",
        group=Group.VARIATIONAL,
        year=2018,
        paper="Kim and Mnih, Disentangling by Factorising, 2018, arXiv:1802.05983",
        summary="A VAE whose latents are made independent by a discriminator, and not at the pictures' cost.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*VARIATIONAL_METRICS, TOTAL_CORRELATION, CRITIC_LOSS)
    Config: ClassVar[type[FamilyConfig]] = FactorVAEConfig

    def __init__(self, config: FactorVAEConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        self.discriminator = CodeCritic(config.latents, config.hidden)

    @property
    def pictures_per_step(self) -> int:
        """The VAE's batch, and the one whose codes are shuffled."""
        return 2 * self.config.batch_size

    def optimizers(self) -> Mapping[str, Optimizer]:
        own = [p for part in (self.encoder, self.decoder, self.pixels) for p in part.parameters()]
        return {
            self.player: adam(own, self.config.learning_rate),
            "discriminator": adam(self.discriminator.parameters(), self.config.discriminator_rate, CRITIC_BETAS),
        }

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        first, second = self.observed(batch, rng).split(self.config.batch_size)
        with torch.no_grad():
            apart = permuted(self.posterior(second).draw(rng), rng)
        terms = self.terms(first, rng)
        correlation = total_correlation(self.discriminator(terms.latents))
        update[self.player].minimise(self.objective(terms) + self.config.gamma * correlation)
        loss = code_critic_loss(self.discriminator(terms.latents.detach()), self.discriminator(apart))
        update["discriminator"].minimise(loss)
        return self.readings(terms) | {TOTAL_CORRELATION.key: correlation.detach(), CRITIC_LOSS.key: loss.detach()}
