"""What is found out about a model on request, and what leaves the Latent panel and comes back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from gen_studio.core import origins, paths
from gen_studio.core.enlarging import Scaling
from gen_studio.core.jobs import Progress
from gen_studio.core.latents import Direction, Drawn, LatentPicture
from gen_studio.core.origins import Origin
from gen_studio.core.tasks import (
    FilmWalk,
    FindNearest,
    FoundNearest,
    Request,
    Result,
    SavePictures,
    Survey,
    Surveyed,
    TaskCalledOff,
    TaskDone,
    TaskNotDone,
    TaskProgressed,
    Written,
)
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.viewmodels import kept_exploration
from gen_studio.viewmodels.attributes_state import Kept
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.map import MapChoice

MAIN = tuple(
    Direction(name=f"Component {number + 1}", values=tuple(float(index == number) for index in range(16)))
    for number in range(3)
)
SURVEYED = Surveyed(MAIN, (0.5, 0.3, 0.2), np.array([1, 9, 2, 8, *(0,) * 12], np.float32))


class FakeTasker(QObject):
    """Records requests; the test says what comes of them."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Request] = []
        self.cancelled = 0

    def ask(self, command: Request) -> None:
        self.asked.append(command)

    def cancel_loading(self) -> None:
        self.cancelled += 1

    def finish(self, result: Result) -> None:
        self.happened.emit(TaskDone(self.asked[-1].number, 500, result))


@pytest.fixture
def looker(qapp) -> FakeLooker:
    return FakeLooker()


@pytest.fixture
def tasker(qapp) -> FakeTasker:
    return FakeTasker()


@pytest.fixture
def screen(looker, tasker) -> LatentScreen:
    return LatentScreen.over(looker, tasker)


def begin(screen: LatentScreen, looker: FakeLooker, **facts: object) -> None:
    screen.exploring.watch(True)
    screen.looking.open(RUN)
    looker.say_opened(**facts)
    looker.settle()


# Directions and effects


def test_a_finished_model_is_surveyed_as_soon_as_somebody_looks(screen, looker, tasker) -> None:
    begin(screen, looker)
    (request,) = tasker.asked
    assert isinstance(request.task, Survey) and request.run == RUN and screen.findings.is_surveying
    tasker.finish(SURVEYED)
    assert screen.findings.directions == MAIN and not screen.findings.is_surveying
    assert screen.map.choice is MapChoice.DIRECTIONS and MapChoice.DIMENSIONS in screen.map.choices()
    screen.map.choose(MapChoice.DIMENSIONS)
    assert (screen.map.plane.first, screen.map.plane.second) == (1, 3), "the two numbers that do the most"


def test_a_model_that_trains_is_surveyed_when_it_is_asked_for(screen, looker, tasker) -> None:
    begin(screen, looker, is_live=True)
    assert tasker.asked == []
    screen.findings.survey()
    screen.findings.survey()
    assert len(tasker.asked) == 1


def test_what_was_found_of_a_run_is_still_known_when_it_is_shown_again(screen, looker, tasker) -> None:
    begin(screen, looker)
    tasker.finish(SURVEYED)
    screen.looking.open(RUN.with_name("second"))
    looker.say_opened()
    assert screen.findings.directions == () and screen.map.choice is MapChoice.SEEDS
    tasker.finish(Surveyed(MAIN[:2], (0.6, 0.4), np.zeros(16, np.float32)))
    screen.looking.open(RUN)
    looker.say_opened()
    assert screen.findings.directions == MAIN and len(tasker.asked) == 2
    assert screen.map.choice is MapChoice.DIRECTIONS


def test_an_answer_of_the_run_before_is_kept_for_that_run(screen, looker, tasker) -> None:
    begin(screen, looker)
    first = tasker.asked[0].number
    screen.looking.open(RUN.with_name("second"))
    tasker.happened.emit(TaskDone(first, 500, SURVEYED))
    assert screen.findings.directions == ()
    screen.looking.open(RUN)
    assert screen.findings.directions == MAIN


def test_a_survey_that_failed_is_said_and_can_be_asked_for_again(screen, looker, tasker, said) -> None:
    heard = said(screen.tasking.noticed)
    begin(screen, looker)
    tasker.happened.emit(TaskNotDone(tasker.asked[-1].number, "No memory.", "trace"))
    assert heard == [("No memory.", "trace")] and not screen.findings.is_surveying
    screen.findings.survey()
    assert len(tasker.asked) == 2


def listed(screen, *directions: Direction) -> None:
    """As if they had been learnt."""
    state = screen.exploring.state
    editing = replace(state.editing, kept=tuple(Kept(direction) for direction in directions))
    screen.exploring.set(replace(state, editing=editing))


