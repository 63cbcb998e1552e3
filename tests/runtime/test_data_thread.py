"""The thread that loads data to look at."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Slot

from gen_studio.core.events import DataShown, Message, Refused
from gen_studio.core.plan import DataPlan
from gen_studio.data import catalog
from gen_studio.runtime.commands import Look
from gen_studio.runtime.data_worker import PICTURES, DataWorker
from gen_studio.runtime.engine import Engine

LONG = 60_000
DIGITS = DataPlan(source="digits", size=16)


class Listener(QObject):
    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.answers: list[Message] = []
        engine.happened.connect(self.take)

    @Slot(object)
    def take(self, message: Message) -> None:
        if isinstance(message, (DataShown, Refused)):
            self.answers.append(message)


@pytest.fixture
def engine(qapp) -> Iterator[Engine]:
    made = Engine(DataWorker(), "data")
    yield made
    made.shut_down()


@pytest.fixture
def listener(engine) -> Listener:
    return Listener(engine)


def test_looking_shows_pictures_of_every_class_and_how_many_there_are(qtbot, engine, listener) -> None:
    engine.begin()
    engine.ask(Look(DIGITS))
    qtbot.waitUntil(lambda: bool(listener.answers), timeout=LONG)
    shown = listener.answers[0]
    assert isinstance(shown, DataShown) and shown.asked == DIGITS
    assert shown.pictures.shape == (PICTURES, 16, 16, 1) and shown.shape == (1, 16, 16)
    assert sum(shown.splits.values()) == 1797 and len(shown.counts) == 10


def test_data_that_is_not_there_is_refused_with_what_was_asked(qtbot, engine, listener, tmp_path) -> None:
    engine.begin()
    wanted = DataPlan(source="folder", path=str(tmp_path / "nothing"))
    engine.ask(Look(wanted))
    qtbot.waitUntil(lambda: bool(listener.answers), timeout=LONG)
    refused = listener.answers[0]
    assert isinstance(refused, Refused) and refused.asked == wanted


def test_what_was_called_off_while_it_waited_is_not_loaded(qtbot, engine, listener, monkeypatch) -> None:
    loaded: list[int | None] = []
    load = catalog.load
    monkeypatch.setattr(catalog, "load", lambda plan, **how: loaded.append(plan.size) or load(plan, **how))
    wanted = [DataPlan(source="digits", size=size) for size in (8, 16, 32)]
    engine.ask(Look(wanted[0]))
    engine.ask(Look(wanted[1]))
    engine.cancel_loading()
    engine.ask(Look(wanted[2]))
    engine.begin()
    qtbot.waitUntil(lambda: len(listener.answers) == 3, timeout=LONG)
    assert loaded == [32] and [type(answer) for answer in listener.answers] == [Refused, Refused, DataShown]


def test_a_mistake_in_a_source_is_said_with_its_trace_and_the_thread_goes_on(
    qtbot, engine, listener, monkeypatch
) -> None:
    engine.begin()
    with monkeypatch.context() as patch:
        patch.setattr(catalog, "load", lambda plan, **how: {}["missing"])
        engine.ask(Look(DIGITS))
        qtbot.waitUntil(lambda: bool(listener.answers), timeout=LONG)
    refused = listener.answers[0]
    assert isinstance(refused, Refused) and "KeyError" in refused.sentence and "Traceback" in refused.details
    engine.ask(Look(DIGITS))
    qtbot.waitUntil(lambda: isinstance(listener.answers[-1], DataShown), timeout=LONG)
