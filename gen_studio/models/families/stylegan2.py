"""The second style-based GAN of Karras and others, with adaptive augmentation as a setting."""

from typing import ClassVar

import torch
from torch import Tensor

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric, Plot, Role
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS
from gen_studio.models.adversarial_config import Regulariser
from gen_studio.models.base import FamilyConfig, Update
from gen_studio.models.registry import family
from gen_studio.models.sizes import POWERS
from gen_studio.models.style_based import StyleBasedConfig, StyleBasedModel
from gen_studio.nets.critic import BatchView
from gen_studio.nets.growing import channels_at, level_of
from gen_studio.nets.path_length import PathLength
from gen_studio.nets.stylegan2 import StyleGAN2Critic, StyleGAN2Generator
from gen_studio.nets.styles import NoiseSource

PATH_LENGTH = Metric(
    "path_length", "Path length", plot=Plot("path_length", "Path length", low=0), role=Role.GENERATOR, label="path"
)
GAMMA = 2e-4
FULL_UP_TO = 64


class StyleGAN2Config(StyleBasedConfig):
    regulariser: Regulariser = Regulariser.R1
    discriminator_rate: float = 2e-3
    generator_rate: float = 2e-3
    width: int = setting(
        128, "Width", "Channels up to 64 pixels, then half as many with each doubling; 512 in the paper.", ge=4, le=512
    )
    batch_size: int = 32
    penalty_weight: float = setting(
        0.0,
        "Penalty weight",
        "Gamma of R1 or lambda; 0 takes 0.0002 × pixels / batch size for R1, else 10.",
        ge=0,
        le=10_000,
        advanced=True,
    )
    penalty_interval: int = 16
    path_weight: float = setting(
        2.0, "Path length", "Weight of the path length penalty of G; 0 switches it off.", ge=0, le=1000
    )
    path_interval: int = setting(
        4, "Path length every", "Steps between path length penalties, on half a batch.", ge=1, le=64, advanced=True
    )
    beta1: float = 0.0
    beta2: float = 0.99
    batch_view: BatchView = BatchView.DEVIATION
    ema: float = setting(
        0.9978,
        "Weight averaging",
        "Decay of the running average of weights; 0.9978 at batch 32 halves within 10,000 pictures, 0 switches it off.",
        ge=0,
        lt=1,
        advanced=True,
    )
    ema_ramp: float = 0.05


@family
class StyleGAN2(StyleBasedModel[StyleGAN2Config]):
    """Analyzing and Improving the Image Quality of StyleGAN, arXiv:1912.04958.

    G: 8-layer mapping at a hundredth of the rate; modulated, demodulated convolutions from a learnt constant; noise
    of one strength per layer; colours of every resolution summed up, without tanh; style mixing 0.9. D: residual,
    the deviation of groups of four at 4x4. D minimises softplus(-D(x)) + softplus(D(G(z))) + gamma/2 |grad D(x)|^2,
    G minimises softplus(-D(G(z))) + 2 (|J'y| - a)^2 with a the running mean of path lengths |J'y|. The penalties are
    lazy, every 16 and 4 steps. Adam(2e-3, 0, 0.99). G averaged with a half-life of 10,000 pictures that ramps up.

    Adaptive augmentation (Karras 2020, arXiv:2006.06676) is the setting Augmentation, with colour, shift and cut-out
    for its eighteen operations. Departs from the paper in 128 channels for 512, which is a setting.
    """

    info: ClassVar[Info] = Info(
        key="stylegan2",
        title="StyleGAN2",
        group=Group.ADVERSARIAL,
        year=2019,
        paper="Karras, Laine, Aittala, Hellsten, Lehtinen and Aila, Analyzing and Improving the Image Quality of "
        "StyleGAN, 2019, arXiv:1912.04958",
        summary="Styles that set the weights of every layer, for pictures without the first StyleGAN's droplets.",
    )
    metrics: ClassVar[tuple[Metric, ...]] = (*ADVERSARIAL_METRICS, PATH_LENGTH)
    Config: ClassVar[type[FamilyConfig]] = StyleGAN2Config
    default_steps: ClassVar[int] = 10_000
    sides: ClassVar[tuple[int, ...]] = POWERS

    def __init__(self, config: StyleGAN2Config, data: DataSpec) -> None:
        super().__init__(config, data)
        widths = [channels_at(level, config.width, FULL_UP_TO) for level in range(level_of(data.height) + 1)]
        self.generator = StyleGAN2Generator(config.latents, widths, data.channels, config.mapping_layers)
        self.set_discriminator(StyleGAN2Critic(data.channels, widths, config.batch_view))
        self.path = PathLength()

    @property
    def penalty_weight(self) -> float:
        config = self.config
        if config.penalty_weight or config.regulariser is not Regulariser.R1:
            return config.penalty_weight or 10.0
        return GAMMA * self.data.height * self.data.width / config.batch_size

    def lazy_share(self, player: str) -> float:
        if player == "generator" and self._path_is_lazy:
            return self.config.path_interval / (self.config.path_interval + 1)
        return super().lazy_share(player)

    def paint(self, styles: Tensor, noise: NoiseSource) -> Tensor:
        pictures: Tensor = self.generator(styles, noise)
        return pictures

    def generator_step(self, batch: Batch, fakes: Tensor, update: Update, rng: torch.Generator) -> dict[str, Tensor]:
        readings = super().generator_step(batch, fakes, update, rng)
        if self._path_is_lazy and self.step % self.config.path_interval == 0:
            update.minimise(self.config.path_interval * self.path_penalty(len(batch), rng))
        return {**readings, PATH_LENGTH.key: self.path.mean.clone()}

    def generator_extra(self, batch: Batch, fakes: Tensor, rng: torch.Generator, on_fake: Tensor) -> Tensor | float:
        eager = self.config.path_weight > 0 and not self._path_is_lazy
        return self.path_penalty(len(batch), rng) if eager else 0.0

    def path_penalty(self, count: int, rng: torch.Generator) -> Tensor:
        """The weighed path length penalty on half as many pictures, in float32."""
        with torch.autocast(rng.device.type, enabled=False):
            styles = self.mixed_styles(max(1, count // 2), rng)
            penalty: Tensor = self.path(self.paint(styles, rng), styles, rng)
            return self.config.path_weight * penalty

    @property
    def _path_is_lazy(self) -> bool:
        return self.config.path_weight > 0 and self.config.path_interval > 1
