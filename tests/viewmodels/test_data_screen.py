"""The data that is looked at: the newest question is the one that is answered."""

import numpy as np
import pytest

from gen_studio.core.events import DataShown, Loading, Refused
from gen_studio.core.jobs import Progress
from gen_studio.core.plan import DataPlan
from gen_studio.runtime.commands import Look
from gen_studio.viewmodels.data import DataViewModel

ONE, TWO = DataPlan(source="digits"), DataPlan(source="digits", size=32)


def shown(plan: DataPlan) -> DataShown:
    return DataShown(plan, plan, np.zeros((2, 8, 8, 1), np.uint8), (1, 8, 8), {"train": 2}, {}, (), ())


@pytest.fixture
def data(engine) -> DataViewModel:
    return DataViewModel(engine)


def test_looking_asks_once(data, engine) -> None:
    data.look(ONE)
    data.look(ONE)
    assert engine.asked == [Look(ONE)] and data.is_loading
    engine.say(shown(ONE))
    assert data.shown is not None and not data.is_loading


def test_the_newest_answer_wins(data, engine) -> None:
    data.look(ONE)
    data.look(TWO)
    assert engine.cancelled == 1
    engine.say(shown(ONE))
    assert data.shown is None and data.is_loading
    engine.say(Refused("Called off.", asked=ONE))
    assert data.problem == "" and data.is_loading
    engine.say(shown(TWO))
    assert data.shown is not None and data.shown.asked == TWO


def test_a_problem_is_said_without_the_options_of_the_command_line(data, engine) -> None:
    data.look(ONE)
    engine.say(Refused("It is missing. Download it with --download.", asked=ONE))
    assert data.problem == "It is missing. Download it." and not data.is_loading


def test_trying_again_asks_anew_and_downloads_only_when_told(data, engine) -> None:
    data.look(ONE)
    engine.say(Refused("No.", asked=ONE))
    data.try_again()
    engine.say(Refused("No.", asked=ONE))
    data.try_again(download=True)
    assert engine.asked == [Look(ONE), Look(ONE), Look(ONE, download=True)] and data.problem == ""


def test_trying_again_before_anything_was_asked_does_nothing(data, engine) -> None:
    data.try_again()
    assert engine.asked == []


def test_progress_is_told_only_while_it_loads(data, engine, said) -> None:
    heard = said(data.loading)
    engine.say(Loading(Progress("Decoding", 1, 2)))
    data.look(ONE)
    engine.say(Loading(Progress("Decoding", 1, 2)), shown(ONE), Loading(Progress("Decoding", 2, 2)))
    assert heard == [("Decoding", 0.5)]


def test_the_last_pictures_stay_while_others_load(data, engine) -> None:
    data.look(ONE)
    engine.say(shown(ONE))
    data.look(TWO)
    assert data.shown is not None and data.shown.asked == ONE


def test_cancelling_is_passed_on(data, engine) -> None:
    data.look(ONE)
    data.cancel()
    assert engine.cancelled == 1
