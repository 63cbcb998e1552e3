"""Convolutions that look at known pixels alone, and the U-Net made of them (Liu 2018, arXiv:1804.07723).

Known masks are (N, P, H, W) float32, 1 where a pixel is known: one for each of the P parts that features are joined
from, such as the two sides of a skip.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

KERNELS = (7, 5, 5)
"""Of the first layers of the U-Net; all others have 3."""


class PartialConv2d(nn.Module):
    """W(x * m) * (window / sum of m) + b where anything is known, 0 elsewhere, m' = 1 where anything is known.

    The window counts the weights of one output, the sum the known values behind them; what lies outside of the
    picture is not known. parts: the channels of each part of the features, in their order.
    """

    parts: tuple[int, ...]
    counts: Tensor

    def __init__(self, parts: Sequence[int], outputs: int, kernel: int, stride: int = 1, padding: int = 0) -> None:
        super().__init__()
        self.parts, self.stride, self.padding = tuple(parts), stride, padding
        inputs = sum(parts)
        self.window = inputs * kernel * kernel
        self.weight = nn.Parameter(torch.empty(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")
        counts = torch.tensor(self.parts, dtype=torch.float32).view(1, -1, 1, 1)
        self.register_buffer("counts", counts.repeat(1, 1, kernel, kernel), persistent=False)

    def forward(self, features: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """Features (N, C, H, W) and their masks (N, P, H, W) -> features and one mask (N, 1, h, w)."""
        with torch.no_grad(), torch.autocast(features.device.type, enabled=False):
            # Whole numbers that bfloat16 could not count.
            total = F.conv2d(known.float(), self.counts, stride=self.stride, padding=self.padding)
            seen = (total > 0).float()
            share = self.window / total.clamp_min(1) * seen
        masks = [known[:, part : part + 1].expand(-1, width, -1, -1) for part, width in enumerate(self.parts)]
        masked = features * torch.cat(masks, 1).to(features.dtype)
        found = F.conv2d(masked, self.weight, stride=self.stride, padding=self.padding)
        found = found * share.to(found.dtype) + self.bias.to(found.dtype).view(1, -1, 1, 1) * seen.to(found.dtype)
        return found, seen


class FreezableNorm(nn.BatchNorm2d):
    """BatchNorm that can be told to stay as it is, scales and all, while the rest of its network trains on."""

    frozen = False

    def forward(self, features: Tensor) -> Tensor:
        if not self.frozen:
            return super().forward(features)
        assert self.running_mean is not None and self.running_var is not None
        scale, shift = self.weight.detach(), self.bias.detach()
        return F.batch_norm(features, self.running_mean, self.running_var, scale, shift, False, 0.0, self.eps)


class PartialUNet(nn.Module):
    """Halves to 2x2 pixels and back by nearest neighbours; skips carry their masks, the last the picture itself."""

    def __init__(self, channels: int, width: int, size: int) -> None:
        super().__init__()
        levels = int(math.log2(size)) - 1
        widths = [channels, *(width * 2 ** min(level, 3) for level in range(levels))]
        kernels = [KERNELS[level] if level < len(KERNELS) else 3 for level in range(levels)]
        self.downs = nn.ModuleList(
            PartialConv2d([outer], inner, kernel, 2, kernel // 2)
            for (outer, inner), kernel in zip(pairwise(widths), kernels, strict=True)
        )
        # The first layer and the output are not normalised.
        self.down_norms = nn.ModuleList(FreezableNorm(inner) for inner in widths[2:])
        outwards = list(pairwise(widths[::-1]))
        self.ups = nn.ModuleList(PartialConv2d([inner, outer], outer, 3, 1, 1) for inner, outer in outwards)
        self.up_norms = nn.ModuleList(nn.BatchNorm2d(outer) for _, outer in outwards[:-1])

    def freeze_encoder(self, frozen: bool) -> None:
        """Whether the norms of the encoder stay as they are."""
        for norm in self.down_norms:
            assert isinstance(norm, FreezableNorm)
            norm.frozen = frozen

    def forward(self, images: Tensor, known: Tensor) -> Tensor:
        """Pictures (N, C, H, W) and what is known of them (N, 1, H, W) -> whole pictures, unbounded."""
        features, seen = images, known
        skips = [(features, seen)]
        for down, norm in zip(self.downs, [nn.Identity(), *self.down_norms], strict=True):
            features, seen = down(features, seen)
            features = F.relu(norm(features))
            skips.append((features, seen))
        features, seen = skips.pop()
        for up, norm in zip(self.ups, [*self.up_norms, None], strict=True):
            skip, skip_seen = skips.pop()
            joined = torch.cat([F.interpolate(features, scale_factor=2.0), skip.to(features.dtype)], 1)
            features, seen = up(joined, torch.cat([F.interpolate(seen, scale_factor=2.0), skip_seen], 1))
            features = features if norm is None else F.leaky_relu(norm(features), 0.2)
        return features
