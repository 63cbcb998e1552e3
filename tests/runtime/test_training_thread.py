"""The training thread with real runs, as small as they get: commands in, messages out in the window's thread."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QObject, Slot

from gen_studio.core.errors import UserError
from gen_studio.core.events import (
    Advanced,
    Began,
    Continued,
    Ended,
    Loading,
    Marked,
    Message,
    Paused,
    Pictured,
    Ready,
    Reason,
    Refused,
    Saved,
    Warned,
)
from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.core.runs import RunFolder, State
from gen_studio.models.families.dcgan import DCGAN
from gen_studio.models.families.vae import VAE
from gen_studio.runtime.commands import (
    Continue,
    LoadLibrary,
    OpenRun,
    Pause,
    SaveNow,
    SetRate,
    Start,
    StepPlayer,
    Stop,
    UseThreads,
    Watch,
)
from gen_studio.runtime.engine import Engine
from gen_studio.runtime.worker import TrainingWorker
from gen_studio.training.session import TrainingSession

LONG = 60_000
"""Milliseconds: neighbours may keep the machine busy."""
ENDLESS = 1_000_000


def plan(family: str = VAE.info.key, steps: int = ENDLESS, **config: object) -> RunPlan:
    small = {"hidden": 8, "latents": 2} if family == VAE.info.key else {"width": 4, "latents": 4}
    return RunPlan(
        family=family,
        data=DataPlan(source="digits", size=16, limit=200),
        config={"batch_size": 8, **small, **config},
        steps=steps,
        device=Device.CPU,
        precision=Precision.FLOAT32,
    )


def broken_step(*_: object) -> None:
    raise IndexError("a mistake in a family")


class Listener(QObject):
    """Keeps what the engine says, and in which thread it was heard."""

    def __init__(self, qtbot: object, engine: Engine) -> None:
        super().__init__()
        self._qtbot = qtbot
        self.engine = engine
        self.heard: list[Message] = []
        self.threads: set[int] = set()
        engine.happened.connect(self.take)

    @Slot(object)
    def take(self, message: Message) -> None:
        self.heard.append(message)
        self.threads.add(threading.get_ident())

    def of(self, kind: type) -> list[Message]:
        return [message for message in self.heard if isinstance(message, kind)]

    def wait_for(self, kind: type, count: int = 1) -> Message:
        self._qtbot.waitUntil(lambda: len(self.of(kind)) >= count, timeout=LONG)
        return self.of(kind)[count - 1]

    def ask(self, *commands: object) -> None:
        for command in commands:
            self.engine.ask(command)


@pytest.fixture
def listener(qtbot) -> Iterator[Listener]:
    threads = torch.get_num_threads()
    engine = Engine(TrainingWorker(), "training")
    engine.begin()
    made = Listener(qtbot, engine)
    yield made
    engine.shut_down()
    torch.set_num_threads(threads)


@pytest.fixture
def start(listener: Listener, tmp_path: Path) -> Callable[..., Began]:
    """Starts a run and waits until it trains."""

    def begin(wanted: RunPlan | None = None, name: str = "run") -> Began:
        before = len(listener.of(Began))
        listener.ask(Start(wanted or plan(), path=tmp_path / name))
        found = listener.wait_for(Began, before + 1)
        steps = len(listener.of(Advanced))
        listener.wait_for(Advanced, steps + 1)
        assert isinstance(found, Began)
        return found

    return begin


def test_the_library_is_loaded_with_words_of_how_far_it_is(listener) -> None:
    listener.ask(UseThreads(1), LoadLibrary())
    ready = listener.wait_for(Ready)
    assert {"dcgan", "pix2pix", "vae"} <= {family.key for family in ready.families}
    assert "digits" in {source.key for source in ready.sources} and Device.CPU in ready.devices
    assert any("torch" in message.progress.what for message in listener.of(Loading))
    assert torch.get_num_threads() == 1, "what was asked before the import holds after it"


def test_a_run_trains_to_its_end_and_everything_is_heard_in_the_windows_thread(listener, tmp_path) -> None:
    listener.ask(Start(plan(steps=30), path=tmp_path / "run", name="Mine"))
    ended = listener.wait_for(Ended)
    assert (ended.step, ended.reason) == (30, Reason.FINISHED)
    began = listener.of(Began)[0]
    assert began.players == ("vae",) and began.parameters > 0 and began.plan.data.size == 16
    assert sum(len(message.steps) for message in listener.of(Advanced)) == 30
    assert listener.of(Pictured) and listener.of(Saved)[-1].step == 30
    assert listener.threads == {threading.get_ident()}
    folder = RunFolder(tmp_path / "run")
    assert (folder.state(), folder.status().name) == (State.FINISHED, "Mine")


def test_pause_holds_every_step_and_continue_goes_on(listener, start, qtbot) -> None:
    start()
    listener.ask(Pause())
    paused = listener.wait_for(Paused)
    steps = len(listener.of(Advanced))
    # Save is carried out behind anything that still waits, so no slice can come after its word.
    listener.ask(SaveNow())
    assert listener.wait_for(Saved).step == paused.step
    assert len(listener.of(Advanced)) == steps
    listener.ask(Continue())
    assert listener.wait_for(Continued).step == paused.step
    listener.wait_for(Advanced, steps + 1)


def test_one_player_steps_alone_while_paused(listener, start) -> None:
    start(plan(DCGAN.info.key))
    listener.ask(Pause())
    before = listener.wait_for(Paused).step
    reports = len(listener.of(Advanced))
    listener.ask(StepPlayer("discriminator"))
    mark = listener.wait_for(Marked)
    assert mark.step == before + 1 and mark.label == "D stepped"
    assert len(listener.of(Advanced)) == reports + 1, "one report, and still paused"


def test_a_rate_changes_while_it_runs_and_is_marked(listener, start) -> None:
    start()
    listener.ask(SetRate("vae", 5e-4))
    mark = listener.wait_for(Marked)
    assert "0.0005" in mark.label
    reports = len(listener.of(Advanced))
    assert listener.wait_for(Advanced, reports + 1).rates == {"vae": 5e-4}


def test_a_rate_that_cannot_be_is_warned_of_and_training_goes_on(listener, start) -> None:
    start()
    listener.ask(SetRate("vae", -1.0), SetRate("nobody", 0.1))
    listener.wait_for(Warned, 2)
    reports = len(listener.of(Advanced))
    listener.wait_for(Advanced, reports + 1)


def test_stop_saves_and_the_run_is_taken_up_where_it_was(listener, start) -> None:
    began = start()
    listener.ask(Stop())
    ended = listener.wait_for(Ended)
    assert ended.reason is Reason.STOPPED and RunFolder(began.path).checkpoint_steps()[-1] == ended.step
    listener.ask(OpenRun(began.path, steps=ended.step + 5))
    assert listener.wait_for(Began, 2).step == ended.step
    assert listener.wait_for(Ended, 2).step == ended.step + 5


def test_a_run_can_be_opened_to_wait(listener, start) -> None:
    began = start()
    listener.ask(Stop())
    listener.wait_for(Ended)
    reports = len(listener.of(Advanced))
    listener.ask(OpenRun(began.path, go_on=False), SetRate("vae", 1e-4))
    listener.wait_for(Paused)
    listener.wait_for(Marked)
    assert len(listener.of(Advanced)) == reports
    listener.ask(Continue())
    assert listener.wait_for(Advanced, reports + 1).rates == {"vae": 1e-4}


def test_quitting_saves_what_trains(listener, start) -> None:
    folder = RunFolder(start().path)
    listener.engine.shut_down()
    assert folder.state() is State.STOPPED and folder.checkpoint_steps()


def test_an_exception_in_training_ends_the_run_and_the_thread_serves_the_next(listener, start, monkeypatch) -> None:
    start()
    with monkeypatch.context() as patch:
        patch.setattr(VAE, "training_step", broken_step)
        ended = listener.wait_for(Ended)
    assert ended.reason is Reason.FAILED and "IndexError" in ended.sentence
    assert "broken_step" in ended.details
    start(name="next")
    listener.ask(Stop())
    assert listener.wait_for(Ended, 2).reason is Reason.STOPPED


def test_the_window_hears_of_a_failure_even_if_the_disk_does_not_take_it(listener, start, monkeypatch) -> None:
    start()
    with monkeypatch.context() as patch:

        def full(*_: object) -> None:
            raise UserError("The disk is full.")

        patch.setattr(RunFolder, "write_status", full)
        patch.setattr(VAE, "training_step", broken_step)
        assert listener.wait_for(Ended).reason is Reason.FAILED
    start(name="next")


def test_a_run_that_cannot_be_saved_is_not_let_go_of(listener, start, monkeypatch) -> None:
    start()
    with monkeypatch.context() as patch:

        def full(*_: object) -> None:
            raise UserError("The disk is full.")

        patch.setattr(TrainingSession, "save", full)
        listener.ask(Stop())
        assert "full" in listener.wait_for(Warned).sentence
        listener.wait_for(Paused)
    listener.ask(Stop())
    assert listener.wait_for(Ended).reason is Reason.STOPPED


def test_quitting_ends_the_thread_even_if_nothing_can_be_saved(listener, start, monkeypatch) -> None:
    start()

    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(TrainingSession, "save", full)
    listener.engine.shut_down()


def test_what_cannot_be_begun_is_refused_and_leaves_no_folder(listener, tmp_path) -> None:
    listener.ask(Start(plan(hidden=0), path=tmp_path / "run"))
    assert "hidden" in listener.wait_for(Refused).sentence
    assert not (tmp_path / "run").exists()


def test_a_second_start_is_refused_and_the_first_goes_on(listener, start, tmp_path) -> None:
    start()
    listener.ask(Start(plan(), path=tmp_path / "other"))
    assert "under way" in listener.wait_for(Refused).sentence
    reports = len(listener.of(Advanced))
    listener.wait_for(Advanced, reports + 1)


def test_loading_is_called_off_before_it_has_begun(listener, tmp_path) -> None:
    listener.ask(LoadLibrary(), Start(plan(), path=tmp_path / "run"))
    listener.engine.cancel_loading()
    assert "Called off" in listener.wait_for(Refused).sentence
    assert not (tmp_path / "run").exists()


def test_calling_off_does_not_meet_what_is_asked_for_later(listener, tmp_path) -> None:
    listener.engine.cancel_loading()
    listener.ask(Start(plan(steps=3), path=tmp_path / "first"))
    assert listener.wait_for(Ended).reason is Reason.FINISHED
    listener.engine.cancel_loading()
    listener.ask(Start(plan(steps=3), path=tmp_path / "second"))
    assert listener.wait_for(Ended, 2).reason is Reason.FINISHED
    assert listener.of(Refused) == []


def test_commands_without_a_run_are_harmless(listener, tmp_path) -> None:
    listener.ask(Stop(), Pause(), Continue(), SaveNow(), StepPlayer("vae"), SetRate("vae", 0.1), Watch(True))
    listener.ask(Start(plan(steps=3), path=tmp_path / "run"), Stop(), Stop(), Pause(), Continue())
    listener.wait_for(Ended)
    listener.ask(OpenRun(tmp_path / "nothing"))
    listener.wait_for(Refused)
    assert [type(message) for message in listener.heard if isinstance(message, (Refused, Warned))] == [Refused]


def test_only_a_watched_run_is_drawn_every_second(listener, start, qtbot) -> None:
    """Unwatched, the pictures are the few that are kept; what a watcher adds is not kept."""
    listener.ask(Watch(False))
    start()
    listener.ask(Watch(True))
    qtbot.waitUntil(lambda: any(not message.kept for message in listener.of(Pictured)), timeout=LONG)
    assert all(message.pictures.dtype == np.uint8 for message in listener.of(Pictured))


def test_training_runs_on_a_thread_of_its_own(listener, start, monkeypatch) -> None:
    seen: set[int] = set()
    step = VAE.training_step

    def noting(self: VAE, *arguments: object) -> object:
        seen.add(threading.get_ident())
        return step(self, *arguments)

    monkeypatch.setattr(VAE, "training_step", noting)
    start()
    assert len(seen) == 1 and threading.get_ident() not in seen
