"""Before and after, several answers, newer weights, and what stands there without a model."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from gen_studio.core.tasks import ReadPicture
from gen_studio.ui.panels.inpaint_stage import NO_HOLES, VIEWS, StageView
from gen_studio.ui.theme import tokens
from gen_studio.viewmodels.inpainting import MORE_VIEW, VIEW

STROKE = (30.5, 20.5), (50.5, 30.5)
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_without_a_run_there_is_a_sentence_and_a_way_on(painter, qtbot) -> None:
    person = painter()
    assert person.stage.nothing.isVisible() and not person.canvas.isVisible()
    with qtbot.waitSignal(person.stage.way_on):
        person.clicks(person.stage.nothing.button)


def test_a_model_that_fills_no_holes_has_one_sentence_and_a_way_on(painter) -> None:
    person = painter()
    person.opens(capabilities=("CanSample",))
    assert person.stage.nothing.isVisible() and person.stage.nothing._sentence.text() == NO_HOLES
    assert person.stage.nothing.button.text() == "Choose another run"
    assert person.looker.asked == [] and not person.controls.save_button.isEnabled()


def test_a_key_shows_what_was_before_for_as_long_as_it_is_held(painter, qtbot) -> None:
    person = painter()
    person.opens()
    person.draws(*STROKE)
    person.answers(7)
    qtbot.keyPress(person.canvas, Qt.Key.Key_C)
    assert person.seen(person.result, 30, 20) == tuple(person.photo[20, 30])
    qtbot.keyRelease(person.canvas, Qt.Key.Key_C)
    assert person.seen(person.result, 30, 20) == (7, 7, 7)


def test_a_press_on_the_result_shows_what_was_before(painter) -> None:
    person = painter()
    person.opens()
    person.draws(*STROKE)
    person.answers(7)
    person.presses(person.result, 10, 10)
    assert person.seen(person.result, 30, 20) == tuple(person.photo[20, 30])
    person.releases(person.result, 10, 10)
    assert person.seen(person.result, 30, 20) == (7, 7, 7)
    assert QApplication.focusWidget() is person.canvas, "the tools keep their keys"


def test_a_line_is_dragged_between_before_and_after(painter, qtbot) -> None:
    person = painter()
    person.opens()
    person.draws((20.5, 20.5), (70.5, 20.5))
    person.answers(7)
    person.stage.switch.set_index(VIEWS.index(StageView.WIPE))
    qtbot.waitUntil(lambda: not person.canvas.isVisible())
    person.presses(person.result, 40, 30)
    person.drags(person.result, 45, 30)
    person.releases(person.result, 45, 30)
    assert person.seen(person.result, 25, 20) == tuple(person.photo[20, 25])
    assert person.seen(person.result, 65, 20) == (7, 7, 7)
    share = person.result.share
    person.result.setFocus()
    person.types(Qt.Key.Key_Right)
    assert person.result.share > share
    person.stage.switch.set_index(VIEWS.index(StageView.BOTH))
    assert person.canvas.isVisible() and person.result.view == person.canvas.view


def test_answers_to_choose_from_are_there_only_where_chance_has_a_say(painter) -> None:
    person = painter()
    person.opens()
    person.draws(*STROKE)
    person.answers(7)
    assert not person.stage.answers.isVisible() and not person.stage.more.isVisible()
    person.opens(fills_by_chance=True)
    person.draws(*STROKE)
    person.answers(1, 2, 3, 4)
    assert person.stage.answers.isVisible()
    person.qtbot.mouseClick(person.stage.answers, Qt.MouseButton.LeftButton, pos=person.stage.answers.place(2).center())
    assert person.seen(person.result, 30, 20) == (3, 3, 3) and person.stage.keep.text() == "Keep answer 3"
    person.types(Qt.Key.Key_Right)
    assert person.inpainting.chosen == 3 and "Answer 4 of 4" in person.stage.answers.accessibleDescription()
    person.clicks(person.stage.more)
    person.answers(*range(60, 66), view=MORE_VIEW)
    assert len(person.inpainting.answers) == 10


def test_newer_weights_fill_the_hole_again_and_the_picture_says_which(painter) -> None:
    person = painter()
    person.opens(is_live=True, step=400)
    person.draws(*STROKE)
    person.answers(7)
    assert person.result._chip.text() == "Live, step 400"
    person.looker.say_updated(500)
    person.answers(9)
    assert person.seen(person.result, 30, 20) == (9, 9, 9) and person.result._chip.text() == "Live, step 500"


def test_what_takes_long_says_so_and_keeps_the_last_picture(painter, qtbot) -> None:
    person = painter()
    person.opens()
    person.draws(*STROKE)
    person.answers(7)
    person.draws((70.5, 50.5))
    qtbot.waitUntil(lambda: person.result._chip.text() == "Rendering")
    assert person.seen(person.result, 30, 20) == (7, 7, 7)
    person.answers(9)
    assert person.result._chip.text() == "Filled, step 500"


@pytest.mark.parametrize("view", list(StageView))
def test_a_dropped_file_is_opened_whatever_is_seen(painter, view: StageView, tmp_path: Path) -> None:
    person = painter()
    person.opens()
    person.stage.switch.set_index(VIEWS.index(view))
    target = person.canvas if view is StageView.BOTH else person.stage
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "photo.jpg"))])
    action, button, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(9, 9), action, mime, button, no_keys))
    QApplication.sendEvent(target, QDropEvent(QPointF(9, 9), action, mime, button, no_keys, QEvent.Type.Drop))
    assert person.tasker.newest(ReadPicture) == ReadPicture(tmp_path / "photo.jpg")


def test_keys_of_the_tools_work_wherever_the_focus_is(painter) -> None:
    person = painter()
    person.opens()
    person.stage.keep.setFocus()
    person.controls.save_button.setFocus()
    person.types(Qt.Key.Key_E)
    assert person.canvas.tool.value == "Eraser"


def test_a_narrow_window_has_all_of_it_and_asks_for_no_more_room(painter) -> None:
    person = painter(1100, 700)
    person.opens(fills_by_chance=True)
    person.draws(*STROKE)
    person.answers(1, 2, 3, 4)
    assert person.shell.width() == 1100 and person.shell.height() == 700
    for widget in (person.canvas, person.result, person.stage.keep, person.stage.answers, person.stage.switch):
        assert widget.isVisible() and person.shell.rect().contains(
            widget.mapTo(person.shell, QPoint(widget.width() - 1, widget.height() - 1))
        )
    assert person.canvas.width() >= 280
    for section in (person.controls.picture, person.controls.mask_section, person.controls.answer):
        right = section.mapTo(person.shell, QPoint(section.width(), 0)).x()
        assert right <= 1100 - 12, "nothing of the right column is cut off"


def test_screen_readers_are_told_what_the_pictures_show(painter) -> None:
    person = painter()
    person.opens()
    person.draws(*STROKE)
    person.answers(7)
    assert "96 by 64 pixels" in person.canvas.accessibleDescription()
    assert "masked" in person.canvas.accessibleDescription()
    assert person.result.accessibleName() == "Result"
    assert person.result.accessibleDescription() == "Filled, step 500"


def test_positions_are_right_on_a_screen_of_two_device_pixels(tmp_path: Path) -> None:
    """In a process of its own: the scale of a screen is set before the application is made."""
    program = f"""
