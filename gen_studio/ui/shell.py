"""The window's frame: rail, top bar, three columns, error bar, transport. It knows of no model, run or view model."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.ui.page import Page, Panel
from gen_studio.ui.widgets.actions import Action, CheatSheet, CommandPalette
from gen_studio.ui.widgets.error_bar import ErrorBar
from gen_studio.ui.widgets.labels import rule
from gen_studio.ui.widgets.rail import Rail
from gen_studio.ui.widgets.top_bar import FIND_KEYS, TopBar
from gen_studio.ui.widgets.transport import Transport

__all__ = ["Action", "Panel", "Shell"]

SMALLEST = (1100, 700)
COMPACT_BELOW = 1280
FIRST_SIZE = (1440, 900)


class Shell(QMainWindow):
    """Add panels and actions, then show it. The first panel is current until another is asked for."""

    panel_changed = Signal(str)
    compact_changed = Signal(bool)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Gen Studio")
        self.setMinimumSize(*SMALLEST)
        self._settings = settings
        self._actions: dict[str, Action] = {}
        self._pages: dict[str, Page] = {}
        self._panel_shortcuts: list[tuple[str, QShortcut]] = []
        self._may_close: Callable[[], bool] | None = None
        self._compact = False
        self._palette: CommandPalette | None = None
        # In the order in which Tab moves; the rail comes last.
        self.top_bar = TopBar()
        self._stack = QStackedWidget()
        self.error_bar = ErrorBar()
        self.transport = Transport()
        self.rail = Rail()
        self._arrange()
        self.add_actions(self._own_actions())
        self.rail.chosen.connect(self.show_panel)
        self.top_bar.find_requested.connect(self.open_palette)
        self.top_bar.help_requested.connect(self.open_cheat_sheet)
        self._restore()

    def _arrange(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(rule())
        column.addWidget(self._stack, 1)
        column.addWidget(self.error_bar)
        column.addWidget(rule())
        column.addWidget(self.transport)
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(rule(vertical=True))
        row.addLayout(column, 1)
        self.setCentralWidget(frame)

    def add_panel(self, panel: Panel) -> None:
        """Its widgets are built when it is first shown, so that a panel costs nothing until then."""
        page = Page(panel)
        page.set_compact(self._compact)
        self._pages[panel.key] = page
        page.show_columns(self._is_wanted("context"), self._is_wanted("inspector"))
        self._stack.addWidget(page)
        self.rail.add(panel.key, panel.title, panel.icon, at_bottom=panel.at_bottom)
        number = len(self._pages)
        keys = f"Ctrl+{number}" if number < 10 else ""
        self.add_actions(
            [Action(f"panel.{panel.key}", f"Go to {panel.title}", keys, panel.icon, lambda: self.show_panel(panel.key))]
        )
        if number == 1:
            self.show_panel(panel.key)

    def panel(self) -> Panel | None:
        """The one that is shown."""
        page = self._stack.currentWidget()
        return page.panel if isinstance(page, Page) else None

    @Slot(str)
    def show_panel(self, key: str) -> None:
        page = self._pages[key]
        page.build()
        changed = self._stack.currentWidget() is not page or len(self._pages) == 1
        for other in self._pages.values():
            # A stack is otherwise as large as the largest of its pages, seen or not.
            policy = QSizePolicy.Policy.Preferred if other is page else QSizePolicy.Policy.Ignored
            other.setSizePolicy(policy, policy)
        self._stack.setCurrentWidget(page)
        self.rail.set_current(key)
        for panel, shortcut in self._panel_shortcuts:
            shortcut.setEnabled(panel == key)
        if changed:
            self._focus_first()
            self.panel_changed.emit(key)

    def add_actions(self, actions: Sequence[Action]) -> None:
        """Lists them in the palette and the cheat sheet, and binds their keys. Raises ValueError for a key twice.

        Those of a panel are listed while it is shown.
        """
        for action in actions:
            if action.key in self._actions:
                raise ValueError(f"there are two actions {action.key}")
            self._actions[action.key] = action
            if action.shortcut:
                shortcut = QShortcut(QKeySequence(action.shortcut), self)
                if action.panel:
                    self._panel_shortcuts.append((action.panel, shortcut))
                    shortcut.setEnabled(self._is_shown(action.panel))
                shortcut.activated.connect(lambda action=action: action.is_available() and action.run())

    def actions_by_key(self) -> dict[str, Action]:
        return dict(self._actions)

    def ask_before_closing(self, may_close: Callable[[], bool]) -> None:
        """Asked when the window is about to close; False keeps it open."""
        self._may_close = may_close

    def is_compact(self) -> bool:
        return self._compact

    @Slot()
    def open_palette(self) -> None:
        if self._palette is None:
            self._palette = CommandPalette(self)
        self._palette.open_with(self.top_bar.finder, self._listed())

    @Slot()
    def open_cheat_sheet(self) -> None:
        panel = self.panel()
        sheet = CheatSheet(self._listed(), panel.moves if panel else (), self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def _listed(self) -> list[Action]:
        """Those of the panel that is shown come first: they are what one looks for there."""
        own = [action for action in self._actions.values() if action.panel and self._is_shown(action.panel)]
        return own + [action for action in self._actions.values() if not action.panel]

    def _is_shown(self, panel: str) -> bool:
        shown = self.panel()
        return shown is not None and shown.key == panel

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_compact(self.width() < COMPACT_BELOW)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close is not None and not self._may_close():
            event.ignore()
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        super().closeEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Panels are built late and forms are rebuilt, each time at the end of Qt's chain.
        self._order_tabs()
        return super().focusNextPrevChild(forward)

    def _own_actions(self) -> list[Action]:
        return [
            Action("window.find", "Find an action", FIND_KEYS, "search", self.open_palette),
            Action("window.keys", "Show the keys", "F1", "circle-question-mark", self.open_cheat_sheet),
            Action("window.context", "Hide or show the left column", "Ctrl+B", "panel-left", self._toggle_context),
            Action(
                "window.inspector",
                "Hide or show the right column",
                "Ctrl+Shift+B",
                "panel-right",
                self._toggle_inspector,
            ),
        ]

    @Slot()
    def _toggle_context(self) -> None:
        self._hide_column("context")

    @Slot()
    def _toggle_inspector(self) -> None:
        self._hide_column("inspector")

    def _hide_column(self, column: str) -> None:
        self._settings.setValue(f"window/hide_{column}", self._is_wanted(column))
        for page in self._pages.values():
            page.show_columns(self._is_wanted("context"), self._is_wanted("inspector"))

    def _is_wanted(self, column: str) -> bool:
        return not self._settings.value(f"window/hide_{column}", False, type=bool)

    def _set_compact(self, compact: bool) -> None:
        if compact == self._compact:
            return
        self._compact = compact
        self.rail.set_compact(compact)
        self.top_bar.set_compact(compact)
        self.transport.set_compact(compact)
        for page in self._pages.values():
            page.set_compact(compact)
        self.compact_changed.emit(compact)

    def _focus_first(self) -> None:
        panel = self.panel()
        if panel is not None:
            panel.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _restore(self) -> None:
        geometry = self._settings.value("window/geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            available = self.screen().availableGeometry()
            self.resize(min(FIRST_SIZE[0], available.width()), min(FIRST_SIZE[1], available.height()))
        self._set_compact(self.width() < COMPACT_BELOW)

    def _order_tabs(self) -> None:
        before: QWidget | None = None
        for region in (self.top_bar, self._stack, self.error_bar, self.transport, self.rail):
            for widget in region.findChildren(QWidget):
                if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is self:
                    if before is not None:
                        QWidget.setTabOrder(before, widget)
                    before = widget
