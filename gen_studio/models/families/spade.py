"""The painter of layouts of Park, Liu, Wang and Zhu: the layout speaks at every normalisation."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanPaint
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.nets.initial import glorot_weights
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss, kl_to_standard_normal, verdict
from gen_studio.nets.multiscale_critic import MultiscaleCritic
from gen_studio.nets.optimizers import adam
from gen_studio.nets.perceptual import VGG19Features, frozen, vgg_error
from gen_studio.nets.regularisers import normalise_spectrum
from gen_studio.nets.spade import SpadeGenerator, StyleEncoder, one_hot

GAME = AdversarialLoss.HINGE
L1 = Metric("l1", "L1", plot=Plot("distance", "Distance to the target", low=0.0), label="L1")
FEATURES = Metric("features", "Feature matching", plot=Plot("features", "Distance in D's features"), label="features")
PERCEPTUAL = Metric("perceptual", "VGG19 error", plot=FEATURES.plot, label="VGG19")
STYLE_KL = Metric("style_kl", "Style KL", plot=Plot("style", "Style code"), label="KL", unit="nats")


class Perception(Enum):
    """In which features beside the discriminator's paintings are compared with the pictures they should be."""

    NONE = "none"
    VGG19 = "VGG19"


class SPADEConfig(FamilyConfig):
    batch_size: int = setting(8, "Batch size", "Layouts per training step; the paper uses 32.", ge=1, le=4096)
    width: int = setting(64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256)
    hidden: int = setting(128, "Hidden", "Channels between a layout and the scales it sets.", ge=4, le=1024)
    encoder: bool = setting(True, "Style encoder", "Learns to take the look of a painting from another picture.")
    feature_weight: float = setting(
        10.0, "Feature weight", "How much matching D's features counts beside the game.", ge=0, le=10_000
    )
    perceptual: Perception = setting(
        Perception.NONE,
        "Perceptual loss",
        "Compares paintings in features of VGG19 too, where its weights are on this machine, as the paper does.",
    )
    discriminator_rate: float = setting(
        4e-4, "D learning rate", "Step size of the discriminator.", gt=0, le=1, rate_of="discriminator"
    )
    generator_rate: float = setting(
        1e-4, "G learning rate", "Step size of the generator.", gt=0, le=1, rate_of="generator"
    )
    perceptual_weight: float = setting(
        10.0, "Perceptual weight", "How much features of VGG19 count, where asked for.", ge=0, le=10_000, advanced=True
    )
    latents: int = setting(256, "Style size", "Numbers that a look is made of.", ge=1, le=1024, advanced=True)
    style_weight: float = setting(
        0.05, "Style KL weight", "Keeps encoded looks close to those drawn by chance.", ge=0, le=10_000, advanced=True
    )
    generator_spectral_norm: bool = setting(
        True, "Spectral norm in G", "Divides the generator's weights by their largest singular values.", advanced=True
    )
    beta1: float = setting(0.0, "Adam beta 1", "Decay of the gradient's running mean.", ge=0, lt=1, advanced=True)
    beta2: float = setting(
        0.999, "Adam beta 2", "Decay of the squared gradient's running mean.", ge=0, lt=1, advanced=True
    )


