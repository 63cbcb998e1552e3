"""A loss that is no number, a bad gradient, memory's end: the run stops at its last good step, as if asked to."""

import gc
import weakref
from collections.abc import Callable

import pytest
import torch

from gen_studio.core.events import Ended, Event, Marked, MarkKind, Reason
from gen_studio.core.runs import State
from gen_studio.testing.sessions import state_of
from gen_studio.testing.subjects import differences
from gen_studio.training.session import TrainingSession

BAD = 7
"""The step that goes wrong: so many good ones come before it. Its gradient is not looked at of itself."""

OUT_OF_MEMORY = "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you tried"


def nan_pictures(session: TrainingSession) -> None:
    learner, draw = session.learner, session.learner.next_batch

    def poisoned() -> object:
        step, batch = learner.step, draw()
        return batch.map(lambda c: c * torch.nan if c.is_floating_point() else c) if step == BAD else batch

    learner.next_batch = poisoned


def nan_gradient(session: TrainingSession) -> None:
    """Of the last player to step, so that all losses of the step are finite."""
    learner = session.learner
    last = learner.updates[learner.players[-1]].optimizer.param_groups[-1]["params"][-1]
    last.register_hook(lambda gradient: gradient * torch.nan if learner.step == BAD else gradient)


def no_memory(session: TrainingSession) -> None:
    learner, step = session.learner, session.learner.model.training_step

    def greedy(*arguments: object) -> object:
        readings = step(*arguments)
        if learner.step == BAD:
            raise RuntimeError(OUT_OF_MEMORY)
        return readings

    learner.model.training_step = greedy


TROUBLES = {
    "NaN in the loss": (nan_pictures, Reason.NOT_FINITE),
    "NaN in a gradient": (nan_gradient, Reason.NOT_FINITE),
    "no memory": (no_memory, Reason.OUT_OF_MEMORY),
}
every_trouble = pytest.mark.parametrize(("trouble", "reason"), TROUBLES.values(), ids=TROUBLES)


def run_to_its_end(session: TrainingSession, slice_: float) -> list[Event]:
    events: list[Event] = []
    while not session.ended:
        events += session.advance(slice_)
    return events


@every_trouble
@pytest.mark.parametrize("slice_", [0, 1000], ids=["step by step", "in one slice"])
def test_the_run_ends_at_exactly_its_last_good_step(
    open_session, trouble: Callable[[TrainingSession], None], reason: Reason, slice_: float
) -> None:
    good = open_session("good", steps=BAD)
    run_to_its_end(good, slice_)
    session = open_session("bad", steps=50)
    trouble(session)
    events = run_to_its_end(session, slice_)
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert (ended.step, ended.reason) == (BAD, reason)
    assert f"step {BAD}" in ended.sentence
    assert ended.sentence.endswith(".")
    assert differences(state_of(good), state_of(session)) == []
    folder = session.folder
    assert folder.read_metrics()[0].tolist() == list(range(1, BAD + 1))
    assert folder.checkpoint_steps() == [BAD]
    (mark,) = (event for event in events if isinstance(event, Marked))
    assert (mark.kind, mark.step, mark.explanation) == (MarkKind.ALARM, BAD, ended.sentence)
    assert all(step <= BAD for view in folder.views() for step in folder.preview_steps(view))
    session.close()
    assert folder.state() is State.FAILED
    assert folder.status().sentence == ended.sentence


@every_trouble
def test_what_was_saved_is_sound_and_goes_on(
    open_session, trouble: Callable[[TrainingSession], None], reason: Reason
) -> None:
    straight = open_session("straight", steps=12)
    run_to_its_end(straight, 0)
    session = open_session("bad", steps=12, checkpoint_every=1e-9)
    trouble(session)
    run_to_its_end(session, 0)
    assert session.folder.checkpoint_steps()[-1] == BAD, "no later checkpoint with bad weights stands"
    session.close()
    resumed = open_session("bad")
    assert resumed.step == BAD
    run_to_its_end(resumed, 0)
    assert differences(state_of(straight), state_of(resumed)) == []
    assert resumed.folder.read_metrics()[0].tolist() == list(range(1, 13))


