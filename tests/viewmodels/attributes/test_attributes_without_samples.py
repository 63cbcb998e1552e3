"""A model that encodes but draws no samples: pictures of the data take the place of samples, and are changed alike."""

import numpy as np
import pytest

from gen_studio.core.latents import Direction, Drawn, Given, LatentPicture
from gen_studio.core.tasks import DataPictures, FindPlace, FoundPlace, HeldOut, LearnDirection, ReadExamples, ShowData
from gen_studio.testing.looker import RUN
from gen_studio.viewmodels.attributes_lesson import VIEW as EXAMPLES
from gen_studio.viewmodels.attributes_lesson import Source
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.attributes_stage import VIEW
from gen_studio.viewmodels.attributes_state import Kept
from gen_studio.viewmodels.latent_screen import LatentScreen

SMILE = Direction(name="Smile", values=(1.0, *(0.0,) * 15))


def found(number: float) -> FoundPlace:
    place = LatentPicture(point=Given(values=(number,) * 16))
    return FoundPlace(place, np.full((8, 8, 1), 9, np.uint8), np.zeros((8, 8, 1), np.uint8), 9.0, "encoded")


@pytest.fixture
def screen(looker, tasker) -> AttributesScreen:
    screen = AttributesScreen.beside(LatentScreen.over(looker, tasker))
    screen.stage.watch(True)
    screen.looking.open(RUN)
    looker.say_opened(capabilities=("CanReconstruct", "HasCode", "CanAutoencode"))
    return screen


def test_a_picture_of_the_data_is_on_the_stage_at_first(screen, looker, tasker) -> None:
    assert screen.stage.is_usable and not screen.stage.has_picture
    assert looker.asked == [], "there is nothing to show yet"
    assert isinstance(tasker.newest(FindPlace).given, HeldOut) and not tasker.newest(FindPlace).searches
    tasker.finish(FindPlace, found(0.5))
    looker.settle()
    assert screen.stage.has_picture and screen.stage.after_pixels is not None
    assert (screen.stage.before_pixels == 9).all() and not screen.own.can_come_closer
    assert looker.questions(EXAMPLES) == []


def test_another_one_comes_in_the_place_of_another_sample_and_what_was_done_is_done_to_it(
    screen, looker, tasker
) -> None:
    tasker.finish(FindPlace, found(0.5))
    screen.directions.add(Kept(SMILE))
    screen.stage.set_strength(SMILE, 2.0)
    seed = tasker.newest(FindPlace).given
    screen.stage.draw_at_random()
    assert tasker.newest(FindPlace).given != seed
    tasker.finish(FindPlace, found(0.25))
    after, before = looker.newest(VIEW)
    assert after.moves[0].strength == 2.0 and before == found(0.25).picture


def test_the_data_wait_to_be_sorted_and_a_direction_is_learnt_of_them(screen, looker, tasker) -> None:
    assert screen.lesson.source is Source.DATA and not screen.lesson.has_samples
    assert tasker.count(ShowData) == 0, "the picture comes first"
    tasker.finish(FindPlace, found(0.5))
    looker.settle()
    assert tasker.count(ShowData) == 1
    tasker.finish(ShowData, DataPictures(np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8, 1), ()))
    for example, side in zip(screen.lesson.offered, ("more", "less"), strict=False):
        screen.lesson.sort(example, side)
    assert screen.lesson.missing == screen.lesson.hint == ""
    screen.lesson.learn()
    assert len(tasker.newest(LearnDirection).examples.more.pictures) == 1


def test_where_no_picture_was_held_out_it_is_asked_for_once(screen, looker, tasker) -> None:
    tasker.refuse(FindPlace, "Of this run's data no pictures were held out. Open a picture of your own.")
    looker.say_updated(700)
    assert tasker.count(FindPlace) == 1 and not screen.stage.has_picture
    screen.own.paste(np.zeros((5, 5, 3), np.uint8))
    tasker.finish(FindPlace, found(0.5))
    assert screen.stage.has_picture


def test_undone_to_the_beginning_nothing_is_asked_of_the_model(screen, looker, tasker) -> None:
    tasker.finish(FindPlace, found(0.5))
    looker.settle()
    asked = len(looker.asked)
    screen.exploring.undo()
    assert screen.exploring.picture.point == Drawn(seed=1) and not screen.stage.has_picture
    assert len(looker.asked) == asked and tasker.count(FindPlace) == 1
    screen.exploring.redo()
    assert screen.stage.has_picture


def test_own_pictures_go_into_its_piles(screen, tasker) -> None:
    screen.bringing.bring([np.zeros((8, 8, 1), np.uint8)], "more")
    assert tasker.count(ReadExamples) == 1
