"""The style-based GAN of Karras, Laine and Aila."""

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial_config import Regulariser
from gen_studio.models.base import FamilyConfig
from gen_studio.models.growing import GrowingConfig, GrowingModel
from gen_studio.models.registry import family
from gen_studio.models.style_based import StyleBasedConfig, StyleBasedModel
from gen_studio.nets.critic import BatchView
from gen_studio.nets.equalised import EqualisedConv2d, EqualisedLinear, leaky
from gen_studio.nets.growing import INNERMOST, GrowingCritic, Stage, channels_at, level_of
from gen_studio.nets.resampling import BINOMIAL_2, Blur, double
from gen_studio.nets.styles import MAPPING_LAYERS, MappingNetwork, NoiseInput, NoiseSource, StyleGenerator

NORM_EPSILON = 1e-8


class StyleGANConfig(StyleBasedConfig, GrowingConfig):
    regulariser: Regulariser = Regulariser.R1
    discriminator_rate: float = 2e-3
    generator_rate: float = 2e-3
    width: int = setting(
        128, "Width", "Channels up to 32 pixels, then half as many with each doubling; 512 in the paper.", ge=4, le=512
    )
    batch_size: int = 32
    beta1: float = 0.0
    beta2: float = 0.99
    batch_view: BatchView = BatchView.DEVIATION
    ema: float = 0.999


@family
class StyleGAN(GrowingModel[StyleGANConfig], StyleBasedModel[StyleGANConfig]):
    """A Style-Based Generator Architecture for Generative Adversarial Networks, arXiv:1812.04948.

    G: an 8-layer mapping at a hundredth of the rate; from a constant of ones, each layer adds noise with a strength
    per channel, rectifies, and is normalised and scaled by its style, y_s (x - mean) / deviation + y_b (AdaIN); no
    PixelNorm. Style mixing 0.9. Both networks grow as the progressive GAN's do, but from 8x8, and [1, 2, 1] follows
    each doubling and precedes each halving. D minimises softplus(-D(x)) + softplus(D(G(z))) + 10/2 |grad D(x)|^2, G
    minimises softplus(-D(G(z))). Adam(2e-3, 0, 0.99), G averaged with 0.999.

    Departs from the paper in 128 channels for 512, and in the pictures per phase: both are settings.
    """

    info: ClassVar[Info] = Info(
        key="stylegan",
        title="StyleGAN",
        group=Group.ADVERSARIAL,
        year=2018,
        paper="Karras, Laine and Aila, A Style-Based Generator Architecture for Generative Adversarial Networks, 2018, "
        "arXiv:1812.04948",
        summary="Maps a latent to styles that rule a growing generator from coarse to fine, beside noise for detail.",
    )
    Config: ClassVar[type[FamilyConfig]] = StyleGANConfig
    default_steps: ClassVar[int] = 5000
    first_resolution: ClassVar[int] = 8

    def __init__(self, config: StyleGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        first, last = level_of(self.first_resolution), level_of(data.height)
        self.generator = StyleGANGenerator(
            config.latents, config.width, data.channels, first, last, config.mapping_layers
        )
        self.set_discriminator(
            GrowingCritic(data.channels, config.width, last, first, batch_view=config.batch_view, blur=True)
        )

    @property
    def mixed_layers(self) -> int:
        return 2 * self.stage.level + 2

    def paint(self, styles: Tensor, noise: NoiseSource) -> Tensor:
        pictures: Tensor = self.generator(styles, noise, self.stage)
        return pictures


class StyleGANGenerator(StyleGenerator):
    """Styles (N, 2 log2(size) - 2, S) -> pictures (N, channels, h, h) of the stage's resolution, without bounds."""

    def __init__(
        self, latents: int, width: int, channels: int, first: int, last: int, mapping_layers: int = MAPPING_LAYERS
    ) -> None:
        super().__init__()
        widths = [channels_at(level, width) for level in range(last + 1)]
        self.first = first
        self.mapping = MappingNetwork(latents, latents, mapping_layers)
        self.constant = nn.Parameter(torch.ones(widths[0], INNERMOST, INNERMOST))
        self.blocks = nn.ModuleList(
            StyledBlock(widths[max(level - 1, 0)], widths[level], latents, level) for level in range(last + 1)
        )
        self.to_colours = nn.ModuleList(EqualisedConv2d(inner, channels, 1, gain=1.0) for inner in widths[first:])

    def forward(self, styles: Tensor, noise: NoiseSource, stage: Stage) -> Tensor:
        before = features = self.constant.expand(len(styles), -1, -1, -1)
        for level, block in enumerate(self.blocks[: stage.level + 1]):
            before, features = features, block(features, styles[:, 2 * level : 2 * level + 2], noise)
        pictures: Tensor = self.to_colours[stage.level - self.first](features)
        if stage.fading:
            pictures = torch.lerp(double(self.to_colours[stage.level - self.first - 1](before)), pictures, stage.fade)
        return pictures


class StyledBlock(nn.Module):
    """A smooth doubling and two styled layers; at level 0 the constant stands for the first of its convolutions."""

    def __init__(self, inner: int, outer: int, style_size: int, level: int) -> None:
        super().__init__()
        size = INNERMOST << level
        self.doubles = level > 0
        if self.doubles:
            self.blur = Blur(BINOMIAL_2, padding=1)
            self.narrow = EqualisedConv2d(inner, outer, 3)
        self.noise_in = NoiseInput(size, outer)
        self.style_in = AdaptiveNorm(outer, style_size)
        self.keep = EqualisedConv2d(outer, outer, 3)
        self.noise_out = NoiseInput(size, outer)
        self.style_out = AdaptiveNorm(outer, style_size)

    def forward(self, features: Tensor, styles: Tensor, noise: NoiseSource) -> Tensor:
        """styles: (N, 2, S)."""
        if self.doubles:
            features = self.narrow(self.blur(double(features)))
        features = self.style_in(leaky(self.noise_in(features, noise)), styles[:, 0])
        features = leaky(self.noise_out(self.keep(features), noise))
        styled: Tensor = self.style_out(features, styles[:, 1])
        return styled


class AdaptiveNorm(nn.Module):
    """AdaIN: each channel of each picture gets its deviation and mean from the style; in float32."""

    def __init__(self, channels: int, style_size: int) -> None:
        super().__init__()
        self.affine = EqualisedLinear(style_size, 2 * channels)
        nn.init.ones_(self.affine.bias[:channels])

    def forward(self, features: Tensor, styles: Tensor) -> Tensor:
        with torch.autocast(features.device.type, enabled=False):
            scale, shift = self.affine(styles.float())[:, :, None, None].chunk(2, 1)
            styled = _normalised(features.float(), scale, shift)
        return styled.to(features.dtype)


def _normalised(features: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    if len(features) == 1:
        # One picture's channels are those of a batch of one, whose norm takes a tenth of the time, as under a slider.
        return F.batch_norm(features, None, None, scale.flatten(), shift.flatten(), training=True, eps=NORM_EPSILON)
    variance, mean = torch.var_mean(features, (2, 3), correction=0, keepdim=True)
    return (features - mean) * (scale * (variance + NORM_EPSILON).rsqrt()) + shift
