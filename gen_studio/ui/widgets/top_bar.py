"""The bar over everything: which run, a new run, find an action, how hard the machine may work, the device, help."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.choice_popup import ChoicePopup
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.painting import BUTTON_RADIUS, RingOnKeys, box, draw_icon, draw_text, focus_ring
from gen_studio.ui.widgets.picker import Picker

HEIGHT = 48
SWITCHER, COMPACT_SWITCHER = 380, 288
FINDER = 260
FIND_KEYS = "Ctrl+K"


class TopBar(QWidget):
    """Signals tell what the user chose; nothing here knows of runs or devices."""

    run_chosen = Signal(str)
    new_run_requested = Signal()
    find_requested = Signal()
    load_chosen = Signal(str)
    device_clicked = Signal()
    help_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setFixedHeight(HEIGHT)
        self.runs = Picker("Run", one_line=True, hint="Find a run")
        self.runs.set_empty("No run yet")
        self.new_run_button = Button("New run", Kind.QUIET, "plus")
        self.finder = FindButton()
        self.load = Button("", Kind.QUIET, "gauge")
        self.device = Button("", Kind.QUIET, "cpu")
        self.help_button = icon_button("circle-question-mark", "Keys and help", "F1")
        self._loads: tuple[Entry, ...] = ()
        self._load = ""
        self._loads_popup: ChoicePopup | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self.runs)
        layout.addWidget(self.new_run_button)
        layout.addStretch(1)
        layout.addWidget(self.finder)
        for button in (self.load, self.device, self.help_button):
            layout.addWidget(button)
        self.load.setVisible(False)
        self.device.setVisible(False)
        self.set_compact(False)
        self._connect()

    def _connect(self) -> None:
        self.runs.chosen.connect(self.run_chosen)
        self.new_run_button.clicked.connect(self.new_run_requested)
        self.finder.clicked.connect(self.find_requested)
        self.load.clicked.connect(self._open_loads)
        self.device.clicked.connect(self.device_clicked)
        self.help_button.clicked.connect(self.help_requested)

    def set_runs(self, entries: Sequence[Entry], current: str | None = None) -> None:
        self.runs.set_entries(entries, current)

    def set_loads(self, loads: Sequence[Entry], current: str) -> None:
        """How hard the machine may work: a few levels, one of them current. Without levels the button is hidden."""
        self._loads = tuple(loads)
        self._load = current
        title = next((entry.title for entry in loads if entry.key == current), "")
        self.load.set_words(title)
        self.load.setToolTip(f"How hard the machine may work: {title}")
        self.load.setVisible(bool(loads))

    def set_device(self, words: str, explanation: str = "") -> None:
        """For example "CPU, bf16"; the explanation is the tooltip."""
        self.device.set_words(words)
        self.device.setToolTip(explanation or words)
        self.device.setVisible(bool(words))

    def set_compact(self, compact: bool) -> None:
        self.runs.setFixedWidth(COMPACT_SWITCHER if compact else SWITCHER)
        self.finder.set_compact(compact)
        for button in (self.new_run_button, self.load, self.device):
            button.set_icon_only(compact)

    @Slot()
    def _open_loads(self) -> None:
        if self._loads_popup is None:
            self._loads_popup = ChoicePopup(self.load)
            self._loads_popup.chosen.connect(self._take_load)
        self._loads_popup.open_below(self.load, self._loads, self._load, width=280)

    @Slot(str)
    def _take_load(self, key: str) -> None:
        self.set_loads(self._loads, key)
        self.load_chosen.emit(key)


class FindButton(RingOnKeys, QPushButton):
    """Looks like a field and opens the command palette."""

    def __init__(self) -> None:
        super().__init__("Find an action")
        keys = QKeySequence(FIND_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self._keys = keys
        self._compact = False
        self.setAccessibleDescription(keys)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.setToolTip(f"{self.text()}   {self._keys}" if compact else "")
        self.setFixedWidth(30 if compact else FINDER)

    def sizeHint(self) -> QSize:
        return QSize(FINDER, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        if self._compact:
            if self.underMouse():
                box(painter, self.rect(), t.hover, BUTTON_RADIUS)
            draw_icon(painter, QRectF(self.rect()).center(), "search", t.text if self.underMouse() else t.muted)
        else:
            fill = t.hover if self.underMouse() else t.field
            outline = t.line if t.button_line.alpha() == 0 else t.button_line
            box(painter, self.rect(), fill, BUTTON_RADIUS, outline)
            draw_icon(painter, QPointF(18, self.height() / 2), "search", t.muted)
            face = font(12)
            width = QFontMetrics(face).horizontalAdvance(self._keys)
            room = QRectF(34, 0, self.width() - 34 - width - 20, self.height())
            draw_text(painter, room, self.text(), font(13), t.muted)
            keys = QRectF(self.width() - width - 11, 0, width + 1, self.height())
            draw_text(painter, keys, self._keys, face, t.muted)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), BUTTON_RADIUS)