def test_a_learnt_direction_comes_first_until_it_is_removed(screen, looker, tasker) -> None:
    begin(screen, looker)
    tasker.finish(SURVEYED)
    smile = Direction(name="Smile", values=tuple(float(number) for number in range(16)), source="from labels")
    listed(screen, smile)
    assert screen.findings.directions == (smile, *MAIN)
    screen.exploring.set_strength(smile, 1.0)
    assert screen.findings.forget_words(smile) == "Remove" and screen.findings.forget_words(MAIN[0]) == ""
    screen.findings.forget(smile)
    assert screen.findings.directions == MAIN and screen.exploring.picture.moves == ()


def test_a_direction_that_is_named_is_the_same_wherever_it_is_at_work(screen, looker, tasker, said) -> None:
    begin(screen, looker)
    tasker.finish(SURVEYED)
    changes = said(screen.findings.changed)
    screen.exploring.set_strength(MAIN[1], 2.0)
    screen.pins.pin()
    screen.walk.add_keyframe()
    screen.findings.name(MAIN[1], " Light ")
    light = screen.findings.directions[1]
    assert len(changes) == 1
    assert (light.name, light.source, light.values) == ("Light", MAIN[1].name.lower(), MAIN[1].values)
    assert screen.findings.directions == (MAIN[0], light, *MAIN[2:])
    state = screen.exploring.state
    pictures = (state.picture, state.pins[0].picture, state.walk.keyframes[0].picture)
    assert [picture.moves[0].direction for picture in pictures] == [light] * 3
    screen.exploring.undo()
    assert screen.findings.directions == MAIN and screen.exploring.picture.moves[0].direction == MAIN[1]
    screen.exploring.redo()
    screen.findings.name(light, "")
    assert screen.findings.directions == MAIN and screen.exploring.picture.moves[0].direction == MAIN[1]


def test_no_two_directions_have_the_same_name(screen, looker, tasker) -> None:
    begin(screen, looker)
    tasker.finish(SURVEYED)
    for direction in MAIN[:2]:
        screen.findings.name(direction, "Light")
    assert [direction.name for direction in screen.findings.directions[:2]] == ["Light", "Light 2"]
    screen.findings.name(screen.findings.directions[0], "Light")
    assert [direction.name for direction in screen.findings.directions[:2]] == ["Light", "Light 2"]


def test_names_outlive_the_window_and_newer_weights(screen, looker, tasker, tmp_path: Path) -> None:
    begin(screen, looker)
    tasker.finish(SURVEYED)
    screen.findings.name(MAIN[0], "Light")
    light = screen.findings.directions[0]
    kept_exploration.write(tmp_path, screen.exploring.state)
    assert kept_exploration.read(tmp_path).editing.kept[0].direction == light
    newer = MAIN[0].model_copy(update={"values": (-1.0, 0.05, *(0.0,) * 14)})
    screen.findings.survey()
    tasker.finish(Surveyed((newer, *MAIN[1:]), (0.1,) * 6, np.arange(16, dtype=np.float32)))
    assert screen.findings.directions == (light, *MAIN[1:]), "the other way round it is the same direction"


def test_the_map_shows_two_directions_that_are_chosen_whatever_they_are_called(screen, looker, tasker) -> None:
    begin(screen, looker)
    tasker.finish(SURVEYED)
    chart = screen.map
    assert chart.directions == MAIN[:2] and chart.choice is MapChoice.DIRECTIONS
    chart.choose(MapChoice.SEEDS)
    chart.lay_up(MAIN[2])
    assert chart.directions == (MAIN[0], MAIN[2]) and chart.choice is MapChoice.DIRECTIONS
    chart.lay_across(MAIN[2])
    assert chart.directions == (MAIN[2], MAIN[0])
    screen.findings.name(MAIN[2], "Light")
    assert chart.directions[0].name == "Light" and chart.axes() == f"Light across, {MAIN[0].name} up"


# Is it copying?


def test_the_nearest_training_pictures_belong_to_the_picture_they_were_asked_for(screen, looker, tasker) -> None:
    begin(screen, looker, is_live=True)
    screen.findings.find_nearest()
    task = tasker.asked[-1].task
    assert isinstance(task, FindNearest) and np.array_equal(task.picture, screen.exploring.pictures[0])
    found = FoundNearest(np.zeros((8, 8, 8, 1), np.uint8), np.arange(8, dtype=np.float32), 20.0)
    tasker.finish(found)
    assert screen.findings.nearest is found
    screen.exploring.draw(5)
    assert screen.findings.nearest is None


def test_an_answer_about_a_picture_that_was_left_is_dropped(screen, looker, tasker) -> None:
    begin(screen, looker, is_live=True)
    screen.findings.find_nearest()
    screen.exploring.draw(5)
    tasker.finish(FoundNearest(np.zeros((8, 8, 8, 1), np.uint8), np.arange(8, dtype=np.float32), None))
    assert screen.findings.nearest is None and not screen.findings.is_searching


