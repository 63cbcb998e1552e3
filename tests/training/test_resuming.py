"""Taking a run up again: as if it had never stopped, from any checkpoint, and never from a damaged one."""

from dataclasses import replace

import pytest
import torch

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.events import Reason, Warned
from gen_studio.core.runs import State
from gen_studio.data.spec import Split
from gen_studio.testing import subjects
from gen_studio.testing.sessions import of, state_of, take
from gen_studio.testing.subjects import differences
from gen_studio.training import checkpoint, state_tree


def test_a_run_goes_on_as_if_it_had_never_stopped(open_session) -> None:
    straight = open_session("straight", steps=9)
    take(straight, 9)
    for end in (2, 5, 9):
        session = open_session("stopped", steps=9)
        take(session, end)
        if end < 9:
            (*_, ended) = session.stop()
            assert ended.sentence == f"Stopped at step {end}. Resume it at any time; nothing is lost."
        session.close()
    assert differences(state_of(straight), state_of(session)) == []
    assert session.folder.read_metrics()[0].tolist() == list(range(1, 10))


def test_a_run_that_was_not_saved_loses_the_steps_since_the_checkpoint_only(open_session) -> None:
    straight = open_session("straight")
    take(straight, 5)
    session = open_session("lost")
    take(session, 3)
    session.save()
    take(session, 5)
    session.close()
    assert session.folder.state() is State.INTERRUPTED
    resumed = open_session("lost")
    assert resumed.step == 3
    assert resumed.folder.read_metrics()[0].tolist() == [1, 2, 3]
    take(resumed, 5)
    assert differences(state_of(straight), state_of(resumed)) == []
    assert resumed.folder.read_metrics()[0].tolist() == [1, 2, 3, 4, 5]


def test_going_on_with_other_pictures_is_said(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session("run", steps=9)
    take(session, 3)
    session.stop()
    session.close()
    same = open_session("run", steps=9)
    assert of(Warned, take(same, 4)) == []
    same.stop()
    same.close()
    whole = subjects.dataset()
    fewer = {**whole.splits, Split.TRAIN: whole.train.take(torch.arange(len(whole.train) - 3))}
    monkeypatch.setattr(subjects, "dataset", lambda: replace(whole, splits=fewer))
    other = open_session("run", steps=9)
    (warned,) = of(Warned, take(other, 6))
    assert f"{len(whole.train) - 3} training pictures now and had {len(whole.train)} " in warned.sentence


def test_going_on_with_another_second_domain_is_said(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session("run", steps=9)
    take(session, 3)
    session.stop()
    session.close()
    whole = subjects.dataset()
    others = whole.train.others
    assert others is not None
    fewer = {**whole.splits, Split.TRAIN: replace(whole.train, others=others[:-2])}
    monkeypatch.setattr(subjects, "dataset", lambda: replace(whole, splits=fewer))
    other = open_session("run", steps=9)
    (warned,) = of(Warned, take(other, 6))
    wanted = f"The second domain has {len(others) - 2} training pictures now and had {len(others)} "
    assert warned.sentence.startswith(wanted)


def test_the_time_in_training_adds_up_over_pauses_and_resuming(open_session) -> None:
    session = open_session("run", steps=9)
    take(session, 3)
    session.stop()
    first = session.folder.status().seconds
    session.close()
    again = open_session("run", steps=9)
    take(again, 6)
    again.stop()
    assert 0 < first < again.folder.status().seconds


def test_a_run_without_a_checkpoint_begins_again(open_session) -> None:
    session = open_session()
    take(session, 2)
    session.close()
    resumed = open_session()
    assert resumed.step == 0
    assert len(resumed.folder.read_metrics()[0]) == 0


def test_more_steps_can_be_asked_of_a_finished_run(open_session) -> None:
    straight = open_session("straight", steps=6)
    take(straight, 6)
    session = open_session("more", steps=4)
    take(session, 4)
    session.close()
    resumed = open_session("more", steps=6)
    assert resumed.folder.status().reason is None
    take(resumed, 6)
    assert resumed.ended is not None
    assert resumed.ended.reason is Reason.FINISHED
    assert differences(state_of(straight), state_of(resumed)) == []


def test_going_on_from_an_earlier_step_forgets_the_later(open_session) -> None:
    session = open_session(keep_checkpoints=9)
    for step in (2, 4, 6):
        take(session, step)
        session.save()
    session.close()
    resumed = open_session(from_step=4)
    assert resumed.step == 4
    assert resumed.folder.checkpoint_steps() == [2, 4]
    assert resumed.folder.read_metrics()[0].tolist() == [1, 2, 3, 4]
    assert all(step <= 4 for view in resumed.folder.views() for step in resumed.folder.preview_steps(view))
    assert resumed.folder.status().step == 4


def test_a_step_that_is_not_there_is_a_sentence_and_changes_nothing(open_session) -> None:
    with pytest.raises(WrongUse, match="has no checkpoint to resume from"):
        open_session(from_step=4)
    session = open_session()
    take(session, 3)
    session.save()
    take(session, 4)
    session.close()
    before = (session.folder.path / "metrics.csv").read_text()
    with pytest.raises(UserError, match="has no checkpoint at step 4. It has 3."):
        open_session(from_step=4)
    assert (session.folder.path / "metrics.csv").read_text() == before
    assert open_session().step == 3, "and the run is not left locked"


def test_a_damaged_checkpoint_is_a_sentence_and_changes_nothing(open_session) -> None:
    session = open_session(keep_checkpoints=9)
    for step in (2, 4):
        take(session, step)
        session.save()
    session.close()
    damaged = session.folder.checkpoint(4) / "training.safetensors"
    damaged.write_bytes(damaged.read_bytes()[:100])
    before = (session.folder.path / "metrics.csv").read_text()
    with pytest.raises(UserError, match="Use the one at step 2 instead"):
        open_session()
    assert (session.folder.path / "metrics.csv").read_text() == before
    assert session.folder.checkpoint_steps() == [2, 4]
    assert open_session(from_step=2).step == 2


@pytest.mark.parametrize("loss", ["model", "rng", "optimizers", "step"])
def test_a_state_that_does_not_fit_is_a_sentence(open_session, loss: str) -> None:
    session = open_session()
    take(session, 2)
    session.save()
    session.close()
    tree = checkpoint.read_training(session.folder, 2)
    for value in (None, {}, "x"):
        state_tree.save(session.folder.checkpoint(2) / "training", {**tree, loss: value})
        with pytest.raises(UserError, match="does not fit its plan"):
            open_session()


def test_what_a_killed_process_left_is_swept(open_session) -> None:
    session = open_session()
    take(session, 1)
    session.save()
    session.close()
    for folder in (session.folder.path, session.folder.checkpoints):
        (folder / ".unfinished-x").mkdir()
    open_session()
    assert not list(session.folder.path.rglob(".unfinished-*"))
