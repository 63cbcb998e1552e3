"""Colours to choose from: the classes of a layout with their names, and a row of dots for a mask's or a drawing's."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.ui.canvas.easel import Easel
from gen_studio.ui.canvas.material import Layout
from gen_studio.ui.canvas.overlay import MaskColour
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import BUTTON_RADIUS, RingOnKeys, box, dot, draw_text, focus_ring

ROW = 28
SWATCH = 16
DOT, DOT_STEP = 14, 26


class _Choices(RingOnKeys, QWidget):
    """One of several is chosen, with the pointer or the arrow keys."""

    chosen = Signal(int)
    _keys = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.colours: list[QColor] = []
        self.names: list[str] = []
        self.current = -1
        self._hovered = -1

    def set_choices(self, names: Sequence[str], colours: Sequence[QColor], current: int) -> None:
        self.names, self.colours, self.current = list(names), list(colours), current
        self.updateGeometry()
        self.set_current(current)

    def set_current(self, current: int) -> None:
        self.current = current
        self.setAccessibleDescription(self.names[current] if 0 <= current < len(self.names) else "")
        self.update()

    def index_at(self, point: QPointF) -> int:
        return next((index for index in range(len(self.names)) if self.place(index).contains(point)), -1)

    def place(self, index: int) -> QRectF:
        raise NotImplementedError

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self.names) and index != self.current:
            self.set_current(index)
            self.chosen.emit(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose(self.index_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self.index_at(event.position())
        self.setToolTip(self.names[self._hovered] if self._hovered >= 0 else "")
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._keys.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.ring = True
            self._choose(min(len(self.names) - 1, max(0, self.current + step)))
            self.update()


class ClassPalette(_Choices):
    """The classes of the layout on a canvas, a row each; the one that is painted with is tinted."""

    def __init__(self, canvas: Easel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Classes to paint")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._canvas = canvas
        self.chosen.connect(canvas.take_class)
        canvas.material_changed.connect(self.follow)
        canvas.ink_changed.connect(self.follow)
        self.follow()

    @Slot()
    def follow(self) -> None:
        material = self._canvas.material
        if isinstance(material, Layout):
            names = [one.name for one in material.classes]
            self.set_choices(names, [QColor(*one.colour) for one in material.classes], material.current)
        else:
            self.set_choices((), (), -1)

    def sizeHint(self) -> QSize:
        return QSize(160, ROW * len(self.names))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, ROW * len(self.names))

    def place(self, index: int) -> QRectF:
        return QRectF(0, index * ROW, self.width(), ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), tokens()
        for index, (name, colour) in enumerate(zip(self.names, self.colours, strict=True)):
            place = self.place(index)
            if index in (self.current, self._hovered):
                box(painter, place, t.tint if index == self.current else t.hover, BUTTON_RADIUS)
            swatch = QRectF(8, place.center().y() - SWATCH / 2, SWATCH, SWATCH)
            box(painter, swatch, colour, 4, t.edge)
            words = place.adjusted(8 + SWATCH + 8, 0, -8, 0)
            face = font(13, 500 if index == self.current else 400)
            draw_text(painter, words, name, face, t.text)
        if self.hasFocus() and self.ring and self.current >= 0:
            focus_ring(painter, self.place(self.current), BUTTON_RADIUS)


class ColourDots(_Choices):
    """Dots in a row, the chosen one with a ring: "Overlay" for a mask, ink for a drawing."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(DOT_STEP * max(1, len(self.names)), DOT_STEP)

    def place(self, index: int) -> QRectF:
        return QRectF(index * DOT_STEP, 0, DOT_STEP, DOT_STEP)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, t = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, colour in enumerate(self.colours):
            middle = self.place(index).center()
            dot(painter, middle, t.edge, DOT / 2)
            dot(painter, middle, colour, DOT / 2 - 1)
            if index == self.current:
                painter.setPen(QPen(t.accent, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, DOT / 2 + 3, DOT / 2 + 3)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), BUTTON_RADIUS)


class MaskColours(ColourDots):
    """The colours that the mask on a canvas may have."""

    def __init__(self, canvas: Easel, parent: QWidget | None = None) -> None:
        super().__init__("Colour of the mask", parent)
        self._canvas = canvas
        self._all = tuple(MaskColour)
        names = [colour.name.capitalize() for colour in self._all]
        colours = [QColor(colour.value) for colour in self._all]
        self.set_choices(names, colours, self._all.index(canvas.mask_colour))
        self.chosen.connect(self._take)

    @Slot(int)
    def _take(self, index: int) -> None:
        self._canvas.set_mask_colour(self._all[index])
