"""Every widget test starts in the dark scheme, whatever the test before it did; panels are shown in a window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from gen_studio.ui.page import Panel
from gen_studio.ui.shell import Shell
from gen_studio.ui.theme import Scheme, apply_theme


@pytest.fixture(autouse=True)
def app(qapp: QApplication) -> QApplication:
    apply_theme(qapp, Scheme.DARK)
    return qapp


@pytest.fixture
def in_shell(qtbot, tmp_path: Path) -> Callable[[Panel, int, int], Shell]:
    """Shows a panel alone in an active window of that size."""

    def show(panel: Panel, width: int, height: int) -> Shell:
        shell = Shell(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
        qtbot.addWidget(shell)
        shell.add_panel(panel)
        shell.add_actions(panel.actions())
        shell.resize(width, height)
        shell.show()
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        return shell

    return show
