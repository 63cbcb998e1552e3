"""The Translate panel under a simulated mouse and keys, behind a service without a model."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.looking import PaintLayout, Shown
from gen_studio.core.tasks import AnswerFolder, Exercise, QuestionsFound, ReadQuestion, ShowQuestions, WritePictures
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.ui.canvas.tools import Command, Tool
from gen_studio.ui.panels.translate import TranslatePanel
from gen_studio.ui.panels.translate_compare import bicubic
from gen_studio.ui.pictures import to_image
from gen_studio.ui.shell import Shell
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.translating import VIEW
from gen_studio.viewmodels.translating_screen import TranslatingScreen

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SIZE = {"height": 32, "width": 32, "channels": 3, "latent_shape": ()}
TRANSLATES = {**SIZE, "capabilities": ("CanAnswer", "CanTranslate"), "input_channels": 1}
BOTH_WAYS = {**SIZE, "capabilities": ("CanTranslateBothWays",), "domains": ("night", "day"), "input_channels": 3}
ENLARGES = {**SIZE, "capabilities": ("CanAnswer", "CanUpscale"), "scale": 4}
PALETTE = (LayoutClass("sky", (10, 20, 30)), LayoutClass("ground", (40, 50, 60)), LayoutClass("tree", (7, 8, 9)))
PAINTS = {**SIZE, "capabilities": ("CanPaint",), "palette": PALETTE, "takes_style": True}


class Person:
    """Does with the panel what a person would."""

    def __init__(self, qtbot, shell: Shell, panel: TranslatePanel, looker: FakeLooker, tasker: FakeTasker) -> None:
        self.qtbot, self.shell, self.panel, self.looker, self.tasker = qtbot, shell, panel, looker, tasker
        self.screen, self.stage, self.controls = panel.screen, panel.translate_stage, panel.controls
        self.canvas, self.translating = self.stage.canvas, panel.screen.translating

    def opens(self, facts: dict) -> None:
        self.translating.watch(True)
        self.screen.looking.open(RUN)
        self.looker.say_opened(**facts)

    def draws(self, *points: tuple[float, float]) -> None:
        self.sends(QEvent.Type.MouseButtonPress, points[0], LEFT, LEFT)
        for point in points[1:]:
            self.sends(QEvent.Type.MouseMove, point, NONE, LEFT)
        self.sends(QEvent.Type.MouseButtonRelease, points[-1], LEFT, NONE)

    def sends(self, kind: QEvent.Type, point: tuple[float, float], button, held) -> None:
        place = self.canvas.widget_point(*point)
        event = QMouseEvent(kind, place, QPointF(self.canvas.mapToGlobal(place)), button, held, PLAIN)
        QApplication.sendEvent(self.canvas, event)

    def types(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        self.qtbot.keyClick(self.canvas, key, modifiers)

    @property
    def asked(self):
        return self.looker.questions(VIEW)[-1].question

    def gets(self, *pictures: np.ndarray) -> None:
        ask = self.looker.questions(VIEW)[-1]
        self.looker.happened.emit(Shown(VIEW, ask.number, 500, np.stack(pictures)))

    def has_examples(self, *exercises: Exercise) -> None:
        self.tasker.finish(ShowQuestions, QuestionsFound(exercises))


@pytest.fixture
def person(qtbot, tmp_path: Path) -> Callable[..., Person]:
    def make(facts: dict | None = None, width: int = 1440, height: int = 900) -> Person:
        looker, tasker = FakeLooker(), FakeTasker()
        panel = TranslatePanel(TranslatingScreen.over(Looking(looker), Tasking(tasker)))
        shell = Shell(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
        qtbot.addWidget(shell)
        shell.add_panel(panel)
        shell.add_actions(panel.actions())
        shell.resize(width, height)
        shell.show()
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        made = Person(qtbot, shell, panel, looker, tasker)
        if facts is not None:
            made.opens(facts)
            QApplication.processEvents()
        return made

    return make


def flat(value: int, size: int = 32, channels: int = 3) -> np.ndarray:
    return np.full((size, size, channels), value, np.uint8)


# Which models


def test_a_model_that_answers_no_pictures_has_one_sentence_and_a_way_on(person, qtbot) -> None:
    one = person({})
    assert one.stage.nothing.isVisible() and "neither translates" in one.stage.nothing._sentence.text()
    assert not one.controls.question.isVisible()
    with qtbot.waitSignal(one.stage.way_on):
        qtbot.mouseClick(one.stage.nothing.button, LEFT)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (TRANSLATES, {"look"}),
        (BOTH_WAYS, {"direction"}),
        (ENLARGES, {"magnifier"}),
        (PAINTS, {"look"}),
    ],
)
def test_only_what_the_model_has_use_for_is_there(person, facts, shown) -> None:
    one = person(facts)
    assert one.canvas.isVisible() and one.controls.question.isVisible() and one.controls.ink.isVisible()
    sections = ("direction", "look", "magnifier")
    assert {name for name in sections if getattr(one.controls, name).isVisible()} == shown


# Drawing


def test_the_answer_follows_in_the_middle_of_a_stroke(person, qtbot) -> None:
    one = person(TRANSLATES)
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
    one = person(TRANSLATES)
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
    one = person(TRANSLATES)
    one.types(Qt.Key.Key_E)
    one.draws((4.5, 4.5), (9.5, 4.5))
    assert not one.translating.can_undo
    one.types(Qt.Key.Key_B)
    one.draws((4.5, 4.5), (60.0, 4.5))
    assert one.translating.can_undo


def test_a_stroke_without_effect_is_no_step_when_another_tool_interrupts_it(person) -> None:
    one = person(TRANSLATES)
    one.types(Qt.Key.Key_E)
    one.sends(QEvent.Type.MouseButtonPress, (4.5, 4.5), LEFT, LEFT)
    one.types(Qt.Key.Key_B)
    assert not one.translating.can_undo


def test_undo_in_the_middle_of_a_stroke_takes_that_stroke_back(person) -> None:
    one = person(TRANSLATES)
    one.draws((4.5, 4.5), (9.5, 4.5))
    drawn = one.canvas.pixels
    one.sends(QEvent.Type.MouseButtonPress, (4.5, 10.5), LEFT, LEFT)
    one.types(Qt.Key.Key_Z, CONTROL)
    one.sends(QEvent.Type.MouseButtonRelease, (4.5, 10.5), LEFT, NONE)
    assert np.array_equal(one.canvas.pixels, drawn) and one.translating.state.strokes == 1


def test_a_layout_is_painted_and_filled_with_the_class_of_the_palette(person, qtbot) -> None:
    one = person(PAINTS)
    palette = one.controls.ink.classes
    assert palette.isVisible() and palette.names == ["sky", "ground", "tree"]
    qtbot.mouseClick(palette, LEFT, pos=palette.place(2).center().toPoint())
    one.types(Qt.Key.Key_G)
    assert one.canvas.tool is Tool.FILL
    one.draws((16.5, 16.5))
    assert isinstance(one.asked, PaintLayout) and (one.asked.layout == 2).all()


def test_a_place_on_the_canvas_is_the_same_place_of_the_answer_at_any_zoom(person) -> None:
    one = person(TRANSLATES)
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
from test_translate_panel import TRANSLATES, Person, flat
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
person.opens(TRANSLATES)
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
    one = person(ENLARGES)
    one.gets(flat(90))
    QApplication.processEvents()
    small, large = one.canvas.view, one.stage.answer.view
    assert (small.zoom, small.left, small.top) == (4 * large.zoom, large.left, large.top)


# Targets, ways back, the magnifier


def test_held_out_data_are_taken_by_a_click_and_by_keys_with_their_target(person, qtbot) -> None:
    one = person(TRANSLATES)
    one.has_examples(*(Exercise(flat(value, channels=1), flat(value + 1)) for value in (10, 20, 30)))
    assert one.asked.picture[0, 0] == 10 and one.stage.known.target.isVisible()
    tiles = one.stage.examples.tiles
    qtbot.mouseClick(tiles, LEFT, pos=tiles.place(1).center().toPoint())
    assert one.asked.picture[0, 0] == 20 and one.stage.known.target.picture[0, 0, 0] == 21
    qtbot.keyClick(tiles, Qt.Key.Key_Right)
    qtbot.keyClick(tiles, Qt.Key.Key_Return)
    assert one.asked.picture[0, 0] == 30
    one.types(Qt.Key.Key_T)
    assert one.asked.picture[0, 0] == 10
    one.draws((4.5, 4.5), (9.5, 4.5))
    assert "before you drew" in one.stage.known._target_words.text()


def test_two_domains_go_both_ways_and_show_the_way_back(person, qtbot) -> None:
    one = person(BOTH_WAYS)
    one.gets(flat(10), flat(20))
    assert one.stage.known.way_back.isVisible() and one.stage.known.way_back.picture[0, 0, 0] == 20
    one.controls.direction.switch.set_index(1)
    assert one.asked.back
    qtbot.mouseClick(one.controls.direction.round, LEFT)
    assert not one.asked.back and one.asked.picture[0, 0, 0] == 10


def test_the_magnifier_shows_the_place_pointed_at_beside_bicubic(person, qtbot) -> None:
    one = person(ENLARGES)
    small = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    large = np.random.default_rng(1).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    one.has_examples(Exercise(small, flat(3)))
    one.gets(large)
    one.stage.answer.pointed.emit(1.0, 1.0)
    panes = dict(one.controls.magnifier.magnifier.panes)
    assert list(panes) == ["Bicubic", "Answer", "Given", "Target"]
    assert np.array_equal(panes["Answer"], large[8:, 8:])
    assert np.array_equal(panes["Bicubic"], bicubic(small, 4, (0, 0, 32))[8:, 8:])
    qtbot.keyClick(one.controls.magnifier.magnifier, Qt.Key.Key_Left)
    moved = dict(one.controls.magnifier.magnifier.panes)
    assert not np.array_equal(moved["Answer"], panes["Answer"])


# Pictures from elsewhere


def test_what_is_dropped_anywhere_or_pasted_is_read(person, tmp_path) -> None:
    one = person(TRANSLATES)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    place = QPointF(one.stage.rect().center())
    one.stage.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, mime, LEFT, PLAIN))
    assert one.tasker.newest(ReadQuestion).given == tmp_path / "a.png"
    QGuiApplication.clipboard().setImage(to_image(flat(9, 5)))
    one.types(Qt.Key.Key_V, CONTROL)
    assert one.tasker.newest(ReadQuestion).given.shape == (5, 5, 3)
    one.tasker.finish(ReadQuestion, QuestionsFound((Exercise(flat(9, channels=1)),)))
    assert (one.canvas.pixels == 9).all()


def test_a_clipboard_without_a_picture_is_said_in_a_sentence(person) -> None:
    one = person(TRANSLATES)
    QGuiApplication.clipboard().setText("words")
    one.types(Qt.Key.Key_V, CONTROL)
    assert "no picture on the clipboard" in one.stage.tasks.words()


def test_the_answer_is_saved_where_one_says_and_copied(person, tmp_path, monkeypatch) -> None:
    one = person(TRANSLATES)
    one.gets(flat(77))
    path = tmp_path / "a.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    one.types(Qt.Key.Key_S, CONTROL | SHIFT)
    ((written, picture),) = one.tasker.newest(WritePictures).files
    assert written == path and (picture == 77).all()
    one.types(Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().image().pixelColor(0, 0).red() == 77


def test_a_folder_is_answered_with_progress_and_called_off(person, qtbot, tmp_path, monkeypatch) -> None:
    one = person(TRANSLATES)
    one.has_examples()
    chosen = iter([str(tmp_path / "in"), str(tmp_path / "out")])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: next(chosen))
    qtbot.mouseClick(one.controls.question.folder, LEFT)
    assert one.tasker.newest(AnswerFolder).out == tmp_path / "out"
    one.tasker.say_progress(AnswerFolder, "Answering b.png", 1, 4)
    assert one.stage.tasks.isVisible() and one.stage.tasks.words() == "Answering b.png"
    qtbot.mouseClick(one.stage.tasks.cancel, LEFT)
    assert one.tasker.cancelled == 1


def test_the_look_is_taken_from_the_target_or_drawn_anew(person, qtbot) -> None:
    one = person(PAINTS)
    one.has_examples(Exercise(np.zeros((32, 32), np.uint8), flat(50)))
    qtbot.mouseClick(one.controls.look.use_target, LEFT)
    assert (one.asked.style == 50).all() and one.controls.look.style_picture.isVisible()
    qtbot.mouseClick(one.controls.look.dice, LEFT)
    assert one.asked.style is None and int(one.controls.look.seed.text().replace(",", "")) == one.asked.seed


# Everybody


def test_every_key_of_the_canvas_is_in_the_cheat_sheet(person) -> None:
    one = person(TRANSLATES)
    listed = {action.title for action in one.shell._listed()}
    assert {"Brush", "Eraser", "Undo", "Larger brush", "Open a picture", "Next of the held-out data"} <= listed
    assert "Grow the mask" not in listed


def test_pictures_are_described_to_screen_readers(person) -> None:
    one = person(TRANSLATES)
    one.has_examples(Exercise(flat(1, channels=1), flat(2)))
    one.gets(flat(90))
    described = [one.canvas, one.stage.answer, one.stage.known.target, one.stage.examples.tiles]
    assert all(widget.accessibleName() and widget.accessibleDescription() for widget in described)


@pytest.mark.parametrize("facts", [TRANSLATES, BOTH_WAYS, ENLARGES, PAINTS])
def test_a_narrow_window_holds_everything(person, facts) -> None:
    one = person(facts, width=1100, height=700)
    one.gets(flat(90), flat(91)) if facts is BOTH_WAYS else one.gets(flat(90))
    QApplication.processEvents()
    assert one.shell.width() == 1100
    assert one.controls.minimumSizeHint().width() <= 280 - 2 * 12
    assert min(one.canvas.width(), one.stage.answer.width()) >= 220