def test_a_bad_gradient_in_the_very_last_step_is_not_saved_as_finished(open_session) -> None:
    session = open_session(steps=BAD + 1)
    nan_gradient(session)
    run_to_its_end(session, 1000)
    assert session.ended is not None
    assert (session.ended.reason, session.ended.step) == (Reason.NOT_FINITE, BAD)


@pytest.mark.parametrize("hand", ["set rate", "step player"])
def test_what_was_done_by_hand_on_the_way_is_not_undone(open_session, hand: str) -> None:
    states = []
    for name in ("good", "bad"):
        session = open_session(name, steps=BAD if name == "good" else 50)
        if name == "bad":
            nan_pictures(session)
        while not session.ended:
            session.advance(0)
            if session.step == 3 and hand == "set rate":
                session.set_rate(session.learner.players[0], 1e-5)
            if session.step == 3 and hand == "step player":
                session.step_player(session.learner.players[-1])
        states.append(state_of(session))
    assert differences(*states) == []


@every_trouble
def test_one_players_step_breaks_off_in_the_same_way(
    open_session, trouble: Callable[[TrainingSession], None], reason: Reason
) -> None:
    good = open_session("good", steps=BAD)
    run_to_its_end(good, 0)
    session = open_session("bad", steps=50)
    trouble(session)
    while session.step < BAD:
        session.advance(0)
    # A player that sees no real picture would take no harm from bad ones.
    events = session.step_player(session.learner.players[0 if trouble is nan_pictures else -1])
    assert isinstance(events[-1], Ended)
    assert (events[-1].reason, events[-1].step) == (reason, BAD)
    assert differences(state_of(good), state_of(session)) == []


def test_memorys_end_names_the_batch_size_to_try(open_session) -> None:
    session = open_session(steps=50)
    no_memory(session)
    run_to_its_end(session, 0)
    assert session.ended is not None
    half = session.learner.model.config.batch_size // 2
    assert f"with {2 * half} pictures per step" in session.ended.sentence
    assert f"Try batch_size={half} in a new run." in session.ended.sentence


def test_what_the_step_held_is_free_before_the_run_is_put_right(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session(steps=50)
    held: list[weakref.ref[torch.Tensor]] = []

    def greedy(*_: object) -> object:
        activations = torch.zeros(1000)
        held.append(weakref.ref(activations))
        raise RuntimeError(OUT_OF_MEMORY)

    monkeypatch.setattr(session.learner.model, "training_step", greedy)
    alive: list[bool] = []
    go_back = session._go_back

    def watched(reached: int) -> None:
        gc.disable()
        try:
            alive.append(held[0]() is not None)
        finally:
            gc.enable()
        go_back(reached)

    monkeypatch.setattr(session, "_go_back", watched)
    session.advance(0)
    assert alive == [False]


def test_memory_that_ends_at_once_leaves_the_run_at_its_start(open_session, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session(steps=50)
    before = state_of(session)

    def greedy(*_: object) -> object:
        raise MemoryError

    monkeypatch.setattr(session.learner.model, "training_step", greedy)
    run_to_its_end(session, 0)
    assert session.ended is not None
    assert (session.ended.reason, session.ended.step) == (Reason.OUT_OF_MEMORY, 0)
    assert differences(before, state_of(session)) == []


def test_a_run_taken_up_with_weights_that_are_no_numbers_says_so(open_session) -> None:
    session = open_session(steps=50)
    session.advance(0)
    with torch.no_grad():
        next(iter(session.learner.model.parameters())).fill_(torch.nan)
    session.save()
    session.close()
    resumed = open_session()
    events = run_to_its_end(resumed, 0)
    assert isinstance(events[-1], Ended)
    assert (events[-1].reason, events[-1].step) == (Reason.NOT_FINITE, 1)
