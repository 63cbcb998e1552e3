"""The game that all adversarial families share: a family adds its two networks and its paper's defaults."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import VERDICTS, Metric, Role
from gen_studio.data.spec import Batch
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import HasLatent
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss, verdict
from gen_studio.nets.optimizers import adam

ADVERSARIAL_METRICS = (
    Metric("loss_d", "D loss", role=Role.DISCRIMINATOR, label="D"),
    Metric("loss_g", "G loss", role=Role.GENERATOR, label="G"),
    Metric("d_real", "D(real)", plot=VERDICTS, role=Role.DISCRIMINATOR, label="real"),
    Metric("d_fake", "D(fake)", plot=VERDICTS, role=Role.GENERATOR, label="fake"),
)


class AdversarialConfig(FamilyConfig):
    loss: AdversarialLoss = setting(
        AdversarialLoss.NON_SATURATING, "Loss", "The game that discriminator and generator play."
    )
    discriminator_rate: float = setting(
        2e-4, "D learning rate", "Step size of the discriminator.", gt=0, le=1, rate_of="discriminator"
    )
    generator_rate: float = setting(
        2e-4, "G learning rate", "Step size of the generator.", gt=0, le=1, rate_of="generator"
    )
    real_target: float = setting(
        1.0,
        "Target for real",
        "What D aims for on real pictures; 0.9 is one-sided label smoothing.",
        gt=0.5,
        le=1,
        advanced=True,
    )
    beta1: float = setting(0.5, "Adam beta 1", "Decay of the gradient's running mean.", ge=0, lt=1, advanced=True)
    beta2: float = setting(
        0.999, "Adam beta 2", "Decay of the squared gradient's running mean.", ge=0, lt=1, advanced=True
    )


A = TypeVar("A", bound=AdversarialConfig, covariant=True)


class AdversarialModel(TrainableModel[A], HasLatent):
    """A generator and a discriminator that step in turn.

    Generator: latents (N, latents) -> pictures (N, C, H, W). Discriminator: pictures -> raw scores, any shape.
    """

    metrics: ClassVar[tuple[Metric, ...]] = ADVERSARIAL_METRICS
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    generator: nn.Module
    discriminator: nn.Module

    @property
    @abstractmethod
    def latent_shape(self) -> tuple[int, ...]: ...

    def optimizers(self) -> Mapping[str, Optimizer]:
        betas = (self.config.beta1, self.config.beta2)
        return {
            "discriminator": adam(self.discriminator.parameters(), self.config.discriminator_rate, betas),
            "generator": adam(self.generator.parameters(), self.config.generator_rate, betas),
        }

    def decode(self, latents: Tensor) -> Tensor:
        pictures: Tensor = self.generator(latents)
        return pictures

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        game = self.config.loss
        fakes = self.generator(self.draw_latents(len(batch), rng))
        # Real and fake pass apart: a BatchNorm that saw both would let D compare them with each other.
        on_real = self.discriminator(batch.images)
        on_fake = self.discriminator(fakes.detach())
        loss_d = discriminator_loss(game, on_real, on_fake, self.config.real_target)
        update["discriminator"].minimise(loss_d)
        loss_g = generator_loss(game, self.discriminator(fakes))
        update["generator"].minimise(loss_g)
        return {
            "loss_d": loss_d.detach(),
            "loss_g": loss_g.detach(),
            "d_real": verdict(game, on_real),
            "d_fake": verdict(game, on_fake),
        }
