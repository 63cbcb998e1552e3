"""A run under way: what it tells, keeps and saves, and that taking it up again is as if it had never stopped."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.events import Advanced, Ended, Marked, Pictured, Reason, Saved, Warned
from gen_studio.core.runs import State
from gen_studio.testing.sessions import of, state_of, take
from gen_studio.testing.subjects import differences
from gen_studio.training import checkpoint
from gen_studio.training import session as module
from gen_studio.training.session import TrainingSession

# What is told


def test_every_step_is_told_once_and_written_down(open_session) -> None:
    session = open_session(steps=12)
    told = of(Advanced, take(session, 12))
    assert np.concatenate([event.steps for event in told]).tolist() == list(range(1, 13))
    steps, values = session.folder.read_metrics()
    assert steps.tolist() == list(range(1, 13))
    for key, column in values.items():
        np.testing.assert_allclose(column, np.concatenate([event.values[key] for event in told]), rtol=1e-5)
    last = told[-1]
    assert last.step == last.total_steps == 12
    assert set(last.rates) == set(last.gradient_norms) == set(session.learner.players)
    assert last.memory > 0


def test_the_end_comes_last_and_once(open_session) -> None:
    session = open_session(steps=3)
    events = take(session, 3)
    assert isinstance(events[-1], Ended)
    assert events[-1].reason is Reason.FINISHED
    assert events[-1].sentence == "Finished: 3 steps."
    assert session.advance(1) == []
    assert session.step_player(session.learner.players[0]) == []
    assert session.folder.checkpoint_steps() == [3]
    session.close()
    assert session.folder.state() is State.FINISHED


def test_a_long_slice_takes_all_steps_and_a_short_one_takes_one(open_session) -> None:
    assert open_session("short", steps=4).advance(0)
    session = open_session("long", steps=4)
    events = session.advance(1000)
    assert isinstance(events[-1], Ended)
    assert session.step == 4


def test_pictures_are_shown_before_the_first_step_and_kept_at_the_end(open_session) -> None:
    session = open_session(steps=3)
    shown = of(Pictured, session.advance(0))
    assert shown[0].step == 0
    take(session, 3)
    for view in session.folder.views():
        assert session.folder.preview_steps(view)[-1] == 3
        pictures, per_item = session.folder.read_preview(view, 3)
        assert len(pictures) % per_item == 0


def test_somebody_who_looks_gets_pictures_that_are_not_kept(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gen_studio.training.previews.LIVE_SECONDS", 0.0)
    monkeypatch.setattr("gen_studio.training.previews.EARLY_STEPS", ())
    session = open_session(steps=1000)
    take(session, 1)
    assert of(Pictured, take(session, 4)) == []
    session.watched = True
    live = of(Pictured, take(session, 6))
    assert live
    assert not any(event.kept for event in live)
    assert session.folder.preview_steps(live[0].view) == [0]


# The user's hand


def test_a_changed_rate_is_marked_and_survives(open_session) -> None:
    session = open_session()
    player = session.learner.players[0]
    take(session, 2)
    session.save()
    (mark,) = session.set_rate(player, 3e-5)
    assert isinstance(mark, Marked)
    assert "3e-05" in mark.label
    session.stop()
    session.close()
    resumed = open_session()
    assert resumed.step == 2
    assert resumed.learner.updates[player].rate == 3e-5
    assert resumed.folder.read_marks() == [mark]


def test_a_rate_that_is_refused_is_not_marked(open_session) -> None:
    session = open_session()
    for player, rate in ((session.learner.players[0], 7.0), ("nobody", 0.1)):
        with pytest.raises(WrongUse):
            session.set_rate(player, rate)
    assert session.folder.read_marks() == []


def test_one_player_steps_alone_and_the_run_can_be_taken_up_after_it(open_session) -> None:
    both = []
    for name in ("straight", "stopped"):
        session = open_session(name)
        take(session, 2)
        player = session.learner.players[-1]
        events = session.step_player(player)
        assert session.step == 3
        assert [event.steps.tolist() for event in of(Advanced, events)] == [[3]]
        assert of(Marked, events)[0].step == 3
        assert of(Pictured, events)
        if name == "stopped":
            session.stop()
            session.close()
            session = open_session(name)
        take(session, 5)
        both.append(state_of(session))
    assert differences(*both) == []


def test_a_player_that_is_not_there_is_refused(open_session) -> None:
    session = open_session()
    take(session, 1)
    before = state_of(session)
    with pytest.raises(WrongUse, match="There is no player"):
        session.step_player("nobody")
    assert differences(before, state_of(session)) == []


# What is saved


def test_checkpoints_come_by_the_clock_and_the_newest_are_kept(open_session) -> None:
    session = open_session(checkpoint_every=1e-9, keep_checkpoints=2)
    saved = of(Saved, take(session, 6))
    assert [event.step for event in saved] == [1, 2, 3, 4, 5, 6]
    best = {session.folder.status().best_step} - {None}
    assert set(session.folder.checkpoint_steps()) == {5, 6} | best


def test_the_best_is_kept_whatever_comes_after(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([5.0, 1.0, 3.0, 2.0, 0.5, 9.0, None])
    monkeypatch.setattr(TrainingSession, "_score", lambda self: next(scores))
    session = open_session(keep_checkpoints=1)
    kept, best = [], []
    for step in range(1, 8):
        take(session, step)
        (saved,) = session.save()
        best.append(saved.is_best)
        kept.append(session.folder.checkpoint_steps())
    assert best == [True, True, False, False, True, False, False]
    assert kept == [[1], [2], [2, 3], [2, 4], [5], [5, 6], [5, 7]]
    status = session.folder.status()
    assert (status.best_step, status.score, status.step) == (5, 0.5, 7)


def test_a_score_that_is_no_number_is_none(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session()
    model = type(session.learner.model)
    if model.score is not None:
        nan = {model.score.key: np.nan}
        monkeypatch.setattr(model, "validate", lambda *_: nan)
    take(session, 1)
    (saved,) = session.save()
    assert saved.score is None
    assert not saved.is_best
    assert checkpoint.read_card(session.folder, 1).score is None


def test_saving_twice_at_a_step_keeps_one(open_session) -> None:
    session = open_session()
    take(session, 1)
    session.save()
    session.set_rate(session.learner.players[0], 1e-5)
    session.save()
    assert session.folder.checkpoint_steps() == [1]
    assert checkpoint.read_training(session.folder, 1)["rates"][session.learner.players[0]] == 1e-5


def test_a_full_disk_is_told_and_training_goes_on(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    straight = open_session("straight")
    take(straight, 6)
    session = open_session("full", checkpoint_every=1e-9, keep_checkpoints=9)
    take(session, 2)

    def full(*_: object, **__: object) -> None:
        raise UserError("The disk is full. Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "write", full)
        patch.setattr(type(session.folder), "append_metrics", full)
        with pytest.raises(UserError, match="The disk is full"):
            session.save()
        events = take(session, 4)
        with pytest.raises(UserError, match="The disk is full"):
            session.stop()
        assert session.ended is None
        assert {event.sentence for event in of(Warned, events)} == {"The disk is full. Free some space."}
        assert len(of(Advanced, events)) == 2
        assert session.folder.checkpoint_steps() == [1, 2]
    take(session, 6)
    session.save()
    assert session.folder.checkpoint_steps()[-1] == 6
    assert differences(state_of(straight), state_of(session)) == []


def test_pictures_that_the_disk_does_not_take_are_a_warning(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise UserError("The disk is full. Free some space.")

    session = open_session()
    monkeypatch.setattr(type(session.folder), "write_preview", full)
    events = session.advance(0)
    assert of(Warned, events)
    assert of(Advanced, events)
    assert not any(event.kept for event in of(Pictured, events))


def test_a_run_that_is_trained_cannot_be_taken_up_twice(open_session) -> None:
    open_session()
    with pytest.raises(WrongUse, match="is being trained"):
        open_session()


def test_an_exception_in_training_passes_through_and_the_last_checkpoint_stands(
    open_session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()
    take(session, 2)
    session.save()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(session.learner.model, "training_step", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        session.advance(0)
    (ended,) = session.fail("It broke. Start again.", "Traceback")
    assert (ended.reason, ended.details) == (Reason.FAILED, "Traceback")
    session.close()
    assert session.folder.state() is State.FAILED
    assert session.folder.checkpoint_steps() == [2]


def test_the_module_has_no_state(tmp_path: Path) -> None:
    assert not [name for name, value in vars(module).items() if isinstance(value, list | dict) and name[0] != "_"]
