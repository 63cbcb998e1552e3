"""The tools and commands of a canvas as data: icon, words and keys, for its strip, its keyboard and the cheat sheet."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QKeySequence


class Tool(Enum):
    """What the hand holds. The value is what it is called."""

    BRUSH = "Brush"
    ERASER = "Eraser"
    RECTANGLE = "Rectangle"
    LASSO = "Lasso"
    FILL = "Fill a region"
    PICK = "Take from the picture"
    PAN = "Move the view"


class Command(Enum):
    """What is done at once."""

    SMALLER = "Smaller brush"
    LARGER = "Larger brush"
    HARDER = "Harder brush"
    SOFTER = "Softer brush"
    SWAP = "Swap ink and paper"
    PREVIOUS_CLASS = "Class before"
    NEXT_CLASS = "Class after"
    ZOOM_IN = "Zoom in"
    ZOOM_OUT = "Zoom out"
    FIT = "Fit into the window"
    FULL_SIZE = "Show at 100 %"
    UNDO = "Undo"
    REDO = "Redo"
    INVERT = "Invert"
    GROW = "Grow the mask"
    SHRINK = "Shrink the mask"
    CLEAR = "Clear"
    OPEN = "Open a picture"
    PASTE = "Paste a picture"
    COPY = "Copy the picture"


@dataclass(frozen=True)
class Binding:
    """keys: in Qt's portable writing, the first is the one that is shown."""

    icon: str
    keys: tuple[str, ...]

    @property
    def shown_key(self) -> str:
        """In the platform's own writing."""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


TOOLS = {
    Tool.BRUSH: Binding("brush", ("B",)),
    Tool.ERASER: Binding("eraser", ("E",)),
    Tool.RECTANGLE: Binding("square-dashed", ("R",)),
    Tool.LASSO: Binding("lasso", ("L",)),
    Tool.FILL: Binding("paint-bucket", ("G",)),
    Tool.PICK: Binding("pipette", ("I",)),
    Tool.PAN: Binding("hand", ("H",)),
}

COMMANDS = {
    Command.SMALLER: Binding("", ("[",)),
    Command.LARGER: Binding("", ("]",)),
    # As Shift and the two above: keyboards send the brace.
    Command.HARDER: Binding("", ("Shift+[", "{")),
    Command.SOFTER: Binding("", ("Shift+]", "}")),
    Command.SWAP: Binding("arrow-left-right", ("X",)),
    Command.PREVIOUS_CLASS: Binding("", (",",)),
    Command.NEXT_CLASS: Binding("", (".",)),
    Command.ZOOM_IN: Binding("zoom-in", ("+", "=")),
    Command.ZOOM_OUT: Binding("zoom-out", ("-",)),
    Command.FIT: Binding("maximize", ("0",)),
    Command.FULL_SIZE: Binding("scan", ("1",)),
    Command.UNDO: Binding("undo-2", ("Ctrl+Z",)),
    Command.REDO: Binding("redo-2", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Command.INVERT: Binding("contrast", ("Ctrl+I",)),
    Command.GROW: Binding("expand", ("Ctrl+Up",)),
    Command.SHRINK: Binding("shrink", ("Ctrl+Down",)),
    Command.CLEAR: Binding("trash-2", ("Del", "Backspace")),
    Command.OPEN: Binding("folder-open", ("Ctrl+O",)),
    Command.PASTE: Binding("clipboard-paste", ("Ctrl+V",)),
    Command.COPY: Binding("copy", ("Ctrl+C",)),
}

BY_KEY: dict[str, Tool | Command] = {
    key: action for table in (TOOLS, COMMANDS) for action, binding in table.items() for key in binding.keys
}


@dataclass(frozen=True)
class KeyLine:
    """A line of the cheat sheet: what it does, and the key or the move of the mouse."""

    words: str
    key: str


MOVES = (
    KeyLine("Straight line from the last point", "Shift + click"),
    KeyLine("Erase while the tool stays", "Right button"),
    KeyLine("Brush size", "Ctrl + wheel"),
    KeyLine("Brush size", "Alt + right button"),
    KeyLine("Zoom to the pointer", "Wheel"),
    KeyLine("Move the view", "Space, drag"),
    KeyLine("Move the view", "Middle button"),
    KeyLine("Move the view", "Arrow keys"),
    KeyLine("Call off a stroke", "Esc"),
)
MASK_MOVES = (*MOVES, KeyLine("Hide the mask while held", "V"))
