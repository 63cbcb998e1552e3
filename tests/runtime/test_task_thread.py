"""The thread for what takes seconds with a model: it tells how far it is, and can be called off."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject, Slot

from gen_studio.core.jobs import Progress
from gen_studio.core.latents import Drawn, LatentPicture
from gen_studio.core.plan import DataPlan
from gen_studio.core.tasks import (
    FilmWalk,
    ReadPicture,
    Request,
    TaskCalledOff,
    TaskDone,
    TaskNews,
    TaskNotDone,
    TaskProgressed,
    Written,
)
from gen_studio.core.walks import Keyframe, Walk
from gen_studio.models.families.vae import VAE
from gen_studio.runtime import tasks
from gen_studio.runtime.engine import Engine
from gen_studio.runtime.show import Show, from_checkpoint
from gen_studio.runtime.task_worker import TaskWorker
from gen_studio.testing.sessions import small_plan, trained

LONG = 60_000
KEYFRAMES = tuple(Keyframe(picture=LatentPicture(point=Drawn(seed=seed)), seconds=0.5) for seed in (1, 2))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked") / "run"
    data = DataPlan(source="digits", size=16, limit=200)
    return trained(small_plan(VAE.info.key, data, {"batch_size": 8, "hidden": 8, "latents": 2}, steps=3), path)


class Listener(QObject):
    def __init__(self, qtbot: object, engine: Engine) -> None:
        super().__init__()
        self._qtbot = qtbot
        self.engine = engine
        self.news: list[TaskNews] = []
        engine.happened.connect(self.take)

    @Slot(object)
    def take(self, news: TaskNews) -> None:
        self.news.append(news)

    def of(self, kind: type) -> list[TaskNews]:
        return [news for news in self.news if isinstance(news, kind)]

    def wait_for(self, kind: type) -> TaskNews:
        self._qtbot.waitUntil(lambda: bool(self.of(kind)), timeout=LONG)
        return self.of(kind)[0]


@pytest.fixture
def show() -> Show:
    return Show()


@pytest.fixture
def listener(qtbot, show) -> Iterator[Listener]:
    engine = Engine(TaskWorker(show), "tasks")
    yield Listener(qtbot, engine)
    engine.shut_down()


def test_a_walk_is_filmed_with_progress_and_its_number(listener, run, tmp_path) -> None:
    film = tmp_path / "walk.gif"
    listener.engine.begin()
    listener.engine.ask(Request(5, run, FilmWalk(Walk(keyframes=KEYFRAMES), film, rate=10)))
    done = listener.wait_for(TaskDone)
    assert (done.number, done.step, done.result) == (5, 3, Written(film))
    assert film.read_bytes()[:3] == b"GIF"
    assert {news.number for news in listener.of(TaskProgressed)} == {5}


def test_a_task_says_how_long_the_rest_will_take(listener, run, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("gen_studio.core.jobs.BEFORE_AN_ESTIMATE", 0.0)
    monkeypatch.setattr("gen_studio.runtime.task_worker.SECONDS_APART", 0.0)
    listener.engine.begin()
    listener.engine.ask(Request(5, run, FilmWalk(Walk(keyframes=KEYFRAMES), tmp_path / "walk.gif", rate=10)))
    listener.wait_for(TaskDone)
    assert any(news.progress.what.endswith(" left") for news in listener.of(TaskProgressed))


def test_whatever_is_begun_is_told_however_soon(listener, run, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("gen_studio.runtime.task_worker.SECONDS_APART", 1e9)
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    listener.engine.begin()
    listener.engine.ask(Request(5, run, ReadPicture(tmp_path / "a.png")))
    listener.wait_for(TaskDone)
    told = [news.progress.what for news in listener.of(TaskProgressed)]
    assert told == ["Waking the model", "Reading the picture"]


def test_what_cannot_be_done_is_said_in_a_sentence_and_the_next_is_done(listener, run, tmp_path) -> None:
    listener.engine.ask(Request(1, run, FilmWalk(Walk(keyframes=KEYFRAMES[:1]), tmp_path / "walk.gif")))
    listener.engine.ask(Request(2, run / "elsewhere", FilmWalk(Walk(keyframes=KEYFRAMES), tmp_path / "walk.gif")))
    listener.engine.ask(Request(3, run, FilmWalk(Walk(keyframes=KEYFRAMES), tmp_path / "walk.gif", rate=4)))
    listener.engine.begin()
    listener.wait_for(TaskDone)
    few, missing = listener.of(TaskNotDone)
    assert few.number == 1 and "Add keyframes" in few.sentence and not few.details
    assert missing.number == 2 and missing.sentence


def test_a_mistake_is_told_with_its_details(listener, run, tmp_path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise IndexError("a mistake")

    monkeypatch.setattr(tasks, "carry_out", broken)
    listener.engine.begin()
    listener.engine.ask(Request(1, run, FilmWalk(Walk(), tmp_path / "walk.gif")))
    told = listener.wait_for(TaskNotDone)
    assert "IndexError: a mistake" in told.sentence and "Traceback" in told.details


def test_a_task_under_way_and_those_that_wait_are_called_off(listener, run, tmp_path, monkeypatch) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def slow(task, shown, report):
        under_way.set()
        go_on.wait(LONG / 1000)
        report(Progress("Filming", 1, 2))

    monkeypatch.setattr(tasks, "carry_out", slow)
    listener.engine.begin()
    for number in (1, 2):
        listener.engine.ask(Request(number, run, FilmWalk(Walk(), tmp_path / "walk.gif")))
    assert under_way.wait(LONG / 1000)
    listener.engine.cancel_loading()
    go_on.set()
    listener._qtbot.waitUntil(lambda: len(listener.of(TaskCalledOff)) == 2, timeout=LONG)
    assert [news.number for news in listener.of(TaskCalledOff)] == [1, 2]
    assert not listener.of(TaskDone)


def test_the_model_that_is_looked_at_is_the_one_that_is_asked(listener, run, show, tmp_path, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(tasks, "carry_out", lambda task, shown, report: asked.append(shown))
    show.current = from_checkpoint(run)
    listener.engine.begin()
    listener.engine.ask(Request(1, run, FilmWalk(Walk(), tmp_path / "walk.gif")))
    listener.wait_for(TaskDone)
    assert asked == [show.current]
