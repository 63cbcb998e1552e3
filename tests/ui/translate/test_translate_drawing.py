"""The Translate panel under a simulated mouse: what is drawn, asked, undone and seen."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from gen_studio.core.looking import PaintLayout
from gen_studio.ui.canvas.tools import Command, Tool
from gen_studio.viewmodels.translating import VIEW

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def flat(value: int, size: int = 32, channels: int = 3) -> np.ndarray:
    return np.full((size, size, channels), value, np.uint8)


# Which models


def test_a_model_that_answers_no_pictures_has_one_sentence_and_a_way_on(person, qtbot) -> None:
    one = person("answers nothing")
    assert one.stage.nothing.isVisible() and "neither translates" in one.stage.nothing._sentence.text()
    assert not one.controls.question.isVisible()
    with qtbot.waitSignal(one.stage.way_on):
        qtbot.mouseClick(one.stage.nothing.button, LEFT)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ("translates", set()),
        ("both ways", {"direction"}),
        ("enlarges", {"magnifier"}),
        ("paints", {"look"}),
    ],
)
def test_only_what_the_model_has_use_for_is_there(person, facts, shown) -> None:
    one = person(facts)
    assert one.canvas.isVisible() and one.controls.question.isVisible() and one.controls.ink.isVisible()
    sections = ("direction", "look", "magnifier")
    assert {name for name in sections if getattr(one.controls, name).isVisible()} == shown


# Drawing


def test_the_answer_follows_in_the_middle_of_a_stroke(person, qtbot) -> None:
    one = person("translates")
    before = len(one.looker.questions(VIEW))
    one.sends(QEvent.Type.MouseButtonPress, (4.5, 10.5), LEFT, LEFT)
    one.sends(QEvent.Type.MouseMove, (20.5, 10.5), NONE, LEFT)
    qtbot.waitUntil(lambda: len(one.looker.questions(VIEW)) > before)
    assert (one.asked.picture[10, 4:21] == 0).all() and (one.asked.picture[5] == 255).all()
    one.sends(QEvent.Type.MouseButtonRelease, (20.5, 10.5), LEFT, NONE)
    one.gets(flat(90))
    assert one.stage.answer.has_picture and one.stage.answer._chip.text() == "step 500"
    assert one.stage._answer_words.text() == "Answer, 32 × 32"


def test_keys_take_back_strokes_pictures_and_seeds_alike(person) -> None:
    one = person()
    one.opens("translates", answers_by_chance=True)
    blank = one.canvas.pixels
    one.draws((4.5, 4.5), (9.5, 4.5))
    drawn = one.canvas.pixels
    one.types(Qt.Key.Key_D)
    one.types(Qt.Key.Key_N)
    assert np.array_equal(one.canvas.pixels, blank) and one.translating.state.seed != 0
    one.types(Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(one.canvas.pixels, drawn) and np.array_equal(one.asked.picture, drawn)
    one.types(Qt.Key.Key_Z, CONTROL)
    assert one.translating.state.seed == 0
    one.qtbot.mouseClick(one.stage.strip.commands[Command.UNDO], LEFT)
    assert np.array_equal(one.canvas.pixels, blank) and np.array_equal(one.asked.picture, blank)
    assert not one.stage.strip.commands[Command.UNDO].isEnabled()
    for _ in range(2):
        one.types(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert np.array_equal(one.canvas.pixels, drawn) and one.translating.state.seed != 0


def test_a_stroke_that_changes_nothing_is_no_step(person) -> None:
    one = person("translates")
    one.types(Qt.Key.Key_E)
    one.draws((4.5, 4.5), (9.5, 4.5))
    assert not one.translating.can_undo
    one.types(Qt.Key.Key_B)
    one.draws((4.5, 4.5), (60.0, 4.5))
    assert one.translating.can_undo


def test_a_stroke_without_effect_is_no_step_when_another_tool_interrupts_it(person) -> None:
    one = person("translates")
    one.types(Qt.Key.Key_E)
    one.sends(QEvent.Type.MouseButtonPress, (4.5, 4.5), LEFT, LEFT)
    one.types(Qt.Key.Key_B)
    assert not one.translating.can_undo


def test_undo_in_the_middle_of_a_stroke_takes_that_stroke_back(person) -> None:
    one = person("translates")
    one.draws((4.5, 4.5), (9.5, 4.5))
    drawn = one.canvas.pixels
    one.sends(QEvent.Type.MouseButtonPress, (4.5, 10.5), LEFT, LEFT)
    one.types(Qt.Key.Key_Z, CONTROL)
    one.sends(QEvent.Type.MouseButtonRelease, (4.5, 10.5), LEFT, NONE)
    assert np.array_equal(one.canvas.pixels, drawn) and one.translating.state.strokes == 1


def test_a_layout_is_painted_and_filled_with_the_class_of_the_palette(person, qtbot) -> None:
    one = person("paints")
    palette = one.controls.ink.classes
    assert palette.isVisible() and palette.names == ["sky", "ground", "tree"]
    qtbot.mouseClick(palette, LEFT, pos=palette.place(2).center().toPoint())
    one.types(Qt.Key.Key_G)
    assert one.canvas.tool is Tool.FILL
    one.draws((16.5, 16.5))
    assert isinstance(one.asked, PaintLayout) and (one.asked.layout == 2).all()


def test_a_place_on_the_canvas_is_the_same_place_of_the_answer_at_any_zoom(person) -> None:
    one = person("translates")
    one.gets(flat(90))
    one.types(Qt.Key.Key_Plus)
    assert one.stage.answer.view == one.canvas.view
    one.draws((7.5, 7.5))
    assert one.canvas.pixels[7, 7] == 0
    one.shell.resize(1100, 700)
    QApplication.processEvents()
    one.types(Qt.Key.Key_0)
    assert one.stage.answer.view == one.canvas.view


def test_what_is_drawn_lands_under_the_pointer_on_a_screen_of_two_device_pixels() -> None:
    """In a process of its own: the scale of a screen is set before the application is made."""
    program = f"""
import os
os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="2")
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import numpy as np
from PySide6.QtWidgets import QApplication
app = QApplication([])
from conftest import Person
from gen_studio.testing.looker import FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.ui.panels.translate import TranslatePanel
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.translating_screen import TranslatingScreen
looker, tasker = FakeLooker(), FakeTasker()
panel = TranslatePanel(TranslatingScreen.over(Looking(looker), Tasking(tasker)))
person = Person(None, None, panel, looker, tasker)
panel.translate_stage.resize(1000, 700)
panel.translate_stage.show()
person.opens("translates")
app.processEvents()
assert person.canvas.devicePixelRatioF() == 2
person.draws((7.5, 9.5))
assert np.argwhere(person.canvas.pixels[..., 0] == 0).tolist() == [[9, 7]]
person.gets(np.where(person.canvas.pixels == 0, np.uint8(0), np.uint8(200)).repeat(3, 2))
app.processEvents()
assert person.stage.answer.view == person.canvas.view
middle = person.stage.answer.widget_point(7.5, 9.5)
shown = person.stage.answer.grab().toImage()
assert shown.pixelColor(round(2 * middle.x()), round(2 * middle.y())).lightness() == 0
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr


def test_of_an_enlargement_both_show_the_same_place_as_large(person) -> None:
    one = person("enlarges")
    one.gets(flat(90))
    QApplication.processEvents()
    small, large = one.canvas.view, one.stage.answer.view
    assert (small.zoom, small.left, small.top) == (4 * large.zoom, large.left, large.top)
