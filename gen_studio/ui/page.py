"""A panel as the window takes it, and the page that lays its three columns side by side."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gen_studio.ui.widgets.labels import rule

CONTEXT, COMPACT_CONTEXT = 304, 264
PADDING, COMPACT_PADDING = 16, 12
TOP = 8
"""Less than the padding: every column starts with a row of 34 or more whose words stand in its middle."""


class Panel(ABC):
    """One screen: what I work on (left), the picture (middle), how (right).

    Each of the three is asked for once, when the panel is first shown. `context` and `inspector` may be None.
    """

    key: str
    title: str
    icon: str
    requires: str = ""
    """The capability, by name, of the models that it is for; what it says of others is its own business."""
    inspector_width: int = 304
    compact_inspector_width: int = 280
    context_when_compact: bool = True
    """False where the panel moves its context elsewhere below 1280."""
    stage_padding: int = 24
    moves: Sequence[tuple[str, str]] = ()
    """What the mouse and held keys do, and how, for the sheet of keys."""
    at_bottom: bool = False
    """At the foot of the rail, for settings."""

    def context(self) -> QWidget | None:
        return None

    @abstractmethod
    def stage(self) -> QWidget: ...

    def inspector(self) -> QWidget | None:
        return None

    def inspector_foot(self) -> QWidget | None:
        """What stays in sight below the inspector, however far that is scrolled."""
        return None

    @abstractmethod
    def first_focus(self) -> QWidget: ...

    def set_compact(self, compact: bool) -> None:  # noqa: B027  most panels need not care
        """Called before the panel is shown and whenever the layout switches."""


class Page(QWidget):
    """Builds a panel's columns when asked, and shows those that fit."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.panel = panel
        self._compact = False
        self._context: Column | None = None
        self._inspector: Column | None = None
        self._wanted = (True, True)
        self._built = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def build(self) -> None:
        if self._built:
            return
        self._built = True
        context, stage, inspector = self.panel.context(), self.panel.stage(), self.panel.inspector()
        if context is not None:
            self._context = Column(context, at_left=True)
            self._row.addWidget(self._context)
        self._row.addWidget(_Stage(stage, self.panel.stage_padding), 1)
        if inspector is not None:
            self._inspector = Column(inspector, at_left=False, foot=self.panel.inspector_foot())
            self._row.addWidget(self._inspector)
        self.set_compact(self._compact)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        if not self._built:
            return
        self.panel.set_compact(compact)
        if self._context is not None:
            self._context.set_width(COMPACT_CONTEXT if compact else CONTEXT, compact)
        if self._inspector is not None:
            width = self.panel.compact_inspector_width if compact else self.panel.inspector_width
            self._inspector.set_width(width, compact)
        self.show_columns(*self._wanted)

    def show_columns(self, context: bool, inspector: bool) -> None:
        """Hides what the user does not want to see; the stage takes the room."""
        self._wanted = (context, inspector)
        if self._context is not None:
            self._context.setVisible(context and (self.panel.context_when_compact or not self._compact))
        if self._inspector is not None:
            self._inspector.setVisible(inspector)


class Column(QWidget):
    """A column of fixed width that scrolls as a whole, but for its foot, with a line towards the stage."""

    def __init__(self, content: QWidget, *, at_left: bool, foot: QWidget | None = None) -> None:
        super().__init__()
        self._inside = QWidget()
        self._inside.setObjectName("column")
        self._padded = QVBoxLayout(self._inside)
        self._padded.addWidget(content)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._inside)
        self._area.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._below = QWidget()
        self._below.setObjectName("column")
        self._foot = QVBoxLayout(self._below)
        self._edge = rule()
        # Only hidden here, never shown: what has no parent yet would be a window of its own.
        if foot is None:
            self._below.hide()
        else:
            self._foot.addWidget(foot)
        both = QVBoxLayout()
        both.setSpacing(0)
        both.addWidget(self._area, 1)
        both.addWidget(self._edge)
        both.addWidget(self._below)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(both, 1)
        row.insertWidget(1 if at_left else 0, rule(vertical=True))
        self.set_width(CONTEXT, False)

    def set_width(self, width: int, compact: bool) -> None:
        self.setFixedWidth(width)
        self._padding = COMPACT_PADDING if compact else PADDING
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        """The scroll bar stands in the padding, so that nothing moves when it comes."""
        bar = self._area.verticalScrollBar()
        right = self._padding - (bar.sizeHint().width() if bar.maximum() > 0 else 0)
        self._padded.setContentsMargins(self._padding, TOP, max(0, right), self._padding)
        self._edge.setVisible(bar.maximum() > 0 and not self._below.isHidden())
        self._foot.setContentsMargins(self._padding, TOP, self._padding, self._padding)


class _Stage(QFrame):
    def __init__(self, content: QWidget, padding: int) -> None:
        super().__init__()
        self.setObjectName("stage")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(padding, TOP if padding else 0, padding, min(PADDING, padding))
        layout.addWidget(content)
