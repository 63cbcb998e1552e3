"""The pool of past fakes: bounded, the oldest leave first, and only what was given comes back."""

import torch

from gen_studio.nets.replay import ReplayPool


def chance() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def numbered(*numbers: int) -> torch.Tensor:
    return torch.tensor(numbers, dtype=torch.float32).view(-1, 1, 1, 1)


def given(batches: list[torch.Tensor], capacity: int = 6, share: float = 0.5) -> tuple[ReplayPool, list[torch.Tensor]]:
    pool, rng, seen, mixed = ReplayPool(capacity, (1, 1, 1)), chance(), 0, []
    for batch in batches:
        mixed.append(pool.mix(batch, share, seen, rng))
        seen += len(batch)
    return pool, mixed


def test_the_first_batch_comes_back_as_it_is() -> None:
    _, mixed = given([numbered(1, 2, 3, 4)])
    assert torch.equal(mixed[0], numbered(1, 2, 3, 4))


def test_half_of_a_later_batch_are_pictures_of_earlier_ones() -> None:
    _, mixed = given([numbered(1, 2, 3, 4), numbered(5, 6, 7, 8)])
    assert torch.equal(mixed[1][2:], numbered(7, 8))
    assert set(mixed[1][:2].flatten().tolist()) <= {1.0, 2.0, 3.0, 4.0}


def test_the_oldest_leave_first_and_all_new_ones_are_kept_the_replaced_too() -> None:
    pool, _ = given([numbered(1, 2, 3, 4), numbered(5, 6, 7, 8), numbered(9)])
    assert sorted(pool.pictures.flatten().tolist()) == [4, 5, 6, 7, 8, 9]


def test_a_batch_larger_than_the_pool_leaves_its_last_pictures() -> None:
    pool, _ = given([numbered(*range(10))], capacity=3)
    assert sorted(pool.pictures.flatten().tolist()) == [7, 8, 9]


def test_nothing_but_what_was_given_is_shown_before_the_pool_is_full() -> None:
    _, mixed = given([numbered(1), *(numbered(*range(2, 18)) for _ in range(1))], capacity=100, share=1.0)
    assert mixed[1][0].item() == 1
    assert torch.equal(mixed[1][1:], numbered(*range(3, 18))), "one old picture is not shown twice in place of new ones"


def test_a_share_of_nothing_replaces_nothing_and_no_gradient_passes() -> None:
    batch = numbered(5, 6).requires_grad_()
    pool, mixed = given([numbered(1, 2), batch], share=0.0)
    assert torch.equal(mixed[1], batch)
    assert not mixed[1].requires_grad
    assert not pool.pictures.requires_grad
