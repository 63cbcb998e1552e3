"""The beta-VAE of Higgins et al., with the controls of the KL term that followed it."""

from enum import Enum
from typing import ClassVar, assert_never

from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional_variational import ConvolutionalVariationalConfig, ConvolutionalVariationalModel
from gen_studio.models.registry import family
from gen_studio.models.variational import VARIATIONAL_METRICS, Terms

OBJECTIVE = Metric("objective", "Objective", plot=Plot("objective", "Objective"), label="objective", unit="nats")


class Control(Enum):
    """What is done about the KL term."""

    WEIGHT = "weight"
    CAPACITY = "capacity"


class BetaVAEConfig(ConvolutionalVariationalConfig):
    control: Control = setting(
        Control.WEIGHT, "KL control", "Weigh the KL term by beta, or hold it near a capacity that rises."
    )
    beta: float = setting(4.0, "Beta", "Weight of the KL term; 1 is a plain VAE.", ge=0, le=1000)
    learning_rate: float = 5e-4
    warm_up: int = setting(
        0, "Warm-up", "Steps in which beta rises from 0; 0 for none.", ge=0, le=10_000_000, advanced=True
    )
    free_bits: float = setting(
        0.0,
        "Free bits",
        "Nats that each latent dimension may use before the weighted KL term counts it.",
        ge=0,
        le=100,
        advanced=True,
    )
    capacity: float = setting(25.0, "Capacity", "Nats of KL that are aimed at at last.", ge=0, le=1000, advanced=True)
    capacity_steps: int = setting(
        5000, "Capacity rises over", "Steps in which the capacity rises from 0.", ge=0, le=10_000_000, advanced=True
    )
    capacity_weight: float = setting(
        1000.0, "Capacity weight", "Gamma, the weight of the distance to the capacity.", gt=0, le=100_000, advanced=True
    )


@family
class BetaVAE(ConvolutionalVariationalModel[BetaVAEConfig]):
    """beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework, ICLR 2017.

    Minimises E_q(z|x)[-log p(x|z)] + beta * sum over d of KL_d, with KL_d = KL(q(z_d|x) || N(0, 1)) averaged over the
    batch. beta may rise from 0 (Bowman 2016, arXiv:1511.06349); with lambda free bits the sum is over
    max(KL_d, lambda) (Kingma 2016, arXiv:1606.04934). Capacity control minimises
    E_q(z|x)[-log p(x|z)] + gamma * |sum over d of KL_d - C|, C rising from 0 (Burgess 2018, arXiv:1804.03599). Terms
    are in nats per picture. Departs from the papers in He's first weights and in a capacity that rises sooner.
    """

    info: ClassVar[Info] = Info(
        key="beta_vae",
        title="beta-VAE",
        group=Group.VARIATIONAL,
        year=2017,
        paper="Higgins, Matthey, Pal, Burgess, Glorot, Botvinick, Mohamed and Lerchner, beta-VAE: Learning Basic "
        "Visual Concepts with a Constrained Variational Framework, 2017; Burgess et al., Understanding Disentangling "
        "in beta-VAE, 2018, arXiv:1804.03599",
        summary="A VAE with a dial between faithful pictures and latents that each mean one thing.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*VARIATIONAL_METRICS, OBJECTIVE)
    Config: ClassVar[type[FamilyConfig]] = BetaVAEConfig

    @property
    def beta(self) -> float:
        """The KL term's weight at this step."""
        return self.config.beta * self._risen(self.config.warm_up)

    @property
    def capacity(self) -> float:
        """C at this step, in nats."""
        return self.config.capacity * self._risen(self.config.capacity_steps)

    def objective(self, terms: Terms) -> Tensor:
        config = self.config
        by_dimension = terms.kl.mean(0)  # (D,)
        match config.control:
            case Control.WEIGHT:
                return terms.reconstruction + self.beta * by_dimension.clamp_min(config.free_bits).sum()
            case Control.CAPACITY:
                return terms.reconstruction + config.capacity_weight * (by_dimension.sum() - self.capacity).abs()
            case _:
                assert_never(config.control)

    def readings(self, terms: Terms) -> dict[str, Tensor]:
        return super().readings(terms) | {OBJECTIVE.key: self.objective(terms).detach()}

    def _risen(self, steps: int) -> float:
        """How far up a rise over so many steps is, 0 to 1."""
        return min(1.0, self.step / steps) if steps else 1.0
