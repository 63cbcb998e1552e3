"""Contextual attention against the same thing done place by place."""

import math
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.nets.contextual_attention import contextual_attention, known_patches, propagated


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def patch(features: Tensor, row: int, column: int, side: int, before: int) -> Tensor:
    """(C, side, side) from `before` places above and to the left, 0 outside of the picture. features: (C, h, w)."""
    return F.pad(features, (side,) * 4)[:, row - before + side :, column - before + side :][:, :side, :side]


def by_hand(features: Tensor, holes: Tensor) -> Tensor:
    """(C, h, w) and (h, w)."""
    channels, tall, wide = features.shape
    small = F.avg_pool2d(features[None], 2)[0]
    missing = F.max_pool2d(holes[None, None], 2)[0, 0]
    places = [(row, column) for row in range(tall // 2) for column in range(wide // 2)]

    @cache
    def cosine(one: tuple[int, int], other: tuple[int, int]) -> float:
        if one not in places or other not in places:
            return 0.0
        a, b = patch(small, *one, 3, 1), patch(small, *other, 3, 1)
        return float((a * b).sum() / math.sqrt(float(a.square().sum()) * float(b.square().sum())))

    def summed(one: tuple[int, int], other: tuple[int, int]) -> float:
        return sum(
            cosine((one[0] + down, one[1] + across), (other[0] + down, other[1] + across))
            for down in (-1, 0, 1)
            for across in (-1, 0, 1)
        )

    usable = [float(patch(missing[None], *place, 3, 1).sum()) == 0 for place in places]
    if not any(usable):
        usable = [True] * len(places)
    total, counted = torch.zeros(channels, tall + 4, wide + 4), torch.zeros(tall + 4, wide + 4)
    for one in places:
        shares = [math.exp(10 * summed(one, other)) if use else 0.0 for other, use in zip(places, usable, strict=True)]
        made = sum(
            share / sum(shares) * patch(features, 2 * other[0], 2 * other[1], 4, 1)
            for share, other in zip(shares, places, strict=True)
        )
        total[:, 2 * one[0] + 1 : 2 * one[0] + 5, 2 * one[1] + 1 : 2 * one[1] + 5] += made
        counted[2 * one[0] + 1 : 2 * one[0] + 5, 2 * one[1] + 1 : 2 * one[1] + 5] += 1
    return (total / counted)[:, 2:-2, 2:-2]


def test_it_is_what_is_found_place_by_place() -> None:
    features = torch.randn(2, 2, 8, 6, generator=rng())
    holes = torch.zeros(2, 1, 8, 6)
    holes[0, :, 0, 1] = 1
    holes[1] = 1  # where nothing is known, all patches are as good
    found = contextual_attention(features, holes)
    for place in range(2):
        wanted = by_hand(features[place], holes[place, 0])
        torch.testing.assert_close(found[place], wanted, rtol=1e-3, atol=1e-3)


def test_a_patch_is_known_where_nothing_of_its_neighbourhood_is_missing() -> None:
    holes = torch.zeros(1, 1, 12, 12)
    holes[..., 0, 0] = 1
    known = known_patches(holes).view(6, 6)
    assert not known[:2, :2].any()
    assert known.sum() == 32


def test_what_is_missing_is_never_pasted() -> None:
    features = torch.randn(1, 2, 16, 16, generator=rng())
    holes = torch.zeros(1, 1, 16, 16)
    holes[..., :6, :6] = 1
    poisoned = features.clone()
    poisoned[..., :6, :6] += 1000
    assert contextual_attention(poisoned, holes).abs().max() < 10


def test_neighbours_shifted_alike_add_to_a_score_and_nothing_comes_round_the_edge() -> None:
    scores = torch.zeros(1, 12, 12)
    scores[0, 1 * 4 + 1, 0 * 4 + 2] = 1.0  # from place (1, 1) of 3 x 4 to patch (0, 2)
    summed = propagated(scores, (3, 4)).view(3, 4, 3, 4)
    wanted = torch.zeros(3, 4, 3, 4)
    for down in (0, 1):
        for across in (-1, 0, 1):
            wanted[1 + down, 1 + across, 0 + down, 2 + across] = 1
    assert torch.equal(summed, wanted)
