"""The second of two domains goes its own way through training: in an order of its own that resuming finds again."""

from dataclasses import replace

import pytest
import torch

from gen_studio.data.spec import DataSpec, ImageSet
from gen_studio.models import registry
from gen_studio.testing import subjects
from gen_studio.training.checkpoint import Card, make_card
from gen_studio.training.learner import Learner

FAMILY = next(iter(registry.families().values()))


def learner(pictures: ImageSet | None = None, seed: int = 0) -> Learner:
    return Learner(subjects.plan_for(FAMILY, seed=seed), pictures or subjects.pictures())


def alone() -> ImageSet:
    whole = subjects.pictures()
    return ImageSet(replace(whole.spec, domains=()), whole.columns)


def rows_of(batch: torch.Tensor | None, pictures: torch.Tensor) -> list[int]:
    """Which rows of a set a batch is made of."""
    assert batch is not None
    known = {picture.numpy().tobytes(): row for row, picture in enumerate(pictures)}
    restored = ((batch + 1) * 127.5).round().to(torch.uint8)
    return [known[picture.contiguous().numpy().tobytes()] for picture in restored]


def test_both_domains_are_seen_whole_in_different_orders() -> None:
    whole = subjects.pictures()
    made = learner(replace(whole, others=whole.images.flip(2)))
    assert made.pictures.others is not None
    first: list[int] = []
    second: list[int] = []
    for _ in range(2 * len(made.pictures) // made.pictures_per_step):
        batch = made.next_batch()
        assert batch.others is not None and len(batch.others) == len(batch)
        first += rows_of(batch.images, made.pictures.images)
        second += rows_of(batch.others, made.pictures.others)
    count = len(made.pictures.others)
    assert sorted(second[:count]) == list(range(count))
    assert first[:count] != second[:count]
    # Beside the same picture stands another one the next time.
    beside = [dict(zip(first[part], second[part], strict=True)) for part in (slice(0, 32), slice(32, 64))]
    assert sum(beside[0][row] == beside[1][row] for row in beside[0]) < 16


def test_the_order_is_the_seeds_and_goes_on_where_a_state_was_taken() -> None:
    made, same, other = learner(), learner(), learner(seed=1)
    pictures = made.pictures.others
    assert pictures is not None
    seen = [rows_of(one.next_batch().others, pictures) for one in (made, same, other)]
    assert seen[0] == seen[1] != seen[2]
    made.next_batch()
    same.restore(made.state())
    assert rows_of(same.next_batch().others, pictures) == rows_of(made.next_batch().others, pictures)


def test_one_domain_has_the_state_it_always_had() -> None:
    made = learner(alone())
    assert made.other_order is None and not {"others", "others_drawn"} & made.state().keys()
    assert made.next_batch().others is None
    assert "others_drawn" in learner().state()


def test_a_second_domain_does_not_move_the_first() -> None:
    one, two = learner(alone()), learner()
    assert torch.equal(one.next_batch().images, two.next_batch().images)


@pytest.mark.parametrize("spec", [subjects.spec(), DataSpec(3, 32, 32)])
def test_a_card_carries_all_that_the_data_offers(spec: DataSpec) -> None:
    made = learner().model
    made.data = spec
    card = make_card(made, 3, None)
    assert card.spec == spec and Card.model_validate_json(card.model_dump_json()).spec == spec


def test_a_card_of_an_older_run_is_read() -> None:
    card = Card.model_validate_json('{"family": "x", "config": {}, "channels": 1, "height": 8, "width": 8, "step": 1}')
    assert card.spec == DataSpec(1, 8, 8)
