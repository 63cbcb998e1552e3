"""The canvas that a person paints on: mouse, pen, wheel, keys, clipboard and files, turned into what an easel does."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from gen_studio.core.errors import WrongUse
from gen_studio.ui.canvas import brush_ring, intake
from gen_studio.ui.canvas.area import written
from gen_studio.ui.canvas.brush import Brush
from gen_studio.ui.canvas.easel import Easel
from gen_studio.ui.canvas.tools import BY_KEY, Command, Tool

PICTURE_FILES = "Pictures (*.png *.jpg *.jpeg *.jpe *.jfif *.webp *.bmp *.tif *.tiff *.gif);;All files (*)"
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class Canvas(Easel):
    """The left button uses the tool, the right one erases with it; see `tools.MOVES` for the rest.

    Files and pictures that are opened, pasted or dropped are handed on, since what becomes of them is the panel's to
    say; `told` has a sentence where there was none, or more than one.
    """

    file_offered = Signal(object)
    """The path of a file, a Path, that is still to be read."""
    picture_offered = Signal(object)
    """(H, W, 3) uint8 from the clipboard or from another program."""
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._button = Qt.MouseButton.NoButton
        self._pointer_at: QPointF | None = None
        self._ring_at = QRect()
        self._sizing: tuple[QPointF, Brush] | None = None
        self._is_peeking = False

    # Painting

    def paint_over(self, painter: QPainter) -> None:
        brush_ring.prepare(painter)
        gesture = None if self._hand is None else self._hand.gesture
        if gesture is not None and gesture.outline:
            brush_ring.draw_line(painter, [self.widget_point(x, y) for x, y in gesture.outline])
        middle = self._ring_middle()
        if middle is not None:
            brush_ring.draw_ring(painter, middle, self._ring_radius())

    def update_ring(self) -> None:
        """To be called after whatever moves, sizes, shows or hides the ring."""
        middle = self._ring_middle()
        before, self._ring_at = self._ring_at, QRect()
        if middle is not None:
            self._ring_at = brush_ring.ring_bounds(middle, self._ring_radius())
        self.repaint_soon(before)
        self.repaint_soon(self._ring_at)

    def _ring_middle(self) -> QPointF | None:
        if self._sizing is not None:
            return self._sizing[0]
        paints = self.tool in (Tool.BRUSH, Tool.ERASER) and self.material is not None
        return self._pointer_at if paints and not self._space_held and not self.is_dragged else None

    def _ring_radius(self) -> float:
        return self.brush.size / 2 * self.view.zoom / self.devicePixelRatioF()

    def _point_to(self, point: QPointF | None) -> None:
        self._pointer_at = point
        self.update_ring()

    def show_cursor(self) -> None:
        super().show_cursor()
        self.update_ring()
        if self.is_dragged or self._space_held or self.material is None:
            return
        if self.tool is Tool.PAN:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self.tool in (Tool.BRUSH, Tool.ERASER):
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    # The hand's way over the widget

    def _press(self, point: QPointF, *, erases: bool, straight: bool, pressure: float = 1.0) -> None:
        if self._hand is None:
            return
        place = self.picture_point(point)
        boxes = self._hand.press(place, erases=erases, straight=straight, pressure=pressure)
        self.show_changes(boxes)
        if self._hand.gesture is not None:
            return
        if boxes:
            self._commit()
        elif self.tool is Tool.PICK:
            self._ink_taken()

    def _draw_to(self, point: QPointF, pressure: float = 1.0) -> None:
        self._point_to(point)
        if self._hand is None or self._hand.gesture is None:
            return
        before = self._outline_area()
        self.show_changes(self._hand.move(self.picture_point(point), pressure))
        self.repaint_soon(before.united(self._outline_area()).toAlignedRect())

    def _outline_area(self) -> QRectF:
        """What the line of a rectangle or a lasso takes up."""
        gesture = None if self._hand is None else self._hand.gesture
        if gesture is None or not gesture.outline:
            return QRectF()
        points = [self.widget_point(x, y) for x, y in gesture.outline]
        left, right = min(point.x() for point in points), max(point.x() for point in points)
        top, bottom = min(point.y() for point in points), max(point.y() for point in points)
        return QRectF(left, top, right - left, bottom - top).adjusted(-4, -4, 4, 4)

    def _let_go(self) -> None:
        if self._hand is None or not self._hand.is_busy:
            return
        area = self._outline_area()
        self._complete(self._hand)
        self.repaint_soon(area.toAlignedRect())

    def _call_off(self) -> None:
        if self._hand is not None:
            area = self._outline_area()
            self.show_changes(self._hand.cancel())
            self.repaint_soon(area.toAlignedRect())
        self._button = Qt.MouseButton.NoButton

    # Mouse and pen

    def moves_view(self, event: QMouseEvent) -> bool:
        left = event.button() is Qt.MouseButton.LeftButton
        return self._button is Qt.MouseButton.NoButton and (
            super().moves_view(event) or (left and self.tool is Tool.PAN)
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.is_dragged or self._button is not Qt.MouseButton.NoButton or self._hand is None:
            return
        button, modifiers = event.button(), event.modifiers()
        if button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        self._button = button
        if button is Qt.MouseButton.RightButton and modifiers & Qt.KeyboardModifier.AltModifier:
            self._sizing = (event.position(), self.brush)
            self.update_ring()
            return
        straight = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self._press(event.position(), erases=button is Qt.MouseButton.RightButton, straight=straight)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._sizing is not None:
            start, brush = self._sizing
            across = (event.position().x() - start.x()) * self.devicePixelRatioF() / self.view.zoom
            self.set_brush(brush.resized(brush.size + across))
        elif not self.is_dragged:
            self._draw_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is not self._button:
            return
        self._button = Qt.MouseButton.NoButton
        self._sizing = None
        self.update_ring()
        self._let_go()

    def tabletEvent(self, event: QTabletEvent) -> None:
        point, pressure = event.position(), event.pressure()
        match event.type():
            case QEvent.Type.TabletPress if event.button() is Qt.MouseButton.LeftButton and not self._space_held:
                erases = event.pointerType() is QPointingDevice.PointerType.Eraser
                straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._press(point, erases=erases, straight=straight, pressure=pressure)
            case QEvent.Type.TabletMove if self._hand is not None and self._hand.is_busy:
                self._draw_to(point, pressure)
            case QEvent.Type.TabletRelease if self._hand is not None and self._hand.is_busy:
                self._let_go()
            case _:
                # Not taken: Qt then tells of it as of the mouse, which moves the view and the ring.
                event.ignore()
                return
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_brush(self.brush.stepped(self._notches(event)))
            event.accept()
        else:
            super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_to(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The right button erases.
        event.accept()

    # Keys

    def takes(self, event: QKeyEvent) -> bool:
        return super().takes(event) or _peeks(event) or (event.key() == Qt.Key.Key_Escape and self._is_painting)

    @property
    def _is_painting(self) -> bool:
        return self._hand is not None and self._hand.is_busy

    def action_of(self, event: QKeyEvent) -> Tool | Command | None:
        action = BY_KEY.get(written(event))
        known = self.has_tool(action) if isinstance(action, Tool) else action is not None and self.has(action)
        return action if known else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_painting:
            self._call_off()
        elif _peeks(event):
            self._is_peeking = True
            self.set_mask_shown(False)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_V and self._is_peeking and not event.isAutoRepeat():
            self._end_peeking()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._end_peeking()
        super().focusOutEvent(event)

    def _end_peeking(self) -> None:
        if self._is_peeking:
            self._is_peeking = False
            self.set_mask_shown(True)

    def perform(self, action: Tool | Command) -> None:
        match action:
            case Command.OPEN:
                self.ask_for_file()
            case Command.PASTE:
                self.take_in(QGuiApplication.clipboard().mimeData())
            case _:
                super().perform(action)

    # Pictures from elsewhere

    def ask_for_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a picture", "", PICTURE_FILES)
        if path:
            self.file_offered.emit(Path(path))

    def take_in(self, mime: QMimeData) -> None:
        """Hands on what was pasted or dropped."""
        try:
            offered = intake.offered(mime)
        except WrongUse as error:
            self.told.emit(str(error))
            return
        if offered.others:
            self.told.emit(f"One picture at a time: {offered.others} of {offered.others + 1} files were left out.")
        if offered.path is not None:
            self.file_offered.emit(offered.path)
        else:
            self.picture_offered.emit(offered.pixels)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if intake.holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take_in(event.mimeData())


def _peeks(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_V and event.modifiers() == NO_MODIFIER
