"""Pictures sorted by mouse and by keys, a direction learnt from them, and what is said of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from gen_studio.core.annotations import binary
from gen_studio.core.directions import Method
from gen_studio.core.tasks import DataPictures, ExamplesRead, LearnDirection, ReadExamples, ShowData, Survey
from gen_studio.ui.attributes.sorting_layout import Area, SortingLayout, Spot
from gen_studio.viewmodels.attributes_lesson import Source


def test_thumbnails_are_dragged_into_piles_between_them_and_out_again(editor) -> None:
    editor = editor()
    editor.opens()
    first, second = editor.screen.lesson.offered[:2]
    editor.drags(editor.thumb(Area.OFFERED, 0), editor.pile(Area.MORE))
    editor.drags(editor.thumb(Area.OFFERED, 1), editor.pile(Area.LESS))
    assert editor.editing().more == (first,) and editor.editing().less == (second,)
    editor.drags(editor.thumb(Area.MORE, 0), editor.pile(Area.LESS))
    assert editor.editing().more == () and editor.editing().less == (second, first)
    editor.drags(editor.thumb(Area.LESS, 0), editor.thumb(Area.OFFERED, 5))
    assert editor.editing().less == (first,)


def dropped(table, place, paths: Sequence[Path]) -> QDropEvent:
    """Held over the table and let go there, as a file manager does."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (QDragEnterEvent(place, copy, mime, left, none), QDragMoveEvent(place, copy, mime, left, none)):
        QApplication.sendEvent(table, event)
    met = table._met
    drop = QDropEvent(QPointF(place), copy, mime, left, none)
    if event.isAccepted():
        QApplication.sendEvent(table, drop)
    else:
        drop.ignore()
    assert (met is not None) == drop.isAccepted() and table._met is None
    return drop


def test_files_are_dropped_into_a_pile_and_nowhere_else(editor, tmp_path: Path) -> None:
    editor = editor()
    editor.opens()
    table, files = editor.examples.table, [tmp_path / "one.jpg", tmp_path / "two.png"]
    assert dropped(table, editor.pile(Area.LESS), files).isAccepted()
    assert editor.tasker.newest(ReadExamples).given == tuple(files)
    read = tuple(np.full((8, 8, 1), grey, np.uint8) for grey in (30, 200))
    editor.tasker.finish(ReadExamples, ExamplesRead(read))
    assert len(editor.editing().less) == 2
    place = table.places.rect(Spot(Area.LESS, 1)).center()
    ratio = table.devicePixelRatioF()
    assert table.grab().toImage().pixelColor((place * ratio).toPoint()).red() == 200, "it is seen at once"
    assert not dropped(table, editor.thumb(Area.OFFERED, 2), files).isAccepted()
    assert editor.tasker.count(ReadExamples) == 1
    editor.drags(editor.thumb(Area.LESS, 0), editor.pile(Area.MORE))
    assert len(editor.editing().more) == 1, "and sorted like any other"


def test_words_are_not_taken_for_a_pile(editor) -> None:
    editor = editor()
    editor.opens()
    mime = QMimeData()
    mime.setText("words")
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(editor.pile(Area.MORE), Qt.DropAction.CopyAction, mime, left, none)
    event.ignore()
    QApplication.sendEvent(editor.examples.table, event)
    assert not event.isAccepted()


def test_files_are_put_into_a_pile_from_a_menu(editor, tmp_path: Path, monkeypatch) -> None:
    editor = editor()
    editor.opens()
    files = [str(tmp_path / "one.jpg"), str(tmp_path / "two.png")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (files, ""))
    more, less = editor.examples.menu().actions()
    less.trigger()
    assert editor.tasker.newest(ReadExamples).given == tuple(map(Path, files))
    editor.tasker.finish(ReadExamples, ExamplesRead((np.zeros((8, 8, 1), np.uint8),)))
    assert len(editor.editing().less) == 1 and "More" in more.text()


def test_it_is_said_that_own_pictures_are_sought_first(editor) -> None:
    editor = editor()
    editor.opens()
    editor.sorts_two()
    editor.screen.bringing.bring([np.zeros((8, 8, 1), np.uint8)], "more")
    editor.tasker.finish(ReadExamples, ExamplesRead((np.zeros((8, 8, 1), np.uint8),)))
    assert editor.learning._about.isVisible() and "sought first" in editor.learning._about.text()
    assert editor.learning.learn.isEnabled()


def test_a_click_sorts_nothing(editor) -> None:
    editor = editor()
    editor.opens()
    editor.clicks(editor.examples.table, editor.thumb(Area.OFFERED, 3))
    assert not editor.editing().more and editor.examples.table.cursor_spot == Spot(Area.OFFERED, 3)


