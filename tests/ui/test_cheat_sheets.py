"""The sheet of keys of the panels with a canvas: whatever a key does there is on it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel

from gen_studio.core.annotations import LayoutClass
from gen_studio.testing.looker import FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.ui.canvas.canvas import Canvas
from gen_studio.ui.canvas.tools import BY_KEY, COMMANDS, MASK_MOVES, MOVES, TOOLS
from gen_studio.ui.page import Panel
from gen_studio.ui.panels.inpaint import InpaintPanel
from gen_studio.ui.panels.translate import TranslatePanel
from gen_studio.ui.shell import Shell
from gen_studio.ui.widgets.actions import CheatSheet
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.translating_screen import TranslatingScreen

BINDINGS = {**TOOLS, **COMMANDS}
GREY = np.full((8, 8, 3), 99, np.uint8)


def show(canvas: Canvas, material: str) -> None:
    match material:
        case "mask":
            canvas.show_mask(GREY)
        case "sketch":
            canvas.show_sketch(GREY)
        case _:
            canvas.show_layout(GREY[..., 0] // 99, [LayoutClass("sky", (1, 2, 3)), LayoutClass("sea", (4, 5, 6))])


def made(name: str) -> tuple[Panel, Canvas]:
    looking, tasking = Looking(FakeLooker()), Tasking(FakeTasker())
    if name == "inpaint":
        inpaint = InpaintPanel(InpaintingScreen.over(looking, tasking))
        return inpaint, inpaint.inpaint_stage.canvas
    translate = TranslatePanel(TranslatingScreen.over(looking, tasking))
    return translate, translate.translate_stage.canvas


def event_of(key: str) -> QKeyEvent:
    pressed = QKeySequence(key)[0]
    return QKeyEvent(QEvent.Type.KeyPress, pressed.key(), pressed.keyboardModifiers(), key)


@pytest.mark.parametrize(
    ("name", "materials", "moves"),
    [("inpaint", ("mask",), MASK_MOVES), ("translate", ("sketch", "layout"), MOVES)],
)
def test_what_a_key_or_the_mouse_does_on_a_canvas_is_on_its_sheet(
    name, materials, moves, qtbot, tmp_path: Path
) -> None:
    panel, canvas = made(name)
    shell = Shell(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(shell)
    shell.add_panel(panel)
    shell.add_actions(panel.actions())
    shell.open_cheat_sheet()
    sheet = shell.findChild(CheatSheet)
    words = [label.text() for label in sheet.findChildren(QLabel)]
    sheet.close()
    for action in panel.actions():
        if action.shortcut:
            assert words[words.index(action.title) + 1] == action.keys
    for line in moves:
        assert (line.words, line.key) in pairwise(words)
    for material in materials:
        show(canvas, material)
        done = {key: action for key in BY_KEY if (action := canvas.action_of(event_of(key))) is not None}
        assert len(done) > 15
        for action in done.values():
            assert words[words.index(action.value) + 1] == BINDINGS[action].shown_key
