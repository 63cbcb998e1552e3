"""Long waits for an answer: when they are said, how far it is, and how they end."""

import pytest

from gen_studio.core.jobs import Progress
from gen_studio.core.latents import Drawn, LatentPicture
from gen_studio.core.looking import Explore
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.viewmodels import waiting
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.waiting import Waiting

QUESTION = Explore((LatentPicture(point=Drawn(seed=1)),))
VIEW = "inpaint"


class Bench:
    def __init__(self) -> None:
        self.looker = FakeLooker()
        self.looking = Looking(self.looker)
        self.waiting = Waiting(self.looking, (VIEW,), "Filling")
        self.changes: list[bool] = []
        self.unanswered: list[str] = []
        self.waiting.changed.connect(lambda: self.changes.append(self.waiting.is_shown))
        self.looking.unanswered.connect(self.unanswered.append)
        self.looking.open(RUN)
        self.looker.say_opened()

    def ask(self, view: str = VIEW) -> None:
        self.looking.ask(view, QUESTION)


@pytest.fixture
def bench(qapp, monkeypatch) -> Bench:
    """A second is over as soon as nothing else is to be done."""
    monkeypatch.setattr(waiting, "LONG_MS", 0)
    return Bench()


def test_a_long_wait_is_said_with_how_far_it_is_until_the_answer_comes(bench, qtbot) -> None:
    bench.ask()
    qtbot.waitUntil(lambda: bench.waiting.is_shown)
    assert bench.waiting.progress == Progress("Filling")
    bench.looker.say_underway(VIEW, 3, 9)
    assert (bench.waiting.progress.done, bench.waiting.progress.total) == (3, 9)
    bench.looker.answer(VIEW)
    assert not bench.waiting.is_shown and bench.changes == [True, True, False]


def test_a_short_one_is_not_said_nor_one_of_another_panel(bench, qtbot) -> None:
    bench.ask()
    bench.looker.answer(VIEW)
    bench.ask("map")
    qtbot.wait(20)
    assert bench.changes == []


def test_calling_off_frees_the_service_and_those_who_wait_and_a_late_answer_is_not_heard(bench, qtbot) -> None:
    shown: list[object] = []
    bench.looking.shown.connect(shown.append)
    bench.ask()
    qtbot.waitUntil(lambda: bench.waiting.is_shown)
    bench.waiting.call_off()
    assert bench.looker.called_off == [(VIEW, bench.looker.asked[-1].number)]
    assert bench.unanswered == [VIEW] and not bench.waiting.is_shown
    bench.looker.answer(VIEW)
    assert shown == []


@pytest.mark.parametrize("end", ["drop", "another run"])
def test_nobody_waits_for_what_is_not_wanted_any_more(bench, qtbot, end) -> None:
    bench.ask()
    qtbot.waitUntil(lambda: bench.waiting.is_shown)
    bench.looking.drop(VIEW) if end == "drop" else bench.looking.open(None)
    assert not bench.waiting.is_shown
