"""Actions as data, and the two places that list them: the command palette and the sheet of shortcuts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from gen_studio.ui.theme import font
from gen_studio.ui.widgets.choice_popup import ChoicePopup
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.labels import heading, secondary

SHORT, LONG = 14, 40
"""Lines of the sheet that one and two columns hold."""


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """Something one can do from anywhere. `shortcut` is in Qt's portable writing, "Ctrl+K"; "" for none.

    `is_available` is asked when it is about to run or to be listed. With a `panel` the shortcut is only taken while
    that panel is shown, so that single letters stay free elsewhere.
    """

    key: str
    title: str
    shortcut: str
    icon: str
    run: Callable[[], None]
    is_available: Callable[[], bool] = _always
    panel: str = ""

    @property
    def keys(self) -> str:
        """The shortcut in the platform's own writing."""
        return QKeySequence(self.shortcut).toString(QKeySequence.SequenceFormat.NativeText) if self.shortcut else ""


class CommandPalette(ChoicePopup):
    """Type a few letters, press Enter."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, always_search=True, hint="Find an action")
        self._runs: dict[str, Callable[[], None]] = {}
        self.chosen.connect(self._run)

    def open_with(self, anchor: QWidget, actions: Sequence[Action]) -> None:
        available = [action for action in actions if action.is_available()]
        self._runs = {action.key: action.run for action in available}
        entries = [Entry(a.key, a.title, icon=a.icon, shortcut=a.keys) for a in available]
        self.open_below(anchor, entries, width=360)

    @Slot(str)
    def _run(self, key: str) -> None:
        self._runs[key]()


class CheatSheet(QDialog):
    """All shortcuts on one page, and what the mouse does. Escape or a click on the title bar's cross closes it."""

    def __init__(
        self, actions: Sequence[Action], moves: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(8)
        layout.addWidget(heading("Keys"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(6)
        layout.addLayout(grid)
        lines = [(action.title, action.keys) for action in actions if action.shortcut]
        lines += moves
        columns = 1 if len(lines) <= SHORT else 2 if len(lines) <= LONG else 3
        height = max(1, -(-len(lines) // columns))
        for number, (words, key) in enumerate(lines):
            column, row = divmod(number, height)
            grid.addWidget(QLabel(words), row, 2 * column)
            grid.addWidget(_key(key), row, 2 * column + 1, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(secondary("Tab moves through everything that takes keys."))


def _key(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("key")
    label.setFont(font(12, 500))
    return label