import os
os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="2")
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import numpy as np
from PySide6.QtWidgets import QApplication, QLabel
from conftest import InpaintPanel, InpaintingScreen, FakeLooker, FakeTasker, Looking, Painter, Shell, Tasking
from PySide6.QtCore import QSettings
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.view import View
app = QApplication([])
looker, tasker = FakeLooker(), FakeTasker()
panel = InpaintPanel(InpaintingScreen.over(Looking(looker), Tasking(tasker)))
shell = Shell(QSettings({str(tmp_path / "window.ini")!r}, QSettings.Format.IniFormat))
shell.add_panel(panel)
shell.resize(1440, 900)
shell.show()
app.processEvents()
person = Painter(None, shell, panel, looker, tasker)
person.opens()
assert person.canvas.devicePixelRatioF() == 2
for view in (person.canvas.view, View(8.0, -120, -60), View(3.0, 41, 31)):
    person.canvas.set_view(view)
    person.canvas.set_brush(Brush(1))
    person.draws((73.5, 51.5))
    assert np.argwhere(person.fill().hole).tolist() == [[51, 73]], view
    person.answers(7)
    assert person.seen(person.result, 73, 51) == (7, 7, 7), view
    assert person.seen(person.result, 74, 52) == tuple(person.photo[52, 74]), view
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_both_schemes_have_the_stages_background_around_the_picture(painter) -> None:
    person = painter()
    person.opens()
    image = person.canvas.grab().toImage()
    assert image.pixelColor(1, 1) == tokens().bg
    assert person.looker.questions(VIEW) == []


def test_another_answer_leaves_nothing_of_the_one_before(painter) -> None:
    person = painter()
    person.opens()
    person.draws((10, 10), (40, 30))
    person.answers(7)
    assert person.seen(person.result, 30, 20) == (7, 7, 7)
    person.types(Qt.Key.Key_Z, CONTROL)
    assert person.seen(person.result, 30, 20) == tuple(person.photo[20, 30])
    person.draws((70, 50), (80, 55))
    person.answers(200)
    assert person.seen(person.result, 30, 20) == tuple(person.photo[20, 30])
    assert person.seen(person.result, 75, 52) == (200, 200, 200)
