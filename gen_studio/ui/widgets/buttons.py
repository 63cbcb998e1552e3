"""Buttons: primary, raised, quiet, link and icon-only, painted alike on every platform."""

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gen_studio.ui.theme import ON_FILL, font, tokens
from gen_studio.ui.widgets.painting import BUTTON_RADIUS, RingOnKeys, box, draw_icon, draw_text, focus_ring

HEIGHT = 32
ICON_ONLY = 30
PADDING = 12
GAP = 6


class Kind(Enum):
    """One primary per region; quiet has no fill until hover; link is accent text."""

    PRIMARY = "primary"
    RAISED = "raised"
    QUIET = "quiet"
    LINK = "link"


class Button(RingOnKeys, QPushButton):
    """A push button in one of four kinds. `icon` is the name of an icon file.

    With `set_icon_only` it keeps its text as tooltip and accessible name. Checkable ones show the tint while on.
    """

    def __init__(self, text: str = "", kind: Kind = Kind.RAISED, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._kind = kind
        self._icon = icon
        self._icon_only = False
        self._on_raised = False
        self._icon_size = 16
        self._accented = False
        self.setAccessibleName(text)
        self.setFont(font(13, 500))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_kind(self, kind: Kind) -> None:
        self._kind = kind
        self.update()

    def set_accented(self, accented: bool) -> None:
        """An icon in accent, for what undoes a change."""
        self._accented = accented
        self.update()

    def set_icon(self, name: str, size: int = 16) -> None:
        self._icon, self._icon_size = name, size
        self.updateGeometry()
        self.update()

    def set_on_raised(self, on_raised: bool) -> None:
        """For a raised button on a raised card, which would otherwise not be seen."""
        self._on_raised = on_raised
        self.update()

    @property
    def icon_name(self) -> str:
        return self._icon

    def set_words(self, text: str) -> None:
        """Changes the text and, with it, what a screen reader says."""
        self.setText(text)
        self.setAccessibleName(text)
        self.set_icon_only(self._icon_only)

    def set_icon_only(self, only: bool) -> None:
        """Shows the icon alone, for narrow layouts; the words become the tooltip."""
        if only and not self.toolTip():
            self.setToolTip(self.text())
        elif not only and self.toolTip() == self.text():
            self.setToolTip("")
        self._icon_only = only
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._shows_icon_only():
            side = HEIGHT if self._kind in (Kind.PRIMARY, Kind.RAISED) else ICON_ONLY
            return QSize(side + 4 if side == HEIGHT else side, side)
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        picture = self._icon_size + GAP if self._icon else 0
        padding = 2 if self._kind is Kind.LINK else PADDING
        return QSize(words + picture + 2 * padding + 1, HEIGHT if self._kind is not Kind.LINK else 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        self._paint_box(painter)
        ink = self._ink()
        if self._shows_icon_only():
            center = QRectF(self.rect()).center()
            draw_icon(painter, center, self._icon, ink, self._icon_size)
        else:
            self._paint_words(painter, ink)
        if self.hasFocus() and self.ring:
            color = t.text if self._kind is Kind.PRIMARY else t.accent
            focus_ring(painter, self.rect(), BUTTON_RADIUS, color)

    def _shows_icon_only(self) -> bool:
        return bool(self._icon) and (self._icon_only or not self.text())

    def _paint_box(self, painter: QPainter) -> None:
        t = tokens()
        hovered = self.isEnabled() and (self.underMouse() or self.isDown())
        match self._kind:
            case Kind.PRIMARY if self.isEnabled():
                box(painter, self.rect(), t.fill_hover if hovered else t.fill, BUTTON_RADIUS)
            case Kind.PRIMARY | Kind.RAISED:
                box(painter, self.rect(), self._raised_fill(hovered), BUTTON_RADIUS, t.button_line)
            case Kind.QUIET:
                if self.isChecked() or hovered:
                    box(painter, self.rect(), t.tint if self.isChecked() else t.hover, BUTTON_RADIUS)
            case Kind.LINK:
                pass

    def _raised_fill(self, hovered: bool) -> QColor:
        t = tokens()
        if self.isChecked():
            return t.tint
        if not self._on_raised:
            return t.hover if hovered else t.raised
        return t.line if hovered else t.hover

    def _ink(self) -> QColor:
        t = tokens()
        if not self.isEnabled():
            return t.faint
        if self._kind is Kind.PRIMARY:
            return ON_FILL
        if self._kind is Kind.LINK or self._accented or (self.isChecked() and self._shows_icon_only()):
            return t.accent
        return t.muted if self._shows_icon_only() and not self.underMouse() else t.text

    def _paint_words(self, painter: QPainter, ink: QColor) -> None:
        face = self.font()
        if self._kind is Kind.LINK and self.underMouse():
            face.setUnderline(True)
        words = QFontMetrics(face).horizontalAdvance(self.text())
        picture = self._icon_size + GAP if self._icon else 0
        left = max(2.0, (self.width() - words - picture) / 2)
        if self._icon:
            center = QPointF(left + self._icon_size / 2, self.height() / 2)
            draw_icon(painter, center, self._icon, ink, self._icon_size)
        room = QRectF(left + picture, 0, self.width() - left - picture, self.height())
        draw_text(painter, room, self.text(), face, ink)


def icon_button(icon: str, name: str, shortcut: str = "", parent: QWidget | None = None) -> Button:
    """A quiet 30 by 30 button with only an icon. `name` is its tooltip and what a screen reader says."""
    button = Button("", Kind.QUIET, icon, parent)
    button.setAccessibleName(name)
    button.setToolTip(tip(name, shortcut))
    return button


def tip(name: str, shortcut: str = "") -> str:
    """A tooltip: the name, and the key in the platform's own writing."""
    keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText) if shortcut else ""
    return f"{name}   {keys}" if keys else name
