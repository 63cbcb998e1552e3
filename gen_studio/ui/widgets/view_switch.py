"""The switch between a panel's views: up to four words side by side, a combo box where there is no room."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.painting import BUTTON_RADIUS, RingOnKeys, box, draw_text, focus_ring, take_tab

HEIGHT = 30
MOST_WORDS = 4
"""More of them side by side leave no room for what stands beside them."""


class ViewSwitch(QWidget):
    """One of a few words is current. Left and right move between them."""

    changed = Signal(int)

    def __init__(self, words: Sequence[str] = (), name: str = "View", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._compact = False
        self._combo = ChoiceBox()
        self._combo.setAccessibleName(name)
        self._combo.setVisible(False)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self._combo)
        self.setFixedHeight(HEIGHT)
        self.set_words(words)
        self._group.idToggled.connect(self._follow_group)
        self._combo.activated.connect(self.set_index)

    def set_words(self, words: Sequence[str]) -> None:
        """Other views; the first becomes current, without a signal."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self._combo.clear()
        self._combo.addItems(list(words))
        for index, word in enumerate(words):
            segment = _Segment(word)
            segment.setChecked(index == 0)
            take_tab(segment, index == 0)
            self._group.addButton(segment, index)
            self._row.addWidget(segment)
        self._arrange()

    def index(self) -> int:
        """The current view; -1 where there are none."""
        return self._group.checkedId()

    @Slot(int)
    def set_index(self, index: int) -> None:
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._arrange()

    def _arrange(self) -> None:
        """Segments are hidden only once they have a parent: until then they would be windows of their own."""
        folded = self._compact or len(self._group.buttons()) > MOST_WORDS
        self._combo.setVisible(folded)
        for button in self._group.buttons():
            button.setHidden(folded)

    def set_enabled(self, index: int, enabled: bool) -> None:
        """A view that has nothing to show yet stays in its place, greyed."""
        button = self._group.button(index)
        if button is not None:
            button.setEnabled(enabled)

    @Slot(int, bool)
    def _follow_group(self, index: int, on: bool) -> None:
        take_tab(self._group.button(index), on)
        if on:
            self._combo.setCurrentIndex(index)
            self.changed.emit(index)


class _Segment(RingOnKeys, QPushButton):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setCheckable(True)
        self.setFont(font(13, 500))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 25, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        if self.isChecked():
            box(painter, self.rect(), t.raised, BUTTON_RADIUS, t.button_line)
        elif self.underMouse() and self.isEnabled():
            box(painter, self.rect(), t.hover, BUTTON_RADIUS)
        ink = t.faint if not self.isEnabled() else t.text if self.isChecked() else t.muted
        middle = Qt.AlignmentFlag.AlignHCenter
        draw_text(painter, QRectF(self.rect()).adjusted(4, 0, -4, 0), self.text(), self.font(), ink, middle)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), BUTTON_RADIUS)
