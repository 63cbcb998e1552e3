"""The game that all adversarial families share: a family adds its two networks and its paper's defaults."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.description import VERDICTS, Metric, Plot, Role
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch
from gen_studio.models.adversarial_config import AdversarialConfig, Augment, Optimiser, RateDecay, Regulariser
from gen_studio.models.base import TrainableModel, Update
from gen_studio.models.capabilities import HasLatent, IsConditional
from gen_studio.nets import regularisers, unrolled
from gen_studio.nets.augment import Augmentation
from gen_studio.nets.critic import Critic
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss, verdict
from gen_studio.nets.noise import normal_like
from gen_studio.nets.optimizers import adam, rmsprop
from gen_studio.nets.replay import ReplayPool

ADVERSARIAL_METRICS = (
    Metric("loss_d", "D loss", role=Role.DISCRIMINATOR, label="D"),
    Metric("loss_g", "G loss", role=Role.GENERATOR, label="G"),
    Metric("d_real", "D(real)", plot=VERDICTS, role=Role.DISCRIMINATOR, label="real"),
    Metric("d_fake", "D(fake)", plot=VERDICTS, role=Role.GENERATOR, label="fake"),
)
WASSERSTEIN = Metric(
    "wasserstein",
    "Wasserstein estimate",
    plot=Plot("wasserstein", "Wasserstein estimate"),
    role=Role.DISCRIMINATOR,
    label="W",
)
"""E[D(x)] - E[D(G(z))], which is -loss_D in the Wasserstein game. Read for every family that declares it."""
TARGET_OVERFITTING = 0.6
NORMS = (nn.modules.batchnorm._BatchNorm,)

A = TypeVar("A", bound=AdversarialConfig, covariant=True)
Readings = dict[str, Tensor]


class AdversarialModel(TrainableModel[A], HasLatent):
    """A generator and a discriminator that step in turn.

    Generator: latents (N, latents) -> pictures (N, C, H, W). Discriminator: a Critic. A family builds both in its
    constructor, `generator` by itself and `discriminator` through `set_discriminator`, which applies the knobs.
    """

    metrics: ClassVar[tuple[Metric, ...]] = ADVERSARIAL_METRICS
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    generator: nn.Module
    discriminator: Critic
    turn: int = 0
    """Which of the discriminator's steps this is, within one step of the game."""

    def set_discriminator(self, critic: Critic) -> None:
        """Takes the discriminator and what the settings put around it. Raises WrongUse where they do not fit."""
        config = self.config
        if config.penalises and any(isinstance(module, NORMS) for module in critic.modules()):
            raise WrongUse(
                f"{self.info.title}'s discriminator uses BatchNorm, which ties the pictures of a batch together; a "
                f"{config.regulariser.value} needs each by itself. Set D normalisation to none, or the regulariser."
            )
        if config.spectral_norm:
            regularisers.normalise_spectrum(critic)
        self.discriminator = critic
        self.replay = ReplayPool(config.replay, self.data.shape) if config.replay else None
        adaptive = TARGET_OVERFITTING if config.augment is Augment.ADAPTIVE else None
        self.augmentation = None if config.augment is Augment.NONE else Augmentation(config.augment_strength, adaptive)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.config.latents,)

    @property
    def pictures_per_step(self) -> int:
        """Every discriminator step sees pictures of its own."""
        return self.config.batch_size * self.config.critic_steps

    @property
    def verdicts_have_scale(self) -> bool:
        return self.config.loss is not AdversarialLoss.WASSERSTEIN

    def optimizers(self) -> Mapping[str, Optimizer]:
        critic = self._optimizer(self.discriminator, self.config.discriminator_rate, self.lazy_share("discriminator"))
        if self.config.regulariser is Regulariser.CLIPPING:
            regularisers.clip_after_steps(critic, self.config.clip_limit)
        return {
            "discriminator": critic,
            "generator": self._optimizer(self.generator, self.config.generator_rate, self.lazy_share("generator")),
        }

    def rate_factor(self, player: str, progress: float) -> float:
        decay = 1 - progress if self.config.rate_decay is RateDecay.LINEAR else 1.0
        return decay * self.lazy_share(player)

    def decode(self, latents: Tensor) -> Tensor:
        pictures: Tensor = self.generator(latents)
        return pictures

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        self.discriminator.chance = rng
        try:
            return self._play(batch, update, rng)
        finally:
            # A generator cannot be copied, and whoever looks at the model copies it.
            self.discriminator.chance = None

    def _play(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Readings:
        readings: Readings = {}
        several = self.config.critic_steps > 1
        for turn, part in enumerate(batch.split(self.config.batch_size)):
            self.turn = turn
            # With a single critic step its fakes are those of the generator step too, and keep their graph.
            with torch.set_grad_enabled(not several):
                fakes = self.imagine(part, rng)
            readings = self.discriminator_step(part, fakes.detach(), update["discriminator"], rng)
        if several:
            fakes = self.imagine(part, rng)
        return readings | self.generator_step(part, fakes, update["generator"], rng)

    def imagine(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """As many fakes as the batch has pictures, with a graph back to the generator."""
        pictures: Tensor = self.generator(self.draw_latents(len(batch), rng))
        return pictures

    def discriminator_step(self, batch: Batch, fakes: Tensor, update: Update, rng: torch.Generator) -> Readings:
        """One step of the discriminator on real pictures and detached fakes."""
        config = self.config
        if self.replay is not None:
            earlier = (self.step * config.critic_steps + self.turn) * len(fakes)
            fakes = self.replay.mix(fakes, config.replay_share, earlier, rng)
        # Real and fake pass apart: a BatchNorm that saw both would let D compare them with each other.
        on_real, on_fake = self.judge(batch.images, batch, rng), self.judge(fakes, batch, rng)
        real, fake = self.scores(on_real), self.scores(on_fake)
        loss = discriminator_loss(config.loss, real, fake, config.real_target)
        total = loss + self.discriminator_extra(batch, fakes, rng, on_real, on_fake)
        if config.penalises and not config.is_lazy:
            total = total + self.penalty(batch, fakes, rng)
        update.minimise(total)
        if config.is_lazy and self.step % config.penalty_interval == 0:
            # A step of its own, as many times as strong as it is rare (Karras 2019, appendix B).
            update.minimise(config.penalty_interval * self.penalty(batch, fakes, rng))
        if self.augmentation is not None:
            self.augmentation.adapt(real.detach())
        readings = {
            "loss_d": loss.detach(),
            "d_real": verdict(config.loss, real),
            "d_fake": verdict(config.loss, fake),
        }
        return readings | self.further_readings(batch, on_real.detach(), on_fake.detach())

    def generator_step(self, batch: Batch, fakes: Tensor, update: Update, rng: torch.Generator) -> Readings:
        """One step of the generator on fakes that carry its graph."""
        config = self.config
        on_fake = self._foresee(batch, fakes, rng)
        loss = generator_loss(config.loss, self.scores(on_fake))
        total = loss + self.generator_extra(batch, fakes, rng, on_fake)
        if config.feature_matching:
            total = total + config.feature_matching * self._feature_distance(batch, fakes, rng)
        update.minimise(total)
        return {"loss_g": loss.detach()}

    def judge(self, images: Tensor, batch: Batch, rng: torch.Generator) -> Tensor:
        """The discriminator's outputs on what it is shown: pictures, augmented and noised as the settings say."""
        outputs: Tensor = self.discriminator(self.shown(images, rng), self.condition(batch))
        return outputs

    def scores(self, outputs: Tensor) -> Tensor:
        """The raw scores among the discriminator's outputs: all of them, unless it says more than real or fake."""
        return outputs

    def condition(self, batch: Batch) -> Tensor | None:
        """The labels that the discriminator is told; conditional families give the batch's."""
        return None

    def discriminator_extra(
        self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_real: Tensor, on_fake: Tensor
    ) -> Tensor | float:
        """Further terms of a family's discriminator loss. on_real, on_fake: the discriminator's outputs."""
        return 0.0

    def generator_extra(self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_fake: Tensor) -> Tensor | float:
        """Further terms of a family's generator loss. on_fake: the discriminator's outputs, with the graph to G."""
        return 0.0

    def further_readings(self, batch: Batch, on_real: Tensor, on_fake: Tensor) -> Readings:
        """What a family declares beside the game's own metrics. on_real, on_fake: D's outputs, detached."""
        if WASSERSTEIN not in self.metrics:
            return {}
        return {WASSERSTEIN.key: self.scores(on_real).float().mean() - self.scores(on_fake).float().mean()}

    def shown(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """Pictures on their way to the discriminator, real and fake alike."""
        if self.augmentation is not None:
            images = self.augmentation(images, rng)
        deviation = self.config.instance_noise * max(0.0, 1 - self.step / self.config.noise_steps)
        return images + deviation * normal_like(images, rng) if deviation else images

    @property
    def penalty_weight(self) -> float:
        """Lambda or gamma; a family may derive it from the data."""
        return self.config.penalty_weight

    def penalty(self, batch: Batch, fakes: Tensor, rng: torch.Generator) -> Tensor:
        """The weighed penalty on the discriminator's gradient. fakes: detached."""

        def score(images: Tensor) -> Tensor:
            return self.scores(self.discriminator(images, self.condition(batch)))

        weight = self.penalty_weight
        if self.config.regulariser is Regulariser.R1:
            return weight / 2 * regularisers.r1_penalty(score, self.shown(batch.images, rng))
        return weight * regularisers.gradient_penalty(score, batch.images, fakes, rng)

    def _foresee(self, batch: Batch, fakes: Tensor, rng: torch.Generator) -> Tensor:
        """Scores of the fakes, by the discriminator as it is, or as it would be after some answers of its own."""
        config = self.config
        if not config.unrolled_steps:
            return self.judge(fakes, batch, rng)
        real, seen, labels = self.shown(batch.images, rng), self.shown(fakes, rng), self.condition(batch)

        def loss(weights: unrolled.Weights) -> Tensor:
            on_real = unrolled.apply(self.discriminator, weights, real, labels)
            on_fake = unrolled.apply(self.discriminator, weights, seen, labels)
            return discriminator_loss(config.loss, self.scores(on_real), self.scores(on_fake), config.real_target)

        weights = unrolled.unroll(self.discriminator, loss, config.unrolled_steps, config.discriminator_rate)
        return unrolled.apply(self.discriminator, weights, seen, labels)

    def _feature_distance(self, batch: Batch, fakes: Tensor, rng: torch.Generator) -> Tensor:
        """Squared distance of the mean features (Salimans 2016)."""
        critic, labels = self.discriminator, self.condition(batch)
        with torch.no_grad():
            wanted = critic.features(critic.entry(self.shown(batch.images, rng), labels)).float().mean(0)
        made = critic.features(critic.entry(self.shown(fakes, rng), labels)).float().mean(0)
        return (made - wanted).square().sum()

    def lazy_share(self, player: str) -> float:
        """n / (n + 1) for a player with a penalty every n steps, else 1: the share of its rate and of its betas.

        It takes more steps than the other, and is to go no further.
        """
        interval = self.config.penalty_interval
        return interval / (interval + 1) if player == "discriminator" and self.config.is_lazy else 1.0

    def _optimizer(self, network: nn.Module, rate: float, lazy_share: float) -> Optimizer:
        # The share acts on the rate through `rate_factor`, so that the rate shown is the rate that was set.
        parameters: list[Any] = [p for p in network.parameters() if p.requires_grad]
        match self.config.optimiser:
            case Optimiser.ADAM:
                return adam(parameters, rate, (self.config.beta1**lazy_share, self.config.beta2**lazy_share))
            case Optimiser.RMSPROP:
                return rmsprop(parameters, rate)


class ConditionalAdversarialModel(AdversarialModel[A], IsConditional):
    """The game with labels: the generator is called with latents and labels, the discriminator is told them.

    In place of labels (N,) the generator takes weights of the classes (N, classes) as well: see `nets/labels.py`.

    Fakes carry the labels of the real batch, so that both have the same classes.
    """

    needs: ClassVar[tuple[str, ...]] = ("labels",)

    def set_discriminator(self, critic: Critic) -> None:
        if self.config.replay:
            raise WrongUse(
                "The replay pool keeps past fakes without their classes, and this discriminator is shown both. "
                "Set Replay pool to 0."
            )
        super().set_discriminator(critic)

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.data.classes

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        pictures: Tensor = self.generator(latents, labels)
        return pictures

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        pictures: Tensor = self.generator(latents, weights)
        return pictures

    def decode(self, latents: Tensor) -> Tensor:
        return IsConditional.decode(self, latents)

    def imagine(self, batch: Batch, rng: torch.Generator) -> Tensor:
        assert batch.labels is not None
        return self.decode_as(self.draw_latents(len(batch), rng), batch.labels)

    def condition(self, batch: Batch) -> Tensor | None:
        return batch.labels
