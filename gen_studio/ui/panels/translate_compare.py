"""What an answer is held against: the target, the way back, and under a magnifier bicubic enlargement."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gen_studio.ui.pictures import Pixels, to_image
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.labels import heading_row, secondary
from gen_studio.ui.widgets.painting import RingOnKeys, draw_text, focus_ring
from gen_studio.viewmodels.translating import Job
from gen_studio.viewmodels.translating_screen import TranslatingScreen

GAP, CAPTION = 8, 20
SIDE, HEADING = 96, 30
SEEN = 24
"""Pixels of the answer to a side of what the magnifier sees, at most."""
SLOPE = -0.75
"""Of the kernel of bicubic enlargement where its middle part meets the outer (Keys, 1981)."""
STEP = 2
"""Pixels of the answer by which an arrow key moves what is seen."""


class PlainPicture(QWidget):
    """One picture, as large as whole multiples allow up to `SIDE`, on whatever lies beneath."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._picture: Pixels | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(SIDE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def picture(self) -> Pixels | None:
        return self._picture

    def show_picture(self, picture: Pixels | None) -> None:
        if picture is self._picture:
            return
        self._picture = picture
        if picture is not None:
            self.setAccessibleDescription(f"{picture.shape[1]} by {picture.shape[0]} pixels")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is not None:
            draw_fitted(QPainter(self), QRectF(self.rect()), self._picture)


def draw_fitted(painter: QPainter, room: QRectF, picture: Pixels) -> None:
    """At the left, each pixel a square where there is room for it."""
    ratio = painter.device().devicePixelRatioF()
    height, width = picture.shape[:2]
    most = min(room.width() * ratio / width, room.height() * ratio / height)
    zoom = float(int(most)) if most >= 1 else most
    wanted = QSize(max(1, round(width * zoom)), max(1, round(height * zoom)))
    smooth = Qt.TransformationMode.FastTransformation if zoom >= 1 else Qt.TransformationMode.SmoothTransformation
    image = to_image(picture).scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(room.topLeft(), image)


class Magnifier(RingOnKeys, QWidget):
    """The same place of several pictures, enlarged. Arrow keys move it; so does pointing at the answer."""

    moved = Signal(int, int)
    """By so many pixels of the answer to the right and down."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Magnifier")
        self.panes: tuple[tuple[str, Pixels], ...] = ()

    def show_panes(self, panes: Sequence[tuple[str, Pixels]]) -> None:
        self.panes = tuple(panes)
        self.setAccessibleDescription(", ".join(name for name, _ in self.panes))
        self.setFixedHeight(self._height())
        self.update()

    def _side(self) -> float:
        return (self.width() - GAP) / 2

    def _height(self) -> int:
        rows = -(-len(self.panes) // 2)
        return int(rows * (self._side() + CAPTION) + max(0, rows - 1) * GAP)

    def resizeEvent(self, event: object) -> None:
        self.setFixedHeight(self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side = QPainter(self), self._side()
        for number, (name, picture) in enumerate(self.panes):
            left = (number % 2) * (side + GAP)
            top = (number // 2) * (side + CAPTION + GAP)
            draw_text(painter, QRectF(left, top, side, CAPTION), name, font(11), tokens().muted)
            draw_fitted(painter, QRectF(left, top + CAPTION, side, side), picture)
        if self.hasFocus() and self.ring:
            focus_ring(painter, self.rect(), 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: (-STEP, 0),
            Qt.Key.Key_Right: (STEP, 0),
            Qt.Key.Key_Up: (0, -STEP),
            Qt.Key.Key_Down: (0, STEP),
        }
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.ring = True
            self.moved.emit(*way)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)


class MagnifierSection(QWidget):
    """The magnifier, for models that enlarge."""

    frame_moved = Signal(QRectF)
    """What it sees, in pixels of the answer; empty for nothing."""

    def __init__(self, screen: TranslatingScreen) -> None:
        super().__init__()
        self._translating = screen.translating
        self._point = (0.5, 0.5)
        self.magnifier = Magnifier()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(heading_row("Magnifier", detail=secondary("follows the pointer")))
        layout.addWidget(self.magnifier)
        self.magnifier.moved.connect(self._move)
        self._translating.answered.connect(self._show)
        self._translating.laid_out.connect(self._show)
        self._show()

    @Slot(float, float)
    def point_to(self, x: float, y: float) -> None:
        """A place as shares of the answer's sides."""
        self._point = (x, y)
        self._show()

    @Slot(int, int)
    def _move(self, right: int, down: int) -> None:
        answer = self._translating.answer
        if answer is not None:
            height, width = answer.shape[:2]
            left, top, side = frame_around(self._point, width, height)
            self.point_to((left + right + side / 2) / width, (top + down + side / 2) / height)

    @Slot()
    def _show(self) -> None:
        answer, asked = self._translating.answer, self._translating.pixels
        facts = self._translating.looking.facts
        is_for_it = self._translating.job is Job.ENLARGE
        self.setVisible(is_for_it)
        # In between two pictures the answer is still that to the last one.
        if not is_for_it or answer is None or facts is None or answer.shape[0] != asked.shape[0] * facts.scale:
            self.frame_moved.emit(QRectF())
            return
        frame = frame_around(self._point, answer.shape[1], answer.shape[0])
        left, top, side = frame
        box = (slice(top, top + side), slice(left, left + side))
        panes = [("Bicubic", bicubic(asked, facts.scale, frame)), ("Answer", answer[box])]
        target = self._translating.target
        if target is not None and target.shape == answer.shape:
            panes += [("Given", squares(asked, facts.scale, frame)), ("Target", target[box])]
        self.magnifier.show_panes(panes)
        self.frame_moved.emit(QRectF(left, top, side, side))


