"""A run that is asked to stop when its posterior collapses does, says so, and can be taken up again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.events import Advanced, Alarmed, Ended, Event, Reason
from gen_studio.core.runs import RunFolder, State, Status
from gen_studio.models import registry
from gen_studio.models.variational import LatentVariableModel
from gen_studio.testing import subjects
from gen_studio.training.diagnostics import Diagnostics
from gen_studio.training.learner import Learner
from gen_studio.training.session import TrainingSession

STEPS = 420
COLLAPSING = {"learning_rate": 2e-3, "beta": 500.0}
FAMILIES = [key for key, family in registry.families().items() if issubclass(family, LatentVariableModel)]


@contextmanager
def session(path: Path, **settings: object) -> Iterator[TrainingSession]:
    """The run in that folder, begun or taken up again."""
    if not path.exists():
        plan = subjects.plan_for(registry.find("beta_vae"), {**COLLAPSING, **settings}, steps=STEPS)
        RunFolder.create(path, plan, Status(name="x"))
    folder = RunFolder.open(path)
    with TrainingSession(folder.plan(), subjects.dataset(), folder) as opened:
        yield opened


def to_the_end(running: TrainingSession) -> list[Event]:
    events: list[Event] = []
    while not running.ended:
        events += running.advance(0.05)
    return events


def alarms(events: list[Event]) -> list[Alarmed]:
    return [event for event in events if isinstance(event, Alarmed)]


def test_a_run_that_collapses_ends_there_if_asked_and_goes_on_if_not(tmp_path: Path) -> None:
    with session(tmp_path / "asked", stop_when_collapsed=True) as running:
        events = to_the_end(running)
        (alarm,) = alarms(events)
        ended = events[-1]
        assert isinstance(ended, Ended)
        assert ended.reason is Reason.ALARM
        assert alarm.step <= ended.step < STEPS
        assert alarm.seen in ended.sentence
        assert "For a new run, try: Beta 1" in ended.sentence
        assert "Resume it" in ended.sentence
        assert running.folder.checkpoint_steps()[-1] == ended.step
    folder = RunFolder.open(tmp_path / "asked")
    assert folder.state() is State.STOPPED
    assert folder.status().sentence == ended.sentence
    with session(tmp_path / "not asked") as running:
        events = to_the_end(running)
        assert [one.key for one in alarms(events)] == [alarm.key]
        assert running.ended is not None and running.ended.reason is Reason.FINISHED


def test_taken_up_again_it_stops_only_on_new_evidence(tmp_path: Path) -> None:
    with session(tmp_path / "run", stop_when_collapsed=True) as running:
        to_the_end(running)
        first = running.step
    with session(tmp_path / "run") as running:
        assert running.step == first
        assert running.folder.status().reason is None
        events = to_the_end(running)
        # What is left is shorter than an alarm takes.
        assert alarms(events) == []
        assert running.ended is not None and running.ended.reason is Reason.FINISHED


def test_an_alarm_that_was_not_named_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Alarmed(1, "divergence", "Divergence?", 0, "It grows.", "So it does.")
    monkeypatch.setattr(Diagnostics, "heed", lambda *_: [other])
    with session(tmp_path / "run", stop_when_collapsed=True) as running:
        running.advance(0)
        assert running.ended is None


@pytest.mark.parametrize("key", FAMILIES)
def test_every_variational_family_can_be_asked_to(key: str) -> None:
    for asked, expected in ((True, {"posterior_collapse"}), (False, set())):
        learner = Learner(subjects.plan_for(registry.find(key), {"stop_when_collapsed": asked}), subjects.pictures())
        assert learner.model.stops_at == expected


def test_families_without_a_posterior_stop_at_no_alarm() -> None:
    assert Learner(subjects.plan_for(registry.find("dcgan")), subjects.pictures()).model.stops_at == frozenset()


def test_readings_that_say_nothing_raise_no_alarm() -> None:
    def heard(blend: float, values: Mapping[str, float]) -> list[str]:
        family = registry.find("vae_gan")
        learner = Learner(subjects.plan_for(family, {"blend": blend}, steps=600), subjects.pictures())
        usual = {"d_real": 0.6, "d_fake": 0.4, "kl": 20.0, "active_units": 1.0}
        steps = np.arange(1, 601)
        columns = {m.key: np.full(600, {**usual, **values}.get(m.key, 1.0)) for m in family.metrics}
        told = Diagnostics(learner).heed([Advanced(600, 600, steps, columns, {}, {}, 1.0, 1.0, 0)])
        return [alarm.key for alarm in told]

    collapsed, won = {"kl": 0.0, "active_units": 0.0}, {"d_real": 1.0, "d_fake": 0.0}
    assert heard(0.5, collapsed) == heard(0.0, collapsed) == ["posterior_collapse"]
    assert heard(1.0, collapsed) == []
    assert heard(0.5, won) == heard(1.0, won) == ["discriminator_won"]
    assert heard(0.0, won) == []
