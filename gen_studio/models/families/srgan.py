"""The super-resolution GAN of Ledig et al.: a residual network that enlarges, and a discriminator of photographs."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot, Role
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS
from gen_studio.models.base import FamilyConfig, TrainableModel, Update
from gen_studio.models.capabilities import CanUpscale
from gen_studio.models.registry import family
from gen_studio.nets.jitter import cut
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss, verdict
from gen_studio.nets.optimizers import adam
from gen_studio.nets.perceptual import PictureClassifier, VGG19Features, frozen, relative_error, vgg_error
from gen_studio.nets.super_resolution import HALVINGS, ResolutionCritic, SRResNet, reach

GAME = AdversarialLoss.NON_SATURATING
MULTIPLE = 4
"""The sides of pictures are multiples of the largest scale."""
SMALLEST: int = 2**HALVINGS
SLOW = 0.1
"""Factor on the rates in the second half of the game."""
CLASSIFIER_WIDTH = 16
MSE = Metric("mse", "Squared error", plot=Plot("mse", "Squared error of pixels", low=0.0), label="MSE")
FEATURES = Plot("features", "Features", low=0.0)
SILENT = {"loss_d": 0.0, "loss_g": 0.0, "d_real": 0.5, "d_fake": 0.5, "feature_error": 0.0, "classifier": 0.0}
"""What is read where there is nothing to read: of the game in the first phase, of features that nobody asks for."""


class Scale(Enum):
    FOUR = "4x"
    TWO = "2x"


class Perception(Enum):
    """In which features answers are compared with the pictures they should be, once the game has begun."""

    CLASSIFIER = "classifier"
    VGG19 = "VGG19"
    PIXELS = "pixels"


class SRGANConfig(FamilyConfig):
    batch_size: int = setting(16, "Batch size", "Pictures per training step.", ge=2, le=4096)
    scale: Scale = setting(Scale.FOUR, "Scale", "How many times as wide and as tall pictures become.")
    perceptual: Perception = setting(
        Perception.CLASSIFIER,
        "Perceptual loss",
        "Features in which answers are compared: of a classifier of these pictures' classes, which the run trains; "
        "of VGG19, where its weights are on this machine; or plain pixels.",
    )
    first_phase: float = setting(
        0.5, "MSE phase", "Share of the steps on squared error alone, before the game; 1 is SRResNet.", ge=0, le=1
    )
    adversarial_weight: float = setting(
        1e-3, "Game weight", "How much fooling the discriminator counts beside the content.", ge=0, le=100
    )
    blocks: int = setting(16, "Blocks", "Residual blocks of the generator.", ge=1, le=64)
    width: int = setting(64, "Width", "Channels of the generator, and of the first layers of D.", ge=4, le=256)
    generator_rate: float = setting(
        1e-4, "G learning rate", "Step size of the generator.", gt=0, le=1, rate_of="generator"
    )
    discriminator_rate: float = setting(
        1e-4, "D learning rate", "Step size of D.", gt=0, le=1, rate_of="discriminator", advanced=True
    )
    classifier_rate: float = setting(1e-3, "Classifier rate", "Step size of the classifier.", gt=0, le=1, advanced=True)
    crop: int = setting(
        96, "Crop", "Side of the random parts that are trained on, in pixels.", ge=16, le=256, advanced=True
    )
    feature_weight: float = setting(
        0.006, "Feature weight", "Weight of a classifier's relative feature error.", ge=0, le=100, advanced=True
    )
    pixel_weight: float = setting(
        1.0,
        "Pixel weight",
        "Weight of the squared error of pixels in the game beside a classifier's features; beside VGG19's it is 0.",
        ge=0,
        le=100,
        advanced=True,
    )


@family
class SRGAN(TrainableModel[SRGANConfig], CanUpscale):
    """Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network, arXiv:1609.04802.

    y: parts of pictures, x: y shrunk bicubically. First G minimises |y - G(x)|^2 alone (SRResNet). Then D minimises
    softplus(-D(y)) + softplus(D(G(x))), and G content + 1e-3 softplus(-D(G(x))). The content is the squared error of
    phi(y) and phi(G(x)): phi is VGG19's relu5_4 times 1/12.75 (`perceptual` VGG19), or pixels (SRGAN-MSE), or, where
    no weights of others can be had, maps of a classifier that the run itself trains on its labels in the first phase
    and then leaves as it is: 0.006 times their relative error, and the squared error of pixels beside it, because a
    small classifier heeds few colours. Which one is a setting: none is ever put in another's place. Rates fall to a
    tenth for the second half of the game.

    Departs from the paper in the default features, in phases that are shares of the run, and in shrunk pictures in
    [-1, 1]. Pictures smaller than the paper's parts of 96 pixels are trained on as a whole.
    """

    info: ClassVar[Info] = Info(
        key="srgan",
        title="SRGAN",
        group=Group.TRANSLATION,
        year=2016,
        paper="Ledig, Theis, Huszár, Caballero, Cunningham, Acosta, Aitken, Tejani, Totz, Wang and Shi, "
        "Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial Network, 2016, arXiv:1609.04802",
        summary="Makes pictures two or four times as large and invents the detail that they lack.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        MSE,
        *ADVERSARIAL_METRICS,
        Metric("feature_error", "Feature error", plot=FEATURES, role=Role.GENERATOR, label="error"),
        Metric("classifier", "Classifier loss", plot=FEATURES, label="classifier", unit="nats"),
    )
    score: ClassVar[Metric | None] = MSE
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    default_steps: ClassVar[int] = 4000
    Config: ClassVar[type[FamilyConfig]] = SRGANConfig

    def __init__(self, config: SRGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        self.generator = SRResNet(data.channels, config.width, config.blocks, self.scale)
        self.discriminator = ResolutionCritic(data.channels, config.width, *self.part)
        self.classifier: PictureClassifier | None = None
        self.vgg: VGG19Features | None = None
        if config.perceptual is Perception.CLASSIFIER:
            if not data.has_labels:
                raise WrongUse(
                    "SRGAN compares pictures in the features of a classifier of their classes, and this source has no "
                    "classes. Choose a labelled source, or set Perceptual loss to pixels, or to VGG19 where its "
                    "weights are on this machine."
                )
            self.classifier = PictureClassifier(data.channels, CLASSIFIER_WIDTH, len(data.classes))

    @classmethod
    def objection(cls, data: DataSpec) -> str | None:
        if min(data.height, data.width) >= SMALLEST and data.height % MULTIPLE == data.width % MULTIPLE == 0:
            return None
        return (
            f"{cls.info.title} shrinks pictures to a quarter, so their sides have to be multiples of {MULTIPLE} from "
            f"{SMALLEST} pixels on; these are {data.width} × {data.height}. "
            f"Set the size to {cls.fitting_size(max(data.width, data.height))}, or leave it empty."
        )

    @classmethod
    def fitting_size(cls, size: int) -> int:
        return max(SMALLEST, -(-size // MULTIPLE) * MULTIPLE)

    @property
    def scale(self) -> int:
        return 4 if self.config.scale is Scale.FOUR else 2

    @property
    def stride(self) -> int | None:
        return 1

    @property
    def reach(self) -> int | None:
        # In use BatchNorm has fixed statistics, so that only convolutions carry anything from place to place.
        return reach(self.config.blocks, self.scale)

    @property
    def part(self) -> tuple[int, int]:
        """Height and width of what is trained on."""
        crop = self.config.crop // MULTIPLE * MULTIPLE
        return min(crop, self.data.height), min(crop, self.data.width)

    @property
    def is_playing(self) -> bool:
        """Whether the next step belongs to the second phase."""
        return self.progress >= self.config.first_phase

    @property
    def meaningless(self) -> frozenset[str]:
        silent = set() if self.config.first_phase < 1 else {metric.key for metric in ADVERSARIAL_METRICS}
        if self.classifier is None:
            silent.add("classifier")
        if self.config.perceptual is Perception.PIXELS or self.config.first_phase == 1:
            silent.add("feature_error")
        return frozenset(silent)

    def optimizers(self) -> Mapping[str, Optimizer]:
        if self.config.perceptual is Perception.VGG19:
            # Only those who train need it, and they ask for optimizers.
            self.vgg = VGG19Features(instead="classifier or pixels")
        players = {
            "discriminator": adam(self.discriminator.parameters(), self.config.discriminator_rate),
            "generator": adam(self.generator.parameters(), self.config.generator_rate),
        }
        if self.classifier is not None:
            players["classifier"] = adam(self.classifier.parameters(), self.config.classifier_rate)
        return players

    def rate_factor(self, player: str, progress: float) -> float:
        return SLOW if progress >= (1 + self.config.first_phase) / 2 else 1.0

    def upscale(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        large: Tensor = self.generator(inputs)
        return large.float().clamp(-1, 1)

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        wanted = cut(batch.images, self.part, rng)
        answers = self.generator(self.shrunk(wanted)).float()
        mse = F.mse_loss(answers, wanted)
        readings = {key: mse.new_tensor(value) for key, value in SILENT.items()} | {"mse": mse.detach()}
        if self.is_playing:
            return readings | self._play(batch, wanted, answers, mse, update)
        update["generator"].minimise(mse)
        if self.classifier is not None:
            loss = F.cross_entropy(self.classifier(batch.images).float(), _labels(batch))
            update["classifier"].minimise(loss)
            readings["classifier"] = loss.detach()
        return readings

    def _play(
        self, batch: Batch, wanted: Tensor, answers: Tensor, mse: Tensor, update: Mapping[str, Update]
    ) -> dict[str, Tensor]:
        # Real and fake pass apart: a BatchNorm that saw both would let D compare them with each other.
        on_real, on_fake = self.discriminator(wanted), self.discriminator(answers.detach())
        loss_d = discriminator_loss(GAME, on_real, on_fake)
        update["discriminator"].minimise(loss_d)
        with frozen(self.discriminator):
            loss_g = generator_loss(GAME, self.discriminator(answers))
        content, readings = self._content(wanted, answers, mse)
        update["generator"].minimise(content + self.config.adversarial_weight * loss_g)
        if self.classifier is not None:
            with torch.no_grad():
                readings["classifier"] = F.cross_entropy(self.classifier(batch.images).float(), _labels(batch))
        verdicts = {"d_real": verdict(GAME, on_real), "d_fake": verdict(GAME, on_fake)}
        return {**readings, **verdicts, "loss_d": loss_d.detach(), "loss_g": loss_g.detach()}

    def _content(self, wanted: Tensor, answers: Tensor, mse: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The content loss, and the feature error in it where there is one."""
        if self.vgg is not None:
            error = vgg_error(self.vgg, answers, wanted)
            return error, {"feature_error": error.detach()}
        if self.classifier is None:
            return mse, {}
        with torch.no_grad():
            target = self.classifier.maps(wanted)
        with frozen(self.classifier):
            error = relative_error(self.classifier.maps(answers), target)
        content = self.config.pixel_weight * mse + self.config.feature_weight * error
        return content, {"feature_error": error.detach()}

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        return {"mse": F.mse_loss(self.answer(batch, rng), batch.images)}


def _labels(batch: Batch) -> Tensor:
    assert batch.labels is not None
    return batch.labels
