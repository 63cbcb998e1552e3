"""What comes into the Translate panel and leaves it, and how it looks, behind a service without a model."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from gen_studio.core.tasks import AnswerFolder, Exercise, QuestionsFound, ReadQuestion, WritePictures
from gen_studio.ui.panels.translate_compare import bicubic
from gen_studio.ui.pictures import to_image
from gen_studio.viewmodels import waiting
from gen_studio.viewmodels.translating import VIEW

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def flat(value: int, size: int = 32, channels: int = 3) -> np.ndarray:
    return np.full((size, size, channels), value, np.uint8)


# Targets, ways back, the magnifier


def test_held_out_data_are_taken_by_a_click_and_by_keys_with_their_target(person, qtbot) -> None:
    one = person("translates")
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
    one = person("both ways")
    one.gets(flat(10), flat(20))
    assert one.stage.known.way_back.isVisible() and one.stage.known.way_back.picture[0, 0, 0] == 20
    one.controls.direction.switch.set_index(1)
    assert one.asked.back
    qtbot.mouseClick(one.controls.direction.round, LEFT)
    assert not one.asked.back and one.asked.picture[0, 0, 0] == 10


def test_the_magnifier_shows_the_place_pointed_at_beside_bicubic(person, qtbot) -> None:
    one = person("enlarges")
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
    one = person("translates")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    place = QPointF(one.stage.rect().center())
    one.stage.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier))
    assert one.tasker.newest(ReadQuestion).given == tmp_path / "a.png"
    QGuiApplication.clipboard().setImage(to_image(flat(9, 5)))
    one.types(Qt.Key.Key_V, CONTROL)
    assert one.tasker.newest(ReadQuestion).given.shape == (5, 5, 3)
    one.tasker.finish(ReadQuestion, QuestionsFound((Exercise(flat(9, channels=1)),)))
    assert (one.canvas.pixels == 9).all()


def test_a_clipboard_without_a_picture_is_said_in_a_sentence(person) -> None:
    one = person("translates")
    QGuiApplication.clipboard().setText("words")
    one.types(Qt.Key.Key_V, CONTROL)
    assert "no picture on the clipboard" in one.stage.tasks.words()


def test_the_answer_is_saved_where_one_says_and_copied(person, tmp_path, monkeypatch) -> None:
    one = person("translates")
    one.gets(flat(77))
    path = tmp_path / "a.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    one.types(Qt.Key.Key_S, CONTROL | SHIFT)
    ((written, picture),) = one.tasker.newest(WritePictures).files
    assert written == path and (picture == 77).all()
    one.types(Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().image().pixelColor(0, 0).red() == 77


def test_a_folder_is_answered_with_progress_and_called_off(person, qtbot, tmp_path, monkeypatch) -> None:
    one = person("translates")
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
    one = person("paints")
    one.has_examples(Exercise(np.zeros((32, 32), np.uint8), flat(50)))
    qtbot.mouseClick(one.controls.look.use_target, LEFT)
    assert (one.asked.style == 50).all() and one.controls.look.style_picture.isVisible()
    qtbot.mouseClick(one.controls.look.dice, LEFT)
    assert one.asked.style is None and int(one.controls.look.seed.text().replace(",", "")) == one.asked.seed


# Everybody


def test_a_seed_is_there_only_where_chance_has_a_say(person) -> None:
    one = person("translates")
    available = {action.title: action.is_available for action in one.panel.actions()}
    assert not one.controls.look.isVisible() and not available["Another seed"]()
    one.opens("translates", answers_by_chance=True)
    assert one.controls.look.isVisible() and available["Another seed"]()
    one.opens("paints")
    assert one.controls.look.isVisible() and available["Another seed"]()


def test_pictures_are_described_to_screen_readers(person) -> None:
    one = person("translates")
    one.has_examples(Exercise(flat(1, channels=1), flat(2)))
    one.gets(flat(90))
    described = [one.canvas, one.stage.answer, one.stage.known.target, one.stage.examples.tiles]
    assert all(widget.accessibleName() and widget.accessibleDescription() for widget in described)


@pytest.mark.parametrize("facts", ["translates", "both ways", "enlarges", "paints"])
def test_a_narrow_window_holds_everything(person, facts) -> None:
    one = person(facts, width=1100, height=700)
    one.gets(flat(90), flat(91)) if facts == "both ways" else one.gets(flat(90))
    QApplication.processEvents()
    assert one.shell.width() == 1100
    assert one.controls.minimumSizeHint().width() <= 280 - 2 * 12
    assert min(one.canvas.width(), one.stage.answer.width()) >= 220


def test_a_long_answer_shows_how_far_it_is_and_is_called_off(person, monkeypatch) -> None:
    monkeypatch.setattr(waiting, "LONG_MS", 0)
    one = person()
    one.opens("translates")
    tasks = one.stage.tasks
    one.qtbot.waitUntil(tasks.isVisible)
    one.looker.say_underway(VIEW, 3, 12)
    assert tasks.words() == "Answering" and (tasks._bar.value(), tasks._bar.maximum()) == (3, 12)
    one.qtbot.mouseClick(tasks.cancel, LEFT)
    assert not tasks.isVisible() and not one.translating.is_waiting
    assert one.looker.called_off[-1] == (VIEW, one.looker.questions(VIEW)[-1].number)


def test_pictures_stay_where_they_are_when_something_is_said(person) -> None:
    one = person("translates", 1100, 700)
    one.has_examples(Exercise(flat(10, channels=1), flat(20)))
    before = one.canvas.geometry(), one.stage.answer.geometry()
    one.stage.tasks.say("Saved as answer.png.")
    QApplication.processEvents()
    assert one.stage.tasks.isVisible() and (one.canvas.geometry(), one.stage.answer.geometry()) == before
