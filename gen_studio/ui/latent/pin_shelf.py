"""Pinned pictures as thumbnails with their names: picked, put in order, renamed where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from gen_studio.ui.latent.in_place import InPlaceField
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import RingOnKeys, box, draw_text, focus_ring

COLUMNS = 3
GAP = 8
NAME_HEIGHT = 20
EDITOR_HEIGHT = 24
FRAME = 2


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """One pin; its picture is None until it has come."""

    number: int
    name: str
    picture: QImage | None = None


class PinShelf(RingOnKeys, QWidget):
    """A click picks, with Ctrl it chooses a second one; a drag puts in order; F2 and a double click rename.

    Arrows move, Enter picks, Delete removes.
    """

    picked = Signal(int)
    second_chosen = Signal(int)
    renamed = Signal(int, str)
    removed = Signal(int)
    moved = Signal(int, int)
    """A number, and its new place."""
    keyframe_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pinned pictures")
        self._pins: tuple[Thumbnail, ...] = ()
        self._chosen: frozenset[int] = frozenset()
        self._cursor = 0
        self._pixmaps: dict[tuple[int, int], QPixmap] = {}
        self._pressed: tuple[QPointF, int] | None = None
        self._drop_place: int | None = None
        self._field = InPlaceField("Name of the pin", self)
        self._field.taken.connect(self.renamed)

    def set_pins(self, pins: Sequence[Thumbnail]) -> None:
        count = len(self._pins)
        self._pins = tuple(pins)
        self._pixmaps.clear()
        self._cursor = min(self._cursor, max(0, len(pins) - 1))
        self._describe()
        if len(pins) != count:
            self._fit()
        self.update()

    def set_chosen(self, chosen: Iterable[int]) -> None:
        """The numbers of those that the stage shows: one, or two where it shows what lies between."""
        if frozenset(chosen) != self._chosen:
            self._chosen = frozenset(chosen)
            self._describe()
            self.update()

    def _describe(self) -> None:
        names = [pin.name for pin in self._pins if pin.number in self._chosen]
        words = f", {' and '.join(names)} shown" if names else ""
        self.setAccessibleDescription(f"{len(self._pins)} pinned{words}")

    @property
    def pins(self) -> tuple[Thumbnail, ...]:
        return self._pins

    @property
    def chosen(self) -> frozenset[int]:
        return self._chosen

    def sizeHint(self) -> QSize:
        return QSize(272, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 0)

    def thumbnail_rect(self, place: int) -> QRect:
        """Where the picture at a place stands."""
        side = self._side(self.width())
        row, column = divmod(place, COLUMNS)
        return QRect(column * (side + GAP), row * (side + NAME_HEIGHT + GAP), side, side)

    def place_at(self, point: QPointF) -> int | None:
        for place in range(len(self._pins)):
            if QRectF(self.thumbnail_rect(place)).adjusted(0, 0, 0, NAME_HEIGHT).contains(point):
                return place
        return None

    def rename(self, number: int) -> None:
        """Opens a field where the name stands."""
        place = next((place for place, pin in enumerate(self._pins) if pin.number == number), None)
        if place is None:
            return
        rect = self.thumbnail_rect(place)
        below = QRect(rect.left(), rect.bottom() + NAME_HEIGHT - EDITOR_HEIGHT, rect.width(), EDITOR_HEIGHT)
        self._field.open(number, self._pins[place].name, below)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = tokens()
        for place, pin in enumerate(self._pins):
            rect = QRectF(self.thumbnail_rect(place))
            if pin.picture is None:
                box(painter, rect, t.hover, 4)
            else:
                painter.drawPixmap(rect.topLeft(), self._pixmap(pin))
            shown = pin.number in self._chosen
            if shown:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(t.accent, FRAME))
                painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3)
            below = QRectF(rect.left(), rect.bottom() + 2, rect.width(), NAME_HEIGHT - 2)
            ink = t.text if shown else t.muted
            draw_text(painter, below, pin.name, font(12, 500 if shown else 400), ink, Qt.AlignmentFlag.AlignHCenter)
            if self.hasFocus() and self.ring and place == self._cursor:
                focus_ring(painter, rect.adjusted(-1, -1, 1, NAME_HEIGHT - 1), 5)
        self._paint_drop(painter)

    def _paint_drop(self, painter: QPainter) -> None:
        if self._drop_place is None:
            return
        rect = self.thumbnail_rect(self._drop_place)
        painter.fillRect(QRect(rect.left() - GAP // 2 - 1, rect.top(), 2, rect.height()), tokens().accent)

    def _pixmap(self, pin: Thumbnail) -> QPixmap:
        assert pin.picture is not None
        ratio = self.devicePixelRatioF()
        side = round(self._side(self.width()) * ratio)
        key = (pin.number, side)
        if key not in self._pixmaps:
            smooth, fill = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatioByExpanding
            scaled = pin.picture.scaled(side, side, fill, smooth)
            left, top = (scaled.width() - side) // 2, (scaled.height() - side) // 2
            pixmap = QPixmap.fromImage(scaled.copy(left, top, side, side))
            pixmap.setDevicePixelRatio(ratio)
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def _side(self, width: int) -> int:
        return (width - (COLUMNS - 1) * GAP) // COLUMNS

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._pixmaps.clear()
        self._fit()

    def _fit(self) -> None:
        """As high as its rows. Set rather than offered: not all layouts ask for a height that goes with a width."""
        rows = -(-len(self._pins) // COLUMNS)
        self.setFixedHeight(max(0, rows * (self._side(self.width()) + NAME_HEIGHT + GAP) - GAP))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._pixmaps.clear()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._cursor = place
            self._pressed = (event.position(), self._pins[place].number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        far = (event.position() - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance()
        if far or self._drop_place is not None:
            self._drop_place = self._nearest_gap(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, drop = self._pressed, self._drop_place
        self._pressed = self._drop_place = None
        self.update()
        if pressed is None:
            return
        number = pressed[1]
        if drop is not None:
            before = next(place for place, pin in enumerate(self._pins) if pin.number == number)
            place = drop - 1 if drop > before else drop
            if place != before:
                self.moved.emit(number, place)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.second_chosen.emit(number)
        else:
            self.picked.emit(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if place is not None:
            self.rename(self._pins[place].number)

    def _nearest_gap(self, point: QPointF) -> int:
        """The place at which what is dragged would be put."""
        side = self._side(self.width())
        row = int(max(0, point.y()) // (side + NAME_HEIGHT + GAP))
        column = min(COLUMNS, max(0, round(point.x() / (side + GAP))))
        return min(len(self._pins), row * COLUMNS + column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -COLUMNS,
            Qt.Key.Key_Down: COLUMNS,
        }
        key = Qt.Key(event.key())
        if not self._pins:
            event.ignore()
            return
        number = self._pins[self._cursor].number
        if key in steps:
            self._cursor = min(len(self._pins) - 1, max(0, self._cursor + steps[key]))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            (self.second_chosen if control else self.picked).emit(number)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(number)
        elif key == Qt.Key.Key_F2:
            self.rename(number)
        else:
            event.ignore()
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self._cursor if by_keys and self._pins else self.place_at(QPointF(event.pos()))
        if place is None:
            return
        number = self._pins[place].number
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Go there").triggered.connect(lambda: self.picked.emit(number))
        menu.addAction("Mix with the shown one").triggered.connect(lambda: self.second_chosen.emit(number))
        menu.addAction("Add to the walk").triggered.connect(lambda: self.keyframe_asked.emit(number))
        menu.addSeparator()
        menu.addAction("Rename").triggered.connect(lambda: self.rename(number))
        menu.addAction("Remove").triggered.connect(lambda: self.removed.emit(number))
        menu.popup(event.globalPos())
