"""The kit's widgets answer to mouse and keys, say their names, and tell what the user did once."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from gen_studio.ui.theme import DARK, LIGHT, Scheme, apply_theme
from gen_studio.ui.widgets.alarm_card import Alarm, AlarmCard, Fix
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.empty_state import EmptyState
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.error_bar import ErrorBar, Notice, Way
from gen_studio.ui.widgets.folding import Folding
from gen_studio.ui.widgets.labels import ElidedLabel
from gen_studio.ui.widgets.picker import Picker
from gen_studio.ui.widgets.progress_bar import ProgressBar
from gen_studio.ui.widgets.slider import Slider, SliderRow
from gen_studio.ui.widgets.switch import Switch
from gen_studio.ui.widgets.view_switch import ViewSwitch

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


def focused_by_keys(qtbot, widget: QWidget) -> None:
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.clearFocus()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)


PAINTED = {
    "primary": lambda: Button("Start", Kind.PRIMARY, "play-filled"),
    "raised": lambda: Button("Stop"),
    "quiet": lambda: Button("New run", Kind.QUIET, "plus"),
    "link": lambda: Button("Why?", Kind.LINK),
    "icon": lambda: icon_button("copy", "Copy"),
    "switch": lambda: Switch("Spectral norm"),
    "slider": lambda: Slider(-1, 1, 0, 0.1),
    "chip": lambda: Chip("Following live", live=True, clickable=True),
    "picker": lambda: Picker("Data"),
    "chip on a picture": lambda: Chip("live", live=True, on_picture=True),
    "progress": lambda: ProgressBar(),
    "label": lambda: ElidedLabel("Some words"),
}
TAKE_KEYS = ("primary", "raised", "quiet", "icon", "switch", "slider", "chip", "picker")


@pytest.mark.parametrize("name", PAINTED)
def test_every_painted_widget_is_drawn_anew_in_the_other_scheme(app: QApplication, qtbot, name: str) -> None:
    widget = shown(qtbot, PAINTED[name]())
    dark = widget.grab().toImage()
    apply_theme(app, Scheme.LIGHT)
    assert widget.grab().toImage() != dark


@pytest.mark.parametrize("name", TAKE_KEYS)
def test_what_takes_keys_shows_a_ring_once_the_keyboard_is_used(qtbot, name: str) -> None:
    widget = shown(qtbot, PAINTED[name]())
    ring = DARK.text if name == "primary" else DARK.accent
    if name == "chip":
        widget.show_words("Following live")  # type: ignore[attr-defined]
    before = widget.grab().toImage()
    focused_by_keys(qtbot, widget)
    assert widget.grab().toImage() != before
    assert has(widget, ring)


@pytest.mark.parametrize("name", TAKE_KEYS)
def test_a_click_shows_no_ring(qtbot, name: str) -> None:
    widget = shown(qtbot, PAINTED[name]())
    focused_by_keys(qtbot, widget)
    widget.clearFocus()
    widget.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    assert not widget.ring  # type: ignore[attr-defined]


def test_buttons_and_icons_have_names_for_a_screen_reader(qtbot) -> None:
    for widget, name in ((Button("Stop"), "Stop"), (icon_button("copy", "Copy"), "Copy"), (Switch("Norm"), "Norm")):
        qtbot.addWidget(widget)
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) == name


def test_an_icon_only_button_keeps_its_words_as_tooltip(qtbot) -> None:
    button = Button("Save checkpoint", Kind.QUIET, "save")
    qtbot.addWidget(button)
    wide = button.sizeHint().width()
    button.set_icon_only(True)
    assert button.sizeHint().width() < wide / 2
    assert (button.toolTip(), button.accessibleName()) == ("Save checkpoint", "Save checkpoint")
    button.set_icon_only(False)
    assert (button.toolTip(), button.sizeHint().width()) == ("", wide)


def test_a_raised_button_is_seen_on_a_raised_card(qtbot) -> None:
    button = Button("Halve D rate")
    button.set_on_raised(True)
    shown(qtbot, button)
    assert has(button, DARK.hover)
    assert not has(button, DARK.raised)


def test_a_switch_answers_to_clicks_and_space(qtbot) -> None:
    switch = shown(qtbot, Switch("Norm"))
    qtbot.mouseClick(switch, LEFT, pos=QPoint(4, 4))
    assert switch.isChecked()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()


def test_a_slider_moves_one_step_and_ten_with_shift(qtbot) -> None:
    slider = shown(qtbot, Slider(-3, 3, 0, 0.01))
    heard: list[float] = []
    slider.number_changed.connect(heard.append)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.keyClick(slider, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert heard == pytest.approx([0.01, 0.11, 0.10])
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert slider.number() == pytest.approx(-3)


def test_a_slider_follows_the_pointer_and_a_double_click_resets_it(qtbot) -> None:
    slider = shown(qtbot, Slider(0, 1, 0.7, 0.01))
    slider.resize(220, 20)
    qtbot.mousePress(slider, LEFT, pos=QPoint(110, 10))
    assert slider.number() == pytest.approx(0.5)
    qtbot.mouseMove(slider, QPoint(400, 10))
    assert slider.number() == pytest.approx(1.0)
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(400, 10))
    qtbot.mouseDClick(slider, LEFT, pos=QPoint(20, 10))
    assert slider.number() == pytest.approx(0.7)


def test_a_signed_slider_is_filled_from_zero(qtbot) -> None:
    slider = shown(qtbot, Slider(-1, 1, 0, 0.1))
    slider.resize(220, 20)
    slider.set_number(0.5)
    image = slider.grab().toImage()
    assert image.pixelColor(130, 10).name() == DARK.accent.name()
    assert image.pixelColor(60, 10).name() != DARK.accent.name()


def test_a_slider_rows_number_can_be_written(qtbot) -> None:
    row = shown(qtbot, SliderRow("Smile", Slider(-3, 3, 0, 0.01), source="from labels"))
    field = row.findChild(QLineEdit)
    for text, number, written in (("−0.7", -0.7, "−0.70"), ("9", 3, "+3.00"), ("much", 3, "+3.00")):
        field.setText(text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert row.slider.number() == pytest.approx(number)
        assert field.text() == written


def test_the_wheel_leaves_what_has_no_focus_alone(qtbot) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    column = QWidget()
    layout = QVBoxLayout(column)
    slider, box = Slider(0, 1, 0.5, 0.01), ChoiceBox()
    box.addItems(["one", "two"])
    layout.addWidget(slider)
    layout.addWidget(box)
    shown(qtbot, column)
    column.setFocus()
    for widget in (slider, box):
        turn = QWheelEvent(
            QPointF(5, 5),
            widget.mapToGlobal(QPointF(5, 5)),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, turn)
        assert not turn.isAccepted()
    assert slider.number() == pytest.approx(0.5)
    assert box.currentIndex() == 0


def test_the_view_switch_moves_with_keys_and_tells_once(qtbot) -> None:
    switch = shown(qtbot, ViewSwitch(("Samples", "Pairs", "Nearest")))
    heard: list[int] = []
    switch.changed.connect(heard.append)
    first = switch._group.button(0)
    focused_by_keys(qtbot, first)
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert (switch.index(), heard) == (1, [1])
    qtbot.mouseClick(switch._group.button(2), LEFT)
    assert (switch.index(), heard) == (2, [1, 2])


def test_the_view_switch_becomes_a_combo_box_that_means_the_same(qtbot) -> None:
    switch = shown(qtbot, ViewSwitch(("Samples", "Pairs")))
    switch.set_index(1)
    switch.set_compact(True)
    assert switch._combo.isVisible()
    assert not switch._group.button(0).isVisible()
    assert switch._combo.currentText() == "Pairs"
    switch._combo.activated.emit(0)
    assert switch.index() == 0
    switch.set_words(("One", "Two", "Three"))
    assert (switch._combo.count(), switch.index()) == (3, 0)


def test_long_text_ends_in_an_ellipsis_and_is_its_own_tooltip(qtbot) -> None:
    label = ElidedLabel("a sentence that is longer than the room it has")
    label.setFixedWidth(80)
    shown(qtbot, label)
    assert label._is_cut()
    label.setFixedWidth(1000)
    assert not label._is_cut()


def test_the_error_bar_shows_the_newest_and_counts_the_others(qtbot) -> None:
    bar = ErrorBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    for sentence in ("One.", "Two.", "One.", "Three."):
        bar.add(Notice(sentence))
    assert not bar.isHidden()
    assert (bar._sentence.text(), bar._others.text()) == ("Three.", "and 2 more")
    bar.close_notice()
    assert (bar._sentence.text(), bar._others.text()) == ("One.", "and 1 more")
    bar.close_notice()
    bar.close_notice()
    assert bar.isHidden()


def test_the_error_bars_links_act_and_copy_takes_the_details(qtbot) -> None:
    done: list[str] = []
    bar = ErrorBar()
    qtbot.addWidget(bar)
    bar.add(Notice("The disk is full.", (Way("Choose another folder", lambda: done.append("folder")),), "Traceback"))
    link = next(button for button in bar.findChildren(Button) if button.text() == "Choose another folder")
    qtbot.mouseClick(link, LEFT)
    qtbot.mouseClick(bar._copy, LEFT)
    assert done == ["folder"]
    assert QGuiApplication.clipboard().text() == "The disk is full.\n\nTraceback"


def test_the_error_bar_has_its_own_ground(app: QApplication, qtbot) -> None:
    bar = ErrorBar()
    bar.add(Notice("One."))
    shown(qtbot, bar)
    assert has(bar, DARK.danger_bg)
    apply_theme(app, Scheme.LIGHT)
    assert has(bar, LIGHT.danger_bg)


def test_an_alarm_offers_its_fixes_and_can_be_dismissed(qtbot) -> None:
    card = AlarmCard()
    fixes: list[tuple[str, str]] = []
    gone: list[str] = []
    card.fix_chosen.connect(lambda alarm, fix: fixes.append((alarm, fix)))
    card.dismissed.connect(gone.append)
    qtbot.addWidget(card)
    assert card.isHidden()
    card.show_alarm(Alarm("mc", "Mode collapse?", "since step 9", "11 of 81.", fixes=(Fix("r1", "Add R1"),)))
    shown(qtbot, card)
    button = next(button for button in card.findChildren(Button) if button.text() == "Add R1")
    qtbot.mouseClick(button, LEFT)
    assert fixes == [("mc", "r1")]
    assert has(card, DARK.alarm_line)
    qtbot.mouseClick(card._close, LEFT)
    assert gone == ["mc"]
    assert card.isHidden()


def test_progress_is_drawn_up_to_the_value_with_ticks(qtbot) -> None:
    bar = ProgressBar()
    bar.setRange(0, 100)
    bar.setValue(50)
    bar.set_ticks((80,))
    bar.resize(200, 12)
    shown(qtbot, bar)
    image = bar.grab().toImage()
    assert image.pixelColor(90, 6).name() == DARK.accent.name()
    assert image.pixelColor(120, 6).name() != DARK.accent.name()
    assert image.pixelColor(160, 2).name() == DARK.accent.name()


def test_a_folding_opens_by_space_and_keeps_its_summary(qtbot) -> None:
    body = QWidget()
    folding = shown(qtbot, Folding("Advanced", body))
    folding.set_summary("14 settings")
    heard: list[bool] = []
    folding.toggled.connect(heard.append)
    qtbot.keyClick(folding._head, Qt.Key.Key_Space)
    assert body.isVisible()
    assert (heard, folding.summary()) == ([True], "14 settings")


def test_an_empty_state_is_a_sentence_and_a_button(qtbot) -> None:
    empty = EmptyState("Nothing is trained yet.", "Open the starter model")
    empty.resize(600, 400)
    shown(qtbot, empty)
    with qtbot.waitSignal(empty.clicked):
        qtbot.mouseClick(empty.button, LEFT)
