"""The inpainting network of Liu et al.: convolutions that look at known pixels alone."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import FamilyConfig, Update
from gen_studio.models.inpainting import HOLE_ERROR, Inpainting, InpaintingConfig, hole_error
from gen_studio.models.registry import family
from gen_studio.nets.feature_maps import feature_maps, in_scale_of, perceptual_distance, random_filters, style_distance
from gen_studio.nets.optimizers import adam
from gen_studio.nets.partial_convolution import PartialUNet
from gen_studio.nets.perceptual import PictureClassifier

FEATURE_WIDTH = 16
CLASSIFIER_RATE = 1e-3
FINE_TUNING_FACTOR = 0.25
"""From the paper's 2e-4 to its 5e-5."""
TERMS = Plot("terms", "Terms of the loss", low=0.0)


class Features(Enum):
    CLASSIFIER = "a classifier where there are classes"
    RANDOM = "random filters"


class PartialConvConfig(InpaintingConfig):
    batch_size: int = setting(6, "Batch size", "Pictures per training step.", ge=2, le=4096)
    width: int = setting(64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256)
    rate: float = setting(2e-4, "Learning rate", "Step size of Adam.", gt=0, le=1, rate_of="painter")
    features: Features = setting(
        Features.CLASSIFIER,
        "Features",
        "What the perceptual and style terms look at, in place of VGG19, which is not here: a classifier of these "
        "pictures that learns beside or, where they have no classes, random filters; or random filters always.",
    )
    style_weight: float = setting(
        5.0,
        "Style weight",
        "Weight of what goes together in the features, wherever it is; the paper's is 120, for those of VGG19.",
        ge=0,
        le=10_000,
    )
    hole_weight: float = setting(6.0, "Hole weight", "Weight of the error in holes.", ge=0, le=10_000, advanced=True)
    perceptual_weight: float = setting(
        0.05, "Perceptual weight", "Weight of the distance between features.", ge=0, le=10_000, advanced=True
    )
    smoothness_weight: float = setting(
        0.1, "Smoothness weight", "Weight of differences between neighbours in holes.", ge=0, le=10_000, advanced=True
    )
    fine_tuning: float = setting(
        0.2,
        "Fine-tuning",
        "Last share of the steps, at a quarter of the rate and with the encoder's BatchNorm as it is by then.",
        ge=0,
        le=1,
        advanced=True,
    )


