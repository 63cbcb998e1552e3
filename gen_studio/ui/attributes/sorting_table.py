"""Thumbnails that are sorted into More and Less by hand: dragged with the mouse, or with + and - on the keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from gen_studio.ui.attributes.sorting_layout import Area, SortingLayout, Spot
from gen_studio.ui.canvas.intake import holds_picture
from gen_studio.ui.theme import ON_FILL, font, tokens
from gen_studio.ui.widgets.painting import RingOnKeys, box, dot, draw_picture, draw_text, focus_ring
from gen_studio.viewmodels.attributes_state import Example, Side

SORTED_OPACITY = 0.4
"""Of what lies in a pile already, where it waits."""
MARK = 7.0
LINE = 16.0
RADIUS = 3.0
EMPTY = ("Drag pictures here,", "your own as well")
PILES = (Area.MORE, Area.LESS)
NAMES = {Area.MORE: "More", Area.LESS: "Less"}
KEYS = {Area.MORE: "+", Area.LESS: "−"}
SIDES: dict[Area, Side | None] = {Area.MORE: "more", Area.LESS: "less", Area.OFFERED: None}
WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
SORTS: dict[Qt.Key, Side | None] = {
    Qt.Key.Key_Plus: "more",
    Qt.Key.Key_Equal: "more",
    Qt.Key.Key_Minus: "less",
    Qt.Key.Key_Underscore: "less",
    Qt.Key.Key_Delete: None,
    Qt.Key.Key_Backspace: None,
    Qt.Key.Key_0: None,
}


@dataclass(frozen=True, eq=False)
class Thumb:
    """An example and its picture, None until it has come. side: the pile in which it lies."""

    example: Example
    image: QImage | None
    side: Side | None = None


class SortingTable(RingOnKeys, QWidget):
    """One of the thumbnails has the cursor; arrows move it over all three areas."""

    sorted_into = Signal(object, object)
    """An example, and "more", "less" or None for neither."""
    brought = Signal(object, str)
    """Files or pixels from elsewhere (QMimeData), and "more" or "less"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pictures to sort")
        self.setAcceptDrops(True)
        self._thumbs: dict[Area, tuple[Thumb, ...]] = dict.fromkeys(Area, ())
        self._cursor = Spot(Area.OFFERED, 0)
        self._pressed: tuple[QPointF, Spot] | None = None
        self._dragged: QPointF | None = None
        self._met: Area | None = None  # the pile over which something from elsewhere is held

    def set_thumbs(self, offered: Sequence[Thumb], more: Sequence[Thumb], less: Sequence[Thumb]) -> None:
        self._thumbs = {Area.OFFERED: tuple(offered), Area.MORE: tuple(more), Area.LESS: tuple(less)}
        spots = self.places.spots()
        if self._cursor not in spots:
            same = [spot for spot in spots if spot.area is self._cursor.area]
            self._cursor = same[-1] if same else Spot(Area.OFFERED, 0)
        self._take_height()
        self._describe()
        self.update()

    @property
    def places(self) -> SortingLayout:
        return self._places(self.width())

    @property
    def cursor_spot(self) -> Spot:
        return self._cursor

    def thumb(self, spot: Spot) -> Thumb | None:
        thumbs = self._thumbs[spot.area]
        return thumbs[spot.place] if spot.place < len(thumbs) else None

    def sizeHint(self) -> QSize:
        return QSize(272, round(self.places.height))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 0)

    def _take_height(self) -> None:
        """Set outright: a height that follows from the width gets lost in stacks and scroll areas."""
        height = round(self.places.height)
        if height != self.minimumHeight() or height != self.maximumHeight():
            self.setFixedHeight(height)

    def _places(self, width: float) -> SortingLayout:
        offered, more, less = (len(self._thumbs[area]) for area in Area)
        return SortingLayout(width, offered, more, less)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        places = self.places
        over = places.area_at(self._dragged) if self._dragged is not None else self._met
        for area in PILES:
            self._paint_pile(painter, places, area, is_met=over is area)
        for spot in places.spots():
            self._paint_thumb(painter, places.rect(spot), spot)
        if self._dragged is not None and self._pressed is not None:
            self._paint_dragged(painter, self._dragged, self._pressed[1])

    def _paint_pile(self, painter: QPainter, places: SortingLayout, area: Area, *, is_met: bool) -> None:
        t = tokens()
        name, rect = places.name(area), places.pile(area)
        taken = draw_text(painter, name, NAMES[area], font(13, 500), t.text)
        count = len(self._thumbs[area])
        rest = name.adjusted(taken + 6, 0, 0, 0)
        words = f"{count:,}" if count else ""
        draw_text(painter, rest, words, font(12, tabular=True), t.muted)
        draw_text(painter, name, f"key {KEYS[area]}", font(12), t.muted, Qt.AlignmentFlag.AlignRight)
        box(painter, rect, t.tint if is_met else t.field, 6, t.accent if is_met else t.edge)
        if not count:
            middle = Qt.AlignmentFlag.AlignHCenter
            for line, below in zip(EMPTY, (-LINE, 0), strict=True):
                place = QRectF(rect.left() + 4, rect.center().y() + below, rect.width() - 8, LINE)
                draw_text(painter, place, line, font(12), t.muted, middle)

    def _paint_thumb(self, painter: QPainter, rect: QRectF, spot: Spot) -> None:
        thumb = self.thumb(spot)
        assert thumb is not None
        waits = spot.area is Area.OFFERED
        if waits and thumb.side is not None:
            painter.setOpacity(SORTED_OPACITY)
        if thumb.image is None:
            box(painter, rect, tokens().hover, RADIUS)
        else:
            draw_picture(painter, rect, thumb.image, RADIUS)
        painter.setOpacity(1.0)
        if waits and thumb.side is not None:
            self._paint_mark(painter, rect, thumb.side)
        if self.hasFocus() and self.ring and spot == self._cursor:
            painter.setPen(QPen(tokens().bg, 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), RADIUS, RADIUS)
            focus_ring(painter, rect, RADIUS)

    def _paint_mark(self, painter: QPainter, rect: QRectF, side: Side) -> None:
        center = rect.topRight() + QPointF(-MARK - 1, MARK + 1)
        dot(painter, center, tokens().scrim, MARK)
        painter.setPen(QPen(ON_FILL, 1.5))
        painter.drawLine(center - QPointF(3.5, 0), center + QPointF(3.5, 0))
        if side == "more":
            painter.drawLine(center - QPointF(0, 3.5), center + QPointF(0, 3.5))

    def _paint_dragged(self, painter: QPainter, point: QPointF, spot: Spot) -> None:
        thumb, side = self.thumb(spot), self.places.side
        if thumb is None:
            return
        rect = QRectF(point.x() - side / 2, point.y() - side / 2, side, side)
        if thumb.image is not None:
            draw_picture(painter, rect, thumb.image, RADIUS)
        else:
            box(painter, rect, tokens().hover, RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tokens().accent, 2))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._take_height()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.places.spot_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and spot is not None:
            self._move_cursor(spot)
            self._pressed = (event.position(), spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        far = (event.position() - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance()
        if far or self._dragged is not None:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, dragged = self._pressed, self._dragged
        self._pressed = self._dragged = None
        self.unsetCursor()
        self.update()
        if pressed is None or dragged is None:
            return
        area, thumb = self.places.area_at(event.position()), self.thumb(pressed[1])
        if thumb is None:
            return
        # Out of a pile and anywhere else is out of it; what waits goes on waiting.
        if area in PILES or pressed[1].area is not Area.OFFERED:
            self.sorted_into.emit(thumb.example, SIDES[area or Area.OFFERED])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # Taken wherever it enters: what is refused there is not heard of again on its way to a pile.
        if holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        area = self.places.area_at(event.position())
        self._meet(area if area in PILES else None)
        if self._met is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._meet(None)

    def dropEvent(self, event: QDropEvent) -> None:
        area = self.places.area_at(event.position())
        self._meet(None)
        if area in PILES:
            event.acceptProposedAction()
            self.brought.emit(event.mimeData(), SIDES[area])

    def _meet(self, area: Area | None) -> None:
        if area is not self._met:
            self._met = area
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        key, thumb = Qt.Key(event.key()), self.thumb(self._cursor)
        if key == Qt.Key.Key_Escape and self._dragged is not None:
            self._pressed = self._dragged = None
            self.unsetCursor()
        elif thumb is None or not (key in WAYS or key in SORTS):
            event.ignore()
            return
        elif key in WAYS:
            self._move_cursor(self.places.moved(self._cursor, *WAYS[key]))
        else:
            self._sort(thumb, SORTS[key])
        self.update()
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        spot = self._cursor if by_keys else self.places.spot_at(QPointF(event.pos()))
        thumb = None if spot is None else self.thumb(spot)
        if thumb is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, side in (("More", "more"), ("Less", "less"), ("Neither", None)):
            action = menu.addAction(words)
            action.setEnabled(side != thumb.side)
            action.triggered.connect(lambda _=False, side=side: self.sorted_into.emit(thumb.example, side))
        menu.popup(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()
        return super().event(event)

    def _sort(self, thumb: Thumb, side: Side | None) -> None:
        """And on to the next, so that a whole row is sorted with one hand."""
        waits = self._cursor.area is Area.OFFERED
        self.sorted_into.emit(thumb.example, side)
        if waits and side is not None and self._cursor.place + 1 < self.places.offered:
            self._move_cursor(Spot(Area.OFFERED, self._cursor.place + 1))

    def _move_cursor(self, spot: Spot) -> None:
        self._cursor = spot
        self._describe()
        self.update()

    def _describe(self) -> None:
        thumb = self.thumb(self._cursor)
        if thumb is None:
            self.setAccessibleDescription("")
            return
        where = NAMES.get(self._cursor.area, "Waiting")
        lies = f", lies in {thumb.side}" if thumb.side is not None and self._cursor.area is Area.OFFERED else ""
        self.setAccessibleDescription(f"{where}, picture {self._cursor.place + 1}{lies}")
