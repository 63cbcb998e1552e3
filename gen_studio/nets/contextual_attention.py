"""Contextual attention: holes are filled with patches of what is known elsewhere (Yu 2018, arXiv:1801.07892)."""

import torch
import torch.nn.functional as F
from torch import Tensor

RATE = 2
"""Patches are compared at half the side, three by three, and pasted at the full one, four by four."""
MATCHED = 3
PASTED = 2 * RATE
SHARPNESS = 10.0
EPSILON = 1e-6


def contextual_attention(features: Tensor, holes: Tensor) -> Tensor:
    """(N, C, h, w) of the same shape: every place made of patches from places whose patches are known throughout.

    holes: (N, 1, h, w), above 0 where anything is missing. h and w are even. Cosines between 3x3 patches of the
    halved features, summed with those of their neighbours shifted alike, times 10, become weights by a softmax over
    all known patches, over all patches where none is known. Pasted patches overlap and are averaged.
    """
    size = (features.shape[2] // RATE, features.shape[3] // RATE)
    with torch.autocast(features.device.type, enabled=False):
        wide = features.float()
        cosines = _cosines(F.avg_pool2d(wide, RATE))  # (N, hw, hw), from places to the patches they are made of
        scores = SHARPNESS * propagated(cosines, size)
        usable = known_patches(holes)[:, None]  # (N, 1, hw)
        usable = usable | ~usable.any(2, keepdim=True)
        weights = torch.softmax(scores.masked_fill(~usable, -torch.inf), dim=2)
        patches = F.unfold(wide, PASTED, stride=RATE, padding=1)  # (N, C * 16, hw)
        pasted = patches @ weights.transpose(1, 2)
        whole = features.shape[2:]
        total = F.fold(pasted, whole, PASTED, stride=RATE, padding=1)
        ones = F.unfold(torch.ones_like(wide[:1, :1]), PASTED, stride=RATE, padding=1)
        answer = total / F.fold(ones, whole, PASTED, stride=RATE, padding=1)
    return answer.to(features.dtype)


def known_patches(holes: Tensor) -> Tensor:
    """(N, hw) of bool: whose 3x3 patch of the halved features nothing is missing from."""
    halved = F.max_pool2d(holes.float(), RATE)
    return F.max_pool2d(halved, MATCHED, 1, MATCHED // 2).flatten(1) == 0


def propagated(scores: Tensor, size: tuple[int, int]) -> Tensor:
    """Adds to each score those of its neighbours, shifted alike: along rows first, then along columns.

    (N, hw, hw) of every pair of places. What is near each other should be made of what is near each other.
    """
    tall, wide = size
    pairs: Tensor = scores.unflatten(2, (tall, wide)).unflatten(1, (tall, wide))  # (N, h, w, h', w')
    for at, other in ((2, 4), (1, 3)):
        pairs = pairs + _shifted(pairs, at, other) + _shifted(pairs.flip(at, other), at, other).flip(at, other)
    return pairs.flatten(3, 4).flatten(1, 2)


def _shifted(pairs: Tensor, at: int, other: int) -> Tensor:
    """The score of the next place and the next patch, 0 beyond the last."""
    length = pairs.shape[at]
    following = pairs.narrow(at, 1, length - 1).narrow(other, 1, length - 1)
    padding = [0] * (2 * pairs.ndim)
    for axis in (at, other):
        padding[2 * (pairs.ndim - 1 - axis) + 1] = 1
    return F.pad(following, padding)


def _cosines(features: Tensor) -> Tensor:
    """(N, hw, hw), between the 3x3 patches around all places."""
    patches = F.unfold(features, MATCHED, padding=MATCHED // 2).transpose(1, 2)  # (N, hw, C * 9)
    patches = patches / (patches.square().sum(2, keepdim=True) + EPSILON).sqrt()
    return patches @ patches.transpose(1, 2)
