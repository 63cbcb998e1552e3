"""The free-form inpainting network of Yu et al.: gated convolutions, coarse and refined, against a patch critic."""

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS
from gen_studio.models.base import FamilyConfig, Update
from gen_studio.models.inpainting import HOLE_ERROR, Inpainting, InpaintingConfig, hole_error
from gen_studio.models.registry import family
from gen_studio.nets.gated_convolution import CoarseNetwork, RefinementNetwork, spectral_patch_critic
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss, verdict
from gen_studio.nets.optimizers import adam
from gen_studio.nets.perceptual import frozen

GAME = AdversarialLoss.HINGE
DISTANCE = Plot("distance", "Distance to the picture", low=0.0)


class GatedConvConfig(InpaintingConfig):
    batch_size: int = 16
    width: int = setting(
        48,
        "Width",
        "Channels next to the picture, four times as many inwards; the critic has a third more.",
        ge=4,
        le=256,
    )
    generator_rate: float = setting(
        1e-4, "G learning rate", "Step size of the two networks.", gt=0, le=1, rate_of="generator"
    )
    discriminator_rate: float = setting(
        1e-4, "D learning rate", "Step size of the patch critic.", gt=0, le=1, rate_of="discriminator"
    )
    l1_weight: float = setting(
        1.0, "L1 weight", "How much the distance to the picture counts, of both answers.", ge=0, le=10_000
    )
    hole_weight: float = setting(
        1.0, "Hole weight", "How much a missing pixel counts beside a known one.", ge=0, le=10_000, advanced=True
    )
    adversarial_weight: float = setting(1.0, "Game weight", "How much fooling the critic counts.", ge=0, le=100)
    beta1: float = setting(0.5, "Adam beta 1", "Decay of the gradient's running mean.", ge=0, lt=1, advanced=True)


@family
class GatedConvolution(Inpainting[GatedConvConfig]):
    """Free-Form Image Inpainting with Gated Convolution, arXiv:1806.03589.

    Layers compute ELU(Wf x) * sigmoid(Wg x), without any norm. From a picture I that is 0 in its hole, and the hole,
    a coarse network guesses all of it, O1; a second one, of a dilated branch and one with contextual attention,
    refines I with O1 in its hole to O2; C is I with O2 in its hole. G minimises |O1 - I| + |O2 - I| - D(C), D
    relu(1 - D(I)) + relu(1 + D(C)) at every place and channel of a spectrally normalised critic that sees the hole
    too. Adam(1e-4, 0.5, 0.999).

    Departs from the paper in a critic of fewer layers for pictures below 256 pixels, in its last layer without a
    bias, in a tanh where the paper clips, and in attention that sums cosines with their neighbours' before the
    softmax, so that the weights sum to 1. There is no user's sketch.
    """

    info: ClassVar[Info] = Info(
        key="gated_conv",
        title="Gated convolution",
        group=Group.INPAINTING,
        year=2019,
        paper="Yu, Lin, Yang, Shen, Lu and Huang, Free-Form Image Inpainting with Gated Convolution, 2019, "
        "arXiv:1806.03589",
        summary="Fills holes in two passes, the second with patches from elsewhere in the picture, against a critic.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        *ADVERSARIAL_METRICS,
        Metric("coarse", "Coarse L1", plot=DISTANCE, label="coarse"),
        Metric("refined", "Refined L1", plot=DISTANCE, label="refined"),
        HOLE_ERROR,
    )
    averaged: ClassVar[tuple[str, ...]] = ("coarse", "refinement")
    default_steps: ClassVar[int] = 4000
    Config: ClassVar[type[FamilyConfig]] = GatedConvConfig

    def __init__(self, config: GatedConvConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        self.coarse = CoarseNetwork(data.channels, config.width)
        self.refinement = RefinementNetwork(data.channels, config.width)
        self.discriminator = spectral_patch_critic(data.channels + 1, critic_width(config.width), data.height)

    def optimizers(self) -> Mapping[str, Optimizer]:
        betas = (self.config.beta1, 0.999)
        painters = [*self.coarse.parameters(), *self.refinement.parameters()]
        return {
            "discriminator": adam(self.discriminator.parameters(), self.config.discriminator_rate, betas),
            "generator": adam(painters, self.config.generator_rate, betas),
        }

    def paint_over(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:
        return self.guess_and_refine(images, holes)[1]

    def guess_and_refine(self, images: Tensor, holes: Tensor) -> tuple[Tensor, Tensor]:
        """Both answers, of pictures that are 0 in their holes."""
        guess: Tensor = self.coarse(images, holes).float()
        refined: Tensor = self.refinement(torch.where(holes > 0.5, guess, images), holes).float()
        return guess, refined

    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        images, holes = batch.images, self.draw_holes(batch.images, rng)
        guess, refined = self.guess_and_refine(images * (1 - holes), holes)
        filled = torch.where(holes > 0.5, refined, images)
        # One batch for both, so that they are judged by the same weights.
        judged = torch.cat([torch.cat([images, filled.detach()]), torch.cat([holes, holes])], 1)
        on_real, on_fake = self.discriminator(judged).chunk(2)
        loss_d = discriminator_loss(GAME, on_real, on_fake)
        update["discriminator"].minimise(loss_d)
        with frozen(self.discriminator):
            loss_g = generator_loss(GAME, self.discriminator(torch.cat([filled, holes], 1)))
        coarse, fine = ((each - images).abs() for each in (guess, refined))
        distance = ((coarse + fine) * torch.where(holes > 0.5, self.config.hole_weight, 1.0)).mean()
        update["generator"].minimise(self.config.adversarial_weight * loss_g + self.config.l1_weight * distance)
        return {
            "loss_d": loss_d.detach(),
            "loss_g": loss_g.detach(),
            "d_real": verdict(GAME, on_real),
            "d_fake": verdict(GAME, on_fake),
            "coarse": coarse.detach().mean(),
            "refined": fine.detach().mean(),
            "hole_error": hole_error(filled.detach(), images, holes),
        }


def critic_width(width: int) -> int:
    """The paper's 64 channels beside its 48."""
    return width + width // 3
