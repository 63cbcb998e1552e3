"""Steps and nothing else: what a learner refuses, and what a state of its own makes of it."""

import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import RunPlan
from gen_studio.models import registry
from gen_studio.models.base import TrainableModel
from gen_studio.models.capabilities import CanReconstruct, HasLatent
from gen_studio.testing import subjects
from gen_studio.training import state_tree
from gen_studio.training.learner import Learner
from gen_studio.training.update import NotFinite


def some_family(capability: type = HasLatent) -> subjects.Family:
    return next(family for family in registry.families().values() if issubclass(family, capability))


def game() -> subjects.Family:
    """A family with two players."""
    return next(f for f in registry.families().values() if len(learner(f).players) > 1)


def learner(family: subjects.Family | None = None, **plan: object) -> Learner:
    return Learner(subjects.plan_for(family or some_family(), None, **plan), subjects.pictures())


def test_unsuitable_data_is_refused_before_anything_is_built() -> None:
    with pytest.raises(WrongUse, match="There is no model"):
        Learner(RunPlan(family="alien", device="cpu"), subjects.pictures())
    family = next(family for family in registry.families().values() if "pairs" in family.needs)
    whole = subjects.pictures()
    columns = {name: column for name, column in whole.columns.items() if name != "inputs"}
    bare = type(whole)(type(whole.spec)(1, 16, 16), columns)
    with pytest.raises(WrongUse, match="needs paired pictures"):
        Learner(subjects.plan_for(family), bare)


@pytest.mark.parametrize("rate", [0, -1, 1.1, float("nan"), float("inf")])
def test_a_rate_that_cannot_be_used_is_refused(rate: float) -> None:
    made = learner()
    before = made.updates[made.players[0]].rate
    with pytest.raises(WrongUse, match="It takes a number above 0 to 1"):
        made.set_rate(made.players[0], rate)
    assert made.updates[made.players[0]].rate == before


def test_a_player_that_is_not_there_is_refused_with_the_likely_one() -> None:
    made = learner()
    wrong = made.players[0] + "x"
    with pytest.raises(WrongUse, match=f'There is no player "{wrong}". Did you mean "{made.players[0]}"?'):
        made.set_rate(wrong, 0.1)


def test_a_rate_acts_on_the_next_step_and_on_its_player_alone() -> None:
    made = learner(game())
    subjects.train(made, 1)
    first, *others = made.players
    rates = {player: made.updates[player].rate for player in others}
    made.set_rate(first, 1e-9)
    made.take_step()
    groups = made.updates[first].optimizer.param_groups
    assert all(group["lr"] == pytest.approx(1e-9) for group in groups)
    assert {player: made.updates[player].rate for player in others} == rates


def test_a_schedule_scales_the_rate_by_the_share_of_the_planned_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TrainableModel, "rate_factor", lambda self, player, progress: 1 - progress)
    family = some_family(CanReconstruct)
    made = learner(family, steps=4)
    update = made.updates[made.players[0]]
    seen = []
    for _ in range(5):
        made.take_step()
        seen.append(update.optimizer.param_groups[0]["lr"] / update.rate)
    assert seen == pytest.approx([1, 0.75, 0.5, 0.25, 0])


def test_a_restored_state_is_not_written_into() -> None:
    made = learner(game(), seed=1)
    subjects.train(made, 2)
    state = state_tree.clone(made.state())
    kept = state_tree.clone(state)
    made.restore(state)
    subjects.train(made, 2)
    assert subjects.differences(kept, state) == []


def test_going_back_and_forth_repeats_itself() -> None:
    made = learner(game())
    subjects.train(made, 2)
    state = state_tree.clone(made.state())
    subjects.train(made, 3)
    first = state_tree.clone(made.state())
    made.restore(state)
    made.replay(5)
    assert subjects.differences(first, made.state()) == []


def test_a_replay_finds_the_step_after_which_a_weight_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    made = learner()
    subjects.train(made, 2)
    step = made.model.training_step

    begun = []

    def poisoned(batch: object, update: object, rng: torch.Generator) -> object:
        begun.append(made.step)
        readings = step(batch, update, rng)
        if made.step == 3:
            with torch.no_grad():
                next(iter(made.model.parameters())).view(-1)[0] = torch.nan
        return readings

    monkeypatch.setattr(made.model, "training_step", poisoned)
    with pytest.raises(NotFinite):
        made.replay(5)
    assert begun == [2, 3]


def test_gradients_are_looked_at_every_tenth_step() -> None:
    made = learner()
    update = made.updates[made.players[0]]
    taken = []
    for _ in range(21):
        made.take_step()
        taken.append(update.norm is not None)
    assert [step for step, found in enumerate(taken) if found] == [0, 10, 20]


def test_batches_come_in_the_layout_of_the_networks() -> None:
    convolutional = next(
        made for f in registry.families().values() if (made := learner(f)).layout is torch.channels_last
    )
    batch = convolutional.next_batch()
    assert batch.images.is_contiguous(memory_format=torch.channels_last)
    assert batch.labels is not None
    assert batch.labels.is_contiguous()
