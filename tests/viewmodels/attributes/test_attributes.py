"""Directions learnt, named, taken out of each other, kept in files and applied, with fakes for model and threads."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.annotations import binary, category, number
from gen_studio.core.directions import Method, Quality
from gen_studio.core.latents import Direction, Drawn, LatentPicture, Move, Space
from gen_studio.core.tasks import (
    DataPictures,
    Known,
    LearnDirection,
    Learnt,
    SavePictures,
    ShowData,
    Sorted,
    Survey,
    Written,
)
from gen_studio.testing.looker import RUN
from gen_studio.testing.tasker import FakeTasker
from gen_studio.viewmodels import attributes_words as words
from gen_studio.viewmodels.attributes_lesson import OFFERED, Source
from gen_studio.viewmodels.attributes_lesson import VIEW as EXAMPLES
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.attributes_stage import STRENGTHS, STRIP_VIEW, VIEW

SIZE = 16
QUALITY = Quality(0.9, 0.95, 5, 40, 38)
PLACE = tuple(float(place) for place in range(SIZE))


def way(name: str, *values: float) -> Direction:
    return Direction(name=name, values=(*values, *(0.0,) * (SIZE - len(values))), source="from 9 pictures")


SMILE, HAT = way("Smile", 1.0), way("Hat", 1.0, 1.0)


def names(screen: AttributesScreen) -> list[str]:
    return [kept.direction.name for kept in screen.directions.kept]


def learnt(screen: AttributesScreen, tasker: FakeTasker, direction: Direction, **other: object) -> None:
    """As though two piles had been sorted and a direction had come of them."""
    for side, example in zip(("more", "less"), screen.lesson.offered, strict=False):
        screen.lesson.sort(example, side)
    screen.lesson.learn()
    tasker.finish(LearnDirection, Learnt(direction, **{"quality": QUALITY, **other}))


# The picture


def test_the_picture_is_asked_for_together_with_what_it_was_before(screen, looker, tasker) -> None:
    learnt(screen, tasker, SMILE)
    screen.stage.set_strength(SMILE, 2.0)
    after, before = looker.newest(VIEW)
    assert after.moves == (Move(direction=SMILE, strength=2.0),) and before.moves == ()
    looker.answer(VIEW)
    assert screen.stage.after_pixels.shape == screen.stage.before_pixels.shape == (8, 8, 1)
    assert screen.stage.can_reset
    screen.stage.reset()
    assert not screen.stage.can_reset and screen.exploring.picture == before


def test_what_nobody_sees_is_not_asked_for(screen, looker) -> None:
    screen.stage.watch(False)
    asked = len(looker.asked)
    screen.stage.draw(8)
    looker.say_updated(900)
    assert len(looker.asked) == asked
    screen.stage.watch(True)
    assert looker.newest(VIEW)[0].point == Drawn(seed=8)


def test_newer_weights_of_a_run_under_way_are_asked_again(screen, looker) -> None:
    asked = len(looker.questions(VIEW))
    looker.say_updated(900)
    assert len(looker.questions(VIEW)) == asked + 1
    looker.answer(VIEW)
    assert screen.stage.shown_step == 900


def test_several_directions_are_applied_at_once_and_stay_for_the_next_sample(screen, tasker) -> None:
    for direction in (SMILE, HAT):
        learnt(screen, tasker, direction)
        screen.stage.set_strength(direction, 1.5)
        screen.exploring.end_gesture()
    screen.stage.draw(77)
    assert screen.exploring.picture.point == Drawn(seed=77)
    assert [move.direction for move in screen.exploring.picture.moves] == [SMILE, HAT]


def test_directions_that_are_not_in_the_list_belong_to_what_was_before(screen) -> None:
    screen.exploring.set_strength(HAT, 1.0)
    assert screen.stage.before == screen.exploring.picture and not screen.stage.can_reset


def test_the_strip_shows_the_chosen_direction_at_every_strength(screen, looker, tasker, qtbot) -> None:
    learnt(screen, tasker, SMILE)
    qtbot.waitUntil(lambda: bool(looker.questions(STRIP_VIEW)))
    assert [words_of(picture) for picture in looker.newest(STRIP_VIEW)] == list(STRENGTHS)
    looker.answer(STRIP_VIEW)
    assert screen.stage.strip_pictures.shape == (7, 8, 8, 1)
    screen.stage.go_to_strength(6)
    assert words_of(screen.exploring.picture) == 3.0
    screen.exploring.undo()
    assert words_of(screen.exploring.picture) == 0.0


def words_of(picture: LatentPicture) -> float:
    return next((move.strength for move in picture.moves), 0.0)


def test_the_strip_is_saved_in_one_picture(screen, tasker, said, tmp_path: Path) -> None:
    learnt(screen, tasker, SMILE)
    heard = said(screen.stage.told)
    screen.stage.save_strip(tmp_path / "strip.png")
    task = tasker.newest(SavePictures)
    assert (task.columns, len(task.pictures), task.height) == (7, 7, 256)
    tasker.finish(SavePictures, Written(tmp_path / "strip.png"))
    assert heard == [(f"Saved as {tmp_path / 'strip.png'}.",)]


# Sorting


def test_an_example_lies_in_one_pile_at_most(screen) -> None:
    example = screen.lesson.offered[0]
    screen.lesson.sort(example, "more")
    screen.lesson.sort(example, "less")
    assert screen.lesson.editing.more == () and screen.lesson.editing.less == (example,)
    screen.lesson.swap()
    assert screen.lesson.editing.more == (example,)
    screen.lesson.sort(example, None)
    assert screen.lesson.editing.side_of(example) is None


def test_sorting_can_be_undone_one_by_one(screen) -> None:
    first, second = screen.lesson.offered[:2]
    screen.lesson.sort(first, "more")
    screen.lesson.sort(second, "less")
    screen.exploring.undo()
    assert screen.lesson.editing.more == (first,) and screen.lesson.editing.less == ()
    screen.exploring.undo()
    assert screen.lesson.editing.more == ()
    screen.exploring.redo()
    screen.exploring.redo()
    assert screen.lesson.editing.less == (second,)


def test_samples_in_the_piles_keep_their_pictures_when_others_are_offered(screen, looker, qtbot) -> None:
    qtbot.waitUntil(lambda: bool(looker.questions(EXAMPLES)))
    looker.answer(EXAMPLES)
    example = screen.lesson.offered[3]
    screen.lesson.sort(example, "more")
    asked = len(looker.questions(EXAMPLES))
    screen.lesson.offer_others()
    assert example not in screen.lesson.offered
    qtbot.waitUntil(lambda: len(looker.questions(EXAMPLES)) > asked)
    looker.answer(EXAMPLES)
    assert screen.lesson.picture(example) is not None
    assert all(screen.lesson.picture(other) is not None for other in screen.lesson.offered)


def test_data_are_looked_at_when_somebody_wants_to_sort_them(screen, tasker) -> None:
    assert tasker.count(ShowData) == 0
    screen.lesson.choose_source(Source.DATA)
    assert screen.lesson.is_loading and tasker.newest(ShowData).count == OFFERED
    tasker.finish(ShowData, DataPictures(np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8, 1), ()))
    first = screen.lesson.offered[0]
    assert len(screen.lesson.offered) == 3 and screen.lesson.picture(first).shape == (8, 8, 1)
    screen.lesson.sort(first, "more")
    screen.lesson.choose_source(Source.SAMPLES)
    screen.lesson.sort(screen.lesson.offered[0], "less")
    screen.lesson.learn()
    examples = tasker.newest(LearnDirection).examples
    assert isinstance(examples, Sorted)
    assert np.array_equal(examples.more.pictures[0], first.pixels) and len(examples.less.samples) == 1


def test_a_class_or_an_attribute_takes_the_place_of_piles(screen, tasker) -> None:
    screen.lesson.choose_source(Source.KNOWN)
    assert screen.lesson.missing == "The data are being looked at."
    facts = (binary("smile", "serious", "smiling"), category("hair", ("bob", "long")), number("skin", 0, 1))
    tasker.finish(ShowData, DataPictures(np.zeros((1, 8, 8, 1), np.uint8), facts))
    assert screen.lesson.traits() == (
        ("smile=smiling", "Smiling"),
        ("hair=bob", "Hair: bob"),
        ("hair=long", "Hair: long"),
        ("skin=high", "Skin: high"),
    )
    assert screen.lesson.missing.startswith("Choose")
    screen.lesson.set_lesson(trait="hair=bob", method=Method.SEPARATOR)
    screen.lesson.learn()
    task = tasker.newest(LearnDirection)
    assert (task.name, task.examples, task.method) == ("Hair: bob", Known("hair=bob"), Method.SEPARATOR)


def test_data_of_which_nothing_is_known_leave_the_way_of_sorting(screen, tasker) -> None:
    screen.lesson.choose_source(Source.KNOWN)
    tasker.finish(ShowData, DataPictures(np.zeros((1, 8, 8, 1), np.uint8), ()))
    assert "Sort samples or data instead" in screen.lesson.missing


# Learning


def test_without_pictures_in_both_piles_nothing_is_learnt_and_it_is_said_why(screen, tasker) -> None:
    screen.lesson.sort(screen.lesson.offered[0], "more")
    assert screen.lesson.missing == "Put at least one picture into Less."
    screen.lesson.learn()
    assert tasker.count(LearnDirection) == 0


def test_a_direction_is_learnt_under_its_name_and_shown_in_the_latent_panel_too(screen, latent, tasker) -> None:
    screen.lesson.set_lesson("name", name=" Smile ")
    learnt(screen, tasker, SMILE)
    assert tasker.newest(LearnDirection).name == "Smile"
    assert names(screen) == ["Smile"] and screen.directions.chosen.direction == SMILE
    assert screen.lesson.lesson.name == "", "the next one wants another name"
    assert latent.findings.directions[0] == SMILE
    screen.exploring.undo()
    assert names(screen) == [] and SMILE not in latent.findings.directions
    screen.exploring.redo()
    assert SMILE in latent.findings.directions


def test_a_name_that_is_taken_gets_a_number(screen, tasker) -> None:
    for _ in range(3):
        learnt(screen, tasker, SMILE)
    assert names(screen) == ["Smile", "Smile 2", "Smile 3"]


def test_the_next_direction_leaves_alone_those_that_were_ticked(screen, tasker) -> None:
    learnt(screen, tasker, SMILE)
    screen.lesson.spare("Smile", True)
    screen.lesson.learn()
    assert tasker.newest(LearnDirection).orthogonal_to == (SMILE,)
    screen.lesson.spare("Smile", False)
    tasker.call_off(LearnDirection)
    screen.lesson.learn()
    assert tasker.newest(LearnDirection).orthogonal_to == ()


def test_learning_tells_how_far_it_is_and_can_be_called_off(screen, tasker) -> None:
    for side, example in zip(("more", "less"), screen.lesson.offered, strict=False):
        screen.lesson.sort(example, side)
    screen.latent.findings.survey()
    screen.lesson.learn()
    tasker.say_progress(Survey, "Trying out the latents", 10, 40)
    assert screen.lesson.progress_in_words() == "Waiting for its turn"
    tasker.call_off(Survey)
    tasker.say_progress(LearnDirection, "Encoding pictures", 10, 40)
    assert screen.lesson.progress_in_words() == "Encoding pictures, 10 of 40"
    screen.lesson.cancel()
    assert tasker.cancelled == 1
    tasker.call_off(LearnDirection)
    assert not screen.lesson.is_learning and names(screen) == []


def test_what_was_learnt_for_a_run_that_is_no_longer_looked_at_is_not_put_into_another(screen, looker, tasker) -> None:
    for side, example in zip(("more", "less"), screen.lesson.offered, strict=False):
        screen.lesson.sort(example, side)
    screen.lesson.learn()
    screen.looking.open(RUN.with_name("second"))
    looker.say_opened()
    tasker.finish(LearnDirection, Learnt(SMILE, QUALITY))
    assert names(screen) == []


# Directions in the list


def test_a_renamed_direction_goes_on_doing_what_it_did(screen, tasker) -> None:
    learnt(screen, tasker, SMILE)
    screen.stage.set_strength(SMILE, 1.0)
    screen.directions.rename("Smile", "Grin")
    assert names(screen) == ["Grin"] and screen.exploring.picture.moves[0].direction.name == "Grin"
    assert screen.stage.before.moves == ()
    screen.exploring.undo()
    assert names(screen) == ["Smile"] and screen.exploring.picture.moves[0].direction == SMILE


def test_a_removed_direction_leaves_the_picture(screen, tasker) -> None:
    learnt(screen, tasker, SMILE)
    screen.stage.set_strength(SMILE, 1.0)
    screen.directions.remove("Smile")
    assert screen.directions.kept == () and screen.exploring.picture.moves == ()
    screen.exploring.undo()
    assert screen.exploring.picture.moves[0].strength == 1.0


def test_a_direction_is_made_orthogonal_to_others_on_request(screen, tasker) -> None:
    learnt(screen, tasker, SMILE)
    learnt(screen, tasker, HAT)
    assert screen.directions.others("Hat") == ("Smile",)
    screen.directions.take_out("Hat", ["Smile"])
    hat = screen.directions.kept[1]
    assert np.dot(hat.direction.values, SMILE.values) == pytest.approx(0)
    assert hat.direction.source == "without Smile" and "Not checked since" in words.quality(hat)


def test_what_would_leave_nothing_of_a_direction_is_refused(screen, tasker, said) -> None:
    learnt(screen, tasker, SMILE)
    learnt(screen, tasker, SMILE)
    heard = said(screen.directions.noticed)
    screen.directions.take_out("Smile 2", ["Smile"])
    assert len(heard) == 1 and heard[0][0].startswith("Nothing is left") and names(screen) == ["Smile", "Smile 2"]


def test_directions_are_saved_and_opened_with_their_quality(screen, tasker, tmp_path: Path) -> None:
    learnt(screen, tasker, SMILE)
    path = tmp_path / "smile.direction"
    screen.directions.save("Smile", path)
    screen.directions.open(path)
    first, second = screen.directions.kept
    assert second.direction.values == first.direction.values and second.quality == QUALITY
    assert names(screen) == ["Smile", "Smile 2"]


@pytest.mark.parametrize("content", [b"", b"no direction at all", b"\xff" * 40])
def test_a_damaged_file_is_refused_in_a_sentence(screen, said, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.direction"
    path.write_bytes(content)
    heard = said(screen.directions.noticed)
    screen.directions.open(path)
    assert len(heard) == 1 and "is not a direction, or it is damaged" in heard[0][0] and not screen.directions.kept


@pytest.mark.parametrize("changes", [{"values": (1.0, 2.0)}, {"space": Space.STYLE}])
def test_a_direction_of_another_model_is_refused(screen, tasker, said, tmp_path: Path, changes: dict) -> None:
    learnt(screen, tasker, SMILE.model_copy(update=changes))
    screen.directions.save("Smile", tmp_path / "other.direction")
    heard = said(screen.directions.noticed)
    screen.directions.open(tmp_path / "other.direction")
    assert len(heard) == 1 and "it comes from another one" in heard[0][0] and len(screen.directions.kept) == 1
