"""Chips: small full-round labels with a dot or an icon, on surfaces and on pictures."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gen_studio.ui.theme import ON_FILL, font, tokens
from gen_studio.ui.widgets.painting import RingOnKeys, box, dot, draw_icon, draw_text, focus_ring

PADDING = 10


class Chip(RingOnKeys, QPushButton):
    """A word or two. `live` puts a green dot before it; on a picture it stands on the scrim.

    Only a `clickable` chip takes the mouse and the keyboard.
    """

    def __init__(
        self,
        text: str = "",
        *,
        live: bool = False,
        icon: str = "",
        on_picture: bool = False,
        clickable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._live, self._icon, self._on_picture, self._clickable = live, icon, on_picture, clickable
        self._drawn = QPixmap()
        self._drawn_for: object = None
        self.setAccessibleName(text)
        self.setFont(font(12, 500, tabular=True))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if clickable else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not clickable)

    def show_words(self, text: str, *, live: bool = False, icon: str = "") -> None:
        """Other words, with a dot or an icon before them."""
        self._live, self._icon = live, icon
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(words + self._lead() + 2 * PADDING + 1, 26 if self._on_picture else 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._on_picture:
            self._paint(painter)
            return
        # Painted anew with every picture below it, which a slider makes many of.
        ratio = self.devicePixelRatioF()
        key = (self.text(), self._live, self._icon, self.size().toTuple(), ratio)
        if key != self._drawn_for:
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(Qt.GlobalColor.transparent)
            inside = QPainter(self._drawn)
            self._paint(inside)
            inside.end()
            self._drawn_for = key
        painter.drawPixmap(0, 0, self._drawn)

    def _paint(self, painter: QPainter) -> None:
        t = tokens()
        radius = self.height() / 2
        hovered = self._clickable and self.underMouse()
        if self._on_picture:
            box(painter, self.rect(), t.scrim, radius)
        else:
            box(painter, self.rect(), t.hover if hovered else t.raised, radius, t.button_line)
        ink = ON_FILL if self._on_picture else t.text
        middle = self.height() / 2
        if self._live:
            # The light scheme's green is too dark for the scrim, which is dark in both schemes.
            dot(painter, QPointF(PADDING + 4, middle), QColor("#6CC88D") if self._on_picture else t.success)
        elif self._icon:
            draw_icon(painter, QPointF(PADDING + 7, middle), self._icon, ink, 14)
        left = PADDING + self._lead()
        draw_text(painter, QRectF(left, 0, self.width() - left - 4, self.height()), self.text(), self.font(), ink)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), radius)

    def _lead(self) -> int:
        return 14 if self._live else 20 if self._icon else 0
