"""The progressively growing GAN of Karras, Aila, Laine and Lehtinen."""

from typing import ClassVar

import torch
from torch import Tensor, nn

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import WASSERSTEIN
from gen_studio.models.adversarial_config import Regulariser
from gen_studio.models.base import FamilyConfig
from gen_studio.models.growing import GrowingConfig, GrowingModel
from gen_studio.models.registry import family
from gen_studio.nets.critic import BatchView
from gen_studio.nets.equalised import HE_GAIN, EqualisedConv2d, EqualisedLinear, PixelNorm, leaky
from gen_studio.nets.growing import INNERMOST, GrowingCritic, Stage, channels_at, level_of
from gen_studio.nets.losses import AdversarialLoss
from gen_studio.nets.resampling import double


class ProGANConfig(GrowingConfig):
    loss: AdversarialLoss = AdversarialLoss.WASSERSTEIN
    regulariser: Regulariser = Regulariser.GRADIENT_PENALTY
    discriminator_rate: float = 1e-3
    generator_rate: float = 1e-3
    width: int = setting(
        128, "Width", "Channels up to 32 pixels, then half as many with each doubling; 512 in the paper.", ge=4, le=512
    )
    batch_size: int = 16
    latents: int = 512
    beta1: float = 0.0
    beta2: float = 0.99
    drift: float = setting(
        0.001, "Drift", "Weight of the squared scores on real pictures, which keeps them near 0.", ge=0, le=1,
        advanced=True,
    )  # fmt: skip
    batch_view: BatchView = BatchView.DEVIATION
    ema: float = 0.999


@family
class ProGAN(GrowingModel[ProGANConfig]):
    """Progressive Growing of GANs for Improved Quality, Stability, and Variation, arXiv:1710.10196.

    Both networks start at 4x4 pixels; each doubling fades in linearly over a phase and settles for a phase, real
    pictures fading with them. Equalised learning rate; PixelNorm after each convolution of G, leaky ReLU 0.2, linear
    output; latents on a sphere; nearest doubling, mean halving; the deviation of groups of four at 4x4 in D.
    D minimises E[D(G(z))] - E[D(x)] + 10 E[(|grad D| - 1)^2] + 0.001 E[D(x)^2], G minimises -E[D(G(z))].
    Adam(1e-3, 0, 0.99), one D step per G step, G averaged with 0.999.

    Departs from the paper in 128 channels for 512, and in 10,000 pictures per phase for 800,000: both are settings.
    """

    info: ClassVar[Info] = Info(
        key="progan",
        title="Progressive GAN",
        group=Group.ADVERSARIAL,
        year=2017,
        paper="Karras, Aila, Laine and Lehtinen, Progressive Growing of GANs for Improved Quality, Stability, and "
        "Variation, 2017, arXiv:1710.10196",
        summary="Starts with pictures of 4 × 4 pixels and grows both networks while they train.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*GrowingModel.metrics, WASSERSTEIN)
    Config: ClassVar[type[FamilyConfig]] = ProGANConfig
    default_steps: ClassVar[int] = 8000

    def __init__(self, config: ProGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        last = level_of(data.height)
        self.generator = ProGANGenerator(config.latents, config.width, last, data.channels)
        self.set_discriminator(GrowingCritic(data.channels, config.width, last, batch_view=config.batch_view))

    def imagine(self, batch: Batch, rng: torch.Generator) -> Tensor:
        pictures: Tensor = self.generator(self.draw_latents(len(batch), rng), self.stage)
        return pictures

    def decode(self, latents: Tensor) -> Tensor:
        return self.full_size(self.generator(latents, self.stage))

    def discriminator_extra(
        self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_real: Tensor, on_fake: Tensor
    ) -> Tensor | float:
        return self.config.drift * on_real.float().square().mean()


class ProGANGenerator(nn.Module):
    """Latents (N, latents) -> pictures (N, channels, h, h) of the stage's resolution, without bounds."""

    def __init__(self, latents: int, width: int, last: int, channels: int) -> None:
        super().__init__()
        widths = [channels_at(level, width) for level in range(last + 1)]
        self.dense = EqualisedLinear(latents, widths[0] * INNERMOST**2, gain=HE_GAIN)
        self.near = EqualisedConv2d(widths[0], widths[0], 3)
        self.blocks = nn.ModuleList(
            GeneratorBlock(widths[level - 1], widths[level]) for level in range(1, last + 1)
        )  # the block of level L stands at L - 1
        self.to_colours = nn.ModuleList(EqualisedConv2d(inner, channels, 1, gain=1.0) for inner in widths)
        self.norm = PixelNorm()

    def forward(self, latents: Tensor, stage: Stage) -> Tensor:
        features = self.dense(self.norm(latents)).unflatten(1, (-1, INNERMOST, INNERMOST))
        features = self.norm(leaky(self.near(self.norm(leaky(features)))))
        before = features
        for block in self.blocks[: stage.level]:
            before, features = features, block(features)
        pictures: Tensor = self.to_colours[stage.level](features)
        if stage.fading:
            pictures = torch.lerp(double(self.to_colours[stage.level - 1](before)), pictures, stage.fade)
        return pictures


class GeneratorBlock(nn.Module):
    """Nearest doubling and two normalised convolutions, (N, inner, h, h) -> (N, outer, 2h, 2h)."""

    def __init__(self, inner: int, outer: int) -> None:
        super().__init__()
        self.narrow = EqualisedConv2d(inner, outer, 3)
        self.keep = EqualisedConv2d(outer, outer, 3)
        self.norm = PixelNorm()

    def forward(self, features: Tensor) -> Tensor:
        features = self.norm(leaky(self.narrow(double(features))))
        kept: Tensor = self.norm(leaky(self.keep(features)))
        return kept
