"""The pool of past fakes: what passes, what comes back, and that nothing is lost or doubled."""

import torch
from torch import Tensor

from gen_studio.nets.image_pool import ImagePool

SHAPE = (1, 1, 1)


def numbered(first: int, count: int) -> Tensor:
    """Pictures of one pixel that say which they are."""
    return torch.arange(first, first + count, dtype=torch.float32).view(-1, *SHAPE)


def rng() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def test_until_it_is_full_every_picture_passes_and_is_kept() -> None:
    pool = ImagePool(6, SHAPE)
    for start in (0, 3):
        assert torch.equal(pool.exchange(numbered(start, 3), start, rng()), numbered(start, 3))
    assert torch.equal(pool.pictures, numbered(0, 6))


def test_half_of_the_pictures_change_places_with_one_of_the_pool() -> None:
    pool, chance = ImagePool(50, SHAPE), rng()
    shown = torch.cat([pool.exchange(numbered(step, 1), step, chance) for step in range(2050)]).flatten()
    old = shown[50:] != torch.arange(50, 2050)
    # Four standard deviations of a fair coin, thrown 2,000 times.
    assert abs(float(old.float().mean()) - 0.5) < 4 * 0.5 / 2000**0.5
    # A picture stays for 2 * 50 others in the mean: the pool's share of one half, and one place of 50.
    ages = (torch.arange(50, 2050) - shown[50:])[old]
    assert 80 < float(ages[500:].mean()) < 120


def test_a_picture_is_in_the_pool_or_was_shown_and_never_both() -> None:
    pool, chance = ImagePool(8, SHAPE), rng()
    shown = torch.cat([pool.exchange(numbered(4 * step, 4), 4 * step, chance) for step in range(20)]).flatten()
    # The first 8 were shown when they came, and once more if they left the pool.
    once = sorted(shown[8:].tolist() + pool.pictures.flatten().tolist())
    assert once == list(range(80))


def test_what_comes_back_is_no_longer_part_of_the_generators_graph() -> None:
    pool = ImagePool(2, SHAPE)
    fakes = numbered(0, 5).requires_grad_()
    assert not pool.exchange(fakes, 0, rng()).requires_grad
