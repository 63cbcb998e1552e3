"""A section that folds: a line that says what is inside, and the inside."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import BUTTON_RADIUS, RingOnKeys, draw_icon, draw_text, focus_ring


class Folding(QWidget):
    """Folded at first. The summary ("14 settings, 1 changed") stays in sight either way."""

    toggled = Signal(bool)

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = _Head(title)
        self._body = body
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._head)
        layout.addWidget(body)
        body.setVisible(False)
        self._head.toggled.connect(self._unfold)

    def set_summary(self, summary: str) -> None:
        self._head.set_summary(summary)

    def summary(self) -> str:
        return self._head.accessibleDescription()

    def is_open(self) -> bool:
        return self._head.isChecked()

    def set_open(self, is_open: bool) -> None:
        self._head.setChecked(is_open)

    @Slot(bool)
    def _unfold(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self.toggled.emit(is_open)


class _Head(RingOnKeys, QPushButton):
    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setCheckable(True)
        self.setFixedHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_summary(self, summary: str) -> None:
        self.setAccessibleDescription(summary)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 34)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        ink = t.text if self.underMouse() or self.isChecked() else t.muted
        name = "chevron-down" if self.isChecked() else "chevron-right"
        draw_icon(painter, QPointF(8, self.height() / 2), name, ink)
        room = QRectF(self.rect()).adjusted(22, 0, -2, 0)
        taken = draw_text(painter, room, self.text(), font(13, 500), t.text) + 12
        if room.width() - taken > 32:
            at_the_right = Qt.AlignmentFlag.AlignRight
            summary = self.accessibleDescription()
            draw_text(painter, room.adjusted(taken, 0, 0, 0), summary, font(12, tabular=True), t.muted, at_the_right)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), BUTTON_RADIUS)
