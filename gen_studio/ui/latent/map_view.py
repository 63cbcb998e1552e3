"""The map on the screen: small pictures of a plane side by side, over them the walk and the place that is shown."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.ui.pictures import Pixels, pack, view
from gen_studio.ui.theme import ON_FILL, font, tokens
from gen_studio.ui.widgets.painting import RingOnKeys, box, draw_text, focus_ring
from gen_studio.viewmodels.planes import Place
from gen_studio.viewmodels.walk_path import Path

STEP = 0.02
FAR_STEP = 0.1
DISC = 9.0
HERE = 10.0
BEYOND = 0.97
"""A place off the map is marked at its edge."""


class MapView(RingOnKeys, QWidget):
    """As high as its pictures make it. Dragging, or the arrow keys, move the place; Shift moves it far."""

    place_chosen = Signal(object)
    """A Place."""
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Map")
        self._pictures: Pixels | None = None
        self._place: Place | None = None
        self._path = Path()
        self._pixmap = QPixmap()

    def set_pictures(self, pictures: Pixels | None) -> None:
        """(rows, columns, H, W, C) uint8, the top row first; None for an empty map."""
        shape = None if self._pictures is None else self._pictures.shape
        self._pictures = None if pictures is None else pictures.copy()
        self._pixmap = QPixmap()
        if pictures is None or shape != pictures.shape:
            self._fit()
        self.update()

    def set_place(self, place: Place | None) -> None:
        if place != self._place:
            self._place = place
            words = "" if place is None else f"{place.across:+.2f} across, {place.up:+.2f} up"
            self.setAccessibleDescription(words)
            self.update()

    def set_path(self, path: Path) -> None:
        """The walk: keyframes with their numbers and the ways between."""
        if path != self._path:
            self._path = path
            self.update()

    @property
    def place(self) -> Place | None:
        return self._place

    @property
    def pictures(self) -> Pixels | None:
        return self._pictures

    def sizeHint(self) -> QSize:
        return QSize(272, 272)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    def point_of(self, place: Place) -> QPointF:
        """From a place to the widget's coordinates."""
        return QPointF((place.across + 1) / 2 * self.width(), (1 - place.up) / 2 * self.height())

    def place_at(self, point: QPointF) -> Place:
        """The place under a point, at the edge where the point is outside."""
        across = 2 * point.x() / max(1, self.width()) - 1
        up = 1 - 2 * point.y() / max(1, self.height())
        return Place(min(1.0, max(-1.0, across)), min(1.0, max(-1.0, up)))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        t = tokens()
        if self._pictures is None:
            box(painter, self.rect(), t.bg, 4, t.line)
        else:
            painter.drawPixmap(0, 0, self._drawn())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_path(painter)
        self._paint_place(painter)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), 4)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._pixmap.size() == size:
            return self._pixmap
        assert self._pictures is not None
        rows, columns = self._pictures.shape[:2]
        pixmap = QPixmap(size)
        painter = QPainter(pixmap)
        packed = np.ascontiguousarray(pack(self._pictures))
        smooth, ignore = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
        for row in range(rows):
            top, bottom = round(row * size.height() / rows), round((row + 1) * size.height() / rows)
            for column in range(columns):
                left, right = round(column * size.width() / columns), round((column + 1) * size.width() / columns)
                image = view(packed[row, column]).scaled(right - left, bottom - top, ignore, smooth)
                painter.drawImage(left, top, image)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        self._pixmap = pixmap
        return pixmap

    def _paint_path(self, painter: QPainter) -> None:
        t = tokens()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((t.scrim, 3.5), (ON_FILL, 1.5)):
            painter.setPen(QPen(color, width, j=Qt.PenJoinStyle.RoundJoin))
            for leg in self._path.legs:
                painter.drawPolyline(QPolygonF([self.point_of(place) for place in leg]))
        face = font(11, 600)
        for number, place in enumerate(self._path.keyframes, 1):
            if place is None:
                continue
            center = self.point_of(place)
            painter.setPen(QPen(t.scrim, 1.5))
            painter.setBrush(ON_FILL)
            painter.drawEllipse(center, DISC, DISC)
            around = QRectF(center.x() - DISC, center.y() - DISC, 2 * DISC, 2 * DISC)
            draw_text(painter, around, str(number), face, QColor("#1A1A1E"), Qt.AlignmentFlag.AlignHCenter)

    def _paint_place(self, painter: QPainter) -> None:
        if self._place is None:
            return
        across, up = (min(BEYOND, max(-BEYOND, one)) for one in (self._place.across, self._place.up))
        center = self.point_of(Place(across, up))
        outside = (across, up) != (self._place.across, self._place.up)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((tokens().scrim, 6.0), (ON_FILL, 4.0), (tokens().fill, 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(center, HERE / 2 if outside else HERE, HERE / 2 if outside else HERE)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._pixmap = QPixmap()
        self._fit()

    def _fit(self) -> None:
        """Set rather than offered to the layouts around: not all of them ask for a height that goes with a width."""
        wanted = self.width()
        if self._pictures is not None:
            rows, columns, height, across, _ = self._pictures.shape
            wanted = round(wanted * rows * height / (columns * across))
        self.setFixedHeight(wanted)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._pixmap = QPixmap()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.place_chosen.emit(self.place_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.place_chosen.emit(self.place_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.let_go.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            event.ignore()
            return
        self.ring = True
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        here, step = self._place or Place(0.0, 0.0), FAR_STEP if far else STEP
        across, up = (min(1.0, max(-1.0, one)) for one in (here.across + way[0] * step, here.up + way[1] * step))
        self.place_chosen.emit(Place(across, up))
        event.accept()
