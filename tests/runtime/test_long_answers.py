"""Answers that are made part by part: how far they are is told, and what nobody waits for any more is left."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.jobs import Progress
from gen_studio.core.looking import Ask, Fill, Shown, Sight, Underway
from gen_studio.core.mailbox import Mailbox
from gen_studio.inference import answering
from gen_studio.inference.prepared import Form
from gen_studio.runtime import render_worker
from gen_studio.runtime.render_worker import Order, RenderWorker
from gen_studio.runtime.show import OnShow

PARTS = 3
BLACK = np.zeros((4, 4, 1), np.uint8)


class Bench:
    """A worker whose model answers in parts; a test says what happens while a part is being made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.worker = RenderWorker(Mailbox())
        self.told: list[Sight] = []
        self.begun: list[tuple[int, int]] = []
        self.during: dict[tuple[int, int], Callable[[], None]] = {}
        self.worker.happened.connect(lambda _, sight: self.told.append(sight))
        shown = OnShow(Path("run"), 5, object(), "cpu")
        self.worker.show.current, self.worker._answering, self.worker._form = shown, shown.model, Form.PLAIN
        monkeypatch.setattr(answering, "answered", self._answered)

    def ask(self, number: int, view: str = "inpaint") -> None:
        self.worker.questions.put(view, Ask(view, number, Fill(BLACK, BLACK[..., 0] == 0, (number,))))

    def shown(self) -> list[int]:
        return [one.number for one in self.told if isinstance(one, Shown)]

    def _answered(self, model, question, device, report):
        for part in range(PARTS):
            report(Progress("Filling", part, PARTS))
            here = (question.seeds[0], part)
            self.begun.append(here)
            self.during.get(here, lambda: None)()
        return BLACK[None], None


@pytest.fixture
def bench(monkeypatch) -> Bench:
    """Whose answers take long from the first moment on."""
    monkeypatch.setattr(render_worker, "LONG", 0.0)
    monkeypatch.setattr(render_worker, "SECONDS_APART", 0.0)
    return Bench(monkeypatch)


def test_a_long_answer_tells_how_far_it_is(bench) -> None:
    bench.ask(1)
    bench.worker.serve()
    told = [one for one in bench.told if isinstance(one, Underway)]
    assert [(one.view, one.number, one.progress.done) for one in told] == [("inpaint", 1, part) for part in range(3)]
    assert bench.shown() == [1]


def test_a_short_one_does_not_and_is_finished_although_a_newer_question_waits(monkeypatch) -> None:
    bench = Bench(monkeypatch)
    bench.during[1, 0] = lambda: bench.ask(2)
    bench.ask(1)
    bench.worker.serve()
    assert bench.shown() == [1, 2] and len(bench.told) == 2


def test_a_newer_question_of_the_same_view_ends_a_long_answer(bench) -> None:
    bench.during[1, 1] = lambda: bench.ask(2)
    bench.ask(1)
    bench.worker.serve()
    assert bench.shown() == [2] and (1, 2) not in bench.begun


def test_a_question_of_another_view_waits_until_it_is_done(bench) -> None:
    bench.during[1, 0] = lambda: bench.ask(2, "map")
    bench.ask(1)
    bench.worker.serve()
    assert bench.shown() == [1, 2]


def test_called_off_it_ends_without_a_word_and_the_next_one_is_answered(bench) -> None:
    def call_off() -> None:
        bench.ask(2)
        bench.worker.call_off("inpaint", 2)
        bench.ask(3)

    bench.during[1, 0] = call_off
    bench.ask(1)
    bench.worker.serve()
    assert bench.shown() == [3] and bench.begun == [(1, 0), (3, 0), (3, 1), (3, 2)]


@pytest.mark.parametrize("by", ["another run", "the end"])
def test_what_ends_the_look_at_a_model_ends_its_answer(bench, by) -> None:
    bench.during[1, 0] = lambda: (
        bench.worker.orders.put(Order(2, None)) if by == "another run" else bench.worker.leaving.set()
    )
    bench.ask(1)
    bench.worker.serve()
    assert bench.shown() == [] and bench.begun == [(1, 0)]
