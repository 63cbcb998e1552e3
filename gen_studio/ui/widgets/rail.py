"""The rail at the left edge: one item for each panel that exists, an amber dot where an alarm waits."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QPushButton, QVBoxLayout, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import (
    BUTTON_RADIUS,
    RingOnKeys,
    box,
    dot,
    draw_icon,
    draw_text,
    focus_ring,
    take_tab,
)

WIDTH, COMPACT_WIDTH = 72, 48
ITEM, COMPACT_ITEM = QSize(59, 54), QSize(39, 40)


class Rail(QWidget):
    """Up and down move between panels."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName("Panels")
        self._items: dict[str, _Item] = {}
        self._compact = False
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._follow)
        self._top, self._bottom = _column(), _column()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(0)
        layout.addLayout(self._top)
        layout.addStretch(1)
        layout.addLayout(self._bottom)
        self.set_compact(False)

    def add(self, key: str, title: str, icon: str, *, at_bottom: bool = False) -> None:
        item = _Item(key, title, icon)
        item.set_compact(self._compact)
        self._items[key] = item
        self._group.addButton(item)
        (self._bottom if at_bottom else self._top).addWidget(item, 0, Qt.AlignmentFlag.AlignHCenter)

    def set_current(self, key: str) -> None:
        self._items[key].setChecked(True)

    def set_alarm(self, key: str, waits: bool) -> None:
        self._items[key].set_alarm(waits)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.setFixedWidth(COMPACT_WIDTH if compact else WIDTH)
        for item in self._items.values():
            item.set_compact(compact)

    @Slot(QAbstractButton, bool)
    def _follow(self, button: QAbstractButton, on: bool) -> None:
        take_tab(button, on)
        if on and isinstance(button, _Item):
            self.chosen.emit(button.key)


class _Item(RingOnKeys, QPushButton):
    def __init__(self, key: str, title: str, icon: str) -> None:
        super().__init__(title)
        self.key = key
        self._icon = icon
        self._compact = False
        self._alarm = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.setFixedSize(COMPACT_ITEM if compact else ITEM)
        self._describe()

    def set_alarm(self, waits: bool) -> None:
        self._alarm = waits
        self._describe()
        self.update()

    def _describe(self) -> None:
        self.setToolTip(self.text() if self._compact else "")
        self.setAccessibleDescription("An alarm waits" if self._alarm else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        current = self.isChecked()
        if current:
            box(painter, self.rect(), t.tint, BUTTON_RADIUS)
        elif self.underMouse():
            box(painter, self.rect(), t.hover, BUTTON_RADIUS)
        middle = self.width() / 2
        spot = QPointF(middle, self.height() / 2 if self._compact else 19)
        draw_icon(painter, spot, self._icon, t.accent if current else t.muted, 20)
        if self._alarm:
            dot(painter, QPointF(spot.x() + 11, spot.y() - 8), t.surface, 5.5)
            dot(painter, QPointF(spot.x() + 11, spot.y() - 8), t.warning, 4)
        if not self._compact:
            ink = t.text if current else t.muted
            room = QRectF(0, 32, self.width(), 18)
            face = font(11, 500 if current else 400)
            draw_text(painter, room, self.text(), face, ink, Qt.AlignmentFlag.AlignHCenter)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), BUTTON_RADIUS)


def _column() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    return column
