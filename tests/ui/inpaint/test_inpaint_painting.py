"""Holes painted with a simulated mouse: what is asked, seen, undone, kept and saved."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gen_studio.core.jobs import unheard
from gen_studio.core.tasks import PictureRead, ReadPicture, WritePictures
from gen_studio.data import given
from gen_studio.runtime import picture_tasks
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.view import View
from gen_studio.viewmodels import waiting
from gen_studio.viewmodels.inpainting import MORE_VIEW, VIEW

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STROKE = (30.5, 20.5), (50.5, 30.5)


def test_a_stroke_is_filled_when_the_mouse_is_let_go(painter) -> None:
    person = painter()
    person.opens()
    person.draws(*STROKE)
    hole = person.fill().hole
    assert hole[20, 30] and hole[30, 50] and not hole[50, 10]
    person.answers(7)
    assert person.seen(person.result, 30, 20) == (7, 7, 7)
    assert person.seen(person.result, 10, 50) == tuple(person.photo[50, 10])
    assert person.seen(person.canvas, 10, 50) == tuple(person.photo[50, 10])
    assert person.seen(person.canvas, 30, 20) != tuple(person.photo[20, 30]), "the mask lies over the picture"


@pytest.mark.parametrize("view", [View(8.0, -120, -60), View(3.0, 40, 30), View(1.0, 5, 9)])
def test_the_pixel_under_the_pointer_is_masked_at_any_zoom(painter, view: View) -> None:
    person = painter()
    person.opens()
    person.canvas.set_view(view)
    person.canvas.set_brush(Brush(1))
    person.draws((33.5, 21.5))
    assert np.argwhere(person.fill().hole).tolist() == [[21, 33]]
    assert person.result.view == view, "the result shows the same place"


def test_strokes_are_undone_and_done_again_and_filled_anew(painter) -> None:
    person = painter()
    person.opens()
    person.draws((20.5, 20.5))
    first = person.fill().hole
    person.draws((60.5, 40.5))
    person.answers(7)
    person.types(Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(person.fill().hole, first)
    person.answers(9)
    assert person.seen(person.result, 60, 40) == tuple(person.photo[40, 60])
    person.types(Qt.Key.Key_Z, CONTROL)
    assert person.inpainting.result is person.photo
    person.types(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert np.array_equal(person.fill().hole, first)


def test_a_kept_answer_is_gone_on_from_and_undone_with_its_mask(painter) -> None:
    person = painter()
    person.opens()
    person.draws(*STROKE)
    hole = person.fill().hole
    person.answers(7)
    person.clicks(person.stage.keep)
    assert not person.canvas.pixels.any() and person.seen(person.canvas, 30, 20) == (7, 7, 7)
    person.draws((70.5, 50.5))
    assert (person.fill().picture[hole] == 7).all()
    person.answers(9)
    assert person.seen(person.result, 30, 20) == (7, 7, 7) and person.seen(person.result, 70, 50) == (9, 9, 9)
    for _ in range(2):
        person.types(Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(person.fill().hole, hole) and np.array_equal(person.fill().picture, person.photo)
    person.types(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert person.seen(person.canvas, 30, 20) == (7, 7, 7) and not person.inpainting.has_mask


def test_what_is_saved_has_every_known_pixel_of_the_opened_file(painter, tmp_path: Path, monkeypatch) -> None:
    person = painter()
    person.opens()
    Image.fromarray(person.photo).save(tmp_path / "opened.png")
    person.canvas.file_offered.emit(tmp_path / "opened.png")
    read = picture_tasks.read_picture(person.tasker.newest(ReadPicture), unheard)
    person.tasker.finish(ReadPicture, PictureRead(read.pixels))
    person.draws(*STROKE)
    hole = person.fill().hole
    person.answers(7)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *asked: (str(tmp_path / "filled"), ""))
    person.types(Qt.Key.Key_S, CONTROL | SHIFT)
    picture_tasks.write(person.tasker.newest(WritePictures), unheard)
    saved, opened = given.picture(tmp_path / "filled.png").pixels, given.picture(tmp_path / "opened.png").pixels
    assert np.array_equal(saved[~hole], opened[~hole]) and (saved[hole] == 7).all()


def test_with_a_button_nothing_is_asked_until_it_is_pressed(painter) -> None:
    person = painter()
    person.opens()
    person.clicks(person.stage.at_once)
    person.draws(*STROKE)
    assert person.looker.questions(VIEW) == [] and person.stage.fill_button.isVisible()
    person.clicks(person.stage.fill_button)
    person.answers(7)
    assert person.seen(person.result, 30, 20) == (7, 7, 7)


def test_holes_by_chance_and_opened_masks_are_steps_that_can_be_undone(painter) -> None:
    person = painter()
    person.opens()
    holes = np.zeros((64, 96), bool)
    holes[10:20, 10:20] = True
    person.files.holes_made.emit(holes)
    assert np.array_equal(person.fill().hole, holes)
    assert person.controls.mask_section.covers.text() == "1.6 % of the picture"
    person.types(Qt.Key.Key_Z, CONTROL)
    assert not person.inpainting.has_mask


def test_a_mask_over_everything_is_said_on_the_stage(painter) -> None:
    person = painter()
    person.opens()
    person.types(Qt.Key.Key_I, CONTROL)
    assert person.looker.questions(VIEW) == [] and "covers everything" in person.stage.status()


def test_a_long_filling_shows_how_far_it_is_and_is_called_off(painter, monkeypatch) -> None:
    monkeypatch.setattr(waiting, "LONG_MS", 0)
    person = painter()
    person.opens()
    person.draws((10, 10), (40, 30))
    tasks = person.stage.tasks
    person.qtbot.waitUntil(tasks.isVisible)
    assert person.stage.status() == "Filling" and not tasks._bar.isVisible() and not person.stage._hint.isVisible()
    person.looker.say_underway(VIEW, 2, 8)
    assert tasks._bar.isVisible() and (tasks._bar.value(), tasks._bar.maximum()) == (2, 8)
    person.clicks(tasks.cancel)
    assert not tasks.isVisible() and person.looker.called_off[-1][0] in (VIEW, MORE_VIEW)
    assert not person.inpainting.is_waiting and person.inpainting.has_mask
    # The mask stays, and can be filled after all.
    person.clicks(person.stage.fill_button)
    assert len(person.looker.questions(VIEW)) == 2
    person.answers(90)
    assert person.inpainting.answer is not None and not person.stage.fill_button.isVisible()


def test_nobody_who_looks_elsewhere_waits_for_a_filling(painter) -> None:
    person = painter()
    person.opens()
    person.draws((10, 10), (40, 30))
    asked = person.looker.questions(VIEW)
    person.screen.watch(False)
    assert (VIEW, asked[-1].number) in person.looker.called_off and not person.inpainting.is_waiting
    person.screen.watch(True)
    assert len(person.looker.questions(VIEW)) == len(asked) + 1