class KnownPictures(QWidget):
    """Below the answer: what is right, where that is known, and of two ways the way back."""

    def __init__(self, screen: TranslatingScreen) -> None:
        super().__init__()
        self._translating = screen.translating
        self.target, self.way_back = PlainPicture("Target"), PlainPicture("The way back")
        self._target_words, self._back_words = secondary("Target"), secondary("There and back")
        self._parts = (_under(self._target_words, self.target), _under(self._back_words, self.way_back))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for part in self._parts:
            row.addWidget(part, 1)
        self._translating.answered.connect(self._show)
        self._translating.changed.connect(self._show)
        self._translating.laid_out.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        target, way_back = self._translating.target, self._translating.way_back
        self._target_words.setText("Target, before you drew" if self._translating.is_drawn_on else "Target")
        for part, picture, shown in zip(self._parts, (self.target, self.way_back), (target, way_back), strict=True):
            part.setVisible(shown is not None)
            picture.show_picture(shown)


def _under(words: QWidget, picture: PlainPicture) -> QWidget:
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    words.setFixedHeight(HEADING)
    layout.addWidget(words)
    layout.addWidget(picture)
    return part


def frame_around(point: tuple[float, float], width: int, height: int) -> tuple[int, int, int]:
    """Left, top and side of the square that is seen, within the picture."""
    side = min(SEEN, width, height)
    left = min(max(0, round(point[0] * width - side / 2)), width - side)
    top = min(max(0, round(point[1] * height - side / 2)), height - side)
    return left, top, side


def bicubic(small: Pixels, scale: int, frame: tuple[int, int, int]) -> Pixels:
    """A part of the small picture enlarged, by the very kernel that answers are measured against (`nets.bicubic`)."""
    left, top, side = frame
    rows, row_weights = _taps(top, side, scale, small.shape[0])
    columns, column_weights = _taps(left, side, scale, small.shape[1])
    taken = small[rows[:, :, None, None], columns[None, None]]  # (side, 4, side, 4, C)
    large = np.einsum("ya,xb,yaxbc->yxc", row_weights, column_weights, taken)
    return large.round().clip(0, 255).astype(np.uint8)


def _taps(start: int, count: int, scale: int, length: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For each pixel of the large picture four of the small one, (count, 4), the last at an edge again, and weights."""
    places = (np.arange(start, start + count) + 0.5) / scale - 0.5
    first = np.floor(places).astype(np.intp)
    taps = first[:, None] + np.arange(-1, 3)
    distance = np.abs(places[:, None] - taps)
    near = ((SLOPE + 2) * distance - (SLOPE + 3)) * distance**2 + 1
    far = SLOPE * (((distance - 5) * distance + 8) * distance - 4)
    return taps.clip(0, length - 1), np.where(distance <= 1, near, far)


def squares(small: Pixels, scale: int, frame: tuple[int, int, int]) -> Pixels:
    """The same part with every pixel as a square."""
    left, top, side = frame
    rows = np.arange(top, top + side) // scale
    columns = np.arange(left, left + side) // scale
    return small[rows][:, columns]
