"""Denoising diffusion: a network that guesses noise, and a picture that forms step by step."""

from collections import deque
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import ClassVar, assert_never

import torch
from torch import Tensor
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import DecodesInSteps
from gen_studio.models.registry import family
from gen_studio.nets import diffusion
from gen_studio.nets.denoiser import Denoiser, DenoiserShape
from gen_studio.nets.diffusion import NoiseSchedule
from gen_studio.nets.noise import normal_like
from gen_studio.nets.optimizers import adam

TIMES = 1000
"""What the network is told runs from 0 to this, however many levels there are."""


class Sampler(Enum):
    DDIM = "DDIM"
    ANCESTRAL = "ancestral"


class DDPMConfig(FamilyConfig):
    width: int = setting(64, "Width", "Channels next to the picture; twice as many further in.", ge=4, le=512)
    schedule: NoiseSchedule = setting(NoiseSchedule.LINEAR, "Schedule", "How the picture drowns in noise.")
    sampler: Sampler = setting(
        Sampler.DDIM, "Sampler", "DDIM makes do with few steps; ancestral is the paper's, and wants many."
    )
    sample_steps: int = setting(20, "Sampling steps", "Steps from noise to a picture.", ge=1, le=1000)
    learning_rate: float = setting(2e-4, "Learning rate", "Step size of Adam.", gt=0, le=1, rate_of="denoiser")
    batch_size: int = 128
    eta: float = setting(
        0.0, "Eta", "Chance in DDIM's steps: 0 has none, 1 as much as ancestral sampling.", ge=0, le=1, advanced=True
    )
    levels: int = setting(1000, "Noise levels", "Steps from a picture to noise.", ge=2, le=4000, advanced=True)
    sizes: int = setting(
        4, "Feature sizes", "How many sizes the features go through, each half the last.", ge=1, le=7, advanced=True
    )
    blocks: int = setting(2, "Blocks", "Residual blocks at each size on the way in.", ge=1, le=8, advanced=True)
    attention: int = setting(
        16,
        "Attention at",
        "Features of at most this height attend to each other; 0 for none.",
        ge=0,
        le=64,
        advanced=True,
    )
    patch: int = setting(
        1, "Patch", "Side of the squares of pixels that enter as one; 2 costs a quarter.", ge=1, le=8, advanced=True
    )
    dropout: float = setting(0.1, "Dropout", "Chance in the blocks, in training alone.", ge=0, lt=1, advanced=True)
    warm_up: int = setting(
        500, "Warm-up", "Steps in which the learning rate rises to its value.", ge=0, le=100_000, advanced=True
    )
    ema: float = 0.999