def test_plus_and_minus_sort_a_whole_row_with_one_hand(editor) -> None:
    editor = editor()
    editor.opens()
    table, offered = editor.examples.table, editor.screen.lesson.offered
    table.setFocus()
    editor.types(table, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Right, Qt.Key.Key_Plus)
    assert editor.editing().more == (offered[0], offered[3]) and editor.editing().less == (offered[1],)
    editor.types(table, Qt.Key.Key_Left, Qt.Key.Key_Delete)
    assert editor.editing().more == (offered[0],), "Delete takes out of the pile"


def test_the_arrows_reach_every_thumbnail() -> None:
    layout = SortingLayout(272, 8, 4, 2)
    reached, waiting = set(), [Spot(Area.OFFERED, 0)]
    while waiting:
        spot = waiting.pop()
        if spot not in reached:
            reached.add(spot)
            waiting += [layout.moved(spot, *way) for way in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert reached == set(layout.spots())
    assert layout.moved(Spot(Area.OFFERED, 7), 0, 1).area in (Area.MORE, Area.LESS)


def test_sorting_is_undone_and_done_again_from_the_keyboard(editor) -> None:
    editor = editor()
    editor.opens()
    editor.drags(editor.thumb(Area.OFFERED, 0), editor.pile(Area.MORE))
    editor.qtbot.keyClick(editor.shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not editor.editing().more
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    editor.qtbot.keyClick(editor.shell, Qt.Key.Key_Z, control_shift)
    assert len(editor.editing().more) == 1


def test_learning_waits_for_both_piles_and_says_so(editor) -> None:
    editor = editor()
    editor.opens()
    assert not editor.learning.learn.isEnabled()
    assert "into More and into Less" in editor.learning._about.text()
    editor.sorts_two()
    assert editor.learning.learn.isEnabled() and not editor.learning._about.isVisible()


def test_a_learnt_direction_gets_a_slider_a_strip_and_words(editor) -> None:
    editor = editor()
    editor.opens()
    editor.sorts_two()
    editor.qtbot.keyClicks(editor.learning.name, "Smile")
    editor.clicks(editor.learning.learn)
    task = editor.tasker.newest(LearnDirection)
    assert task.name == "Smile"
    editor.tasker.call_off(Survey)
    editor.tasker.say_progress(LearnDirection, "Encoding pictures", 3, 9)
    assert editor.learning._about.text() == "Encoding pictures, 3 of 9" and editor.learning.cancel.isVisible()
    editor.tasker.call_off(LearnDirection)
    editor.learns("Smile", 0)
    assert [row.direction.name for row in editor.controls.sliders.rows] == ["Smile"]
    assert editor.stage.strip.isVisible() and editor.controls.chosen.isVisible()
    about = editor.controls.chosen.about()
    assert "Right for 90 % of pictures" in about and "more long hair (clearly)" in about


def test_labels_take_the_place_of_the_table(editor) -> None:
    editor = editor()
    editor.opens()
    editor.examples.sources.set_index(2)
    assert editor.screen.lesson.source is Source.KNOWN and not editor.examples.table.isVisible()
    facts = (binary("smile", "serious", "smiling"),)
    editor.tasker.finish(ShowData, DataPictures(np.zeros((1, 8, 8, 1), np.uint8), facts))
    assert editor.examples.trait.isVisible() and not editor.learning.learn.isEnabled()
    editor.examples.trait.setCurrentIndex(1)
    editor.examples.trait.activated.emit(1)
    assert editor.learning.learn.isEnabled()
    editor.clicks(editor.learning.learn)
    assert editor.tasker.newest(LearnDirection).name == "Smiling"


def test_the_method_is_chosen_from_a_box(editor) -> None:
    editor = editor()
    editor.opens()
    method = editor.learning.method
    assert [method.itemText(index) for index in range(2)] == ["Difference of means", "Linear separator"]
    editor.sorts_two()
    method.setFocus()
    editor.types(method, Qt.Key.Key_Down)
    editor.clicks(editor.learning.learn)
    assert editor.tasker.newest(LearnDirection).method is Method.SEPARATOR


def test_directions_that_are_ticked_are_left_alone(editor) -> None:
    editor = editor()
    editor.opens()
    assert not editor.learning.spared.isVisible()
    smile = editor.learns("Smile", 0)
    menu = editor.learning.spared_menu()
    menu.actions()[0].toggle()
    assert editor.learning.spared.text() == "Smile"
    editor.clicks(editor.learning.learn)
    assert editor.tasker.newest(LearnDirection).orthogonal_to == (smile,)
