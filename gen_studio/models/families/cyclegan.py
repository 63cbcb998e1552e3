"""The unpaired translator of Zhu, Park, Isola and Efros: two translators that undo each other."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanTranslateBothWays
from gen_studio.models.registry import family
from gen_studio.nets.image_pool import ImagePool
from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.jitter import jitter
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss, verdict
from gen_studio.nets.optimizers import adam
from gen_studio.nets.patch_critic import patch_critic
from gen_studio.nets.residual_translator import ResidualTranslator

GAME = AdversarialLoss.LEAST_SQUARES
STRIDE = 4
SMALLEST = 16
DISTANCE = Plot("cycle", "Distance to the picture", low=0.0)
CYCLE = Metric("cycle", "Cycle", plot=DISTANCE, label="cycle")
IDENTITY = Metric("identity", "Identity", plot=DISTANCE, label="identity")


class CycleGANConfig(FamilyConfig):
    batch_size: int = setting(1, "Batch size", "Pictures of each domain per training step.", ge=1, le=4096)
    cycle_weight: float = setting(
        10.0, "Cycle weight", "How much the way there and back counts beside the game.", ge=0, le=10_000
    )
    identity_weight: float = setting(
        5.0, "Identity weight", "How much leaving alone what is of the target domain already counts.", ge=0, le=10_000
    )
    width: int = setting(64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256)
    blocks: int = setting(0, "Blocks", "Residual blocks; 0 for nine from 256 pixels on and six below.", ge=0, le=32)
    discriminator_rate: float = setting(
        2e-4, "D learning rate", "Step size of the discriminators.", gt=0, le=1, rate_of="discriminator"
    )
    generator_rate: float = setting(
        2e-4, "G learning rate", "Step size of the translators.", gt=0, le=1, rate_of="generator"
    )
    pool: int = setting(
        50, "Image pool", "Past fakes that the discriminators still see; 0 for none.", ge=0, le=10_000, advanced=True
    )
    jitter: bool = setting(
        True,
        "Random jitter",
        "Trains on pictures that are moved a little and mirrored half of the time: few pictures go further.",
        advanced=True,
    )
    beta1: float = setting(0.5, "Adam beta 1", "Decay of the gradient's running mean.", ge=0, lt=1, advanced=True)


@family
class CycleGAN(TrainableModel[CycleGANConfig], CanTranslateBothWays):
    """Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, arXiv:1703.10593.

    G: X -> Y and F: Y -> X minimise (D_Y(G(x)) - 1)^2 + (D_X(F(y)) - 1)^2 + 10 (|F(G(x)) - x| + |G(F(y)) - y|)
    + 5 (|G(y) - y| + |F(x) - x|); then each D half of (D(y) - 1)^2 + D(past G(x))^2, its fakes from a pool of 50.
    The rates fall linearly to 0 over the second half. D scores 70x70 patches, 34x34 in pictures below 32 pixels.

    G and F share one Adam and the two D another, which changes no step: no parameter is in two losses.
    """

    info: ClassVar[Info] = Info(
        key="cyclegan",
        title="CycleGAN",
        group=Group.TRANSLATION,
        year=2017,
        paper="Zhu, Park, Isola and Efros, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial "
        "Networks, 2017, arXiv:1703.10593",
        summary="Learns to turn two kinds of pictures into each other, such as day and night, without pairs.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, CYCLE, IDENTITY)
    score: ClassVar[Metric | None] = CYCLE
    needs: ClassVar[tuple[str, ...]] = ("domains",)
    averaged: ClassVar[tuple[str, ...]] = ("there", "back")
    Config: ClassVar[type[FamilyConfig]] = CycleGANConfig

    def __init__(self, config: CycleGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        side = min(data.height, data.width)
        blocks = config.blocks or (9 if side >= 256 else 6)
        strided = 3 if side >= 32 else 2
        self.there, self.back = (
            ResidualTranslator(data.channels, data.channels, config.width, blocks) for _ in range(2)
        )
        self.critics = nn.ModuleList(patch_critic(data.channels, config.width, strided, affine=False) for _ in range(2))
        self.pools = nn.ModuleList(ImagePool(config.pool, data.shape) for _ in range(2)) if config.pool else None
        dcgan_weights(self)

    @classmethod
    def objection(cls, data: DataSpec) -> str | None:
        sides = (data.height, data.width)
        if min(sides) < SMALLEST or any(side % STRIDE for side in sides):
            return super().objection(data) or (
                f"{cls.info.title} translates pictures of {SMALLEST} pixels or more, in multiples of {STRIDE}; these "
                f"are {data.width} × {data.height}. Set the size to {cls.fitting_size(max(sides))}, or leave it empty."
            )
        return super().objection(data)

    @classmethod
    def fitting_size(cls, size: int) -> int:
        return max(SMALLEST, -(-size // STRIDE) * STRIDE)

    @property
    def stride(self) -> int | None:
        return STRIDE

    def optimizers(self) -> Mapping[str, Optimizer]:
        betas = (self.config.beta1, 0.999)
        translators = [*self.there.parameters(), *self.back.parameters()]
        return {
            "generator": adam(translators, self.config.generator_rate, betas),
            "discriminator": adam(self.critics.parameters(), self.config.discriminator_rate, betas),
        }

    def rate_factor(self, player: str, progress: float) -> float:
        return min(1.0, 2 * (1 - progress))

    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        output: Tensor = self.there(inputs)
        return output

    def translate_back(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        output: Tensor = self.back(inputs)
        return output

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        first, second = _domains(batch)
        if self.config.jitter:
            first, second = (jitter({"images": images}, rng)["images"] for images in (first, second))
        fakes, readings = self._generator_step(first, second, update["generator"])
        return readings | self._discriminator_step((first, second), fakes, update["discriminator"], rng)

    def _generator_step(
        self, first: Tensor, second: Tensor, update: Update
    ) -> tuple[tuple[Tensor, Tensor], dict[str, Tensor]]:
        """The fakes of the first and of the second domain, and what the translators say of their step."""
        config = self.config
        # What is of the target domain already goes along: every picture is normalised by itself.
        as_second, kept_second = self.there(torch.cat([first, second])).chunk(2)
        as_first, kept_first = self.back(torch.cat([second, first])).chunk(2)
        identity = _distance(kept_first, first) + _distance(kept_second, second)
        cycle = _distance(self.back(as_second), first) + _distance(self.there(as_first), second)
        # The paper does not halve the squares here, as the shared loss does.
        on_fakes = (self._scores(0, as_first), self._scores(1, as_second))
        game = 2 * (generator_loss(GAME, on_fakes[0]) + generator_loss(GAME, on_fakes[1]))
        update.minimise(game + config.cycle_weight * cycle + config.identity_weight * identity)
        readings = {"loss_g": game / 2, "cycle": cycle / 2, "identity": identity / 2}
        return (as_first, as_second), {key: value.detach() for key, value in readings.items()}

    def _discriminator_step(
        self, reals: tuple[Tensor, Tensor], fakes: tuple[Tensor, Tensor], update: Update, rng: torch.Generator
    ) -> dict[str, Tensor]:
        on_real, on_fake = [], []
        for domain, (real, fake) in enumerate(zip(reals, fakes, strict=True)):
            shown = fake.detach()
            if self.pools is not None:
                pool = self.pools[domain]
                assert isinstance(pool, ImagePool)
                shown = pool.exchange(shown, self.step * len(shown), rng)
            on_real.append(self._scores(domain, real))
            on_fake.append(self._scores(domain, shown))
        # Mao's form of this loss has the half in it that the paper slows its discriminators with.
        losses = [discriminator_loss(GAME, real, fake) for real, fake in zip(on_real, on_fake, strict=True)]
        update.minimise(losses[0] + losses[1])
        return {
            "loss_d": (losses[0] + losses[1]).detach() / 2,
            "d_real": verdict(GAME, torch.cat(on_real)),
            "d_fake": verdict(GAME, torch.cat(on_fake)),
        }

    def _scores(self, domain: int, images: Tensor) -> Tensor:
        scores: Tensor = self.critics[domain](images)
        return scores

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        first, second = _domains(batch)
        there, back = _distance(self.back(self.there(first)), first), _distance(self.there(self.back(second)), second)
        return {"cycle": (there + back) / 2}


def _domains(batch: Batch) -> tuple[Tensor, Tensor]:
    assert batch.others is not None
    return batch.images, batch.others


def _distance(one: Tensor, other: Tensor) -> Tensor:
    return (one - other).abs().float().mean()
