"""Moving through a latent space behind a service that answers when the test says so."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.latents import Dimension, Direction, Drawn, Given, LatentPicture, Near, StyleMix
from gen_studio.core.looking import NotShown
from gen_studio.testing.looker import RUN, FakeLooker, latent_of
from gen_studio.viewmodels.exploration import blend, blended
from gen_studio.viewmodels.exploring import AROUND_VIEW, VIEW, ExploringViewModel, StageView
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.pins import PinsViewModel
from gen_studio.viewmodels.walking import WalkViewModel

SMILE = Direction(name="Smile", values=(1.0, *(0.0,) * 15))


@pytest.fixture
def looker(qapp) -> FakeLooker:
    return FakeLooker()


@pytest.fixture
def exploring(looker) -> ExploringViewModel:
    looking = Looking(looker)
    model = ExploringViewModel(looking, np.random.default_rng(0))
    model.watch(True)
    looking.open(RUN)
    looker.say_opened()
    looker.answer(VIEW)
    return model


# Asking


def test_a_model_that_is_opened_is_asked_for_its_first_picture(exploring, looker) -> None:
    assert looker.opened == [RUN] and looker.newest(VIEW) == (LatentPicture(point=Drawn(seed=1)),)
    assert exploring.pictures.shape == (1, 8, 8, 1)
    assert np.allclose(exploring.latent, latent_of(exploring.picture, 16))


def test_what_nobody_sees_is_not_asked_for_until_somebody_looks(exploring, looker) -> None:
    exploring.watch(False)
    count = len(looker.asked)
    exploring.draw(5)
    looker.say_updated(600)
    assert len(looker.asked) == count
    exploring.watch(True)
    assert looker.newest(VIEW)[0].point == Drawn(seed=5)


def test_newer_weights_are_asked_for_the_same_picture(exploring, looker) -> None:
    looker.say_updated(600)
    assert len(looker.questions(VIEW)) == 2 and looker.newest(VIEW) == (exploring.picture,)
    looker.answer(VIEW)
    assert exploring.looking.step == 600


def test_answers_that_lag_behind_the_hand_are_shown_in_order_and_never_backwards(exploring, looker, said) -> None:
    heard = said(exploring.pictured)
    for seed in (10, 11, 12):
        exploring.draw(seed)
    looker.answer(VIEW, -2)
    assert len(heard) == 1, "a picture on the way is better than none"
    latent = exploring.latent
    assert not np.allclose(latent, latent_of(LatentPicture(point=Drawn(seed=11)), 16)), "but it is not where one is"
    looker.answer(VIEW, -1)
    looker.answer(VIEW, -3)
    assert len(heard) == 2 and np.allclose(exploring.latent, latent_of(exploring.picture, 16))


def test_answers_of_the_run_before_are_dropped(exploring, looker, said) -> None:
    exploring.draw(7)
    exploring.looking.open(RUN.with_name("second"))
    heard = said(exploring.pictured)
    looker.answer(VIEW)
    assert heard == []


def test_every_run_keeps_its_own_exploration(exploring, looker) -> None:
    exploring.draw(7)
    exploring.looking.open(RUN.with_name("second"))
    looker.say_opened()
    assert exploring.picture.point == Drawn(seed=1) and not exploring.can_undo
    exploring.looking.open(RUN)
    looker.say_opened()
    assert exploring.picture.point == Drawn(seed=7) and exploring.can_undo


def test_a_run_that_ends_keeps_what_is_shown(exploring, looker) -> None:
    picture, pictures = exploring.picture, exploring.pictures
    looker.say_opened(is_live=False, step=900)
    assert exploring.picture == picture and exploring.pictures is pictures


def test_a_model_that_cannot_be_looked_at_says_why(exploring, looker, said) -> None:
    heard = said(exploring.looking.noticed)
    looker.happened.emit(NotShown("", -1, "The run has no checkpoint. Resume it.", "trace"))
    assert heard == [("The run has no checkpoint. Resume it.", "trace")]
    assert not exploring.is_usable and exploring.looking.problem.startswith("The run has no checkpoint")


# Changing and undoing


def test_everything_can_be_undone_and_done_again(exploring) -> None:
    first = exploring.picture
    exploring.set_dimension(3, 1.5)
    exploring.end_gesture()
    exploring.set_strength(SMILE, 2.0)
    exploring.set_truncation(0.7)
    last = exploring.picture
    for _ in range(3):
        exploring.undo()
    assert exploring.picture == first and not exploring.can_undo
    for _ in range(3):
        exploring.redo()
    assert exploring.picture == last and not exploring.can_redo


def test_a_drag_is_one_step_and_the_next_drag_another(exploring) -> None:
    for value in (0.1, 0.2, 0.3):
        exploring.set_dimension(0, value)
    exploring.end_gesture()
    for value in (0.4, 0.5):
        exploring.set_dimension(0, value)
    exploring.undo()
    assert exploring.picture.dimensions == (Dimension(index=0, value=0.3),)
    exploring.undo()
    assert exploring.picture.dimensions == ()


def test_undo_asks_for_what_is_shown_again(exploring, looker) -> None:
    exploring.draw(9)
    looker.answer(VIEW)
    exploring.undo()
    assert looker.newest(VIEW)[0].point == Drawn(seed=1)
    assert np.allclose(exploring.latent, latent_of(exploring.picture, 16)), "what was told once is known at once"


def test_a_change_after_undo_leaves_nothing_to_redo(exploring) -> None:
    exploring.draw(2)
    exploring.undo()
    exploring.draw(3)
    assert not exploring.can_redo


def test_reset_leaves_the_place_and_the_class(exploring) -> None:
    exploring.set_classes((0.0, 1.0))
    assert not exploring.can_reset
    exploring.set_dimension(0, 1.0)
    exploring.set_truncation(0.5)
    mix = StyleMix(point=Drawn(seed=4), first_layer=0, last_layer=1)
    exploring.set_picture(exploring.picture.model_copy(update={"mixes": (mix,), "noise": 3}))
    assert exploring.can_reset
    exploring.reset()
    assert exploring.picture == LatentPicture(point=Drawn(seed=1), classes=(0.0, 1.0))


# Places


def test_another_seed_keeps_what_was_done_by_name_but_not_single_numbers(exploring) -> None:
    exploring.set_strength(SMILE, 1.0)
    exploring.set_dimension(2, 1.0)
    exploring.draw_at_random()
    assert exploring.picture.moves[0].direction is SMILE and exploring.picture.dimensions == ()
    assert exploring.picture.point != Drawn(seed=1)


def test_near_here_starts_from_what_is_shown(exploring, looker) -> None:
    exploring.set_dimension(2, 1.0)
    looker.answer(VIEW)
    latent = exploring.latent
    exploring.step_near()
    point = exploring.picture.point
    assert isinstance(point, Near) and isinstance(point.point, Given)
    assert np.allclose(point.point.values, latent), "the number set by hand is part of it"


def test_points_within_points_become_numbers_before_they_are_endless(exploring, looker) -> None:
    for _ in range(40):
        exploring.step_near()
        looker.answer(VIEW)
    assert len(exploring.picture.model_dump_json()) < 5_000


def test_a_number_set_by_hand_stands_at_once_and_knows_its_own_default(exploring, looker) -> None:
    before = exploring.number(4)
    exploring.set_dimension(4, 2.5)
    assert exploring.number(4) == 2.5 and exploring.place_number(4) == pytest.approx(before)
    exploring.set_dimension(4, None)
    assert exploring.number(4) == pytest.approx(before)


def test_the_default_of_a_number_is_asked_for_where_it_is_not_known(exploring, looker) -> None:
    pasted = LatentPicture(point=Drawn(seed=77), dimensions=(Dimension(index=0, value=1.0),))
    exploring.set_picture(pasted)
    assert looker.newest(VIEW) == (pasted, LatentPicture(point=Drawn(seed=77)))
    looker.answer(VIEW)
    assert len(exploring.pictures) == 1
    assert exploring.place_number(0) == pytest.approx(latent_of(LatentPicture(point=Drawn(seed=77)), 16)[0])


# Views of the stage


def test_around_shows_eight_neighbours_and_goes_to_the_one_chosen(exploring, looker) -> None:
    exploring.choose_view(StageView.AROUND)
    asked = looker.newest(AROUND_VIEW)
    assert len(asked) == 9 and asked[4] == exploring.picture
    assert all(isinstance(picture.point, Near) for picture in (*asked[:4], *asked[5:]))
    looker.answer(AROUND_VIEW)
    assert len(exploring.pictures) == 9
    exploring.go_to(2)
    assert exploring.picture == asked[2]


def test_several_seeds_show_the_same_edit_elsewhere(exploring, looker) -> None:
    exploring.set_strength(SMILE, 1.5)
    exploring.choose_view(StageView.SEEDS)
    asked = looker.newest(AROUND_VIEW)
    assert asked[0] == exploring.picture and len({picture.point for picture in asked}) == 9
    assert {picture.moves for picture in asked} == {exploring.picture.moves}


def test_the_view_left_behind_gets_no_more_answers(exploring, looker, said) -> None:
    exploring.draw(3)
    exploring.choose_view(StageView.SEEDS)
    heard = said(exploring.pictured)
    looker.answer(VIEW)
    assert heard == []


# Classes


@pytest.mark.parametrize(("first", "second", "share"), [(0, None, 0.0), (2, None, 0.0), (1, 3, 0.25), (0, 2, 0.5)])
def test_classes_that_are_blended_are_read_back(first: int, second: int | None, share: float) -> None:
    assert blended(blend(first, second, share, 4)) == (first, second, share)


def test_a_blend_of_nothing_is_the_class_alone() -> None:
    assert blend(0, 2, 0.0, 3) == () and blend(1, 2, 1.0, 3) == (0.0, 0.0, 1.0)


# What is kept


def test_pins_and_the_walk_outlive_the_window(qapp, tmp_path: Path, said) -> None:
    def explored(looker: FakeLooker) -> tuple[ExploringViewModel, PinsViewModel, WalkViewModel]:
        model = ExploringViewModel(Looking(looker), np.random.default_rng(0))
        pins, walk = PinsViewModel(model), WalkViewModel(model)
        model.watch(True)
        model.looking.open(tmp_path)
        looker.say_opened()
        looker.settle()
        return model, pins, walk

    first, pins, walk = explored(FakeLooker())
    for seed in (3, 4):
        first.draw(seed)
        pins.pin()
        walk.add_keyframe()
    pins.rename(1, "Calm")
    first.set_strength(SMILE, 1.5)
    first.watch(False)
    second, _, _ = explored(FakeLooker())
    assert second.state == first.state and not second.can_undo


def test_an_exploration_that_cannot_be_read_is_said_and_begins_anew(exploring, looker, said, tmp_path: Path) -> None:
    (tmp_path / "exploration.json").write_text('{"version": 1, "picture": 3}')
    heard = said(exploring.looking.noticed)
    exploring.looking.open(tmp_path)
    looker.say_opened()
    assert "could not be read" in heard[0][0] and exploring.picture.point == Drawn(seed=1)


def test_a_run_that_was_only_looked_at_gets_no_file(exploring, looker, tmp_path: Path) -> None:
    exploring.looking.open(tmp_path)
    looker.say_opened()
    exploring.watch(False)
    assert list(tmp_path.iterdir()) == []
