"""Adversarially learned inference: a GAN whose discriminator judges pictures together with their latents."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS, AdversarialModel, Readings
from gen_studio.models.adversarial_config import AdversarialConfig
from gen_studio.models.base import FamilyConfig, Update
from gen_studio.models.capabilities import CanEncode
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.convolutional import ConvolutionalGenerator, Norm
from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.losses import encoder_loss
from gen_studio.nets.pairs import PairCritic, StochasticEncoder, pack, unpack
from gen_studio.nets.replay import ReplayPool


class ALIConfig(AdversarialConfig):
    batch_size: int = setting(100, "Batch size", "Pictures per training step.", ge=2, le=4096)
    generator_rate: float = setting(
        2e-4, "G learning rate", "Step size of generator and encoder.", gt=0, le=1, rate_of="generator"
    )
    latents: int = setting(64, "Latents", "Dimensions of the latent space.", ge=1, le=1024)
    width: int = setting(
        64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256, advanced=True
    )
    norm: Norm = setting(Norm.BATCH, "D normalisation", "How D normalises its picture features.", advanced=True)

    def objection(self) -> str | None:
        if self.unrolled_steps:
            return "ALI's encoder and generator answer D as it is. Set Unrolled steps to 0."
        return super().objection()


@family
class ALI(AdversarialModel[ALIConfig], CanEncode):
    """Adversarially Learned Inference, arXiv:1606.00704; found at the same time as BiGAN, arXiv:1605.09782.

    D tells pairs (x, E(x)) of a picture and the latent drawn for it from pairs (G(z), z). D minimises
    softplus(-D(x, E(x))) + softplus(D(G(z), z)); E and G step together and flip both labels: they minimise
    softplus(D(x, E(x))) + softplus(-D(G(z), z)). E(x) ~ N(mu(x), sigma(x)^2). Adam(2e-4, beta1 0.5),
    as in BiGAN.

    Nothing asks for G(E(x)) = x: it is what the game ends in, and is approached, not reached. Departs from the papers
    in DCGAN's layers for ALI's maxout and dropout. With spectral norm D is too smooth to see which latent belongs to
    which picture: samples get better and codes say nothing.
    """

    info: ClassVar[Info] = Info(
        key="ali",
        title="ALI / BiGAN",
        group=Group.WITH_INFERENCE,
        year=2016,
        paper="Dumoulin, Belghazi, Poole, Mastropietro, Lamb, Arjovsky and Courville, Adversarially Learned "
        "Inference, 2016, arXiv:1606.00704; Donahue, Krähenbühl and Darrell, Adversarial Feature Learning, 2016, "
        "arXiv:1605.09782",
        summary="A GAN that also learns to encode: its discriminator judges pictures together with their latents.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, Metric("loss_e", "E loss", label="E"))
    averaged: ClassVar[tuple[str, ...]] = ("generator", "encoder")
    Config: ClassVar[type[FamilyConfig]] = ALIConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: ALIConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        self.generator = ConvolutionalGenerator(config.latents, config.width, data.height, data.channels)
        self.encoder = StochasticEncoder(data.channels, config.width, data.height, config.latents)
        critic = PairCritic(data.shape, config.latents, config.width, config.norm, config.batch_view)
        for network in (self.generator, self.encoder):
            dcgan_weights(network)
        self.set_discriminator(critic)
        if config.replay:
            pixels = data.channels * data.height * data.width
            self.replay = ReplayPool(config.replay, (pixels + config.latents,))

    def optimizers(self) -> Mapping[str, Optimizer]:
        together = nn.ModuleList([self.generator, self.encoder])
        return {**super().optimizers(), "generator": self._optimizer(together, self.config.generator_rate, 1.0)}

    def encode(self, images: Tensor) -> Tensor:
        mean: Tensor = self.encoder(images)[0]
        return mean

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        readings: Readings = {}
        several = self.config.critic_steps > 1
        for turn, part in enumerate(batch.split(self.config.batch_size)):
            self.turn = turn
            with torch.set_grad_enabled(not several):
                real, fakes = self.encoded(part, rng), self.imagine(part, rng)
            detached = replace(real, images=real.images.detach())
            readings = self.discriminator_step(detached, fakes.detach(), update["discriminator"], rng)
        if several:
            real, fakes = self.encoded(part, rng), self.imagine(part, rng)
        return readings | self.generator_step(real, fakes, update["generator"], rng)

    def imagine(self, batch: Batch, rng: torch.Generator) -> Tensor:
        """Packed pairs (G(z), z)."""
        latents = self.draw_latents(len(batch), rng)
        return pack(self.generator(latents), latents)

    def encoded(self, batch: Batch, rng: torch.Generator) -> Batch:
        """The batch with packed pairs (x, E(x)) in the place of its pictures."""
        return replace(batch, images=pack(batch.images, self.encoder.draw(batch.images, rng)))

    def generator_extra(self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_fake: Tensor) -> Tensor:
        """The encoder's half: real pictures whose latents D takes for those of fakes."""
        return encoder_loss(self.config.loss, self.judge(batch.images, batch, rng))

    def further_readings(self, batch: Batch, on_real: Tensor, on_fake: Tensor) -> Readings:
        return {"loss_e": encoder_loss(self.config.loss, on_real)}

    def shown(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """Packed pairs, the pictures in them augmented and noised as the settings say."""
        pictures, latents = unpack(images, self.data.shape)
        return pack(super().shown(pictures, rng), latents)
