"""Progressive growing: which resolution is trained when, how pictures fade over, and a discriminator that grows.

Karras et al. 2017, arXiv:1710.10196. Level 0 is 4x4 pixels, each further level twice as large.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gen_studio.nets.critic import BatchView, Critic, make_batch_view
from gen_studio.nets.equalised import EqualisedConv2d, EqualisedLinear, leaky
from gen_studio.nets.resampling import BINOMIAL_2, Blur, at_size, double, halve

INNERMOST = 4


@dataclass(frozen=True)
class Stage:
    """How far a network has grown. `fade` is the share of the newest level in what is shown: 1 when it has settled."""

    level: int
    fade: float = 1.0

    @property
    def resolution(self) -> int:
        return INNERMOST << self.level

    @property
    def fading(self) -> bool:
        return self.fade < 1


def stage_after(pictures: int, phase: int, first: int, last: int) -> Stage:
    """The stage once so many real pictures were shown, with `phase` pictures to each phase.

    The first level settles for one phase; every further one fades in over a phase and settles for a phase. A phase of
    0 is full growth from the start.
    """
    if phase <= 0:
        return Stage(last)
    phases, within = divmod(pictures, phase)
    # Phases 0 | 1 2 | 3 4 | ...: odd ones fade in, even ones settle.
    level = first + (phases + 1) // 2
    if level > last:
        return Stage(last)
    return Stage(level, within / phase) if phases % 2 else Stage(level)


def level_of(resolution: int) -> int:
    return int(math.log2(resolution // INNERMOST))


def channels_at(level: int, width: int, full_up_to: int = 32) -> int:
    """`width` channels up to 32x32 features, then half as many with each doubling."""
    return max(1, min(width, full_up_to * width // (INNERMOST << level)))


def fade_in(images: Tensor, stage: Stage) -> Tensor:
    """Real pictures as a discriminator of this stage sees them: its size, and as blurred as the newest level is new."""
    sharp = at_size(images, stage.resolution)
    return torch.lerp(double(halve(sharp)), sharp, stage.fade) if stage.fading else sharp


class GrowingCritic(Critic):
    """Pictures of the stage's resolution -> raw scores (N,). `stage` is set by whoever trains, before every step.

    Each level has a 1x1 convolution from colours, two 3x3 convolutions and a halving; the last one sees the whole
    batch's deviation at 4x4. With `blur`, [1, 2, 1] before each halving (Karras 2018).
    """

    def __init__(
        self, channels: int, width: int, last: int, first: int = 0, batch_view: BatchView = BatchView.DEVIATION,
        blur: bool = False,
    ) -> None:  # fmt: skip
        widths = [channels_at(level, width) for level in range(last + 1)]
        view, extra = make_batch_view(batch_view, widths[0], INNERMOST)
        super().__init__(view)
        self.first = first
        self.stage = Stage(last)
        self.from_colours = nn.ModuleList(EqualisedConv2d(channels, inner, 1) for inner in widths[first:])
        self.blocks = nn.ModuleList(
            CriticBlock(widths[level], widths[level - 1], blur) for level in range(1, last + 1)
        )  # the block of level L stands at L - 1
        self.near = EqualisedConv2d(widths[0] + extra, widths[0], 3)
        self.dense = EqualisedConv2d(widths[0], widths[0], INNERMOST, padding=0)
        self.head = EqualisedLinear(widths[0], 1)

    def features(self, images: Tensor) -> Tensor:
        level = self.stage.level
        features = self._entered(images, level)
        if level > 0:
            features = self.blocks[level - 1](features)
            if self.stage.fading:
                features = torch.lerp(self._entered(halve(images), level - 1), features, self.stage.fade)
        for block in reversed(self.blocks[: max(level - 1, 0)]):
            features = block(features)
        return features

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        scores: Tensor = self.head(leaky(self.dense(leaky(self.near(features)))).flatten(1))
        return scores.flatten()

    def _entered(self, images: Tensor, level: int) -> Tensor:
        return leaky(self.from_colours[level - self.first](images))


class CriticBlock(nn.Module):
    """Two convolutions and a halving, (N, outer, 2H, 2W) -> (N, inner, H, W)."""

    def __init__(self, outer: int, inner: int, blur: bool) -> None:
        super().__init__()
        self.keep = EqualisedConv2d(outer, outer, 3)
        self.widen = EqualisedConv2d(outer, inner, 3)
        self.blur = Blur(BINOMIAL_2, padding=1) if blur else nn.Identity()

    def forward(self, features: Tensor) -> Tensor:
        return halve(self.blur(leaky(self.widen(leaky(self.keep(features))))))