@family
class DDPM(TrainableModel[DDPMConfig], DecodesInSteps):
    """Denoising Diffusion Probabilistic Models, arXiv:2006.11239; DDIM, arXiv:2010.02502; the cosine schedule,
    arXiv:2102.09672.

    Minimises E|eps - eps(sqrt(a_t) x + sqrt(1 - a_t) eps, t)|^2 over x, t and eps, the mean over pixels; a_t is what
    the paper calls alpha bar. Sampling predicts the clean picture at each level visited, clips it, derives the noise
    again from what was clipped, and steps; the levels end with 0, whose prediction is the sample.

    The latent is the noise that sampling starts from; it is decoded by DDIM with eta 0, which has no chance of its
    own, whatever the sampler set. Ancestral steps have the posterior's variance and may leave levels out.

    Departs from the paper in Sampling steps and Weight averaging for shorter runs, and in channels that double once.
    """

    info: ClassVar[Info] = Info(
        key="ddpm",
        title="DDPM",
        group=Group.DIFFUSION,
        year=2020,
        paper="Ho, Jain and Abbeel, Denoising Diffusion Probabilistic Models, 2020, arXiv:2006.11239; Song, Meng and "
        "Ermon, Denoising Diffusion Implicit Models, 2020, arXiv:2010.02502",
        summary="Learns to take noise out of pictures, and makes new ones from nothing but noise.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("loss", "Error of the noise", plot=Plot("loss", "Loss", low=0.0), label="loss"),
    )
    score: ClassVar[Metric | None] = metrics[0]
    averaged: ClassVar[tuple[str, ...]] = ("denoiser",)
    default_steps: ClassVar[int] = 5000
    Config: ClassVar[type[FamilyConfig]] = DDPMConfig
    weights: Tensor

    def __init__(self, config: DDPMConfig, data: DataSpec) -> None:
        if config.sample_steps > config.levels:
            raise WrongUse(
                f"Sampling goes through noise levels, and there are {config.levels}. "
                f"Set Sampling steps to {config.levels} or less."
            )
        super().__init__(config, data)
        shape = DenoiserShape(config.width, config.sizes, config.blocks, config.attention, config.patch, config.dropout)
        self.denoiser = Denoiser(data.channels, data.height, shape)
        self.kept = diffusion.shares(config.schedule, config.levels)
        self.register_buffer("weights", diffusion.weights(self.kept), persistent=False)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def samples_are_decoded(self) -> bool:
        return self.config.sampler is Sampler.DDIM and self.config.eta == 0

    def optimizers(self) -> Mapping[str, Optimizer]:
        return {"denoiser": adam(self.denoiser.parameters(), self.config.learning_rate)}

    def rate_factor(self, player: str, progress: float) -> float:
        return min(1.0, (self.step + 1) / (self.config.warm_up + 1))

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        levels = torch.randint(self.config.levels, (len(batch),), generator=rng, device=batch.images.device)
        loss = self._error(batch.images, levels, rng, rng)
        update["denoiser"].minimise(loss)
        return {"loss": loss.detach()}

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        # Spread evenly over the levels: the loss depends on them far more than on the pictures.
        places = (torch.arange(len(batch), device=batch.images.device) + 0.5) / len(batch)
        return {"loss": self._error(batch.images, (places * self.config.levels).long(), rng, None)}

    @property
    def forming_steps(self) -> int:
        return self.config.sample_steps

    @property
    def most_steps(self) -> int:
        return self.config.levels

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return _last(self.forming(count, rng))

    def forming(self, count: int, rng: torch.Generator, steps: int | None = None) -> Iterator[Tensor]:
        noise = self.draw_latents(count, rng)
        yield from self._denoised(noise, self.config.sampler, self.config.eta, rng, steps)

    def decode(self, latents: Tensor) -> Tensor:
        return self.decode_in(latents, self.forming_steps)

    def decode_in(self, latents: Tensor, steps: int) -> Tensor:
        return _last(self._denoised(latents, Sampler.DDIM, 0.0, None, steps))

    def _error(self, images: Tensor, levels: Tensor, rng: torch.Generator, dropout: torch.Generator | None) -> Tensor:
        noise = normal_like(images, rng)
        of_picture, of_noise = self.weights[levels].view(-1, 2, 1, 1, 1).unbind(1)
        noisy = of_picture * images + of_noise * noise
        guess: Tensor = self.denoiser(noisy, self._times(levels), dropout)
        return (guess - noise).square().mean()

    def _denoised(
        self, noisy: Tensor, sampler: Sampler, eta: float, rng: torch.Generator | None, steps: int | None = None
    ) -> Iterator[Tensor]:
        """The clean picture as it is predicted at each level visited; the last prediction is the sample."""
        levels = diffusion.visited(self.config.levels, self.config.sample_steps if steps is None else steps)
        for level, following in zip(levels, [*levels[1:], None], strict=True):
            share = float(self.kept[level])
            next_share = diffusion.CLEAN if following is None else float(self.kept[following])
            times = self._times(torch.full((len(noisy),), level, device=noisy.device))
            picture = diffusion.picture_from(noisy, self.denoiser(noisy, times), share)
            yield picture
            match sampler:
                case Sampler.DDIM:
                    noisy = diffusion.ddim_step(noisy, picture, share, next_share, eta, rng)
                case Sampler.ANCESTRAL:
                    assert rng is not None
                    noisy = diffusion.ancestral_step(noisy, picture, share, next_share, rng)
                case _:
                    assert_never(sampler)

    def _times(self, levels: Tensor) -> Tensor:
        return levels * (TIMES / self.config.levels)


def _last(pictures: Iterator[Tensor]) -> Tensor:
    # A deque of one holds one: a thousand steps of a batch would not fit beside a training run.
    return deque(pictures, maxlen=1).pop()
