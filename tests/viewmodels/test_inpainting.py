"""Holes filled by a service that a test answers for: what is asked, what is shown, what is kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.looking import Fill, NotShown, Shown
from gen_studio.core.tasks import (
    DataPictures,
    DrawHoles,
    HolesMade,
    PictureRead,
    ReadMask,
    ReadPicture,
    ShowData,
    WritePictures,
    Written,
)
from gen_studio.testing.looker import FACTS, RUN, FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.viewmodels.inpainting import ALL_MASKED, AT_FIRST, MORE, MORE_VIEW, VIEW, Subject
from gen_studio.viewmodels.inpainting_files import FROM_DATA
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking

INPAINTS = {"capabilities": ("CanInpaint",), "latent_shape": (), "channels": 3, "height": 32, "width": 32}


class Bench:
    """A screen over fakes, on which a picture is worked on."""

    def __init__(self) -> None:
        self.looker, self.tasker = FakeLooker(), FakeTasker()
        self.screen = InpaintingScreen.over(Looking(self.looker), Tasking(self.tasker))
        self.inpainting, self.files = self.screen.inpainting, self.screen.files
        self.photo = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
        self.said: list[str] = []
        self.files.told.connect(self.said.append)
        self.files.noticed.connect(lambda sentence, details: self.said.append(sentence))

    def opens(self, run: Path = RUN, **facts: object) -> None:
        self.screen.watch(True)
        self.screen.looking.open(run)
        self.looker.say_opened(**{**INPAINTS, **facts})

    def begins(self) -> None:
        self.inpainting.begin(Subject(self.photo, "photo.png"))

    def masks(self, top: int = 4, left: int = 5, size: int = 6) -> np.ndarray:
        mask = np.zeros((20, 30), bool)
        mask[top : top + size, left : left + size] = True
        self.inpainting.take_painting(mask)
        return mask

    def fill(self, view: str = VIEW) -> Fill:
        question = self.looker.questions(view)[-1].question
        assert isinstance(question, Fill)
        return question

    def answers(self, *greys: int, view: str = VIEW, place: int = -1) -> None:
        """Every pixel of each answer is of one grey, the known ones too: a model that keeps no promise."""
        ask = self.looker.questions(view)[place]
        shape = ask.question.picture.shape
        pictures = np.stack([np.full(shape, grey, np.uint8) for grey in greys])
        self.looker.happened.emit(Shown(view, ask.number, self.looker.facts.step, pictures))


@pytest.fixture
def bench(qapp: object) -> Bench:
    bench = Bench()
    bench.opens()
    bench.begins()
    return bench


def test_a_stroke_is_filled_and_what_is_known_stays_bit_for_bit(bench: Bench) -> None:
    mask = bench.masks()
    assert np.array_equal(bench.fill().hole, mask) and bench.fill().seeds == (0,)
    assert bench.inpainting.is_waiting
    bench.answers(7)
    result = bench.inpainting.result
    assert (result[mask] == 7).all() and np.array_equal(result[~mask], bench.photo[~mask])
    assert not bench.inpainting.is_waiting
    assert np.array_equal(bench.inpainting.photo, bench.photo), "the photo itself is not painted over"


def test_of_a_large_picture_only_what_matters_to_the_hole_is_asked_and_changed(qapp: object) -> None:
    bench = Bench()
    bench.opens(height=4, width=4)
    bench.begins()
    mask = bench.masks(9, 15, 2)
    assert bench.fill().picture.shape == (10, 10, 3) and bench.fill().hole.shape == (10, 10)
    assert np.array_equal(bench.fill().picture, bench.photo[5:15, 11:21])
    bench.answers(7)
    answer, wanted = bench.inpainting.answer, bench.photo.copy()
    wanted[mask] = 7
    assert answer.patch.shape == (2, 2, 3) and np.array_equal(answer.pixels, wanted)
    assert np.array_equal(answer.part((slice(8, 14), slice(3, 30))), wanted[8:14, 3:30])
    assert answer.error == pytest.approx(np.abs(bench.photo[mask].astype(float) - 7).mean())


def test_the_error_is_how_far_the_answer_is_from_what_was_there(bench: Bench) -> None:
    mask = bench.masks()
    bench.answers(7)
    wanted = np.abs(bench.photo[mask].astype(float) - 7).mean()
    assert bench.inpainting.answer.error == pytest.approx(wanted)


def test_a_grey_model_fills_a_colourful_photo_in_grey_and_leaves_its_colours(qapp: object) -> None:
    bench = Bench()
    bench.opens(channels=1)
    bench.begins()
    mask = bench.masks()
    assert bench.fill().picture.shape == (20, 30, 1)
    bench.answers(90)
    assert (bench.inpainting.result[mask] == 90).all()
    assert np.array_equal(bench.inpainting.result[~mask], bench.photo[~mask])


def test_an_emptied_mask_shows_the_photo_and_a_late_answer_changes_nothing(bench: Bench) -> None:
    bench.masks()
    bench.inpainting.take_painting(np.zeros((20, 30), bool))
    bench.answers(7)
    assert bench.inpainting.result is bench.photo and not bench.inpainting.is_waiting


def test_an_answer_of_another_photo_is_not_shown(bench: Bench) -> None:
    bench.masks()
    bench.begins()
    bench.photo = bench.photo.copy()
    bench.inpainting.begin(Subject(bench.photo, "other.png"))
    bench.answers(7)
    assert bench.inpainting.answers == () and bench.inpainting.result is bench.photo


def test_a_mask_over_everything_is_said_and_not_asked(bench: Bench) -> None:
    bench.inpainting.take_painting(np.ones((20, 30), bool))
    assert bench.inpainting.problem == ALL_MASKED and bench.looker.questions(VIEW) == []


def test_filling_can_wait_for_a_button(bench: Bench) -> None:
    bench.inpainting.set_fills_at_once(False)
    bench.masks()
    assert bench.looker.questions(VIEW) == []
    bench.inpainting.fill()
    bench.answers(7)
    bench.masks(left=12)
    assert bench.inpainting.answers == () and len(bench.looker.questions(VIEW)) == 1
    bench.inpainting.set_fills_at_once(True)
    assert len(bench.looker.questions(VIEW)) == 2


def test_a_kept_answer_is_gone_on_from_and_its_mask_remembered(bench: Bench) -> None:
    mask = bench.masks()
    bench.answers(7)
    kept = []
    bench.inpainting.going_on.connect(kept.append)
    bench.inpainting.keep()
    assert np.array_equal(kept[0], bench.inpainting.result) and bench.inpainting.last_mask is mask
    bench.inpainting.take_painting(np.zeros((20, 30), bool), kept[0])
    assert bench.inpainting.result is kept[0] and bench.inpainting.answers == ()
    second = bench.masks(top=10, left=20)
    assert np.array_equal(bench.fill().picture, kept[0])
    bench.answers(9)
    assert (bench.inpainting.result[mask] == 7).all() and (bench.inpainting.result[second] == 9).all()
    error = np.abs(bench.photo[second].astype(float) - 9).mean()
    assert bench.inpainting.answer.error == pytest.approx(error), "held against the picture as it was opened"


def test_newer_weights_fill_the_same_hole_again(bench: Bench) -> None:
    bench.masks()
    bench.answers(7)
    bench.looker.say_updated(600)
    assert len(bench.looker.questions(VIEW)) == 2
    bench.answers(8)
    assert bench.inpainting.answer.step == 600 and (bench.inpainting.result[5, 6] == 8).all()


def test_what_nobody_sees_is_not_asked_for_until_somebody_looks(bench: Bench) -> None:
    bench.screen.watch(False)
    bench.masks()
    bench.looker.say_updated(600)
    assert bench.looker.questions(VIEW) == []
    bench.screen.watch(True)
    assert len(bench.looker.questions(VIEW)) == 1


def test_another_run_fills_the_same_holes(bench: Bench) -> None:
    mask = bench.masks()
    bench.answers(7)
    bench.opens(Path("runs") / "second")
    assert np.array_equal(bench.fill().hole, mask) and len(bench.looker.questions(VIEW)) == 2


def test_where_chance_has_a_say_there_are_several_answers_and_more_for_the_asking(qapp: object) -> None:
    bench = Bench()
    bench.opens(fills_by_chance=True)
    bench.begins()
    mask = bench.masks()
    assert bench.fill().seeds == tuple(range(AT_FIRST))
    bench.answers(*range(AT_FIRST))
    bench.inpainting.choose(2)
    assert (bench.inpainting.result[mask] == 2).all()
    bench.inpainting.ask_for_more()
    assert bench.fill(MORE_VIEW).seeds == tuple(range(AT_FIRST, AT_FIRST + MORE))
    bench.answers(*range(100, 100 + MORE), view=MORE_VIEW)
    assert len(bench.inpainting.answers) == AT_FIRST + MORE and bench.inpainting.chosen == 2
    bench.masks(left=15)
    assert len(bench.fill().seeds) == AT_FIRST + MORE


def test_one_that_is_refused_waits_no_longer(bench: Bench) -> None:
    bench.masks()
    number = bench.looker.questions(VIEW)[-1].number
    bench.looker.happened.emit(NotShown(VIEW, number, "No."))
    assert not bench.inpainting.is_waiting


# Files, data, masks


def test_a_file_is_read_elsewhere_and_what_was_done_to_it_is_said(bench: Bench) -> None:
    began = []
    bench.inpainting.began.connect(lambda: began.append(bench.inpainting.subject.name))
    bench.files.open(Path("a") / "first.png")
    bench.files.open(Path("a") / "second.gif")
    grey = np.full((5, 4, 1), 8, np.uint8)
    bench.tasker.finish(ReadPicture, PictureRead(grey, ("Only the first of its 3 pictures was taken.",)))
    assert began == ["second.gif"] and bench.inpainting.photo.shape == (5, 4, 3)
    assert bench.said == ["Only the first of its 3 pictures was taken."]


def test_a_file_that_is_no_picture_leaves_the_one_that_is_there(bench: Bench) -> None:
    bench.files.open(Path("notes.txt"))
    bench.tasker.refuse(ReadPicture, "notes.txt is no picture.")
    assert bench.inpainting.subject.name == "photo.png"


def test_the_first_look_shows_a_held_out_picture_and_another_run_another(qapp: object) -> None:
    bench = Bench()
    bench.opens()
    assert bench.tasker.newest(ShowData) == ShowData(FROM_DATA, seed=0, held_out=True)
    pictures = np.stack([np.full((8, 8, 1), grey, np.uint8) for grey in (1, 2, 3)])
    bench.tasker.finish(ShowData, DataPictures(pictures, ()))
    assert (bench.inpainting.photo == 1).all() and bench.inpainting.subject.run == RUN
    bench.files.show_next_of_data()
    assert (bench.inpainting.photo == 2).all() and bench.tasker.count(ShowData) == 1
    bench.opens(Path("runs") / "second")
    assert bench.tasker.count(ShowData) == 2


def test_a_picture_that_is_dropped_meanwhile_is_not_replaced_by_one_of_the_data(qapp: object) -> None:
    bench = Bench()
    bench.opens()
    bench.screen.watch(True)
    assert bench.tasker.count(ShowData) == 1, "one question at a time"
    bench.begins()
    pictures = np.stack([np.full((8, 8, 1), grey, np.uint8) for grey in (1, 2)])
    bench.tasker.finish(ShowData, DataPictures(pictures, ()))
    assert bench.inpainting.subject.name == "photo.png"
    bench.files.show_next_of_data()
    assert (bench.inpainting.photo == 1).all()


def test_data_that_cannot_be_read_may_be_asked_for_again(qapp: object) -> None:
    bench = Bench()
    bench.opens()
    bench.tasker.refuse(ShowData, "The data have gone.")
    bench.files.show_next_of_data()
    assert bench.tasker.count(ShowData) == 2


def test_a_persons_own_picture_stays_when_another_run_is_looked_at(bench: Bench) -> None:
    before = bench.tasker.count(ShowData)
    bench.opens(Path("runs") / "second")
    assert bench.inpainting.subject.name == "photo.png" and bench.tasker.count(ShowData) == before


def test_masks_come_from_files_and_from_chance(bench: Bench) -> None:
    made = []
    bench.files.holes_made.connect(made.append)
    bench.files.open_mask(Path("mask.png"))
    assert bench.tasker.newest(ReadMask) == ReadMask(Path("mask.png"), 20, 30)
    holes = np.eye(20, 30, dtype=bool)
    bench.tasker.finish(ReadMask, HolesMade(holes))
    bench.files.draw_holes(0.25, seed=3)
    assert bench.tasker.newest(DrawHoles) == DrawHoles(20, 30, 0.25, 3)
    bench.inpainting.begin(replace(bench.inpainting.subject, pixels=np.zeros((9, 9, 3), np.uint8)))
    bench.tasker.finish(DrawHoles, HolesMade(holes))
    assert made == [holes], "holes for a picture that is gone are dropped"


def test_the_last_mask_is_used_again_where_it_fits(bench: Bench) -> None:
    made = []
    bench.files.holes_made.connect(made.append)
    mask = bench.masks()
    bench.begins()
    bench.files.reuse_mask()
    assert made == [mask]
    bench.inpainting.begin(Subject(np.zeros((9, 8, 3), np.uint8), "small.png"))
    bench.files.reuse_mask()
    assert len(made) == 1 and "30 × 20 and the picture 8 × 9" in bench.said[0]


def test_what_is_saved_is_what_is_shown_and_the_mask_white_on_black(bench: Bench, tmp_path: Path) -> None:
    mask = bench.masks()
    bench.answers(7)
    bench.files.save_both(tmp_path / "filled.png")
    (path, result), (beside, white) = bench.tasker.newest(WritePictures).files
    assert (path.name, beside.name) == ("filled.png", "filled-mask.png")
    assert np.array_equal(result[~mask], bench.photo[~mask]) and (result[mask] == 7).all()
    assert np.array_equal(white[..., 0] == 255, mask) and set(np.unique(white)) == {0, 255}
    bench.tasker.finish(WritePictures, Written(path))
    assert bench.said == ["Saved filled.png and filled-mask.png."]


def test_a_model_without_the_capability_is_never_asked(qapp: object) -> None:
    bench = Bench()
    bench.opens(capabilities=FACTS.capabilities)
    bench.begins()
    bench.masks()
    assert bench.looker.asked == [] and bench.tasker.asked == []
