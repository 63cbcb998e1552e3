"""The column of tools at the left edge of a canvas: what paints, what moves the view, what takes back."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gen_studio.ui.canvas.easel import Easel
from gen_studio.ui.canvas.tools import COMMANDS, TOOLS, Binding, Command, Tool
from gen_studio.ui.widgets.buttons import Button, Kind, tip
from gen_studio.ui.widgets.labels import rule
from gen_studio.ui.widgets.painting import take_tab

WIDTH, SIDE, ICON = 52, 40, 20
GAP = 4
VIEW = (Command.ZOOM_IN, Command.FIT)
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
EDIT = (Command.UNDO, Command.REDO)


class ToolStrip(QWidget):
    """Follows a canvas: it shows the tools that its material has, and which is in the hand."""

    def __init__(self, canvas: Easel, extra: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        """extra: a panel's own buttons, below the tools."""
        super().__init__(parent)
        self.setObjectName("column")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Tools")
        self._canvas = canvas
        self.tools = {tool: self._tool(tool) for tool in Tool}
        self.commands = {command: self._command(command) for command in (*VIEW, *EDIT)}
        layout = QVBoxLayout(self)
        layout.setContentsMargins((WIDTH - SIDE) // 2, GAP * 2, (WIDTH - SIDE) // 2, GAP * 2)
        layout.setSpacing(GAP)
        paints = [self.tools[tool] for tool in Tool if tool is not Tool.PAN]
        views = [self.tools[Tool.PAN], *(self.commands[command] for command in VIEW)]
        groups: list[list[QWidget]] = [[*paints, *extra], [*views], [self.commands[command] for command in EDIT]]
        for number, group in enumerate(groups):
            if number:
                layout.addWidget(rule())
            for button in group:
                layout.addWidget(button)
        layout.addStretch(1)
        canvas.tool_changed.connect(self.follow)
        canvas.material_changed.connect(self.follow)
        canvas.committed.connect(self.follow)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Shows what the canvas has and what it can do now."""
        material = self._canvas.material
        for tool, button in self.tools.items():
            button.setVisible(tool is Tool.PAN or material is None or self._canvas.has_tool(tool))
            button.setEnabled(material is not None)
            is_held = tool is self._canvas.tool
            button.setChecked(is_held)
            take_tab(button, is_held)
        document = None if material is None else material.document
        able = {
            Command.UNDO: document is not None and document.can_undo,
            Command.REDO: document is not None and document.can_redo,
        }
        for command, button in self.commands.items():
            button.setEnabled(able.get(command, document is not None))

    def _tool(self, tool: Tool) -> Button:
        button = _ToolButton(TOOLS[tool], tool.value)
        button.setCheckable(True)
        button.clicked.connect(partial(self._hold, tool))
        return button

    def _command(self, command: Command) -> Button:
        button = _ToolButton(COMMANDS[command], command.value)
        button.clicked.connect(partial(self._canvas.perform, command))
        return button

    def _hold(self, tool: Tool) -> None:
        self._canvas.set_tool(tool)
        # A click on the tool that is held already must not let go of it.
        self.follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go from tool to tool."""
        step = STEPS.get(Qt.Key(event.key()))
        shown = [tool for tool, button in self.tools.items() if button.isVisible()]
        if step is None or self._canvas.tool not in shown:
            super().keyPressEvent(event)
            return
        target = shown[(shown.index(self._canvas.tool) + step) % len(shown)]
        self._hold(target)
        self.tools[target].setFocus(Qt.FocusReason.TabFocusReason)


class _ToolButton(Button):
    """40 by 40, with a 20 px icon; its tooltip is its name and its key."""

    def __init__(self, binding: Binding, name: str) -> None:
        super().__init__("", Kind.QUIET)
        self.set_icon(binding.icon, ICON)
        self.setAccessibleName(name)
        self.setToolTip(tip(name, binding.keys[0]))
        self.setFixedSize(SIDE, SIDE)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS:
            # Left to the strip, which knows which tools are there.
            event.ignore()
        else:
            super().keyPressEvent(event)
