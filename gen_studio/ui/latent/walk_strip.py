"""The walk as a strip: its keyframes, small pictures of what lies between, and a playhead."""

from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
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

from gen_studio.core.walks import Walk
from gen_studio.ui.latent.in_place import InPlaceField
from gen_studio.ui.latent.walk_layout import WalkLayout
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.numbers import NotANumber, parse_number
from gen_studio.ui.widgets.painting import BUTTON_RADIUS, RingOnKeys, box, draw_text, focus_ring

HEIGHT = 104
HEAD_HEIGHT = 18
TOP = 22
CAPTION_HEIGHT = 18
STEP, FAR_STEP = 0.1, 1.0
EDITOR = (64, 24)


class WalkStrip(RingOnKeys, QWidget):
    """Dragging moves the playhead; a keyframe is clicked to go there and dragged to another place. A double click on a
    leg's seconds changes them. Left and right move the playhead, Delete removes the keyframe it stands on.
    """

    sought = Signal(float)
    let_go = Signal()
    keyframe_chosen = Signal(int)
    keyframe_moved = Signal(int, int)
    keyframe_removed = Signal(int)
    keyframe_replaced = Signal(int)
    seconds_changed = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Walk")
        self._walk = Walk()
        self._keys: tuple[QImage, ...] = ()
        self._between: tuple[tuple[QImage, ...], ...] = ()
        self._second = 0.0
        self._chosen: int | None = None
        self._pixmaps: dict[tuple[int, int, int], QPixmap] = {}
        self._pressed: tuple[float, int | None] | None = None
        self._drop_place: int | None = None
        self._field = InPlaceField("Seconds to the next keyframe", self)
        self._field.taken.connect(self._take_seconds)

    def set_walk(self, walk: Walk) -> None:
        if walk != self._walk:
            self._walk = walk
            self.update()

    def set_pictures(self, keys: Sequence[QImage], between: Sequence[Sequence[QImage]]) -> None:
        """A picture for each keyframe, and those of each leg."""
        self._keys, self._between = tuple(keys), tuple(tuple(images) for images in between)
        self._pixmaps.clear()
        self.update()

    def set_second(self, second: float, chosen: int | None) -> None:
        """Where the playhead stands; chosen: the keyframe that the stage shows."""
        if (second, chosen) != (self._second, self._chosen):
            self._second, self._chosen = second, chosen
            self.setAccessibleDescription(f"{second:.1f} s of {self._walk.seconds:.1f} s")
            self.update()

    @property
    def places(self) -> WalkLayout:
        walk = self._walk
        seconds = tuple(start.seconds for start, _ in walk.legs)
        return WalkLayout(self.width(), len(walk.keyframes), seconds, walk.closes)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._walk.keyframes:
            words = "Add keyframes: the walk leads from one to the next."
            draw_text(painter, self.rect(), words, font(12), tokens().muted, Qt.AlignmentFlag.AlignHCenter)
            return
        places = self.places
        for index in range(len(self._walk.legs)):
            self._paint_leg(painter, places, index)
        for index in range(places.keys):
            self._paint_key(painter, places, index)
        if self._drop_place is not None:
            x = places.key_left(self._drop_place) - 4
            painter.fillRect(QRectF(max(0.0, x), TOP, 2, places.side), tokens().accent)
        if self._walk.legs:
            self._paint_playhead(painter, places)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), 4)

    def _paint_key(self, painter: QPainter, places: WalkLayout, index: int) -> None:
        t = tokens()
        number = index % len(self._walk.keyframes)
        rect = QRectF(places.key_left(index), TOP, places.side, places.side)
        if number < len(self._keys):
            painter.drawPixmap(rect.topLeft(), self._pixmap(self._keys[number], (0, number), places.side))
        else:
            box(painter, rect, t.hover, 0)
        shown = number == self._chosen
        if shown:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(t.accent, 2, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        word = f"{number + 1} loop" if index >= len(self._walk.keyframes) else str(number + 1)
        below = QRectF(rect.left() - 8, rect.bottom() + 2, rect.width() + 16, CAPTION_HEIGHT)
        face = font(11, 600 if shown else 400, tabular=True)
        draw_text(painter, below, word, face, t.text, Qt.AlignmentFlag.AlignHCenter)

    def _paint_leg(self, painter: QPainter, places: WalkLayout, index: int) -> None:
        left, right = places.leg(index)
        images = self._between[index] if index < len(self._between) else ()
        if images and right - left >= 12:
            side = min((right - left - 2 * (len(images) - 1)) / len(images), places.side)
            top = TOP + (places.side - side) / 2
            start = left + (right - left - len(images) * side - 2 * (len(images) - 1)) / 2
            for number, image in enumerate(images):
                spot = QPointF(start + number * (side + 2), top)
                painter.drawPixmap(spot, self._pixmap(image, (1 + index, number), side))
        below = QRectF(left - 8, TOP + places.side + 2, right - left + 16, CAPTION_HEIGHT)
        words = in_seconds(self._walk.legs[index][0].seconds)
        draw_text(painter, below, words, font(11, tabular=True), tokens().muted, Qt.AlignmentFlag.AlignHCenter)

    def _paint_playhead(self, painter: QPainter, places: WalkLayout) -> None:
        t = tokens()
        x = round(places.x_of(self._second))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(x - 2, TOP, 4, places.side), t.bg)
        painter.fillRect(QRectF(x - 1, TOP - 4, 2, places.side + 8), t.text)
        face = font(11, 600, tabular=True)
        words = in_seconds(self._second)
        width = QFontMetrics(face).horizontalAdvance(words) + 12
        left = min(self.width() - width, max(0, x - width / 2))
        head = QRectF(left, 0, width, HEAD_HEIGHT)
        box(painter, head, t.text, BUTTON_RADIUS)
        draw_text(painter, head, words, face, t.bg, Qt.AlignmentFlag.AlignHCenter)

    def _pixmap(self, image: QImage, key: tuple[int, int], side: float) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixels = max(1, round(side * ratio))
        found = self._pixmaps.get((*key, pixels))
        if found is None:
            smooth, fill = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatioByExpanding
            scaled = image.scaled(pixels, pixels, fill, smooth)
            left, top = (scaled.width() - pixels) // 2, (scaled.height() - pixels) // 2
            found = QPixmap.fromImage(scaled.copy(left, top, pixels, pixels))
            found.setDevicePixelRatio(ratio)
            self._pixmaps[(*key, pixels)] = found
        return found

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._pixmaps.clear()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._pixmaps.clear()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._walk.keyframes:
            return
        x, y = event.position().x(), event.position().y()
        over_keys = TOP <= y <= TOP + self.places.side + CAPTION_HEIGHT
        key = self.places.key_at(x) if over_keys else None
        self._pressed = (x, key)
        if key is None:
            self.sought.emit(self.places.second_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        x, (start, key) = event.position().x(), self._pressed
        if key is None:
            self.sought.emit(self.places.second_at(x))
        elif abs(x - start) >= QApplication.startDragDistance() or self._drop_place is not None:
            self._drop_place = self.places.gap_at(x)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, drop = self._pressed, self._drop_place
        self._pressed = self._drop_place = None
        self.update()
        if pressed is None:
            return
        key = pressed[1]
        if key is None:
            self.let_go.emit()
        elif drop is None:
            self.keyframe_chosen.emit(key)
        else:
            place = drop - 1 if drop > key else drop
            if place != key:
                self.keyframe_moved.emit(key, place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        leg = self.places.leg_at(event.position().x())
        if leg is not None and event.position().y() > TOP + self.places.side:
            self.edit_seconds(leg)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        key = Qt.Key(event.key())
        step = FAR_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.sought.emit(self._second + (step if key == Qt.Key.Key_Right else -step))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._chosen is not None:
            self.keyframe_removed.emit(self._chosen)
        else:
            event.ignore()
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        key = self._chosen if by_keys else self.places.key_at(event.pos().x())
        leg = None if by_keys else self.places.leg_at(event.pos().x())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if key is not None and self._walk.keyframes:
            last = len(self._walk.keyframes) - 1
            menu.addAction("Go there").triggered.connect(lambda: self.keyframe_chosen.emit(key))
            menu.addAction("Replace by what is shown").triggered.connect(lambda: self.keyframe_replaced.emit(key))
            earlier, later = menu.addAction("Move earlier"), menu.addAction("Move later")
            earlier.setEnabled(key > 0)
            later.setEnabled(key < last)
            earlier.triggered.connect(lambda: self.keyframe_moved.emit(key, key - 1))
            later.triggered.connect(lambda: self.keyframe_moved.emit(key, key + 1))
            if key < len(self._walk.legs):
                menu.addAction("Change the seconds").triggered.connect(lambda: self.edit_seconds(key))
            menu.addSeparator()
            menu.addAction("Remove").triggered.connect(lambda: self.keyframe_removed.emit(key))
        elif leg is not None:
            menu.addAction("Change the seconds").triggered.connect(lambda: self.edit_seconds(leg))
        menu.popup(event.globalPos())

    def edit_seconds(self, leg: int) -> None:
        """Opens a field where a leg's seconds stand."""
        left, right = self.places.leg(leg)
        width, height = EDITOR
        place = max(0, min(self.width() - width, round((left + right - width) / 2)))
        words = f"{self._walk.legs[leg][0].seconds:g}"
        self._field.open(leg, words, QRect(place, self.height() - height, width, height))

    @Slot(int, str)
    def _take_seconds(self, leg: int, text: str) -> None:
        # What is no number of seconds is simply not taken.
        with suppress(NotANumber):
            seconds = parse_number(text.strip().removesuffix("s"))
            if seconds > 0:
                self.seconds_changed.emit(leg, seconds)


def in_seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"
