"""The run that trains and the run that is shown, behind a trainer that says what the test wants."""

import numpy as np
import pytest

from gen_studio.core.events import (
    Continued,
    Ended,
    Loading,
    Marked,
    MarkKind,
    Paused,
    Pictured,
    Reason,
    Refused,
    Saved,
    Warned,
)
from gen_studio.core.jobs import Progress
from gen_studio.core.plan import RunPlan
from gen_studio.runtime.commands import Continue, OpenRun, Pause, SaveNow, SetRate, Start, StepPlayer, Stop, Watch
from gen_studio.viewmodels.training import Phase, TrainingViewModel

PLAN = RunPlan(family="plain")


def pictured(step: int, shade: int = 0) -> Pictured:
    return Pictured(step, "samples", np.full((4, 8, 8, 1), shade, np.uint8), 1, True)


@pytest.fixture
def training(engine, library) -> TrainingViewModel:
    model = TrainingViewModel(engine)
    engine.say(library)
    return model


@pytest.fixture
def running(training, engine, make_run, began_message):
    """A run under way, with its folder."""
    folder = make_run()
    training.start(PLAN)
    engine.say(began_message(folder))
    engine.asked.clear()
    return folder


def test_it_wakes_with_the_library(engine, library) -> None:
    model = TrainingViewModel(engine)
    assert model.phase is Phase.WAKING
    engine.say(library)
    assert model.phase is Phase.IDLE


def test_nothing_is_started_before_the_library_is_there(engine, said) -> None:
    model = TrainingViewModel(engine)
    heard = said(model.noticed)
    model.start(PLAN)
    assert engine.asked == [] and model.phase is Phase.WAKING
    assert "still being loaded" in heard[0][0]


def test_problems_of_packages_are_said(engine, library, said) -> None:
    model = TrainingViewModel(engine)
    heard = said(model.noticed)
    engine.say(type(library)((), {}, (), (), ("The package x could not be loaded.",)))
    assert heard == [("The package x could not be loaded.", "")]


def test_start_asks_and_waits_for_the_word(training, engine, make_run, began_message) -> None:
    training.start(PLAN, name="Mine")
    assert engine.asked == [Start(PLAN, name="Mine")] and training.phase is Phase.LOADING
    engine.say(began_message(make_run()))
    assert training.phase is Phase.RUNNING and training.shows_live


def test_loading_is_told_in_words_and_shares(training, engine, said) -> None:
    heard = said(training.loading)
    training.start(PLAN)
    engine.say(Loading(Progress("Decoding", 1, 4)), Loading(Progress("Looking")))
    assert heard == [("Reading the data", -1.0), ("Decoding", 0.25), ("Looking", -1.0)]


def test_a_second_start_is_refused_and_leaves_the_first_alone(training, engine, running, said) -> None:
    heard = said(training.noticed)
    training.start(PLAN)
    training.resume_run(running.path)
    assert engine.asked == [] and training.phase is Phase.RUNNING
    assert len(heard) == 2 and "Stop the one" in heard[0][0]


def test_pause_step_and_resume_follow_the_trainers_word(training, engine, running) -> None:
    training.pause()
    assert training.phase is Phase.RUNNING, "only asked for so far"
    engine.say(Paused(5))
    training.step_player("plain")
    training.go_on()
    engine.say(Continued(6))
    assert engine.asked == [Pause(), StepPlayer("plain"), Continue()] and training.phase is Phase.RUNNING


def test_stopping_a_run_shows_that_it_is_being_saved(training, engine, running) -> None:
    training.stop()
    assert engine.asked == [Stop()] and training.phase is Phase.STOPPING
    engine.say(Ended(9, Reason.STOPPED, "Stopped."))
    assert training.phase is Phase.IDLE and training.live is None
    assert training.shown is not None and training.shown.path == running.path


