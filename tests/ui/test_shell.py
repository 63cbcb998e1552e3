"""The window's frame: panels, columns, keys, the compact layout, what it remembers."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gen_studio.ui.shell import Action, Panel, Shell
from gen_studio.ui.widgets.actions import CheatSheet
from gen_studio.ui.widgets.error_bar import Notice


class Screen(Panel):
    """Counts how often its parts are asked for."""

    icon = "activity"

    def __init__(self, key: str, **traits: object) -> None:
        self.key, self.title = key, key.capitalize()
        self.built: list[str] = []
        self.compact: bool | None = None
        for name, value in traits.items():
            setattr(self, name, value)

    def context(self) -> QWidget:
        self.built.append("context")
        self.left = QLabel("left")
        return self.left

    def stage(self) -> QWidget:
        self.built.append("stage")
        self.middle = QPushButton("middle")
        return self.middle

    def inspector(self) -> QWidget:
        self.built.append("inspector")
        self.right = QPushButton("right")
        return self.right

    def first_focus(self) -> QWidget:
        return self.middle

    def set_compact(self, compact: bool) -> None:
        self.compact = compact


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def shell(qtbot, settings: QSettings) -> Shell:
    made = Shell(settings)
    qtbot.addWidget(made)
    return made


def wide(qtbot, shell: Shell, width: int = 1440, height: int = 900) -> None:
    shell.resize(width, height)
    shell.show()
    shell.activateWindow()
    qtbot.waitExposed(shell)
    qtbot.waitUntil(shell.isActiveWindow)


def test_the_rail_shows_only_panels_that_were_added(shell: Shell) -> None:
    shell.add_panel(Screen("train"))
    shell.add_panel(Screen("data"))
    assert list(shell.rail._items) == ["train", "data"]


def test_a_panel_is_built_when_it_is_first_shown_and_once(shell: Shell) -> None:
    train, data = Screen("train"), Screen("data")
    shell.add_panel(train)
    shell.add_panel(data)
    assert (train.built, data.built) == (["context", "stage", "inspector"], [])
    heard: list[str] = []
    shell.panel_changed.connect(heard.append)
    for key in ("data", "train", "data"):
        shell.show_panel(key)
    assert data.built == ["context", "stage", "inspector"]
    assert heard == ["data", "train", "data"]
    assert shell.panel() is data


def test_the_columns_have_the_widths_of_the_grid(shell: Shell, qtbot) -> None:
    train = Screen("train", inspector_width=392, compact_inspector_width=336)
    shell.add_panel(train)
    wide(qtbot, shell)
    page = shell._pages["train"]
    assert (shell.rail.width(), page._context.width(), page._inspector.width()) == (72, 304, 392)
    assert (shell.top_bar.height(), shell.transport.height()) == (48, 56)
    shell.resize(1100, 700)
    assert (shell.rail.width(), page._context.width(), page._inspector.width()) == (48, 264, 336)
    qtbot.waitUntil(lambda: page.width() - 264 - 336 >= 440)
    assert shell.size().width() == 1100


@pytest.mark.parametrize(("width", "compact"), [(1279, True), (1280, False)])
def test_the_layout_switches_below_1280(shell: Shell, qtbot, width: int, compact: bool) -> None:
    train = Screen("train")
    shell.add_panel(train)
    wide(qtbot, shell, width)
    assert (shell.is_compact(), train.compact) == (compact, compact)


def test_the_layout_switches_back(shell: Shell, qtbot) -> None:
    train = Screen("train", context_when_compact=False)
    shell.add_panel(train)
    wide(qtbot, shell)
    heard: list[bool] = []
    shell.compact_changed.connect(heard.append)
    shell.resize(1100, 700)
    assert not train.left.isVisible()
    shell.resize(1440, 900)
    assert train.left.isVisible()
    assert heard == [True, False]


def test_the_window_does_not_go_below_its_minimum(shell: Shell, qtbot) -> None:
    shell.add_panel(Screen("train"))
    wide(qtbot, shell, 400, 300)
    assert (shell.width(), shell.height()) == (1100, 700)


def test_keys_hide_the_columns_on_every_panel_and_it_is_remembered(shell: Shell, settings: QSettings, qtbot) -> None:
    train, data = Screen("train"), Screen("data")
    shell.add_panel(train)
    shell.add_panel(data)
    wide(qtbot, shell)
    qtbot.keyClick(shell, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert not train.left.isVisible()
    assert train.right.isVisible()
    shell.show_panel("data")
    assert not data.left.isVisible()
    qtbot.keyClick(shell, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert not data.right.isVisible()
    again = Shell(settings)
    qtbot.addWidget(again)
    other = Screen("train")
    again.add_panel(other)
    wide(qtbot, again)
    assert not other.left.isVisible()
    assert not other.right.isVisible()


def test_the_geometry_is_remembered(shell: Shell, settings: QSettings, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    wide(qtbot, shell, 1234, 789)
    geometry = bytes(shell.saveGeometry().data())
    shell.close()
    restored: list[bytes] = []
    # Qt itself would fit it to the small screen that tests have.
    monkeypatch.setattr(Shell, "restoreGeometry", lambda self, saved: restored.append(bytes(saved.data())) or True)
    qtbot.addWidget(Shell(settings))
    assert restored == [geometry]


def test_a_window_that_may_not_close_stays(shell: Shell, qtbot) -> None:
    wide(qtbot, shell)
    answers = iter((False, True))
    shell.ask_before_closing(lambda: next(answers))
    assert not shell.close()
    assert shell.isVisible()
    assert shell.close()


def test_actions_run_by_their_keys_unless_they_are_not_available(shell: Shell, qtbot) -> None:
    done: list[str] = []
    shell.add_actions(
        [
            Action("run.start", "Start", "Ctrl+Return", "play", lambda: done.append("start")),
            Action("run.stop", "Stop", "Ctrl+.", "square", lambda: done.append("stop"), lambda: False),
        ]
    )
    wide(qtbot, shell)
    qtbot.keyClick(shell, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shell, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert done == ["start"]


def test_two_actions_of_one_key_are_refused(shell: Shell) -> None:
    with pytest.raises(ValueError, match=r"window\.find"):
        shell.add_actions([Action("window.find", "Another", "", "search", lambda: None)])


def test_the_palette_finds_and_runs_an_action(shell: Shell, qtbot) -> None:
    done: list[str] = []
    shell.add_actions(
        [
            Action("run.save", "Save checkpoint", "", "save", lambda: done.append("save")),
            Action("run.none", "Save nothing", "", "save", lambda: done.append("none"), lambda: False),
        ]
    )
    wide(qtbot, shell)
    qtbot.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = shell._palette
    qtbot.keyClicks(palette.search, "save")
    assert palette.model.rowCount() == 1
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert done == ["save"]
    assert not palette.isVisible()


def test_the_cheat_sheet_lists_what_has_keys(shell: Shell, qtbot) -> None:
    shell.add_panel(Screen("train"))
    wide(qtbot, shell)
    qtbot.keyClick(shell, Qt.Key.Key_F1)
    sheet = shell.findChild(CheatSheet)
    listed = [label.text() for label in sheet.findChildren(QLabel)]
    assert {"Find an action", "Ctrl+K", "Go to Train", "Ctrl+1"} <= set(listed)
    sheet.close()


def test_the_first_focus_is_the_panels_own_and_does_not_glow(shell: Shell, qtbot) -> None:
    train = Screen("train")
    shell.add_panel(train)
    wide(qtbot, shell)
    qtbot.waitUntil(train.middle.hasFocus)
    assert not shell.top_bar.new_run_button.hasFocus()


def test_tab_goes_from_the_top_bar_over_the_panel_to_the_transport_and_the_rail(shell: Shell, qtbot) -> None:
    first, second = Screen("train"), Screen("data")
    shell.add_panel(first)
    shell.add_panel(second)
    wide(qtbot, shell)
    shell.show_panel("data")
    shell.top_bar.help_button.setFocus()
    passed = []
    for _ in range(4):
        qtbot.keyClick(shell.focusWidget(), Qt.Key.Key_Tab)
        passed.append(shell.focusWidget())
    assert passed == [second.middle, second.right, shell.transport.main, shell.rail._items["data"]]


def test_a_click_on_the_rail_shows_the_panel(shell: Shell, qtbot) -> None:
    shell.add_panel(Screen("train"))
    shell.add_panel(Screen("data"))
    wide(qtbot, shell)
    qtbot.mouseClick(shell.rail._items["data"], Qt.MouseButton.LeftButton)
    assert shell.panel().key == "data"
    qtbot.keyClick(shell, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert shell.panel().key == "train"


def test_an_alarm_is_said_on_the_rail(shell: Shell) -> None:
    shell.add_panel(Screen("train"))
    shell.rail.set_alarm("train", True)
    assert shell.rail._items["train"].accessibleDescription() == "An alarm waits"


def test_the_error_bar_pushes_the_stage_up_and_covers_nothing(shell: Shell, qtbot) -> None:
    shell.add_panel(Screen("train"))
    wide(qtbot, shell)
    page = shell._pages["train"]
    before = page.height()
    shell.error_bar.add(Notice("The disk is full."))
    qtbot.waitUntil(lambda: page.height() == before - 44)
    assert shell.transport.isVisible()


def test_the_window_imports_nothing_slow() -> None:
    code = "import sys, gen_studio.ui.shell, gen_studio.ui.forms; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "PySide6" in loaded
    assert not {"torch", "pyqtgraph", "numpy", "pydantic", "PIL"} & set(loaded)


def test_a_panel_that_needs_much_room_takes_none_from_the_others(shell: Shell, qtbot) -> None:
    wide, narrow = Screen("wide"), Screen("narrow")
    for panel in (wide, narrow):
        shell.add_panel(panel)
    wide.middle.setMinimumSize(1400, 900)
    shell.show()
    for key, is_wide in (("wide", True), ("narrow", False), ("wide", True)):
        shell.show_panel(key)
        qtbot.waitUntil(lambda is_wide=is_wide: (shell.minimumSizeHint().width() > 1400) is is_wide)
