"""Which views and charts a run has: what it said when it began, and later what it left."""

from dataclasses import replace

import numpy as np
import pytest

from gen_studio.core.charts import Bars
from gen_studio.core.description import ChartInfo, ViewInfo
from gen_studio.core.events import Charted, Ended, Pictured, Reason
from gen_studio.core.plan import RunPlan
from gen_studio.viewmodels.training import TrainingViewModel

SAMPLES, GRID = ViewInfo("samples", "Samples", ("",)), ViewInfo("grid", "Grid", ("",) * 3)
MAP, BARS = ChartInfo("map", "Map"), ChartInfo("bars", "Bars")
VALUES = Bars(np.ones(3), np.ones(3, bool), "nats", "Dimension", "active", "not active")


def charted(step: int, key: str = "bars") -> Charted:
    return Charted(step, key, VALUES)


@pytest.fixture
def training(engine, library) -> TrainingViewModel:
    model = TrainingViewModel(engine)
    engine.say(replace(library, views={"plain": (SAMPLES, GRID)}, charts={"plain": (MAP, BARS)}))
    return model


@pytest.fixture
def running(training, engine, make_run, began_message):
    folder = make_run()
    training.start(RunPlan(family="plain"))
    engine.say(began_message(folder, views=(SAMPLES,), charts=(BARS,)))
    return folder


def test_a_run_has_the_views_and_charts_it_said_it_has(training, running) -> None:
    assert training.views_of(training.shown) == (SAMPLES,)
    assert training.charts_of(training.shown) == (BARS,)


def test_a_run_on_the_disk_has_those_it_left_something_of(training, make_run) -> None:
    folder = make_run()
    training.show(folder.path)
    assert training.views_of(training.shown) == (SAMPLES,) and training.charts_of(training.shown) == ()
    folder.write_preview("grid", 1, np.zeros((3, 8, 8, 1), np.uint8), 3)
    folder.write_chart(charted(1, "map"))
    assert training.views_of(training.shown) == (GRID,) and training.charts_of(training.shown) == (MAP,)


def test_charts_reach_the_screen_that_shows_the_run(training, engine, running, make_run, said) -> None:
    heard = said(training.charted)
    engine.say(charted(1))
    training.show(make_run("other").path)
    engine.say(charted(2))
    assert [event.step for (event,) in heard] == [1]


def test_the_chart_of_a_run_that_is_opened_again_is_the_one_it_kept(training, engine, running) -> None:
    assert training.newest_chart("bars") is None
    running.write_chart(charted(7))
    engine.say(Ended(9, Reason.STOPPED, "Stopped."))
    training.show(running.path)
    kept = training.newest_chart("bars")
    assert kept is not None and kept.step == 7
    np.testing.assert_array_equal(kept.values.values, VALUES.values)


def test_a_damaged_chart_is_said_and_the_run_is_shown_all_the_same(training, make_run, said) -> None:
    folder = make_run()
    folder.write_chart(charted(1))
    (folder.path / "charts" / "bars.npz").write_bytes(b"nonsense")
    heard = said(training.noticed)
    training.show(folder.path)
    assert training.newest_chart("bars") is None and "damaged" in heard[0][0]


def test_the_sample_of_a_run_is_of_its_first_view(training, engine, running) -> None:
    engine.say(Pictured(1, "samples", np.full((2, 4, 4, 1), 10, np.uint8)))
    engine.say(Pictured(1, "grid", np.full((3, 4, 4, 1), 99, np.uint8), 3))
    assert training.newest_sample.max() == 10
    engine.say(Pictured(2, "samples", np.full((2, 4, 4, 1), 20, np.uint8)))
    assert training.newest_sample.max() == 20