def test_stopping_while_it_loads_calls_it_off_even_if_it_has_just_begun(
    training, engine, make_run, began_message
) -> None:
    training.start(PLAN)
    training.stop()
    assert engine.cancelled == 1 and engine.asked[-1] == Stop()
    engine.say(began_message(make_run()))
    assert training.phase is Phase.STOPPING, "the stop is under way, so nothing offers Pause"
    engine.say(Ended(0, Reason.STOPPED, "Stopped."))
    assert training.phase is Phase.IDLE


def test_what_was_called_off_leaves_things_as_they_were(training, engine) -> None:
    training.start(PLAN)
    training.stop()
    engine.say(Refused("Called off. Nothing was changed."))
    assert training.phase is Phase.IDLE and training.shown is None


def test_stop_at_rest_asks_for_nothing(training, engine) -> None:
    training.stop()
    assert engine.asked == [] and training.phase is Phase.IDLE


def test_a_stop_that_could_not_save_leaves_the_run_paused(training, engine, running, said) -> None:
    heard = said(training.noticed)
    training.stop()
    engine.say(Paused(9), Warned("The disk is full."))
    assert training.phase is Phase.PAUSED and training.live is not None
    assert heard == [("The disk is full.", "")]


def test_a_refusal_is_said_without_the_options_of_the_command_line(training, engine, said) -> None:
    heard = said(training.noticed)
    training.start(PLAN)
    engine.say(Refused("It is not there. Download it with --download, or name its folder with --root.", "trace"))
    assert heard == [("It is not there. Download it, or name its folder.", "trace")]
    assert training.phase is Phase.IDLE


def test_a_refusal_in_the_middle_of_a_run_does_not_end_it(training, engine, running) -> None:
    engine.say(Refused("No."))
    assert training.phase is Phase.RUNNING and training.live is not None


@pytest.mark.parametrize("reason", [Reason.FAILED, Reason.NOT_FINITE, Reason.OUT_OF_MEMORY])
def test_a_bad_end_is_said(training, engine, running, said, reason) -> None:
    heard = said(training.noticed)
    engine.say(Ended(7, reason, "It broke.", "trace"))
    assert heard == [("It broke.", "trace")] and training.phase is Phase.IDLE


@pytest.mark.parametrize("reason", [Reason.FINISHED, Reason.STOPPED])
def test_a_good_end_needs_no_bar_and_keeps_what_is_drawn(training, engine, running, said, reason) -> None:
    noticed, shown, rested = said(training.noticed), said(training.shown_changed), said(training.rested)
    engine.say(Ended(7, reason, "Done."))
    assert (noticed, shown) == ([], []) and len(rested) == 1


def test_a_run_that_went_back_is_drawn_anew(training, engine, running, said) -> None:
    shown = said(training.shown_changed)
    engine.say(Ended(7, Reason.NOT_FINITE, "NaN."))
    assert len(shown) == 1


def test_progress_of_a_run_that_is_not_shown_reaches_only_the_transport(
    training, engine, running, make_run, advanced_message, said
) -> None:
    other = make_run("second")
    training.show(other.path)
    progressed, drawn = said(training.progressed), said(training.advanced)
    pictures, marks = said(training.pictured), said(training.marked)
    engine.say(advanced_message(3), pictured(3), Marked(3, MarkKind.USER, "Rate"))
    assert (len(progressed), drawn, pictures, marks) == (1, [], [], [])
    assert training.step == 3 and not training.shows_live
    training.show(running.path)
    engine.say(advanced_message(4), pictured(4), Marked(4, MarkKind.USER, "Rate"))
    assert (len(drawn), len(pictures), len(marks)) == (1, 1, 1)


def test_the_end_of_a_run_that_is_not_shown_leaves_the_shown_one(training, engine, running, make_run, said) -> None:
    other = make_run("second")
    training.show(other.path)
    shown, rested = said(training.shown_changed), said(training.rested)
    engine.say(Ended(9, Reason.FINISHED, "Done."))
    assert (shown, rested) == ([], []) and training.shown is not None and training.shown.path == other.path


def test_the_rates_are_those_of_the_trainer_and_asked_for_only_when_they_differ(
    training, engine, running, advanced_message
) -> None:
    engine.say(advanced_message(1, rate=0.5))
    training.set_rate("plain", 0.5)
    assert engine.asked == []
    training.set_rate("plain", 0.25)
    assert engine.asked == [SetRate("plain", 0.25)]


