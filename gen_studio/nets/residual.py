"""The residual generator and discriminator of Miyato et al. 2018 (arXiv:1802.05957), with classes where asked for.

Classes enter the generator by conditional BatchNorm and the discriminator by projection (Miyato & Koyama 2018,
arXiv:1802.05637). Self-attention (Zhang et al. 2018, arXiv:1805.08318) may stand where features have a given side.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.attention import SelfAttention
from gen_studio.nets.conditional_norm import ConditionalNorm
from gen_studio.nets.critic import BatchView, Critic, make_batch_view

INNERMOST = 4
"""Side of the features that the generator begins with."""


@dataclass(frozen=True)
class ResidualWidths:
    """Channels after each block. `seed` is what the generator begins with at 4x4; critic blocks are (width, halves)."""

    seed: int
    generator: tuple[int, ...]
    critic: tuple[tuple[int, bool], ...]

    @classmethod
    def for_size(cls, width: int, size: int) -> "ResidualWidths":
        """The paper's networks for CIFAR-10 up to 32 pixels, those for STL-10 and ImageNet above, at width 64.

        Up to 32 pixels all widths are equal, and two of the four critic blocks halve; above they double inwards,
        to at most 16 times the width.
        """
        levels = int(math.log2(size // INNERMOST))
        if size <= 32:
            critic = ((2 * width, True), (2 * width, True), (2 * width, False), (2 * width, False))
            return cls(4 * width, (4 * width,) * levels, critic)
        outwards = [width * min(2**level, 16) for level in range(levels + 1)]
        halving = tuple((channels, True) for channels in outwards[:-1])
        return cls(outwards[-1], tuple(outwards[-2::-1]), (*halving, (outwards[-1], False)))


class UpBlock(nn.Module):
    """norm, ReLU, double, 3x3, norm, ReLU, 3x3 beside a doubled 1x1: (N, C, h, w) -> (N, C', 2h, 2w)."""

    def __init__(self, channels: int, out: int, classes: int = 0) -> None:
        super().__init__()
        self.before = ConditionalNorm(channels, classes)
        self.first = nn.Conv2d(channels, out, 3, padding=1)
        self.between = ConditionalNorm(out, classes)
        self.second = nn.Conv2d(out, out, 3, padding=1)
        self.shortcut = nn.Conv2d(channels, out, 1)

    def forward(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        hidden: Tensor = self.first(_doubled(F.relu(self.before(features, labels))))
        hidden = self.second(F.relu(self.between(hidden, labels)))
        # A 1x1 convolution and repeating pixels commute; this order costs a quarter.
        return hidden + _doubled(self.shortcut(features))


class DownBlock(nn.Module):
    """ReLU, 3x3, ReLU, 3x3, average beside a 1x1: (N, C, h, w) -> (N, C', h/2, w/2), or the same side if not `halves`.

    The first block of a critic looks at pictures, which a ReLU would cut: it has no pre-activation.
    """

    def __init__(self, channels: int, out: int, halves: bool, is_first: bool = False) -> None:
        super().__init__()
        self.halves = halves
        self.is_first = is_first
        self.first = nn.Conv2d(channels, out, 3, padding=1)
        self.second = nn.Conv2d(out, out, 3, padding=1)
        self.shortcut = nn.Conv2d(channels, out, 1) if halves or channels != out else nn.Identity()

    def forward(self, features: Tensor) -> Tensor:
        hidden: Tensor = self.first(features if self.is_first else F.relu(features))
        hidden = self.second(F.relu(hidden))
        if self.halves:
            # Averaging and a 1x1 convolution commute; this order costs a quarter.
            hidden, features = F.avg_pool2d(hidden, 2), F.avg_pool2d(features, 2)
        aside: Tensor = self.shortcut(features)
        return hidden + aside


class ResidualGenerator(nn.Module):
    """Latents (N, latents), and labels (N,) where there are classes -> pictures (N, channels, size, size) in [-1, 1].

    attention: side of the features that a self-attention block follows, 0 for none.
    """

    def __init__(
        self, latents: int, widths: ResidualWidths, channels: int, classes: int = 0, attention: int = 0
    ) -> None:
        super().__init__()
        self.seed = widths.seed
        self.dense = nn.Linear(latents, widths.seed * INNERMOST**2)
        inner = (widths.seed, *widths.generator)
        self.blocks = nn.ModuleList(
            UpBlock(inside, outside, classes) for inside, outside in zip(inner, widths.generator, strict=False)
        )
        place = int(math.log2(attention // INNERMOST)) - 1 if attention > INNERMOST else None
        self.attention_after = place
        self.attention = None if place is None else SelfAttention(widths.generator[place])
        self.norm = nn.BatchNorm2d(widths.generator[-1])
        self.picture = nn.Conv2d(widths.generator[-1], channels, 3, padding=1)
        glorot_weights(self)

    def forward(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        features = self.dense(latents).unflatten(1, (self.seed, INNERMOST, INNERMOST))
        for place, block in enumerate(self.blocks):
            features = block(features, labels)
            if place == self.attention_after and self.attention is not None:
                features = self.attention(features)
        return torch.tanh(self.picture(F.relu(self.norm(features))))


class ResidualCritic(Critic):
    """Pictures (N, channels, size, size), and labels where there are classes -> raw scores (N,).

    score = psi(phi), plus <embedding of the label, phi> with classes; phi is the last features summed over places.
    Spectral norm is put around it by whoever owns it. attention: as in the generator.
    """

    def __init__(
        self,
        channels: int,
        widths: ResidualWidths,
        size: int,
        classes: int = 0,
        attention: int = 0,
        batch_view: BatchView = BatchView.NONE,
    ) -> None:
        halvings = sum(halves for _, halves in widths.critic)
        last = widths.critic[-1][0]
        view, extra = make_batch_view(batch_view, last, size // 2**halvings)
        super().__init__(view)
        layers: list[nn.Module] = []
        inside = channels
        for outside, halves in widths.critic:
            layers.append(DownBlock(inside, outside, halves, is_first=not layers))
            size, inside = size // 2 if halves else size, outside
            if halves and size == attention:
                layers.append(SelfAttention(outside))
        self.body = nn.Sequential(*layers, nn.ReLU())
        self.dense = nn.Linear(last + extra, 1)
        self.embedding = nn.Embedding(classes, last + extra) if classes else None
        glorot_weights(self)

    def features(self, images: Tensor) -> Tensor:
        features: Tensor = self.body(images)
        return features

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        summed = features.sum((2, 3))  # (N, F)
        scores: Tensor = self.dense(summed).flatten()
        if self.embedding is None:
            return scores
        assert labels is not None
        projection: Tensor = (self.embedding(labels) * summed).sum(1)
        return scores + projection


def glorot_weights(network: nn.Module) -> None:
    """Weights from the uniform distribution of Glorot & Bengio 2010, biases 0. Norms keep theirs."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def _doubled(features: Tensor) -> Tensor:
    return F.interpolate(features, scale_factor=2, mode="nearest")