@family
class SPADE(TrainableModel[SPADEConfig], CanPaint):
    """Semantic Image Synthesis with Spatially-Adaptive Normalization, arXiv:1903.07291 (GauGAN).

    With m a layout, x its picture and z a look, D minimises relu(1 - D(m, x)) + relu(1 + D(m, G(z, m))), G minimises
    -D(m, G(z, m)) + 10 sum_i |D_i(m, x) - D_i(m, G(z, m))| + 0.05 KL(q(z|x) || N(0, 1)), over the stages i of D and the
    mean of its two scales; z ~ q(z|x), or ~ N(0, 1) without the encoder. Spectral norm in G and D, rates of 1e-4
    and 4e-4, falling linearly to 0 over the second half.

    The paper adds 10 |VGG(x) - VGG(G(z, m))|. VGG19's weights are a download, so here that term is there only where
    they are on this machine and `perceptual` asks for it, as the squared error of relu5_4; D's own features carry its
    part otherwise. Batches are of 8, not 32.
    """

    info: ClassVar[Info] = Info(
        key="spade",
        title="SPADE",
        group=Group.TRANSLATION,
        year=2019,
        paper="Park, Liu, Wang and Zhu, Semantic Image Synthesis with Spatially-Adaptive Normalization, 2019, "
        "arXiv:1903.07291",
        summary="Paints pictures of layouts: where sky, ground and trees are, in a look drawn or taken from a picture.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, L1, FEATURES, PERCEPTUAL, STYLE_KL)
    score: ClassVar[Metric | None] = L1
    needs: ClassVar[tuple[str, ...]] = ("layouts",)
    averaged: ClassVar[tuple[str, ...]] = ("painter",)
    Config: ClassVar[type[FamilyConfig]] = SPADEConfig
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: SPADEConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        classes, size = len(data.layout), data.height
        generator = SpadeGenerator(config.latents, data.channels, classes, config.width, config.hidden, size)
        self.painter = nn.ModuleDict({"generator": generator})
        if config.encoder:
            self.painter["encoder"] = StyleEncoder(config.latents, data.channels, config.width, size)
        self.vgg: VGG19Features | None = None
        self.discriminator = MultiscaleCritic(classes + data.channels, config.width, size)
        glorot_weights(self)
        normalise_spectrum(self.discriminator)
        if config.generator_spectral_norm:
            normalise_spectrum(self.painter)

    @property
    def takes_style(self) -> bool:
        return self.config.encoder

    @property
    def palette(self) -> tuple[LayoutClass, ...]:
        return self.data.layout

    @property
    def meaningless(self) -> frozenset[str]:
        silent: set[str] = set() if self.config.encoder else {STYLE_KL.key}
        return frozenset(silent if self.config.perceptual is Perception.VGG19 else silent | {PERCEPTUAL.key})

    def optimizers(self) -> Mapping[str, Optimizer]:
        betas = (self.config.beta1, self.config.beta2)
        if self.config.perceptual is Perception.VGG19:
            # Only those who train need it, and they ask for optimizers.
            self.vgg = VGG19Features(instead="none")
        return {
            "discriminator": adam(self.discriminator.parameters(), self.config.discriminator_rate, betas),
            "generator": adam(self.painter.parameters(), self.config.generator_rate, betas),
        }

    def rate_factor(self, player: str, progress: float) -> float:
        return min(1.0, 2 * (1 - progress))

    def paint(self, layouts: Tensor, rng: torch.Generator, style: Tensor | None = None) -> Tensor:
        if style is None:
            latents = self._chance(len(layouts), rng)
        elif self.takes_style:
            latents = self.painter["encoder"](style)[0]
        else:
            raise WrongUse("This SPADE was trained without a style encoder. Leave the style out, or train another.")
        picture: Tensor = self.painter["generator"](latents, one_hot(layouts, len(self.palette)))
        return picture

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        layout, images = one_hot(_layout(batch), len(self.palette)), batch.images
        latents, kl = self._style(images, rng)
        fakes = self.painter["generator"](latents, layout)
        on_real, on_fake = self._judged(layout, images, fakes.detach())
        losses = [discriminator_loss(GAME, real[-1], fake[-1]) for real, fake in zip(on_real, on_fake, strict=True)]
        loss_d = _mean(losses)
        update["discriminator"].minimise(loss_d)
        readings = {
            "loss_d": loss_d.detach(),
            "d_real": _mean([verdict(GAME, stages[-1]) for stages in on_real]),
            "d_fake": _mean([verdict(GAME, stages[-1]) for stages in on_fake]),
        }
        with frozen(self.discriminator):
            on_real, on_fake = self._judged(layout, images, fakes)
        loss_g = _mean([generator_loss(GAME, stages[-1]) for stages in on_fake])
        features = _mean([_feature_distance(real, fake) for real, fake in zip(on_real, on_fake, strict=True)])
        seen = images.new_zeros(()) if self.vgg is None else vgg_error(self.vgg, fakes, images)
        total = loss_g + self.config.feature_weight * features + self.config.style_weight * kl
        if self.vgg is not None:
            total = total + self.config.perceptual_weight * seen
        update["generator"].minimise(total)
        l1 = (fakes - images).abs().float().mean()
        further = {"loss_g": loss_g, "l1": l1, "features": features, "perceptual": seen, "style_kl": kl}
        return readings | {key: value.detach() for key, value in further.items()}

    def _chance(self, count: int, rng: torch.Generator) -> Tensor:
        return torch.randn((count, self.config.latents), generator=rng, device=rng.device)

    def _style(self, images: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """The looks to paint these pictures in, and the mean KL of their distributions in nats."""
        if not self.takes_style:
            return self._chance(len(images), rng), images.new_zeros(())
        mean, log_variance = self.painter["encoder"](images)
        kl = kl_to_standard_normal(mean, log_variance).sum(1).mean()
        return StyleEncoder.draw(mean, log_variance, rng), kl

    def _judged(self, layout: Tensor, real: Tensor, fake: Tensor) -> tuple[list[list[Tensor]], list[list[Tensor]]]:
        """What the stages make of real and fake, by scale: one batch of both, so that one step of the power iteration
        serves both."""
        shown = torch.cat([torch.cat([layout, real], 1), torch.cat([layout, fake.to(real.dtype)], 1)])
        outputs = self.discriminator(shown)
        halves = [[stage.chunk(2) for stage in stages] for stages in outputs]
        return [[half[0] for half in stages] for stages in halves], [[half[1] for half in stages] for stages in halves]

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        style = batch.images if self.takes_style else None
        return {"l1": (self.paint(_layout(batch), rng, style) - batch.images).abs().mean()}


def _layout(batch: Batch) -> Tensor:
    assert batch.layout is not None
    return batch.layout


def _feature_distance(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """Summed over the stages before the score, each a mean; real features are what is wanted, and stay."""
    return torch.stack(
        [
            (made.float() - wanted.detach().float()).abs().mean()
            for wanted, made in zip(real[:-1], fake[:-1], strict=True)
        ]
    ).sum()


def _mean(values: list[Tensor]) -> Tensor:
    return torch.stack(values).mean()
