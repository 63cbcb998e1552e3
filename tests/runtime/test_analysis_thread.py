"""The thread that computes what was asked for."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject, Slot

from gen_studio.core.charts import Projection
from gen_studio.core.events import Answer, NotAnswered, Probed, Projected
from gen_studio.runtime.analysis_worker import AnalysisWorker
from gen_studio.runtime.commands import Probe, Project
from gen_studio.runtime.engine import Engine

LONG = 60_000
LABELS = np.arange(30) % 3
CODES = (np.eye(3)[LABELS] + 0.01 * np.arange(30)[:, None]).astype(np.float32)


class Listener(QObject):
    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        engine.happened.connect(self.take)

    @Slot(object)
    def take(self, answer: Answer) -> None:
        self.answers.append(answer)


@pytest.fixture
def engine(qapp) -> Iterator[Engine]:
    made = Engine(AnalysisWorker(), "analysis")
    yield made
    made.shut_down()


@pytest.fixture
def listener(engine) -> Listener:
    return Listener(engine)


def test_answers_carry_the_number_of_their_request(qtbot, engine, listener) -> None:
    engine.begin()
    engine.ask(Project(4, CODES, Projection.PCA))
    engine.ask(Probe(5, CODES, LABELS, 3))
    qtbot.waitUntil(lambda: len(listener.answers) == 2, timeout=LONG)
    projected, probed = listener.answers
    assert isinstance(projected, Projected) and projected.number == 4 and projected.points.shape == (30, 2)
    assert isinstance(probed, Probed) and (probed.number, probed.accuracy, probed.examples) == (5, 1.0, 30)


def test_what_cannot_be_computed_is_said_in_a_sentence(qtbot, engine, listener) -> None:
    engine.begin()
    engine.ask(Project(1, CODES[:4], Projection.TSNE))
    engine.ask(Probe(2, CODES, np.full(30, 99), 3))
    qtbot.waitUntil(lambda: len(listener.answers) == 2, timeout=LONG)
    few, broken = listener.answers
    assert isinstance(few, NotAnswered) and "there are 4 codes" in few.sentence and not few.details
    assert isinstance(broken, NotAnswered) and "Training is not affected" in broken.sentence and broken.details


def test_what_was_called_off_while_it_waited_is_not_computed(qtbot, engine, listener) -> None:
    engine.ask(Project(1, CODES, Projection.PCA))
    engine.cancel_loading()
    engine.ask(Project(2, CODES, Projection.PCA))
    engine.begin()
    qtbot.waitUntil(lambda: bool(listener.answers), timeout=LONG)
    assert [answer.number for answer in listener.answers] == [2]
