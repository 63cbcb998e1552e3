"""The importance-weighted autoencoder of Burda, Grosse and Salakhutdinov, one stochastic layer."""

import math
from collections.abc import Mapping
from enum import Enum
from typing import ClassVar, assert_never

import torch
from torch import nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.models.variational import VARIATIONAL_METRICS, Terms, VariationalConfig, VariationalModel
from gen_studio.nets.initial import glorot_weights
from gen_studio.nets.posterior import log_mean_exp

STAGES = 8
"""The paper's passes over the data: 3^i of them at a rate of 10^(-i/7) times the first, i = 0 to 7."""

EPSILON = 1e-4
"""The paper's, far above Adam's usual 1e-8: weights whose gradients are tiny take small steps."""


class Schedule(Enum):
    """How the learning rate changes over the planned steps."""

    STAGES = "the paper's stages"
    LINEAR = "linear to zero"
    CONSTANT = "constant"


class IWAEConfig(VariationalConfig):
    samples: int = setting(5, "Samples", "Latents drawn for each picture; 1 is a plain VAE.", ge=1, le=1000)
    latents: int = 50
    hidden: int = setting(200, "Hidden units", "Width of the two hidden layers on each side.", ge=1, le=8192)
    batch_size: int = 20
    schedule: Schedule = setting(
        Schedule.STAGES, "Rate schedule", "How the learning rate changes over the planned steps.", advanced=True
    )


@family
class IWAE(VariationalModel[IWAEConfig]):
    """Importance Weighted Autoencoders, arXiv:1509.00519.

    Minimises -E[log 1/k sum over i of w_i], w_i = p(x|z_i) p(z_i) / q(z_i|x), z_1..z_k from q(z|x), in nats per
    picture, by logsumexp; its gradient weighs those of log w_i by w_i / sum w. With one sample it is the ELBO, its KL
    term sampled. Two tanh layers of 200 on each side, 50 latents, and Adam at 1e-3 that falls in eight stages over the
    planned steps, as in the paper. Departs from it in pictures that are binarised only where asked for.
    """

    info: ClassVar[Info] = Info(
        key="iwae",
        title="IWAE",
        group=Group.VARIATIONAL,
        year=2015,
        paper="Burda, Grosse and Salakhutdinov, Importance Weighted Autoencoders, 2015, arXiv:1509.00519",
        summary="A VAE with a tighter bound: several latents per picture, weighed by how well they explain it.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("loss", "−Bound", label="−bound", unit="nats"),
        *VARIATIONAL_METRICS[1:],
    )
    score: ClassVar[Metric | None] = metrics[0]
    Config: ClassVar[type[FamilyConfig]] = IWAEConfig

    def __init__(self, config: IWAEConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        pixels, hidden = math.prod(data.shape), config.hidden
        self.encoder = nn.Sequential(
            nn.Flatten(),
            nn.Linear(pixels, hidden),
            nn.Tanh(),
            nn.Linear(hidden, hidden),
            nn.Tanh(),
            nn.Linear(hidden, 2 * config.latents),
        )
        self.decoder = nn.Sequential(
            nn.Linear(config.latents, hidden),
            nn.Tanh(),
            nn.Linear(hidden, hidden),
            nn.Tanh(),
            nn.Linear(hidden, pixels),
            nn.Unflatten(1, data.shape),
        )
        glorot_weights(self)

    def optimizers(self) -> Mapping[str, Optimizer]:
        optimizer = torch.optim.Adam(self.parameters(), self.config.learning_rate, eps=EPSILON, fused=True)
        return {self.player: optimizer}

    def terms(self, batch: Batch, rng: torch.Generator) -> Terms:
        posterior = self.posterior(batch)
        latents = posterior.draws(self.config.samples, rng)  # (k, N, D)
        log_likelihoods = self.log_likelihoods(latents, batch)  # (k, N)
        bound = log_mean_exp(posterior.log_weights(latents, log_likelihoods)).mean()
        return Terms(posterior, latents, -log_likelihoods.mean(), posterior.kl(), -bound)

    def rate_factor(self, player: str, progress: float) -> float:
        match self.config.schedule:
            case Schedule.STAGES:
                passes = progress * (3**STAGES - 1) / 2
                stage = min(int(math.log(2 * passes + 1, 3)), STAGES - 1)
                return float(10 ** (-stage / (STAGES - 1)))
            case Schedule.LINEAR:
                return 1 - progress
            case Schedule.CONSTANT:
                return 1.0
            case _:
                assert_never(self.config.schedule)
