"""The thread that shows models: from checkpoints and from the run that trains, question by question."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.events import Began, Ended, Marked, Message, Paused
from gen_studio.core.latents import Drawn, LatentPicture
from gen_studio.core.looking import Ask, Convert, Explore, NotShown, Opened, Shown, Sight, Updated
from gen_studio.core.mailbox import Mailbox
from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.inference.exploring import explore
from gen_studio.inference.prepared import Form, stays
from gen_studio.models.families.dcgan import DCGAN
from gen_studio.models.families.vae import VAE
from gen_studio.runtime.commands import OpenRun, Publish, Start, StepPlayer, Stop
from gen_studio.runtime.engine import Engine
from gen_studio.runtime.render_service import RenderService
from gen_studio.runtime.worker import TrainingWorker
from gen_studio.testing import subjects
from gen_studio.testing.sessions import trained
from gen_studio.training import start
from gen_studio.training.checkpoint import load_shown, read_training

LONG = 60_000
ENDLESS = 1_000_000
PICTURES = (LatentPicture(point=Drawn(seed=3)),)
QUESTION = Explore(PICTURES)
CONVOLUTIONAL = {"batch_size": 8, "width": 4, "latents": 4, "ema": 0.9}


def plan(steps: int = ENDLESS) -> RunPlan:
    return RunPlan(
        family=VAE.info.key,
        data=DataPlan(source="digits", size=16, limit=200),
        config={"batch_size": 8, "hidden": 8, "latents": 2},
        steps=steps,
        device=Device.CPU,
        precision=Precision.FLOAT32,
    )


class SilentTrainer(QObject):
    """A trainer that trains nothing and says what a test has it say."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def ask(self, command: object) -> None:
        self.asked.append(command)


class Onlooker(QObject):
    """Keeps what a service tells; with `asks` it asks again whenever there are newer weights, as panels do."""

    def __init__(self, qtbot: object, service: RenderService, asks: bool = False) -> None:
        super().__init__()
        self._qtbot, self.service, self._asks = qtbot, service, asks
        self.asks_on = False  # at every answer
        self.seen: list[Sight] = []
        service.happened.connect(self.take)

    @Slot(object)
    def take(self, sight: Sight) -> None:
        self.seen.append(sight)
        if self.asks_on or (self._asks and isinstance(sight, Opened | Updated)):
            self.service.ask(Ask("again", len(self.seen), QUESTION))

    def of(self, kind: type) -> list[Sight]:
        return [sight for sight in self.seen if isinstance(sight, kind)]

    def wait_for(self, kind: type, count: int = 1) -> Sight:
        self._qtbot.waitUntil(lambda: len(self.of(kind)) >= count, timeout=LONG)
        return self.of(kind)[count - 1]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shown") / "run"
    return trained(plan(steps=3), path)


@pytest.fixture
def still(qapp) -> Iterator[RenderService]:
    """A service beside a trainer that does nothing; not begun."""
    made = RenderService(SilentTrainer(), Mailbox())
    yield made
    made.shut_down()


class Beside:
    """A service beside a trainer, both on their threads."""

    def __init__(self, qtbot: object) -> None:
        worker = TrainingWorker()
        self._qtbot = qtbot
        self.engine = Engine(worker, "training")
        self.service = RenderService(self.engine, worker.publisher.mailbox)
        self.onlooker = Onlooker(qtbot, self.service, asks=True)
        self.messages: list[Message] = []
        self.keeper = Keeper(self.engine, self.messages)
        self.engine.begin()
        self.service.begin()

    def ask(self, command: object, until: type) -> Message:
        before = len(self.of(until))
        self.engine.ask(command)
        self._qtbot.waitUntil(lambda: len(self.of(until)) > before, timeout=LONG)
        return self.of(until)[-1]

    def of(self, kind: type) -> list[Message]:
        return [message for message in self.messages if isinstance(message, kind)]


class Keeper(QObject):
    def __init__(self, engine: Engine, messages: list[Message]) -> None:
        super().__init__()
        self._messages = messages
        engine.happened.connect(self.take)

    @Slot(object)
    def take(self, message: Message) -> None:
        self._messages.append(message)


@pytest.fixture
def beside(qtbot) -> Iterator[Beside]:
    threads = torch.get_num_threads()
    made = Beside(qtbot)
    yield made
    made.service.shut_down()
    made.engine.shut_down()
    torch.set_num_threads(threads)


def test_a_run_at_rest_is_shown_from_its_newest_checkpoint(qtbot, still, finished) -> None:
    onlooker = Onlooker(qtbot, still)
    still.begin()
    still.open(finished)
    still.ask(Ask("panel", 7, QUESTION))
    shown = onlooker.wait_for(Shown)
    facts = onlooker.of(Opened)[0].facts
    assert (facts.run, facts.family, facts.step, facts.is_live) == (finished, VAE.info.key, 3, False)
    assert facts.latent_shape == (2,) and "HasLatent" in facts.capabilities
    assert (shown.view, shown.number, shown.step) == ("panel", 7, 3)
    pictures, latents = explore(load_shown(RunFolder(finished)).model, PICTURES)
    assert np.array_equal(shown.pictures, pictures) and np.array_equal(shown.latents, latents)


def test_of_the_questions_that_wait_from_a_view_only_the_newest_is_answered(qtbot, still, finished) -> None:
    onlooker = Onlooker(qtbot, still)
    still.open(finished)
    for number in range(1, 6):
        still.ask(Ask("slider", number, QUESTION))
    still.ask(Ask("map", 6, QUESTION))
    still.begin()
    onlooker.wait_for(Shown, 2)
    assert [(shown.view, shown.number) for shown in onlooker.of(Shown)] == [("slider", 5), ("map", 6)]