# Progress


def test_progress_is_that_of_the_task_under_way(screen, looker, tasker) -> None:
    begin(screen, looker)
    assert screen.tasking.is_busy and screen.tasking.progress is None
    number = tasker.asked[-1].number
    tasker.happened.emit(TaskProgressed(number, Progress("Measuring", 3, 10)))
    assert screen.tasking.progress.done == 3
    screen.tasking.call_off()
    assert tasker.cancelled == 1
    tasker.happened.emit(TaskCalledOff(number))
    assert not screen.tasking.is_busy and screen.tasking.progress is None and not screen.findings.is_surveying


# Out


def test_saving_asks_for_what_is_on_the_stage(screen, looker, tasker, said, tmp_path: Path) -> None:
    begin(screen, looker, is_live=True)
    heard = said(screen.exporting.told)
    screen.exporting.save_picture(tmp_path / "a.png")
    task = tasker.asked[-1].task
    assert isinstance(task, SavePictures) and task.pictures == (screen.exploring.picture,) and task.height == 256
    tasker.finish(Written(tmp_path / "a.png"))
    assert heard == [(f"Saved as {tmp_path / 'a.png'}.",)]


def test_the_walk_is_filmed_and_saved_as_a_strip(screen, looker, tasker, tmp_path: Path) -> None:
    begin(screen, looker, is_live=True)
    for seed in (2, 3):
        screen.exploring.draw(seed)
        screen.walk.add_keyframe()
    screen.exporting.film(tmp_path / "a.mp4", 256, 24, Scaling.SMOOTH)
    assert tasker.asked[-1].task == FilmWalk(screen.walk.walk, tmp_path / "a.mp4", 24, 256, Scaling.SMOOTH)
    screen.exporting.save_strip(tmp_path / "a.png")
    strip = tasker.asked[-1].task
    assert strip.columns == len(strip.pictures) == 9 and strip.pictures[0] == screen.walk.walk.at(0)


# And back


def test_a_recipe_leads_back_to_its_picture(screen, looker, said) -> None:
    begin(screen, looker, is_live=True)
    screen.exploring.set_dimension(2, 1.5)
    screen.exploring.set_strength(MAIN[0], -0.5)
    kept, text = screen.exploring.picture, screen.exporting.recipe()
    screen.exploring.draw(9)
    screen.exporting.paste(text)
    assert screen.exploring.picture == kept
    screen.exploring.undo()
    assert screen.exploring.picture.point == Drawn(seed=9)


@pytest.mark.parametrize("text", ["", "hello", "{}", '{"run": "first"}', "[" * 100_000])
def test_what_is_no_recipe_changes_nothing_and_is_said(screen, looker, said, text: str) -> None:
    begin(screen, looker, is_live=True)
    heard, before = said(screen.exporting.noticed), screen.exploring.picture
    screen.exporting.paste(text)
    assert len(heard) == 1 and "does not say" in heard[0][0] and screen.exploring.picture == before


def test_a_saved_picture_that_is_dropped_leads_back(screen, looker, said, tmp_path: Path) -> None:
    begin(screen, looker, is_live=True)
    told = said(screen.exporting.told)
    picture = LatentPicture(point=Drawn(seed=42))
    path = tmp_path / "picture.png"
    origins.write(path, np.zeros((1, 8, 8, 1), np.uint8), Origin(run=RUN.name, family="a", step=7, pictures=(picture,)))
    screen.exporting.drop(path)
    assert screen.exploring.picture == picture
    assert told and "Made at step 7" in told[0][0]


def test_a_picture_of_another_run_asks_for_that_run_and_waits(
    screen, looker, said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path))
    other = paths.runs() / "other"
    other.mkdir(parents=True)
    begin(screen, looker, is_live=True)
    wanted = said(screen.exporting.run_wanted)
    picture = LatentPicture(point=Drawn(seed=42))
    screen.exporting.paste(Origin(run="other", family="a", step=500, pictures=(picture,)).model_dump_json())
    assert wanted == [(other,)] and screen.exploring.picture != picture
    screen.looking.open(other)
    looker.say_opened()
    assert screen.exploring.picture == picture


def test_a_picture_of_a_run_that_is_not_here_is_refused_in_a_sentence(screen, looker, said) -> None:
    begin(screen, looker, is_live=True)
    heard = said(screen.exporting.noticed)
    picture = LatentPicture(point=Drawn(seed=42))
    screen.exporting.paste(Origin(run="gone", family="a", step=1, pictures=(picture,)).model_dump_json())
    assert '"gone"' in heard[0][0] and screen.exploring.picture != picture
