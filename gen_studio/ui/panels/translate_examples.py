"""Held-out questions as small pictures, of which a click or a key takes one."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gen_studio.ui.pictures import Pixels, to_image
from gen_studio.ui.theme import tokens
from gen_studio.ui.widgets.buttons import icon_button
from gen_studio.ui.widgets.labels import secondary
from gen_studio.ui.widgets.painting import PICTURE_RADIUS, RingOnKeys, box, focus_ring
from gen_studio.viewmodels.translating_screen import TranslatingScreen

COLUMNS, GAP = 4, 8
LARGEST = 96


class ExampleTiles(RingOnKeys, QWidget):
    """Four in a row. Arrows move, Enter takes."""

    taken = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(LARGEST)
        self.setAccessibleName("Held-out data")
        self._images: list[QImage] = []
        self._current = 0
        self._hovered = -1
        self.setMouseTracking(True)

    def show_pictures(self, pictures: Sequence[Pixels]) -> None:
        self._images = [to_image(picture) for picture in pictures]
        self._current = min(self._current, max(0, len(self._images) - 1))
        self._describe()
        self.update()

    def count(self) -> int:
        return len(self._images)

    def place(self, index: int) -> QRectF:
        side = self._side()
        row, column = divmod(index, COLUMNS)
        return QRectF(column * (side + GAP), row * (side + GAP), side, side)

    def _side(self) -> int:
        return min(LARGEST, (self.width() - (COLUMNS - 1) * GAP) // COLUMNS)

    def _at(self, point: QPointF) -> int:
        return next((index for index in range(len(self._images)) if self.place(index).contains(point)), -1)

    def _describe(self) -> None:
        words = f"number {self._current + 1} of {len(self._images)}" if self._images else "none"
        self.setAccessibleDescription(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, ratio = QPainter(self), self.devicePixelRatioF()
        for index, image in enumerate(self._images):
            place = self.place(index)
            side = round(place.width() * ratio)
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            small = image.scaled(side, side, keep, smooth)
            small.setDevicePixelRatio(ratio)
            painter.drawImage(place.topLeft(), small)
            if index == self._hovered:
                box(painter, place, QColor(0, 0, 0, 0), PICTURE_RADIUS, tokens().edge)
            if index == self._current and self.hasFocus() and self.ring:
                focus_ring(painter, place, PICTURE_RADIUS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self._describe()
            self.taken.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.PointingHandCursor if hovered >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -COLUMNS,
            Qt.Key.Key_Down: COLUMNS,
        }
        key = Qt.Key(event.key())
        if key in steps and self._images:
            self.ring = True
            self._current = min(len(self._images) - 1, max(0, self._current + steps[key]))
            self._describe()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._images:
            self.taken.emit(self._current)
        else:
            super().keyPressEvent(event)


class ExampleStrip(QWidget):
    """A row of held-out questions below the picture."""

    def __init__(self, screen: TranslatingScreen) -> None:
        super().__init__()
        self._files = screen.files
        self.tiles = ExampleTiles()
        self.others = icon_button("shuffle", "Other examples")
        words = QHBoxLayout()
        words.setSpacing(4)
        words.addWidget(secondary("Held-out data"))
        words.addWidget(self.others)
        words.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(words)
        layout.addWidget(self.tiles)
        self.tiles.taken.connect(self._files.use_example)
        self.others.clicked.connect(self._files.turn_page)
        self._files.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        pictures = [self._files.seen(one.question) for one in self._files.examples]
        self.tiles.show_pictures(pictures)
        self.others.setVisible(len(self._files.exercises) > len(pictures))
