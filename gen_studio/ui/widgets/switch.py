"""A switch: a check box whose handle tells its state by where it stands."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from gen_studio.ui.theme import ON_FILL, tokens
from gen_studio.ui.widgets.painting import RingOnKeys, box, dot, focus_ring

WIDTH, HEIGHT = 34, 20


class Switch(RingOnKeys, QCheckBox):
    """On or off. Its words stand in the row beside it, so give it an accessible name."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        track = QRectF((self.width() - WIDTH) / 2, (self.height() - HEIGHT) / 2, WIDTH, HEIGHT)
        on, usable = self.isChecked(), self.isEnabled()
        hovered = usable and self.underMouse()
        if on and usable:
            box(painter, track, t.fill_hover if hovered else t.fill, HEIGHT / 2)
        else:
            box(painter, track, t.hover if hovered or not usable else t.field, HEIGHT / 2, t.edge)
        x = track.right() - HEIGHT / 2 if on else track.left() + HEIGHT / 2
        handle = ON_FILL if on and usable else t.muted if usable else t.faint
        dot(painter, QPointF(x, track.center().y()), handle, 7.0)
        if self.hasFocus() and self.ring:
            # Inside, as on the primary button: switches stand at the very edge of their column.
            focus_ring(painter, track, HEIGHT / 2, t.text if on else t.accent)
