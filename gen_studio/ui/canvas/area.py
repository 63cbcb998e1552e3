"""Shows a picture of any size, to zoom and to move: what a canvas is painted on, and the answer beside it."""

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gen_studio.ui.canvas import view as views
from gen_studio.ui.canvas.backing import Backing, rect_of
from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.layer import Layer, Packed
from gen_studio.ui.canvas.tools import BY_KEY, Command, Tool
from gen_studio.ui.canvas.view import View
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.painting import RingOnKeys, draw_text, focus_ring

MARGIN = 8
CHIP_INSET = 8
NOTCH = 120
"""What one notch of a wheel turns."""
ARROW_PIXELS = 48
MOST_PARTS = 24
WASTE = 1.5
"""Rectangles close to each other are painted as one, unless that is so much larger than both."""
ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class PictureArea(RingOnKeys, QWidget):
    """The wheel zooms to the pointer; Space, the middle button and the arrow keys move. Give it an accessible name."""

    view_changed = Signal(object)
    """The View, for an area beside it that is to show the same place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._layer: Layer | None = None
        self._view = View()
        self._fits = True
        self._sentence = ""
        self._turned = 0
        self._space_held = False
        self._dragged_from: tuple[QPointF, View] | None = None
        self._backing = Backing()
        self._pending: list[QRect] = []
        self._chip = Chip(on_picture=True, parent=self)
        self._chip.hide()

    # What is shown

    def set_packed(self, packed: Packed | None) -> None:
        """Shows a picture packed by `pictures.pack`. One of the size of the last is shown at the same place."""
        size = None if self._layer is None else self._layer.size
        self._layer = None if packed is None else Layer(packed)
        if self._layer is not None and self._layer.size != size:
            self._fits = True
        self._fit_again()
        self.refresh()

    def set_sentence(self, sentence: str) -> None:
        """What stands in the middle where there is no picture."""
        self._sentence = sentence
        self.update()

    def set_chip(self, text: str) -> None:
        """Words in the picture's top left corner; empty for none."""
        self._chip.show_words(text)
        self._chip.adjustSize()
        self._chip.setVisible(bool(text))
        self._place_chip()

    @property
    def has_picture(self) -> bool:
        return self._layer is not None

    # Where it is shown

    @property
    def view(self) -> View:
        return self._view

    @Slot(object)
    def set_view(self, view: View) -> None:
        self._fits = False
        self._take(view)

    @Slot()
    def fit(self) -> None:
        """All of it, and again when the area changes its size."""
        self._fits = True
        self._fit_again()

    @Slot()
    def show_full_size(self) -> None:
        """One pixel of the picture for one logical pixel, in the middle of the area what was there before."""
        width, height = self._area()
        self._zoom_to(float(max(1, round(self.devicePixelRatioF()))), width / 2, height / 2)

    def zoom(self, steps: int, about: QPointF | None = None) -> None:
        """Further in, or out where it is negative; about a point of the widget or its middle."""
        ratio, (width, height) = self.devicePixelRatioF(), self._area()
        x, y = (width / 2, height / 2) if about is None else (about.x() * ratio, about.y() * ratio)
        self._zoom_to(views.stepped(self._view.zoom, steps), x, y)

    def picture_point(self, point: QPointF) -> tuple[float, float]:
        """The place of the picture under a point of the widget, in pixels of the picture."""
        ratio = self.devicePixelRatioF()
        return self._view.to_picture(point.x() * ratio, point.y() * ratio)

    def widget_point(self, x: float, y: float) -> QPointF:
        """Where a place of the picture stands in the widget."""
        ratio = self.devicePixelRatioF()
        across, down = self._view.to_device(x, y)
        return QPointF(across / ratio, down / ratio)

    def sizeHint(self) -> QSize:
        return QSize(480, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 160)

    def _area(self) -> views.Size:
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def _zoom_to(self, zoom: float, x: float, y: float) -> None:
        if self._layer is not None and zoom != self._view.zoom:
            self._fits = False
            self._take(views.in_sight(views.zoomed(self._view, zoom, x, y), self._layer.size, self._area()))

    def _fit_again(self) -> None:
        if self._layer is None or not self._fits:
            return
        margin = round(MARGIN * self.devicePixelRatioF())
        self._take(views.fitted(self._layer.size, self._area(), margin))

    def _take(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self.refresh()
            self.view_changed.emit(view)
        self._place_chip()

    def _place_chip(self) -> None:
        corner = self.widget_point(0, 0)
        self._chip.move(max(0, round(corner.x())) + CHIP_INSET, max(0, round(corner.y())) + CHIP_INSET)

    # Painting

    def refresh(self) -> None:
        """As `update`, where what lies on the picture is another one too."""
        self._backing.forget()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pending.clear()
        ratio = self.devicePixelRatioF()
        self._backing.renew(*self._area(), self.draw_seen)
        painter = QPainter(self)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        for part in parts_of(event.region()):
            left, top = int(part.left() * ratio), int(part.top() * ratio)
            right, bottom = -int(-(part.right() + 1) * ratio // 1), -int(-(part.bottom() + 1) * ratio // 1)
            self._backing.show(painter, Box(left, top, right, bottom))
        painter.restore()
        if self._layer is None:
            middle = Qt.AlignmentFlag.AlignHCenter
            draw_text(painter, self.rect().adjusted(24, 0, -24, 0), self._sentence, font(13), tokens().muted, middle)
        self.paint_over(painter)
        if self.ring and self.hasFocus():
            focus_ring(painter, self.rect(), 4)

    def paint_upon(self, painter: QPainter, exposed: Box) -> None:
        """For what lies on the picture; the painter counts device pixels. It is kept until `refresh`."""

    def paint_over(self, painter: QPainter) -> None:
        """For what lies above all; the painter counts logical pixels and is clipped to what is painted anew."""

    def draw_seen(self, painter: QPainter, exposed: Box) -> None:
        painter.fillRect(rect_of(exposed), tokens().bg)
        if self._layer is not None:
            self._layer.paint(painter, self._view, exposed)
            self.paint_upon(painter, exposed)

    def repaint_box(self, box: Box, margin: int = 0) -> None:
        """Paints a box of the picture anew, with so many device pixels around it."""
        if box.is_empty:
            return
        # Where pixels are averaged, those beside a changed one have a part of it.
        around = margin + (2 if self._view.zoom < 1 else 0)
        place = self._view.place(box).grown(around)
        self._backing.change(place)
        ratio = self.devicePixelRatioF()
        area = QRectF(place.left / ratio, place.top / ratio, place.width / ratio, place.height / ratio)
        self.repaint_soon(area.toAlignedRect())

    def repaint_soon(self, rect: QRect) -> None:
        """As `update`, but what is painted stays in few rectangles."""
        rect = rect.intersected(self.rect())
        if not rect.isEmpty():
            self._pending = joined(self._pending, rect)
            self.update(self._pending[-1])

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._layer is None:
            return
        self._fit_again()
        if not self._fits:
            self._take(views.in_sight(self._view, self._layer.size, self._area()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.fit()
        elif event.type() == QEvent.Type.PaletteChange:
            self.refresh()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.takes(event):
            # What is a key here is none of the window's.
            event.accept()
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = self._notches(event)
        if steps:
            self.zoom(steps, event.position())
        event.accept()

    def _notches(self, event: QWheelEvent) -> int:
        """Whole ones; a touchpad sends parts of them, which are kept."""
        delta = event.angleDelta()
        # With Alt, Qt turns the wheel sideways.
        self._turned += delta.y() or delta.x()
        steps = int(self._turned / NOTCH)
        self._turned -= steps * NOTCH
        return steps

    def moves_view(self, event: QMouseEvent) -> bool:
        """Whether a press takes hold of the picture to move it."""
        left = event.button() is Qt.MouseButton.LeftButton
        return event.button() is Qt.MouseButton.MiddleButton or (left and self._space_held)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is None and self._layer is not None and self.moves_view(event):
            self._dragged_from = (event.position(), self._view)
            self.show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            start, view = self._dragged_from
            by = (event.position() - start) * self.devicePixelRatioF()
            self._move_to(View(view.zoom, view.left + round(by.x()), view.top + round(by.y())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.show_cursor()

    @property
    def is_dragged(self) -> bool:
        return self._dragged_from is not None

    def _move_to(self, view: View) -> None:
        if self._layer is not None:
            self._fits = False
            self._take(views.in_sight(view, self._layer.size, self._area()))

    def show_cursor(self) -> None:
        if self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    # Keys

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key means something here."""
        return event.key() == Qt.Key.Key_Space or _arrow(event) is not None or self.action_of(event) is not None

    def action_of(self, event: QKeyEvent) -> Tool | Command | None:
        """The tool or the command of a key, if this widget has it."""
        action = BY_KEY.get(written(event))
        return action if action in VIEW_COMMANDS else None

    def perform(self, action: Tool | Command) -> None:
        match action:
            case Command.ZOOM_IN:
                self.zoom(1, self._pointer())
            case Command.ZOOM_OUT:
                self.zoom(-1, self._pointer())
            case Command.FIT:
                self.fit()
            case Command.FULL_SIZE:
                self.show_full_size()
            case _:
                pass

    def _pointer(self) -> QPointF | None:
        point = QPointF(self.mapFromGlobal(self.cursor().pos()))
        return point if self.underMouse() and self.rect().contains(point.toPoint()) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _arrow(event)
        action = self.action_of(event)
        if event.key() == Qt.Key.Key_Space:
            self._space_held = True
            self.show_cursor()
        elif arrow is not None:
            by = round(ARROW_PIXELS * self.devicePixelRatioF())
            view = self._view
            self._move_to(View(view.zoom, view.left + by * arrow[0], view.top + by * arrow[1]))
        elif action is not None:
            self.perform(action)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self.show_cursor()
        else:
            # The window may wait for it.
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False
        self.show_cursor()
        super().focusOutEvent(event)
        self.update()


VIEW_COMMANDS = frozenset({Command.ZOOM_IN, Command.ZOOM_OUT, Command.FIT, Command.FULL_SIZE})


def parts_of(region: QRegion) -> list[QRect]:
    """The rectangles of a region; where they are very many, the one around them."""
    parts = list(cast(Iterable[QRect], region))
    return parts if len(parts) <= MOST_PARTS else [region.boundingRect()]


def joined(rects: list[QRect], rect: QRect) -> list[QRect]:
    """One rectangle more, made one with those that it lies close to."""
    for other in rects:
        both = rect.united(other)
        if _extent(both) <= WASTE * (_extent(rect) + _extent(other)):
            return joined([one for one in rects if one is not other], both)
    return [*rects, rect]


def _extent(rect: QRect) -> int:
    return rect.width() * rect.height()


def written(event: QKeyEvent) -> str:
    """A key as the tables have it: signs without the Shift that some keyboards need for them."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    shift = Qt.KeyboardModifier.ShiftModifier
    if key in (Qt.Key.Key_Plus, Qt.Key.Key_BraceLeft, Qt.Key.Key_BraceRight, Qt.Key.Key_Equal):
        modifiers &= ~shift
    elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight) and event.text() in ("[", "]"):
        # Where a bracket takes AltGr, some systems tell of Ctrl and Alt as well.
        modifiers &= shift
    return QKeySequence(modifiers.value | key.value).toString(QKeySequence.SequenceFormat.PortableText)


def _arrow(event: QKeyEvent) -> tuple[int, int] | None:
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    return ARROWS.get(Qt.Key(event.key())) if plain else None
