"""The order in which pictures are seen: shuffled, fair, and known from one number."""

import pytest
import torch

from gen_studio.training.order import BatchOrder


def drawn(order: BatchOrder, batches: int) -> list[int]:
    return [index for _ in range(batches) for index in order.next().tolist()]


@pytest.mark.parametrize(("length", "batch"), [(10, 5), (10, 3), (7, 7), (100, 9), (1, 1), (3, 8), (5, 64)])
def test_each_epoch_sees_every_picture_once(length: int, batch: int) -> None:
    seen = drawn(BatchOrder(length, batch, seed=0), 6 * max(1, length // batch) + 6)
    for start in range(0, len(seen) - length + 1, length):
        assert sorted(seen[start : start + length]) == list(range(length))


def test_every_batch_is_full_also_from_a_set_that_is_smaller() -> None:
    order = BatchOrder(3, 8, seed=0)
    for _ in range(10):
        batch = order.next()
        assert batch.shape == (8,)
        assert batch.dtype == torch.int64
        assert set(batch.tolist()) == {0, 1, 2}


def test_epochs_and_seeds_are_shuffled_apart() -> None:
    first, second = (drawn(BatchOrder(50, 50, seed), 2) for seed in (0, 1))
    assert first[:50] != first[50:]
    assert first[:50] != second[:50]
    assert first[:50] != list(range(50))


@pytest.mark.parametrize("batches", [0, 1, 4, 17])
def test_one_number_is_its_whole_state(batches: int) -> None:
    order = BatchOrder(10, 4, seed=3)
    drawn(order, batches)
    resumed = BatchOrder(10, 4, seed=3)
    resumed.drawn = order.drawn
    assert drawn(order, 8) == drawn(resumed, 8)


def test_going_back_gives_the_same_batches_again() -> None:
    order = BatchOrder(10, 4, seed=3)
    before = order.drawn
    first = drawn(order, 6)
    order.drawn = before
    assert drawn(order, 6) == first


def test_the_largest_seed_and_none_at_all() -> None:
    assert sorted(drawn(BatchOrder(5, 5, seed=2**63 - 1), 1)) == list(range(5))
    with pytest.raises(ValueError, match="at least one"):
        BatchOrder(0, 4, seed=0)


def test_the_shared_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    drawn(BatchOrder(10, 4, seed=3), 5)
    assert torch.equal(before, torch.get_rng_state())
