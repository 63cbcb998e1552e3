"""Pickers, popups and the list of runs: choosing one of many."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtWidgets import QLineEdit, QWidget

from gen_studio.ui.theme import DARK, font
from gen_studio.ui.widgets.choice_popup import ChoicePopup
from gen_studio.ui.widgets.entries import Entry, EntryModel
from gen_studio.ui.widgets.painting import RunState
from gen_studio.ui.widgets.picker import Picker
from gen_studio.ui.widgets.run_list import RunList, RunRow

LEFT = Qt.MouseButton.LeftButton


FEW = (Entry("a", "Apples", "3 pictures"), Entry("b", "Pears", objection="Pears have no labels."), Entry("c", "Plums"))


MANY = tuple(Entry(f"e{i}", f"Entry {i}", group="Even" if i % 2 == 0 else "Odd") for i in range(12))


def shown(qtbot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def colors(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def has(widget: QWidget, color: QColor) -> bool:
    return color.name() in colors(widget)


def test_headings_stand_once_before_their_group() -> None:
    model = EntryModel()
    model.show(MANY)
    rows = [model.data(model.index(i)) for i in range(model.rowCount())]
    assert (rows[0], rows.count("Even"), rows.count("Odd"), len(rows)) == ("Even", 1, 1, 14)
    assert model.entry(model.index(0)) is None
    assert not model.flags(model.index(0))


def test_rows_that_keep_their_keys_are_updated_in_place() -> None:
    model = EntryModel()
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    model.show(FEW)
    model.show([Entry("a", "Apples", "4 pictures"), *FEW[1:]])
    assert len(resets) == 1
    entry = model.entry(model.index_of("a"))
    assert entry is not None
    assert entry.detail == "4 pictures"
    model.show(FEW[:2])
    assert len(resets) == 2


def test_a_popup_searches_in_long_lists_only(qtbot) -> None:
    anchor = shown(qtbot, QWidget())
    popup = ChoicePopup(anchor)
    popup.open_below(anchor, FEW)
    assert not popup.search.isVisible()
    popup.open_below(anchor, MANY)
    assert popup.search.isVisible()
    popup.close()


def test_typing_filters_and_enter_chooses(qtbot) -> None:
    anchor = shown(qtbot, QWidget())
    popup = ChoicePopup(anchor)
    chosen: list[str] = []
    popup.chosen.connect(chosen.append)
    popup.open_below(anchor, MANY)
    qtbot.keyClicks(popup.search, "ENTRY 1")
    assert popup.model.rowCount() == 5  # 1, 10 and 11 under two headings
    qtbot.keyClick(popup.search, Qt.Key.Key_Down)
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)
    assert chosen == ["e11"]
    assert not popup.isVisible()


def test_a_search_without_hits_says_so(qtbot) -> None:
    anchor = shown(qtbot, QWidget())
    popup = ChoicePopup(anchor)
    popup.open_below(anchor, MANY)
    qtbot.keyClicks(popup.search, "zebra")
    assert popup._nothing.isVisible()
    qtbot.keyClick(popup.search, Qt.Key.Key_Return)
    assert popup.isVisible()
    popup.close()


def test_what_has_an_objection_cannot_be_chosen(qtbot) -> None:
    anchor = shown(qtbot, QWidget())
    popup = ChoicePopup(anchor)
    chosen: list[str] = []
    popup.chosen.connect(chosen.append)
    popup.open_below(anchor, FEW, "a")
    popup.view.clicked.emit(popup.model.index_of("b"))
    assert chosen == []
    qtbot.keyClick(popup.view, Qt.Key.Key_Down)
    qtbot.keyClick(popup.view, Qt.Key.Key_Return)
    assert chosen == ["c"]


def test_a_picker_tells_of_the_users_choices_only(qtbot) -> None:
    picker = shown(qtbot, Picker("Data"))
    heard: list[str] = []
    picker.chosen.connect(heard.append)
    picker.set_entries(FEW, "a")
    picker.set_current("c")
    assert heard == []
    qtbot.keyClick(picker, Qt.Key.Key_Space)
    qtbot.keyClick(picker._popup.view, Qt.Key.Key_Home)
    qtbot.keyClick(picker._popup.view, Qt.Key.Key_Return)
    assert heard == ["a"]
    assert picker.current().title == "Apples"
    assert "Apples" in picker.accessibleDescription()


def test_a_picker_whose_choice_is_gone_is_empty(qtbot) -> None:
    picker = shown(qtbot, Picker("Data"))
    picker.set_entries(FEW, "a")
    picker.set_entries(FEW[1:])
    assert picker.current() is None


@pytest.fixture
def runs(qtbot) -> RunList:
    listed = RunList()
    listed.resize(272, 220)
    shown(qtbot, listed)
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(QColor("#123456"))
    states = (RunState.RUNNING, RunState.FINISHED, RunState.PAUSED, RunState.FAILED)
    rows = [RunRow(f"r{i}", f"Run {i}", "Digits, step 40", state, picture) for i, state in enumerate(states)]
    listed.set_rows(rows, "r0")
    return listed


def test_a_run_opens_by_click_and_by_enter(runs: RunList, qtbot) -> None:
    heard: list[str] = []
    runs.opened.connect(heard.append)
    place = runs.visualRect(runs.model().index(2, 0)).center()
    qtbot.mouseClick(runs.viewport(), LEFT, pos=place)
    qtbot.keyClick(runs, Qt.Key.Key_Down)
    qtbot.keyClick(runs, Qt.Key.Key_Return)
    assert heard == ["r2", "r3"]


def test_a_run_is_renamed_in_place(runs: RunList, qtbot) -> None:
    heard: list[tuple[str, str]] = []
    runs.rename_requested.connect(lambda key, name: heard.append((key, name)))
    for name in ("Better", "Run 0", "  "):
        qtbot.keyClick(runs, Qt.Key.Key_F2)
        editor = runs.viewport().findChild(QLineEdit)
        editor.setText(name)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: runs.state() is RunList.State.NoState)
    assert heard == [("r0", "Better")]


def test_a_long_name_is_cut_in_the_middle_and_whole_in_its_tooltip(runs: RunList) -> None:
    name = "DCGAN, normalisation layer by layer, learning rate 0.0002"
    runs.set_rows([RunRow("r0", name, "A folder of photographs, step 12,400")], "r0")
    index = runs.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == f"{name}\nA folder of photographs, step 12,400"
    ends = [f"DCGAN, normalisation layer by layer, learning rate {rate}" for rate in ("0.0002", "0.01")]
    grabbed = []
    for end in ends:
        runs.set_rows([RunRow("r0", end, "A folder of photographs, step 12,400")], "r0")
        grabbed.append(runs.grab().toImage())
    assert grabbed[0] != grabbed[1], "what differs at the end is seen"


def test_numbers_at_the_end_of_a_second_line_are_whole_or_not_there() -> None:
    entry = Entry("r0", "DCGAN", "Photographs of clothes, step 12,400", ends_matter=True)
    face = font(12)
    advance = QFontMetrics(face).horizontalAdvance
    whole, end = advance(entry.detail), advance("step 12,400")
    assert entry.detail_in(whole, face) == entry.detail
    shorter = entry.detail_in(whole - 30, face)
    assert shorter.endswith("…, step 12,400") and shorter.startswith("Photographs") and advance(shorter) <= whole - 30
    assert entry.detail_in(end + 4, face) == "step 12,400" and entry.detail_in(end - 4, face) == ""


def test_delete_asks_and_the_menu_offers_everything(runs: RunList, qtbot) -> None:
    deleted: list[str] = []
    resumed: list[str] = []
    runs.delete_requested.connect(deleted.append)
    runs.resume_requested.connect(resumed.append)
    qtbot.keyClick(runs, Qt.Key.Key_Delete)
    menu = runs.menu_for("r2")
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert list(actions) == ["Open", "Resume", "Rename", "Show folder", "Delete"]
    actions["Resume"].trigger()
    assert (deleted, resumed) == (["r0"], ["r2"])


def test_the_state_of_a_run_is_said_and_drawn(runs: RunList) -> None:
    index = runs.model().index(3, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Run 3, Digits, step 40, failed"
    assert has(runs, DARK.success)
    assert has(runs, DARK.danger)
    assert has(runs, QColor("#123456"))


def test_new_rows_keep_the_editor_open(runs: RunList, qtbot) -> None:
    runs.rename("r1")
    runs.set_rows([RunRow(f"r{i}", f"Run {i}", "Digits, step 41") for i in range(4)], "r1")
    assert runs.viewport().findChild(QLineEdit) is not None
