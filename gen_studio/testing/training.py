"""How a family trains: what its steps return and change, and that they can be repeated to the last bit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from gen_studio.core.plan import Precision
from gen_studio.core.runs import RunFolder, Status
from gen_studio.data.spec import Batch, ImageSet
from gen_studio.inference.views import render, views_of
from gen_studio.metrics.charts import Examples, Look, charts_of, draw
from gen_studio.models.capabilities import CanSample
from gen_studio.testing import subjects
from gen_studio.testing.subjects import Family
from gen_studio.training import state_tree
from gen_studio.training.learner import Learner
from gen_studio.training.session import TrainingSession
from gen_studio.training.update import NotFinite

STEPS_TO_LEARN = 80
WAYS = {
    "in float32": ({}, Precision.FLOAT32),
    "with averaged weights": ({"ema": 0.9}, Precision.FLOAT32),
    "in bf16": ({}, Precision.BF16),
}
every_way = pytest.mark.parametrize("way", WAYS)


class Unwaiting(TorchDispatchMode):
    """Refuses whatever has to know a value that may still be computed: `.item()`, a branch on a tensor, the places
    that are not zero. On an accelerator each of them would stop the queue of work."""

    WAITING = (
        torch.ops.aten._local_scalar_dense.default,
        torch.ops.aten.nonzero.default,
        torch.ops.aten.masked_select.default,
        torch.ops.aten.equal.default,
        torch.ops.aten._unique2.default,
    )

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        assert func not in self.WAITING, f"a step waits for the device: {func}"
        return func(*args, **(kwargs or {}))


class Descent:
    """An update without the trainer's checks, which on a processor do look at every loss, as that costs nothing."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.optimizer = optimizer

    def minimise(self, loss: Tensor) -> None:
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