def test_a_gentle_resume_lowers_every_rate_before_the_first_step(training, engine, make_run, began_message) -> None:
    folder = make_run()
    training.resume_run(folder.path, rate_factor=0.5)
    assert engine.asked == [OpenRun(folder.path, go_on=False)]
    engine.say(began_message(folder, rates={"d": 0.2, "g": 0.4}), Paused(0))
    assert engine.asked[1:] == [SetRate("d", 0.1), SetRate("g", 0.2), Continue()]
    engine.say(Continued(0), Paused(3))
    assert len(engine.asked) == 4, "a later pause changes nothing"


def test_checkpoints_and_their_age_are_kept(training, engine, running) -> None:
    assert training.seconds_since_save is None
    folder = running.checkpoint(5)
    folder.mkdir(parents=True)
    training.save()
    engine.say(Saved(5, folder))
    assert engine.asked == [SaveNow()]
    assert training.checkpoints == [5] and training.seconds_since_save is not None


def test_the_newest_sample_is_known_and_forgotten_with_the_next_run(
    training, engine, running, make_run, began_message
) -> None:
    engine.say(pictured(1, shade=7))
    assert training.newest_sample is not None and int(training.newest_sample.max()) == 7
    engine.say(Ended(2, Reason.STOPPED, "Stopped."), began_message(make_run("second")))
    assert training.newest_sample is None


def test_pictures_at_a_step_are_the_nearest_kept_ones(training, make_run) -> None:
    folder = make_run()
    for step in (10, 20):
        folder.write_preview("samples", step, np.full((4, 8, 8, 1), step, np.uint8), 1)
    training.show(folder.path)
    found = training.picture_at("samples", 14)
    assert found is not None and found[0] == 10 and int(found[1].max()) == 10
    assert training.picture_at("reconstructions", 14) is None


def test_a_damaged_preview_is_said_and_shows_nothing(training, make_run, said) -> None:
    folder = make_run()
    folder.write_preview("samples", 10, np.zeros((4, 8, 8, 1), np.uint8), 1)
    next((folder.path / "previews" / "samples").glob("*.png")).write_bytes(b"no picture")
    training.show(folder.path)
    heard = said(training.noticed)
    assert training.picture_at("samples", 10) is None
    assert "damaged" in heard[0][0]


def test_a_folder_that_is_no_run_is_said_and_the_screen_stays(training, make_run, tmp_path, said) -> None:
    folder = make_run()
    training.show(folder.path)
    heard = said(training.noticed)
    training.show(tmp_path)
    assert "is not a run" in heard[0][0] and training.shown is not None and training.shown.path == folder.path


def test_a_family_that_is_not_installed_still_has_curves_and_views(training, make_run) -> None:
    folder = make_run()
    folder.write_plan(folder.plan().model_copy(update={"family": "elsewhere"}))
    folder.append_metrics(np.array([1, 2]), {"strange": np.ones(2)})
    folder.write_preview("maps", 1, np.zeros((1, 8, 8, 1), np.uint8), 1)
    training.show(folder.path)
    assert [metric.key for metric in training.metrics_of(training.shown)] == ["strange"]
    assert [view.title for view in training.views_of(training.shown)] == ["Maps"]


def test_watching_is_passed_on(training, engine) -> None:
    training.watch(False)
    assert engine.asked == [Watch(False)]


def test_the_readings_are_copied_and_a_bad_place_is_said(training, make_run, tmp_path, said) -> None:
    folder = make_run()
    folder.append_metrics(np.array([1]), {"loss": np.ones(1)})
    training.show(folder.path)
    training.export_metrics(str(tmp_path / "copy.csv"))
    assert (tmp_path / "copy.csv").read_text() == "step,loss\n1,1\n"
    heard = said(training.noticed)
    training.export_metrics(str(tmp_path / "copy.csv" / "inside a file.csv"))
    assert len(heard) == 1