def test_a_run_that_cannot_be_looked_at_is_said_in_a_sentence_and_the_next_one_opens(
    qtbot, still, finished, tmp_path
) -> None:
    onlooker = Onlooker(qtbot, still)
    still.begin()
    RunFolder.create(tmp_path / "new", plan(), RunFolder(finished).status())
    still.open(tmp_path / "new")
    refused = onlooker.wait_for(NotShown)
    assert refused.number == -1 and "has no checkpoint yet" in refused.sentence
    still.open(finished)
    onlooker.wait_for(Opened)


def test_what_a_model_cannot_answer_is_said_with_the_number_of_the_question(qtbot, still, finished) -> None:
    onlooker = Onlooker(qtbot, still)
    still.begin()
    still.open(finished)
    onlooker.wait_for(Opened)
    still.ask(Ask("translate", 4, Convert(np.zeros((16, 16, 1), np.uint8))))
    refused = onlooker.wait_for(NotShown)
    assert (refused.view, refused.number, refused.details) == ("translate", 4, "")
    assert "no way to translate" in refused.sentence


def test_an_answer_of_the_model_before_is_not_passed_on(qtbot, still, finished) -> None:
    onlooker = Onlooker(qtbot, still)
    still.begin()
    still.open(finished)
    onlooker.wait_for(Opened)
    before = still._number
    still.open(finished)
    late = Shown("panel", 1, 3, np.zeros((1, 16, 16, 1), np.uint8))
    still._worker.happened.emit(before, late)  # it was under way
    onlooker.wait_for(Opened, 2)
    still.ask(Ask("panel", 2, QUESTION))
    onlooker.wait_for(Shown)
    assert [shown.number for shown in onlooker.of(Shown)] == [2]


def test_a_run_under_way_is_shown_as_it_trains_and_stays_when_it_ends(beside, tmp_path) -> None:
    began = beside.ask(Start(plan(), path=tmp_path / "run"), Began)
    beside.service.open(began.path)
    opened, updated = beside.onlooker.wait_for(Opened), beside.onlooker.wait_for(Updated, 2)
    assert opened.facts.is_live and updated.step > opened.facts.step
    ended = beside.ask(Stop(), Ended)
    rested = beside.onlooker.wait_for(Opened, 2)
    assert (rested.facts.is_live, rested.facts.step) == (False, ended.step)
    beside.service.ask(Ask("panel", ENDLESS, QUESTION))
    beside.onlooker._qtbot.waitUntil(lambda: beside.onlooker.of(Shown)[-1].number == ENDLESS, timeout=LONG)
    pictures, _ = explore(load_shown(RunFolder(began.path)).model, PICTURES)
    # In its fastest form it may answer with sums that are rounded otherwise.
    assert stays([pictures], [beside.onlooker.of(Shown)[-1].pictures])


def test_a_run_that_is_looked_at_without_pause_trains_as_if_nobody_looked(beside, tmp_path) -> None:
    wanted = plan(steps=400).model_copy(update={"family": DCGAN.info.key, "config": CONVOLUTIONAL})
    session, _ = start.start(wanted, tmp_path / "alone")
    with session:
        while not session.ended:
            session.advance(0.1)
    beside.onlooker.asks_on = True
    began = beside.ask(Start(wanted, path=tmp_path / "watched"), Began)
    beside.service.open(began.path)
    beside.onlooker._qtbot.waitUntil(lambda: bool(beside.of(Ended)), timeout=LONG)
    beside.onlooker.asks_on = False
    assert len(beside.onlooker.of(Shown)) > 1
    alone, watched = (read_training(RunFolder(tmp_path / name), 400) for name in ("alone", "watched"))
    assert subjects.differences(alone, watched) == []


def test_while_nobody_asks_the_fastest_form_is_found_and_used(qtbot, still, finished) -> None:
    onlooker = Onlooker(qtbot, still)
    still.begin()
    still.open(finished)
    onlooker.wait_for(Opened)
    qtbot.waitUntil(lambda: still._worker._form is not None, timeout=LONG)
    assert isinstance(still._worker._form, Form)
    still.ask(Ask("panel", 1, QUESTION))
    shown = onlooker.wait_for(Shown)
    pictures, _ = explore(load_shown(RunFolder(finished)).model, PICTURES)
    assert stays([pictures], [shown.pictures])


def test_a_run_that_is_looked_at_becomes_live_when_it_is_resumed(beside, finished, tmp_path) -> None:
    path = tmp_path / "resumed"
    shutil.copytree(finished, path)
    beside.service.open(path)
    beside.onlooker.wait_for(Opened)
    beside.ask(OpenRun(path, steps=ENDLESS, go_on=False), Paused)
    opened = beside.onlooker.wait_for(Opened, 2)
    assert opened.facts.is_live and opened.facts.step == 3
    beside.ask(StepPlayer("vae"), Marked)
    assert beside.onlooker.wait_for(Updated).step == 4, "a single step while it is paused is shown too"


def test_newer_weights_about_which_nobody_asks_are_not_made(qtbot, still, finished) -> None:
    trainer = still._trainer
    still._live = finished
    still.open(finished)
    assert trainer.asked == [Publish(True)]
    still._pass_on(still._number, Updated(finished, 5))
    assert trainer.asked[-1] == Publish(False)
    still.ask(Ask("panel", 1, QUESTION))
    assert trainer.asked[-1] == Publish(True)
    still._pass_on(still._number, Updated(finished, 6))
    assert trainer.asked[-1] == Publish(True)
    still.close()
    assert trainer.asked[-1] == Publish(False)