class TrainingContract:
    tiny: ClassVar[Mapping[str, Any]]

    def test_a_step_returns_the_declared_metrics(self, family: Family) -> None:
        learner = self.learner(family)
        for _ in range(2):
            readings = learner.take_step()
            assert set(readings) == {metric.key for metric in family.metrics}
            for key, value in readings.items():
                assert value.ndim == 0, key
                assert not value.requires_grad, key
                assert value.isfinite(), key

    def test_a_step_never_waits_for_the_device(self, family: Family) -> None:
        learner = self.learner(family)
        updates = {name: Descent(update.optimizer) for name, update in learner.updates.items()}
        for learner.step in range(3):
            batch = learner.next_batch()
            with Unwaiting():  # type: ignore[no-untyped-call]
                learner.model.training_step(batch, updates, learner.rng)

    def test_every_parameter_belongs_to_exactly_one_optimizer(self, family: Family) -> None:
        model = self.learner(family).model
        owned = Counter(
            id(parameter)
            for optimizer in model.optimizers().values()
            for group in optimizer.param_groups
            for parameter in group["params"]
        )
        for name, parameter in model.named_parameters():
            assert owned.pop(id(parameter), 0) == 1, name
        assert not owned, "an optimizer has parameters that the model does not know of"

    def test_every_parameter_moves_within_six_steps(self, family: Family) -> None:
        learner = self.learner(family)
        before = parameters(learner)
        # As many as growing networks take from their first level to their last, in tiny phases.
        subjects.train(learner, 6)
        still = [name for name, value in parameters(learner).items() if torch.equal(value, before[name])]
        assert [name for name in still if not is_score_offset(name, before[name])] == []

    def test_a_step_of_one_player_moves_no_other(self, family: Family) -> None:
        for player in self.learner(family).players:
            learner = self.learner(family)
            before = parameters(learner)
            own = {id(p) for group in learner.updates[player].optimizer.param_groups for p in group["params"]}
            names = {name for name, parameter in learner.model.named_parameters() if id(parameter) in own}
            moved: set[str] = set()
            # A player may belong to a later phase, which tiny phases of a few steps come to.
            while not moved and learner.step < 6:
                learner.take_step(only=player)
                moved = {name for name, value in parameters(learner).items() if not torch.equal(value, before[name])}
            assert moved, player
            assert moved <= names, player

    def test_a_settings_rate_is_that_of_the_player_it_names(self, family: Family) -> None:
        learner = self.learner(family)
        rates = {field.rate_of: field.key for field in family.describe().fields if field.rate_of}
        assert set(rates) <= set(learner.players)
        for player, key in rates.items():
            assert learner.updates[player].rate == getattr(learner.model.config, key)

    def test_the_same_seed_is_the_same_run_and_another_seed_another(self, family: Family) -> None:
        one, same, other = self.learner(family), self.learner(family), self.learner(family, seed=1)
        for learner in (one, same, other):
            subjects.train(learner, 2)
        # First weights may be fixed, zeros say; the order of the pictures is not.
        assert any(subjects.differences(parameters(one), parameters(other)))
        assert subjects.differences(one.state(), same.state()) == []
        assert any(subjects.differences(one.state(), other.state()))

    def test_it_neither_touches_nor_heeds_the_generator_that_all_share(self, family: Family) -> None:
        states = []
        with torch.random.fork_rng(devices=[]):
            for seed in (1, 2):
                torch.manual_seed(seed)
                before = torch.get_rng_state()
                learner = self.learner(family, {"ema": 0.5})
                subjects.train(learner, 2)
                states.append([learner.state(), look(learner)])
                assert torch.equal(before, torch.get_rng_state())
        assert subjects.differences(states[0], states[1]) == []

    @pytest.mark.parametrize("size", [16, 32])
    @pytest.mark.parametrize("channels", [1, 3])
    def test_it_learns_grey_and_colour_small_and_large(self, family: Family, channels: int, size: int) -> None:
        data = subjects.pictures(channels, size)
        learner = Learner(subjects.plan_for(family, self.tiny), data)
        readings = learner.take_step()
        assert all(value.isfinite() for value in readings.values())
        assert look(learner)

    def test_it_learns_with_every_choice_of_its_settings(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.learner(family, choice)
            readings = learner.take_step()
            assert all(value.isfinite() for value in readings.values()), choice
            assert set(readings) == {metric.key for metric in family.metrics}, choice

    @every_way
    def test_a_state_on_the_disk_resumes_as_if_never_stopped(self, family: Family, way: str, tmp_path: Path) -> None:
        changes, precision = WAYS[way]
        never_stopped = self.learner(family, changes, precision=precision)
        subjects.train(never_stopped, 2)
        for player in never_stopped.players:
            never_stopped.set_rate(player, 5e-4)
        state_tree.save(tmp_path / "state", never_stopped.state())
        subjects.train(never_stopped, 3)
        resumed = self.learner(family, changes, precision=precision)
        loaded = state_tree.load(tmp_path / "state")
        resumed.restore(loaded)
        subjects.train(resumed, 3)
        assert subjects.differences(never_stopped.state(), resumed.state()) == []
        untouched = state_tree.load(tmp_path / "state")
        assert subjects.differences(loaded, untouched) == [], "training wrote into the state it was given"

    def test_a_stopped_run_resumes_as_if_never_stopped(self, family: Family, tmp_path: Path) -> None:
        runs = {}
        for name, stops in (("never stopped", ()), ("stopped", (3,))):
            folder = self.new_run(family, tmp_path / name)
            for end in (*stops, 6):
                with TrainingSession(folder.plan(), subjects.dataset(), folder) as session:
                    while session.step < end:
                        session.advance(0)
                        if session.step == 2:
                            session.set_rate(session.learner.players[0], 3e-4)
                    session.stop()
                    runs[name] = state_tree.clone(session.learner.state()), folder.path / "metrics.csv"
        (straight, readings), (resumed, others) = runs.values()
        assert subjects.differences(straight, resumed) == []
        assert others.read_text() == readings.read_text()

    def test_looking_changes_no_step(self, family: Family) -> None:
        unwatched, watched = (self.learner(family, {"ema": 0.5}) for _ in range(2))
        subjects.train(unwatched, 3)
        shown = watched.new_shown_model()
        for _ in range(3):
            watched.refresh(shown)
            look(watched)
            watched.take_step()
        assert subjects.differences(unwatched.state(), watched.state()) == []

    def test_it_learns_one_batch_by_heart(self, family: Family) -> None:
        config = subjects.tiny_config(family, self.tiny)
        data = subjects.pictures(count=config.batch_size)
        learner = Learner(subjects.plan_for(family, self.tiny), data)
        for player in learner.players:
            learner.set_rate(player, max(2e-3, learner.updates[player].rate))
        before = distance(learner, data)
        while learner.step < STEPS_TO_LEARN and distance(learner, data) >= 0.8 * before:
            subjects.train(learner, 20)
        assert distance(learner, data) < 0.8 * before

    def test_a_batch_that_is_not_a_number_is_refused(self, family: Family) -> None:
        learner = self.learner(family)
        poison = {
            name: torch.full(column.shape, torch.nan) if column.ndim == 4 else column
            for name, column in learner.pictures.columns.items()
        }
        learner.pictures = replace(learner.pictures, columns=poison)
        with pytest.raises(NotFinite):
            learner.take_step()
        assert all(value.isfinite().all() for value in parameters(learner).values())

    def learner(
        self,
        family: Family,
        changes: Mapping[str, Any] | None = None,
        seed: int = 0,
        precision: Precision = Precision.FLOAT32,
    ) -> Learner:
        plan = subjects.plan_for(family, {**self.tiny, **(changes or {})}, seed=seed, precision=precision)
        return Learner(plan, subjects.pictures())

    def new_run(self, family: Family, path: Path) -> RunFolder:
        plan = subjects.plan_for(family, {**self.tiny, "ema": 0.5})
        return RunFolder.create(path, plan, Status(name=path.name))


def is_score_offset(name: str, value: Tensor) -> bool:
    """Whether it only shifts all scores of a critic alike.

    The Wasserstein loss does not see that, and the hinge loss only once a score is beyond its margin.
    """
    return value.numel() == 1 and name.endswith(".bias")


def parameters(learner: Learner) -> dict[str, Tensor]:
    return {name: parameter.detach().clone() for name, parameter in learner.model.named_parameters()}


def example(data: ImageSet, count: int = 4) -> Batch:
    return data.batch(torch.arange(count))


def look(learner: Learner) -> dict[str, Tensor]:
    """Everything there is to see of a learner, and its readings on held-out pictures."""
    shown, examples = learner.new_shown_model(), example(learner.pictures)
    rng = torch.Generator().manual_seed(0)
    seen = {v.info.key: torch.from_numpy(render(v, shown, examples, 4, rng)) for v in views_of(shown)}
    charts = {kind.info.key: draw(kind, Look(shown, Examples(lambda: [examples]), rng)) for kind in charts_of(shown)}
    seen |= {
        f"{key}.{name}": torch.from_numpy(np.ascontiguousarray(values))
        for key, chart in charts.items()
        for name, values in vars(chart).items()
        if isinstance(values, np.ndarray)
    }
    with torch.no_grad():
        return {**seen, **shown.validate(examples, rng)}


@torch.no_grad()
def distance(learner: Learner, data: ImageSet) -> float:
    """How far a learner is from what it was shown: its own score, or how far its samples' mean picture is."""
    shown, batch = learner.new_shown_model(), example(data, len(data))
    rng = torch.Generator().manual_seed(0)
    score = type(learner.model).score
    if score is not None:
        return float(shown.validate(batch, rng)[score.key])
    assert isinstance(shown, CanSample), "a family that cannot sample declares a score"
    return float((shown.sample(64, rng).mean(0) - batch.images.mean(0)).abs().mean())