@family
class PartialConvolution(Inpainting[PartialConvConfig]):
    """Image Inpainting for Irregular Holes Using Partial Convolutions, arXiv:1804.07723.

    With m = 1 where a pixel is known, O the U-Net's answer, C the picture with O in its holes and I the picture:
    |m(O - I)| + 6 |(1 - m)(O - I)| + 0.05 P + 5 S + 0.1 T, each a mean. P sums over feature maps the distances of O
    and of C to I, S those of their Gram matrices over C H W, and T is the total variation of C in the hole, one pixel
    wider. Holes leave the encoder's BatchNorm with statistics of too much zero: the last share of the steps holds it
    still, at a quarter of the rate.

    Departs from the paper in the features: VGG19 is a download. In its place is a classifier which learns these
    pictures' classes beside the model or, where they have none, random filters; both terms are there always, of maps
    that are divided by the root mean square of I's. In these S is larger, and at the paper's weight of 120 it was three
    quarters of the loss and left holes full of stains; hence 5. Pictures are in [-1, 1] in place of [0, 1]; the U-Net
    ends at 2 x 2 pixels at any size, as the paper's does at 512.
    """

    info: ClassVar[Info] = Info(
        key="partial_conv",
        title="Partial convolution",
        group=Group.INPAINTING,
        year=2018,
        paper="Liu, Reda, Shih, Wang, Tao and Catanzaro, Image Inpainting for Irregular Holes Using Partial "
        "Convolutions, 2018, arXiv:1804.07723",
        summary="Fills holes of any shape from what is known around them, layer by layer.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("loss", "Loss", label="loss"),
        Metric("valid", "Known pixels", plot=TERMS, label="known"),
        Metric("hole", "Missing pixels", plot=TERMS, label="hole"),
        Metric("perceptual", "Perceptual", plot=TERMS, label="features"),
        Metric("style", "Style", plot=TERMS, label="style"),
        Metric("smoothness", "Total variation", plot=TERMS, label="TV"),
        HOLE_ERROR,
    )
    averaged: ClassVar[tuple[str, ...]] = ("painter",)
    default_steps: ClassVar[int] = 4000
    Config: ClassVar[type[FamilyConfig]] = PartialConvConfig

    def __init__(self, config: PartialConvConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        self.painter = PartialUNet(data.channels, config.width, data.height)
        self.has_classifier = config.features is Features.CLASSIFIER and data.has_labels
        self.judge = (
            PictureClassifier(data.channels, FEATURE_WIDTH, len(data.classes))
            if self.has_classifier
            else random_filters(data.channels, FEATURE_WIDTH)
        )

    def optimizers(self) -> Mapping[str, Optimizer]:
        judge = {"classifier": adam(self.judge.parameters(), CLASSIFIER_RATE)} if self.has_classifier else {}
        return {**judge, "painter": adam(self.painter.parameters(), self.config.rate)}

    def rate_factor(self, player: str, progress: float) -> float:
        return FINE_TUNING_FACTOR if player == "painter" and self._is_fine(progress) else 1.0

    def paint_over(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:
        painted: Tensor = self.painter(images, 1 - holes)
        return painted

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        images, holes = batch.images, self.draw_holes(batch.images, rng)
        if self.has_classifier:
            update["classifier"].minimise(F.cross_entropy(self.judge(images).float(), _labels(batch)))
        self.painter.freeze_encoder(self._is_fine(self.progress))
        painted = self.painter(images * (1 - holes), 1 - holes).float()
        filled = torch.where(holes > 0.5, painted, images)
        terms = self._terms(painted, filled, images, holes)
        loss = (
            terms["valid"]
            + self.config.hole_weight * terms["hole"]
            + self.config.perceptual_weight * terms["perceptual"]
            + self.config.style_weight * terms["style"]
            + self.config.smoothness_weight * terms["smoothness"]
        )
        update["painter"].minimise(loss)
        error = hole_error(filled.detach(), images, holes)
        return {"loss": loss.detach(), **{key: term.detach() for key, term in terms.items()}, "hole_error": error}

    def _terms(self, painted: Tensor, filled: Tensor, images: Tensor, holes: Tensor) -> dict[str, Tensor]:
        error = (painted - images).abs()
        with torch.no_grad():
            truth = feature_maps(self.judge, images)
        wanted, *found = in_scale_of(truth, *(feature_maps(self.judge, each) for each in (painted, filled)))
        return {
            "valid": ((1 - holes) * error).mean(),
            "hole": (holes * error).mean(),
            "perceptual": sum((perceptual_distance(maps, wanted) for maps in found), painted.new_zeros(())),
            "style": sum((style_distance(maps, wanted) for maps in found), painted.new_zeros(())),
            "smoothness": total_variation(filled, holes),
        }

    def _is_fine(self, progress: float) -> bool:
        return progress >= 1 - self.config.fine_tuning if self.config.fine_tuning > 0 else False


def total_variation(filled: Tensor, holes: Tensor) -> Tensor:
    """Differences between neighbours that both lie in a hole or next to one, summed, over the pictures' numbers."""
    region = F.max_pool2d(holes, 3, 1, 1)
    down = (filled[:, :, 1:] - filled[:, :, :-1]).abs() * region[:, :, 1:] * region[:, :, :-1]
    across = (filled[..., 1:] - filled[..., :-1]).abs() * region[..., 1:] * region[..., :-1]
    return (down.sum() + across.sum()) / filled.numel()


def _labels(batch: Batch) -> Tensor:
    assert batch.labels is not None
    return batch.labels
