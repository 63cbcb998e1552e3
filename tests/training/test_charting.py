"""Charts of a run under way: seldom, from the same examples, and without a trace in training."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.charts import Scatter
from gen_studio.core.errors import UserError
from gen_studio.core.events import Charted, Warned
from gen_studio.core.runs import RunFolder, Status
from gen_studio.models import registry
from gen_studio.models.capabilities import HasLikelihood
from gen_studio.testing import subjects
from gen_studio.testing.subjects import Family
from gen_studio.training import charting
from gen_studio.training.charting import Charting
from gen_studio.training.learner import Learner

KEYS = ["latent_map", "kl"]


@pytest.fixture
def family() -> Family:
    return next(family for family in registry.families().values() if issubclass(family, HasLikelihood))


@pytest.fixture
def learner(family) -> Learner:
    return Learner(subjects.plan_for(family), subjects.dataset().train)


@pytest.fixture
def folder(learner, tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", learner.plan, Status(name="run"))


@pytest.fixture
def charts(learner, folder) -> Charting:
    return Charting(learner, learner.new_shown_model(), subjects.dataset().validation, folder)


def steps_of(events: list[Charted | Warned]) -> dict[str, int]:
    return {event.chart: event.step for event in events if isinstance(event, Charted)}


def test_every_chart_of_the_model_is_drawn_at_its_step(learner, charts, folder) -> None:
    subjects.train(learner, 3)
    assert steps_of(charts.draw(keep=False)) == dict.fromkeys(KEYS, 3)
    assert folder.charts() == []


def test_only_the_newest_is_kept(learner, charts, folder) -> None:
    charts.draw(keep=True)
    subjects.train(learner, 2)
    charts.draw(keep=True)
    assert [folder.read_chart(key).step for key in KEYS] == [2, 2]
    assert len(list((folder.path / "charts").iterdir())) == 2


def test_drawing_leaves_training_bit_for_bit_as_it_was(family, learner, charts) -> None:
    undisturbed = Learner(learner.plan, subjects.dataset().train)
    for _ in range(3):
        subjects.train(learner, 1)
        charts.draw(keep=True)
    subjects.train(undisturbed, 3)
    assert subjects.differences(learner.state(), undisturbed.state()) == []


def test_the_same_model_gives_the_same_chart(charts) -> None:
    (one, *_), (other, *_) = charts.draw(keep=False), charts.draw(keep=False)
    np.testing.assert_array_equal(one.values.points, other.values.points)


def test_a_map_does_not_turn_over_between_two_looks(learner, charts) -> None:
    before, *_ = charts.draw(keep=False)
    assert isinstance(before.values, Scatter)
    charts._before["latent_map"] = before.values.points * [-1.0, 1.0]
    after, *_ = charts.draw(keep=False)
    np.testing.assert_array_equal(after.values.points, before.values.points * [-1.0, 1.0])


def test_nobody_looking_nothing_is_due_but_what_is_kept(charts) -> None:
    assert not charts.is_due(watched=False, owed=False, seconds=10.0)
    assert charts.is_due(watched=True, owed=False, seconds=10.0)
    assert charts.is_due(watched=False, owed=True, seconds=10.0)


def test_what_took_too_long_waits_until_it_may_take_so_long(charts, monkeypatch) -> None:
    monkeypatch.setattr(charting, "SECONDS", -1.0)
    charts.draw(keep=False)
    charts._cost = 2.0
    assert not charts.is_due(watched=True, owed=False, seconds=1.0)
    assert charts.is_due(watched=True, owed=False, seconds=3.0)


def test_two_looks_are_some_time_apart(charts, monkeypatch) -> None:
    monkeypatch.setattr(charting, "SECONDS", 1e6)
    assert charts.is_due(watched=True, owed=False, seconds=1e9)
    charts.draw(keep=False)
    assert not charts.is_due(watched=True, owed=False, seconds=1e9)


def test_a_disk_that_takes_no_chart_is_a_warning(charts, folder, monkeypatch) -> None:
    def refuse(chart: Charted) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(folder, "write_chart", refuse)
    events = charts.draw(keep=True)
    assert [type(event) for event in events] == [Charted, Warned, Charted, Warned]


def test_large_pictures_are_fewer() -> None:
    assert len(charting._chosen(subjects.pictures(count=32))) == 32
    many = subjects.pictures(size=8, count=600)
    assert len(charting._chosen(many)) == charting.EXAMPLES
    assert len(set(charting._chosen(many).tolist())) == charting.EXAMPLES


def test_a_run_keeps_its_charts_and_forgets_those_of_steps_it_takes_again(open_session, family) -> None:
    session = open_session(steps=4)
    while session.ended is None:
        session.advance(10.0)
    session.close()
    folder = RunFolder.open(session.folder.path)
    assert folder.charts() == sorted(KEYS) and folder.read_chart("kl").step == 4
    folder.forget_after(4)
    assert folder.charts() == sorted(KEYS)
    folder.forget_after(3)
    assert folder.charts() == []
