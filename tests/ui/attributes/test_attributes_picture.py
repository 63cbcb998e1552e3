"""The picture under the sliders: several at once, before and after, one's own picture, the strip, files."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog

from gen_studio.core import origins
from gen_studio.core.latents import Drawn, Given, LatentPicture, Move
from gen_studio.core.looking import NotShown
from gen_studio.core.origins import Origin
from gen_studio.core.tasks import FindPlace, FoundPlace, SavePictures
from gen_studio.testing.looker import RUN
from gen_studio.ui.attributes.compared_view import Compare
from gen_studio.viewmodels.attributes_stage import STRIP_VIEW, VIEW

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def chosen_file(monkeypatch):
    """What the next file dialog answers."""

    def answer(path: Path | str) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_, path=path: (str(path), ""))

    return answer


def strengths(editor: object) -> list[float]:
    return [move.strength for move in editor.looker.newest(VIEW)[0].moves]


# What stands in for a picture


def test_without_a_run_there_is_a_sentence_and_a_way_on(editor, qtbot) -> None:
    editor = editor()
    assert editor.stage.nothing.isVisible() and not editor.stage.switch.isVisible()
    with qtbot.waitSignal(editor.stage.way_on):
        editor.clicks(editor.stage.nothing.button)


def test_a_family_without_latents_is_named_in_one_sentence_with_a_way_on(editor) -> None:
    editor = editor()
    editor.opens(capabilities=("CanTranslate",), latent_shape=())
    assert editor.stage.nothing.isVisible() and "no latents" in editor.stage.nothing._sentence.text()
    assert editor.stage.nothing.button.text() == "Choose another run"


def test_a_run_that_cannot_be_opened_says_why(editor) -> None:
    editor = editor()
    editor.opens()
    editor.looker.happened.emit(NotShown("", -1, "The run has no checkpoint. Resume it."))
    assert editor.stage.nothing._sentence.text() == "The run has no checkpoint. Resume it."


def test_a_run_under_way_is_followed_and_said_to_be_live(editor) -> None:
    editor = editor()
    editor.opens(is_live=True)
    assert editor.chip == "live, step 500"
    editor.looker.say_updated(700)
    editor.settles()
    assert editor.chip == "live, step 700"


# Sliders


def test_sliders_move_the_picture_together_and_a_drag_is_one_step(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    editor.learns("Hat", 1)
    first, second = editor.controls.sliders.rows
    for slider, places in ((first.slider, (70, 90)), (second.slider, (30,))):
        editor.qtbot.mousePress(slider, LEFT)
        for place in places:
            slider.setValue(place)
        editor.qtbot.mouseRelease(slider, LEFT)
    assert strengths(editor) == [1.5, -1.5]
    editor.clicks(editor.controls.place.undo)
    editor.settles()
    assert strengths(editor) == [1.5] and second.slider.number() == 0
    editor.clicks(editor.controls.place.reset)
    assert strengths(editor) == [] and first.slider.number() == 0


def test_two_drags_of_one_slider_are_two_steps(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    slider = editor.controls.sliders.rows[0].slider
    for place in (90, 110):
        editor.qtbot.mousePress(slider, LEFT)
        slider.setValue(place)
        editor.qtbot.mouseRelease(slider, LEFT)
    editor.clicks(editor.controls.place.undo)
    editor.settles()
    assert strengths(editor) == [1.5]


def test_the_slider_that_is_held_chooses_its_strip(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    editor.learns("Hat", 1)
    assert editor.screen.directions.chosen.direction.name == "Hat"
    editor.clicks(editor.controls.sliders.rows[0].slider)
    assert editor.controls.chosen.name.text() == "Smile"


def test_another_sample_keeps_what_is_done_to_it(editor) -> None:
    editor = editor()
    editor.opens()
    smile = editor.learns("Smile", 0)
    editor.screen.stage.set_strength(smile, 2.0)
    editor.clicks(editor.controls.place.random)
    assert editor.exploring.picture.point != Drawn(seed=1) and strengths(editor) == [2.0]
    editor.controls.place.seed.setFocus()
    editor.controls.place.seed.selectAll()
    editor.qtbot.keyClicks(editor.controls.place.seed, "42")
    editor.types(editor.controls.place.seed, Qt.Key.Key_Return)
    assert editor.exploring.picture.point == Drawn(seed=42)


def test_a_direction_is_renamed_and_removed(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    name = editor.controls.chosen.name
    name.setFocus()
    name.selectAll()
    editor.qtbot.keyClicks(name, "Grin")
    editor.types(name, Qt.Key.Key_Return)
    assert [row.direction.name for row in editor.controls.sliders.rows] == ["Grin"]
    editor.clicks(editor.controls.chosen.remove)
    assert editor.controls.sliders.rows == [] and not editor.stage.strip.isVisible()


def test_others_are_taken_out_by_the_menu(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    assert not editor.controls.chosen.take_out.isEnabled()
    editor.learns("Hat", 1)
    (action,) = editor.controls.chosen.menu().actions()
    assert action.text() == "Leave Smile alone"
    action.trigger()
    assert editor.screen.directions.kept[1].direction.source == "without Smile"


# Before and after


def test_holding_c_shows_what_it_was_before(editor) -> None:
    editor = editor()
    editor.opens()
    editor.brings_a_picture()
    picture = editor.stage.picture
    (after,) = picture.shown
    editor.qtbot.keyPress(editor.shell, Qt.Key.Key_C)
    assert (picture.shown[0] == 9).all() and editor.chip == "before"
    editor.qtbot.keyRelease(editor.shell, Qt.Key.Key_C)
    assert picture.shown[0] is after and editor.chip == "step 500"


def test_holding_the_mouse_on_the_picture_does_the_same(editor) -> None:
    editor = editor()
    editor.opens()
    picture = editor.stage.picture
    editor.qtbot.mousePress(picture, LEFT, pos=picture.boxes()[0].center().toPoint())
    assert picture.is_peeking
    editor.qtbot.mouseRelease(picture, LEFT)
    assert not picture.is_peeking


def test_a_line_is_wiped_between_before_and_after(editor) -> None:
    editor = editor()
    editor.opens()
    editor.brings_a_picture()
    editor.stage.switch.set_index(1)
    picture = editor.stage.picture
    assert picture.compare is Compare.WIPE
    place = picture.boxes()[0]
    spot = QPointF(place.left() + 0.75 * place.width(), place.center().y()).toPoint()
    editor.qtbot.mousePress(picture, LEFT, pos=spot)
    editor.qtbot.mouseRelease(picture, LEFT, pos=spot)
    assert picture.share == pytest.approx(0.75, abs=0.01)
    seen = picture.grab().toImage()
    ratio = picture.devicePixelRatioF()
    at = [seen.pixelColor(round((place.left() + share * place.width()) * ratio), 300).red() for share in (0.3, 0.9)]
    assert at[0] == 9 != at[1], "before at the left of the line, after at its right"
    picture.setFocus()
    editor.types(picture, Qt.Key.Key_Left)
    assert picture.share == pytest.approx(0.73, abs=0.01)


def test_side_by_side_ones_own_picture_stands_beside_what_the_model_makes_of_it(editor) -> None:
    editor = editor()
    editor.opens()
    editor.stage.switch.set_index(2)
    assert len(editor.stage.picture.shown) == 2
    editor.brings_a_picture()
    assert len(editor.stage.picture.shown) == 3 and len(editor.stage.picture.boxes()) == 3


# One's own picture


def test_a_picture_is_opened_pasted_or_dropped(editor, chosen_file, tmp_path: Path, qapp) -> None:
    editor = editor()
    editor.opens()
    chosen_file(tmp_path / "me.jpg")
    editor.clicks(editor.stage.open)
    assert editor.tasker.newest(FindPlace).given == tmp_path / "me.jpg"
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("you.png", "them.png")])
    editor.stage.files.take(mime)
    assert editor.tasker.newest(FindPlace).given == tmp_path / "you.png"
    assert editor.screen.own._search.title == "you.png, the first of 2 files"
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    qapp.clipboard().setImage(image)
    editor.qtbot.keyClick(editor.shell, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(editor.tasker.newest(FindPlace).given[0, 0], (255, 0, 0))


def test_what_is_no_picture_is_refused_in_a_sentence(editor, qtbot) -> None:
    editor = editor()
    editor.opens()
    mime = QMimeData()
    mime.setText("words")
    with qtbot.waitSignal(editor.stage.files.noticed) as noticed:
        editor.stage.files.take(mime)
    assert "no picture" in noticed.args[0]


def test_a_search_shows_how_far_it_is_and_is_cancelled(editor) -> None:
    editor = editor()
    editor.opens()
    editor.tasker.asked.clear()
    editor.screen.own.paste(np.zeros((5, 5, 3), np.uint8))
    editor.tasker.say_progress(FindPlace, "Searching", 100, 300)
    assert editor.stage.tasks.isVisible() and editor.stage.tasks.words() == "Searching"
    editor.clicks(editor.stage.tasks.cancel)
    assert editor.tasker.cancelled == 1


def test_after_a_look_at_samples_one_comes_back_to_ones_own_picture(editor) -> None:
    editor = editor()
    editor.opens()
    found = editor.brings_a_picture()
    assert editor.stage.own.words.startswith("Pasted picture, encoded") and editor.stage.own.closer.isVisible()
    editor.clicks(editor.controls.place.random)
    assert not editor.stage.own.closer.isVisible()
    editor.clicks(editor.stage.own.show_button)
    assert editor.exploring.picture == found.picture


def test_while_it_trains_ones_own_picture_is_found_again_by_a_button(editor) -> None:
    editor = editor()
    editor.opens(is_live=True)
    editor.brings_a_picture()
    assert not editor.stage.own.again.isVisible()
    editor.looker.say_updated(700)
    assert editor.stage.own.again.isVisible() and "at step 500" in editor.stage.own.words
    editor.clicks(editor.stage.own.again)
    assert editor.tasker.count(FindPlace) == 2 and not editor.stage.own.again.isVisible()


def test_a_saved_picture_that_is_dropped_on_the_stage_leads_back_to_its_exact_place(editor, tmp_path: Path) -> None:
    editor = editor()
    editor.opens()
    smile = editor.learns("Smile", 0)
    edited = LatentPicture(point=Drawn(seed=77), moves=(Move(direction=smile, strength=1.5),))
    path = tmp_path / "saved.png"
    origins.write(path, np.zeros((1, 8, 8, 1), np.uint8), Origin(run=RUN.name, family="f", step=1, pictures=(edited,)))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    editor.stage.dropEvent(QDropEvent(QPointF(editor.stage.rect().center()), copy, mime, LEFT, none))
    editor.settles()
    assert editor.exploring.picture == edited and editor.tasker.count(FindPlace) == 0
    assert editor.controls.sliders.rows[0].slider.number() == 1.5, "the slider is where it was"
    assert "Made at step 1;" in editor.stage.tasks.words()


# A model without samples


def test_an_autoencoder_begins_with_a_picture_of_the_data(editor) -> None:
    editor = editor()
    editor.opens(capabilities=("HasCode", "CanAutoencode"))
    assert editor.stage.empty.isVisible() and "draws no samples" in editor.stage.empty._sentence.text()
    assert not editor.stage.empty.button.isEnabled(), "one is on its way"
    assert not editor.controls.place.where.isVisible(), "nothing comes of a seed"
    place = LatentPicture(point=Given(values=(1.0,) * 16))
    found = FoundPlace(place, np.full((8, 8, 1), 9, np.uint8), np.zeros((8, 8, 1), np.uint8), 9.0, "encoded")
    editor.tasker.finish(FindPlace, found)
    editor.settles()
    assert editor.stage.picture.isVisible() and editor.stage.own.words.startswith("Picture of the data, encoded")
    assert not editor.examples.sources._group.button(0).isEnabled()
    editor.clicks(editor.controls.place.random)
    assert editor.tasker.count(FindPlace) == 2
    editor.tasker.refuse(FindPlace, "No.")
    editor.clicks(editor.controls.place.undo)
    assert editor.stage.empty.button.isEnabled()
    editor.clicks(editor.stage.empty.button)
    assert editor.tasker.count(FindPlace) == 3


# The strip and files


def test_the_strip_leads_to_its_strengths_by_mouse_and_keys(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    editor.waits_for(STRIP_VIEW)
    strip = editor.stage.strip.strip
    assert len(strip._images) == 7 and strip.current_place == 3
    editor.clicks(strip, strip.rect_of(6).center().toPoint())
    assert strengths(editor) == [3.0] and strip.current_place == 6
    strip.setFocus()
    editor.types(strip, Qt.Key.Key_Left)
    assert strengths(editor) == [2.0]


def test_strip_and_direction_are_saved_where_one_says(editor, chosen_file, tmp_path: Path) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    chosen_file(tmp_path / "strip.png")
    editor.clicks(editor.stage.strip.save)
    assert editor.tasker.newest(SavePictures).path == tmp_path / "strip.png"
    chosen_file(tmp_path / "smile")
    editor.clicks(editor.controls.chosen.save)
    path = tmp_path / "smile.direction"
    assert path.exists() and editor.stage.tasks.words() == f"Saved as {path}."
    chosen_file(path)
    editor.clicks(editor.controls.sliders.open)
    assert [row.direction.name for row in editor.controls.sliders.rows] == ["Smile", "Smile 2"]


def test_a_dialog_that_is_closed_changes_nothing(editor, chosen_file) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    chosen_file("")
    asked = len(editor.tasker.asked)
    for button in (editor.stage.open, editor.stage.strip.save, editor.controls.chosen.save):
        editor.clicks(button)
    assert len(editor.tasker.asked) == asked


# Narrow windows


def test_in_a_narrow_window_learning_is_a_tab_at_the_right(editor) -> None:
    editor = editor(1100, 700)
    editor.opens()
    assert editor.controls.tabs.isVisible() and not editor.examples.table.isVisible()
    assert editor.controls.place.undo.isVisible()
    editor.controls.tabs.set_index(1)
    table = editor.examples.table
    assert table.isVisible() and table.height() == round(table.places.height), "no pile is cut"
    editor.shell.resize(1440, 900)
    editor.qtbot.waitUntil(lambda: not editor.controls.tabs.isVisible())
    assert editor.examples.table.isVisible() and editor.controls.sliders.isVisible()


def test_everything_that_takes_the_mouse_takes_the_keyboard_and_has_a_name(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    for widget in (editor.examples.table, editor.stage.picture, editor.stage.strip.strip):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.accessibleName()


def test_another_run_has_its_own_directions(editor) -> None:
    editor = editor()
    editor.opens()
    editor.learns("Smile", 0)
    editor.screen.looking.open(RUN.with_name("second"))
    editor.looker.say_opened()
    editor.settles()
    assert editor.controls.sliders.rows == []
    editor.screen.looking.open(RUN)
    editor.looker.say_opened()
    editor.settles()
    assert len(editor.controls.sliders.rows) == 1
