"""The adversarial game of networks that start small and grow while they train, by the pictures they were shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, TypeVar

import torch
from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.core.description import Metric, Plot
from gen_studio.data.spec import Batch
from gen_studio.models.adversarial import ADVERSARIAL_METRICS, AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import Update
from gen_studio.models.sizes import POWERS
from gen_studio.nets.growing import GrowingCritic, Stage, fade_in, level_of, stage_after
from gen_studio.nets.resampling import at_size

RESOLUTION = Metric("resolution", "Resolution", plot=Plot("resolution", "Resolution", low=0), label="res", unit="px")
FADE = Metric("fade", "Fade-in", plot=Plot("fade", "Fade-in", low=0, high=1), label="fade")


class GrowingConfig(AdversarialConfig):
    phase_pictures: int = setting(
        10_000,
        "Phase pictures",
        "Real pictures shown in each fade-in and in each phase after it; 0 trains at full size from the start.",
        ge=0,
        le=10_000_000,
    )

    def objection(self) -> str | None:
        if self.replay:
            return "A replay pool keeps pictures of one size, and these grow. Set the replay pool to 0."
        return super().objection()


G = TypeVar("G", bound=GrowingConfig, covariant=True)


class GrowingModel(AdversarialModel[G]):
    """The game is played at the resolution of the stage; what is shown keeps the full size.

    The stage follows from `step` alone, so a resumed run and a shown copy are always at the right one.
    """

    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, RESOLUTION, FADE)
    first_resolution: ClassVar[int] = 4
    discriminator: GrowingCritic
    sides: ClassVar[tuple[int, ...]] = POWERS

    @property
    def stage(self) -> Stage:
        shown = self.step * self.pictures_per_step
        first, last = level_of(self.first_resolution), level_of(self.data.height)
        return stage_after(shown, self.config.phase_pictures, first, last)

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        stage = self.stage
        self.discriminator.stage = stage
        pictures = fade_in(batch.images, stage)
        readings = super().training_step(replace(batch, images=pictures), update, rng)
        growth = {RESOLUTION.key: float(stage.resolution), FADE.key: stage.fade}
        return {
            **readings,
            **{key: torch.full((), value, device=pictures.device) for key, value in growth.items()},
        }

    def full_size(self, pictures: Tensor) -> Tensor:
        """What a generator made at its stage, as it is shown: the data's size, and within [-1, 1]."""
        return at_size(pictures, self.data.height).clamp(-1, 1)
