"""Every tool and command by key, the strip and the bar, and pictures that come from elsewhere."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gen_studio.core.annotations import LayoutClass
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.canvas import Canvas
from gen_studio.ui.canvas.options_bar import OptionsBar
from gen_studio.ui.canvas.swatches import ClassPalette, MaskColours
from gen_studio.ui.canvas.tool_strip import ToolStrip
from gen_studio.ui.canvas.tools import BY_KEY, COMMANDS, TOOLS, Command, Tool

CLASSES = [LayoutClass("sky", (140, 200, 240)), LayoutClass("grass", (90, 160, 70)), LayoutClass("road", (9, 9, 9))]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def masked(canvas, photo) -> Canvas:
    canvas.show_mask(photo(120, 160))
    return canvas


def test_every_tool_and_every_command_has_a_key_of_its_own() -> None:
    assert set(TOOLS) == set(Tool) and set(COMMANDS) == set(Command)
    keys = [key for table in (TOOLS, COMMANDS) for binding in table.values() for key in binding.keys]
    assert len(keys) == len(set(keys)) == len(BY_KEY) and "Tab" not in keys


def test_every_tool_comes_into_the_hand_by_its_key(canvas) -> None:
    canvas.show_layout(np.zeros((20, 20), np.uint8), CLASSES)
    for tool in reversed(Tool):
        QTest.keyClicks(canvas, TOOLS[tool].keys[0].lower())
        assert canvas.tool is tool


def test_a_tool_that_the_material_does_not_have_is_not_taken(masked) -> None:
    QTest.keyClicks(masked, "i")
    assert masked.tool is Tool.BRUSH


def test_brackets_size_the_brush_and_braces_soften_it(canvas, photo) -> None:
    canvas.show_sketch(photo(100, 100))
    canvas.set_brush(Brush(10))
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert canvas.brush.size == 11
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.brush.size == 10
    QTest.keyClick(canvas, Qt.Key.Key_BraceRight, SHIFT)
    assert canvas.brush.softness == pytest.approx(0.1)
    QTest.keyClick(canvas, Qt.Key.Key_BraceLeft, SHIFT)
    assert canvas.brush.softness == 0
    for _ in range(60):
        QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert canvas.brush.size == 1


def test_whole_masks_are_changed_by_keys_and_each_change_is_undone(masked) -> None:
    start = np.zeros((120, 160), bool)
    start[40:80, 40:80] = True
    masked.set_pixels(start)
    for key, modifiers, check in (
        (Qt.Key.Key_I, CTRL, lambda pixels: (pixels == ~start).all()),
        (Qt.Key.Key_Up, CTRL, lambda pixels: pixels.sum() > start.sum()),
        (Qt.Key.Key_Down, CTRL, lambda pixels: 0 < pixels.sum() < start.sum()),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, lambda pixels: not pixels.any()),
    ):
        QTest.keyClick(masked, key, modifiers)
        assert check(masked.pixels), key
        QTest.keyClick(masked, Qt.Key.Key_Z, CTRL)
        assert (masked.pixels == start).all(), key
    QTest.keyClick(masked, Qt.Key.Key_Z, CTRL | SHIFT)
    assert not masked.pixels.any()


def test_keys_show_the_picture_fitted_and_at_full_size(masked) -> None:
    QTest.keyClick(masked, Qt.Key.Key_1)
    assert masked.view.zoom == 1.0
    QTest.keyClick(masked, Qt.Key.Key_Plus, SHIFT)
    assert masked.view.zoom == 2.0
    QTest.keyClick(masked, Qt.Key.Key_0)
    assert masked.view.zoom == 2.0 and masked.view.left == (400 - 320) // 2
    left = masked.view.left
    QTest.keyClick(masked, Qt.Key.Key_Left)
    assert masked.view.left > left


def test_space_held_moves_the_view_and_paints_nothing(masked, pointer) -> None:
    view = masked.view
    QTest.keyPress(masked, Qt.Key.Key_Space)
    pointer.draw((60, 60), (80, 70))
    QTest.keyRelease(masked, Qt.Key.Key_Space)
    assert masked.view != view and not masked.pixels.any()
    pointer.draw((60, 60), (80, 70))
    assert masked.pixels.any()


def test_v_hides_the_mask_while_it_is_held(masked) -> None:
    QTest.keyPress(masked, Qt.Key.Key_V)
    assert not masked.shows_mask
    QTest.keyRelease(masked, Qt.Key.Key_V)
    assert masked.shows_mask


def test_escape_calls_a_stroke_off_and_else_is_left_to_the_window(masked, pointer) -> None:
    pointer.press(50, 50)
    pointer.move(90, 60)
    QTest.keyClick(masked, Qt.Key.Key_Escape)
    pointer.move(100, 100)
    pointer.release(100, 100)
    assert not masked.pixels.any() and not masked.material.document.can_undo
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(masked, event)
    assert not event.isAccepted()


def test_keys_of_the_canvas_are_none_of_the_windows_and_others_stay_so(masked) -> None:
    for key, modifiers, taken in ((Qt.Key.Key_Z, CTRL, True), (Qt.Key.Key_B, CTRL, False), (Qt.Key.Key_K, CTRL, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(masked, event)
        assert event.isAccepted() is taken


def test_comma_and_point_go_through_the_classes(canvas, qtbot) -> None:
    canvas.show_layout(np.zeros((20, 20), np.uint8), CLASSES)
    palette = ClassPalette(canvas)
    qtbot.addWidget(palette)
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert palette.current == 2 and palette.accessibleDescription() == "road"
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert palette.current == 0
    QTest.keyClick(palette, Qt.Key.Key_Down)
    assert canvas.material.ink.value == 1


def test_a_canvas_says_what_it_is_and_what_is_on_it(masked, pointer) -> None:
    assert masked.accessibleName() == "Canvas, mask"
    masked.set_pixels(np.ones((120, 160), bool))
    assert masked.accessibleDescription() == "160 by 120 pixels, 100.0 % masked, brush"
    masked.show_nothing("Drop a photo here.")
    assert masked.accessibleDescription() == "Drop a photo here." and masked.pixels is None


def test_the_strip_shows_the_tools_of_the_material_and_follows_the_keys(masked, qtbot) -> None:
    strip = ToolStrip(masked)
    qtbot.addWidget(strip)
    strip.show()
    assert strip.tools[Tool.FILL].isVisible() and not strip.tools[Tool.PICK].isVisible()
    assert strip.width() == 52 and strip.tools[Tool.BRUSH].size().toTuple() == (40, 40)
    QTest.keyClicks(masked, "e")
    assert strip.tools[Tool.ERASER].isChecked() and not strip.tools[Tool.BRUSH].isChecked()
    strip.tools[Tool.LASSO].click()
    strip.tools[Tool.LASSO].click()
    assert masked.tool is Tool.LASSO and strip.tools[Tool.LASSO].isChecked()
    QTest.keyClick(strip.tools[Tool.LASSO], Qt.Key.Key_Down)
    assert masked.tool is Tool.FILL
    assert not strip.commands[Command.UNDO].isEnabled()
    masked.perform(Command.INVERT)
    assert strip.commands[Command.UNDO].isEnabled()
    strip.commands[Command.UNDO].click()
    assert not masked.pixels.any() and strip.commands[Command.REDO].isEnabled()
    assert all(
        button.accessibleName() and button.toolTip() for button in (*strip.tools.values(), *strip.commands.values())
    )


def test_the_bar_shows_the_brush_and_what_the_material_has(masked, photo, qtbot) -> None:
    bar = OptionsBar(masked)
    qtbot.addWidget(bar)
    bar.show()
    assert bar.height() == 44 and bar.commands[Command.GROW].isVisible() and not bar.softness_slider.isVisible()
    masked.set_brush(Brush(37))
    assert masked.brush.size == 37
    bar.size_slider.setValue(0)
    assert masked.brush.size == 1
    masked.show_sketch(photo(64, 64))
    assert bar.softness_slider.isVisible() and not bar.commands[Command.GROW].isVisible()
    bar.softness_slider.setValue(50)
    assert masked.brush.softness == 0.5
    masked.set_tool(Tool.LASSO)
    assert not bar.size_slider.isVisible()


def test_the_colour_of_the_mask_is_chosen_from_four(masked, qtbot) -> None:
    colours = MaskColours(masked)
    qtbot.addWidget(colours)
    QTest.keyClick(colours, Qt.Key.Key_Right)
    assert masked.mask_colour.name == "CYAN" and colours.accessibleDescription() == "Cyan"


@pytest.fixture
def heard(canvas) -> dict[str, list]:
    told: dict[str, list] = {"files": [], "pictures": [], "words": []}
    canvas.file_offered.connect(told["files"].append)
    canvas.picture_offered.connect(told["pictures"].append)
    canvas.told.connect(told["words"].append)
    return told


def test_a_pasted_picture_is_handed_on_with_its_transparency_on_white(canvas, heard) -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    image.setPixelColor(1, 0, Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    QTest.keyClick(canvas, Qt.Key.Key_V, CTRL)
    (pixels,) = heard["pictures"]
    assert pixels.shape == (2, 3, 3) and pixels[0, 1].tolist() == [255, 0, 0] and (pixels[1] == 255).all()


def test_files_are_dropped_one_at_a_time_and_links_are_refused(canvas, heard, tmp_path: Path) -> None:
    drop(canvas, [QUrl.fromLocalFile(str(tmp_path / "a.png")), QUrl.fromLocalFile(str(tmp_path / "b.png"))])
    assert heard["files"] == [tmp_path / "a.png"] and "1 of 2 files" in heard["words"][0]
    drop(canvas, [QUrl("https://example.org/a.png")])
    assert heard["words"][1].startswith("This is a link") and len(heard["files"]) == 1


def drop(canvas: Canvas, urls: list[QUrl]) -> None:
    mime = QMimeData()
    mime.setUrls(urls)
    action, button, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(9, 9), action, mime, button, no_keys)
    QApplication.sendEvent(canvas, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(canvas, QDropEvent(QPointF(9, 9), action, mime, button, no_keys, QEvent.Type.Drop))


def test_a_clipboard_without_a_picture_is_said(canvas, heard) -> None:
    QGuiApplication.clipboard().setText("not a picture")
    QTest.keyClick(canvas, Qt.Key.Key_V, CTRL)
    assert heard["words"] == ["There is no picture on the clipboard. Copy one first."]


def test_what_is_seen_is_copied(masked, photo) -> None:
    QTest.keyClick(masked, Qt.Key.Key_C, CTRL)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (160, 120)
    assert image.pixelColor(7, 5).getRgb()[:3] == tuple(photo(120, 160)[5, 7].tolist())
