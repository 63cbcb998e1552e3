"""The picker: what is chosen, with its picture and one line about it; a click opens the list of the others."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.choice_popup import ChoicePopup
from gen_studio.ui.widgets.entries import Entry
from gen_studio.ui.widgets.painting import (
    CARD_RADIUS,
    RingOnKeys,
    box,
    draw_icon,
    draw_picture_or_icon,
    draw_text,
    focus_ring,
)

HEIGHT = 56
PICTURE = 40
LINE_HEIGHT = 32
LINE_PICTURE = 24


class Picker(RingOnKeys, QPushButton):
    """Shows one of its entries; `chosen` tells of a choice by the user. `one_line` is the run switcher's low form."""

    chosen = Signal(str)

    def __init__(
        self, name: str, *, one_line: bool = False, hint: str = "Search", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._one_line = one_line
        self._hint = hint
        self._entries: tuple[Entry, ...] = ()
        self._empty = "Choose"
        self._current = ""
        self._locked = False
        self._popup: ChoicePopup | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(LINE_HEIGHT if one_line else HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self.open)

    def set_entries(self, entries: Sequence[Entry], current: str | None = None) -> None:
        """Other entries; without `current` the choice stays, if it is still among them."""
        self._entries = tuple(entries)
        self.set_current(self._current if current is None else current)

    def set_current(self, key: str) -> None:
        """Shows an entry without telling anyone; an unknown key shows the empty picker."""
        self._current = key if any(entry.key == key for entry in self._entries) else ""
        entry = self.current()
        self.setAccessibleDescription(f"{entry.title}, {entry.detail}" if entry else self._empty)
        self.setToolTip(f"{entry.title}\n{entry.detail}" if entry and entry.detail else "")
        self.update()

    def set_empty(self, words: str) -> None:
        """What stands there while nothing is chosen."""
        self._empty = words
        self.update()

    def set_locked(self, locked: bool) -> None:
        """Shows the choice and offers no other."""
        self._locked = locked
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if locked else Qt.FocusPolicy.StrongFocus)
        self.update()

    def current(self) -> Entry | None:
        return next((entry for entry in self._entries if entry.key == self._current), None)

    @Slot()
    def open(self) -> None:
        if not self._entries or self._locked:
            return
        if self._popup is None:
            self._popup = ChoicePopup(self, hint=self._hint)
            self._popup.chosen.connect(self._take)
        self._popup.open_below(self, self._entries, self._current)

    @Slot(str)
    def _take(self, key: str) -> None:
        changed = key != self._current
        self.set_current(key)
        if changed:
            self.chosen.emit(key)

    def sizeHint(self) -> QSize:
        return QSize(272, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        hovered = self.isEnabled() and not self._locked and (self.underMouse() or self.isDown())
        radius = CARD_RADIUS if not self._one_line else 6
        box(painter, self.rect(), t.hover if hovered else t.raised, radius, t.button_line)
        side = LINE_PICTURE if self._one_line else PICTURE
        margin = (self.height() - side) / 2
        entry = self.current()
        left = margin
        if entry and (entry.picture is not None or entry.icon):
            draw_picture_or_icon(painter, QRectF(margin, margin, side, side), entry.picture, entry.icon)
            left += side + (8 if self._one_line else 10)
        else:
            left += 4
        room = QRectF(left, 0, self.width() - left - 27, self.height())
        self._paint_words(painter, room, entry)
        center = QPointF(self.width() - 18, self.height() / 2)
        if not self._locked:
            draw_icon(painter, center, "chevron-down", t.muted if self.isEnabled() else t.faint)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), radius)

    def _paint_words(self, painter: QPainter, room: QRectF, entry: Entry | None) -> None:
        t = tokens()
        name, detail = font(13, 500), font(12)
        if entry is None:
            draw_text(painter, room, self._empty, name, t.muted)
        elif self._one_line:
            ink = t.text if self.isEnabled() else t.faint
            left = Qt.AlignmentFlag.AlignLeft
            taken = draw_text(painter, room, entry.title, font(13, 600), ink, left, entry.cut) + 8
            if room.width() - taken > 40:
                beside = room.adjusted(taken, 0, 0, 0)
                draw_text(painter, beside, entry.detail_in(int(beside.width()), detail), detail, t.muted)
        else:
            ink = t.text if self.isEnabled() else t.faint
            middle = room.center().y()
            height = QFontMetrics(name).height()
            draw_text(
                painter, QRectF(room.left(), middle - 1 - height, room.width(), height + 2), entry.title, name, ink
            )
            draw_text(painter, QRectF(room.left(), middle + 1, room.width(), height), entry.detail, detail, t.muted)
