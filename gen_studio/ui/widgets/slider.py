"""A slider over real numbers, filled from where it starts to where it stands, and a row with its name and value."""

from contextlib import suppress

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QSlider, QVBoxLayout, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.labels import ElidedLabel
from gen_studio.ui.widgets.numbers import NotANumber, parse_number, signed
from gen_studio.ui.widgets.painting import RingOnKeys, box, dot

TRACK = 3
HANDLE = 12
MARGIN = 10
"""Room at both ends for the handle and its focus ring."""


class Slider(RingOnKeys, QSlider):
    """Arrows move one step, Shift ten; a double click goes back to the default. Lengths are in steps inside of Qt."""

    number_changed = Signal(float)

    def __init__(
        self,
        minimum: float,
        maximum: float,
        default: float,
        step: float,
        *,
        origin: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._low, self._step = minimum, step
        self._default = default
        signed_range = minimum < 0 < maximum
        self._origin = origin if origin is not None else 0.0 if signed_range else minimum
        self.setRange(0, round((maximum - minimum) / step))
        self.setSingleStep(1)
        self.setPageStep(10)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_number(default)
        self.valueChanged.connect(self._tell)

    def number(self) -> float:
        return self._low + self.value() * self._step

    def set_number(self, number: float) -> None:
        """Moves to the nearest step inside of the range."""
        self.setValue(round((number - self._low) / self._step))

    @property
    def is_signed(self) -> bool:
        return self._low < 0

    @Slot(int)
    def _tell(self, _value: int) -> None:
        self.number_changed.emit(self.number())

    def sizeHint(self) -> QSize:
        return QSize(160, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 20)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        directions = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        direction = directions.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
            return
        self.ring = True
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.setValue(self.value() + direction * (self.pageStep() if far else self.singleStep()))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._move_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._move_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.set_number(self._default)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling a column must not change what happens to pass under the pointer.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        y = self.height() / 2
        here, origin, default = (self._x(n) for n in (self.number(), self._origin, self._default))
        track = QColor(t.edge)
        track.setAlphaF(0.55)
        box(painter, QRectF(MARGIN, y - TRACK / 2, self.width() - 2 * MARGIN, TRACK), track, TRACK / 2)
        left, right = sorted((origin, here))
        accent = t.accent if self.isEnabled() else t.faint
        box(painter, QRectF(left, y - TRACK / 2, right - left, TRACK), accent, TRACK / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(round(default), y - 6, 1, 12), t.muted)
        dot(painter, QPointF(here, y), t.surface, HANDLE / 2 + 2)
        if self.hasFocus() and self.ring:
            dot(painter, QPointF(here, y), t.accent, HANDLE / 2 + 4)
            dot(painter, QPointF(here, y), t.surface, HANDLE / 2 + 2)
        dot(painter, QPointF(here, y), t.text if self.isEnabled() else t.faint, HANDLE / 2)

    def _x(self, number: float) -> float:
        share = (number - self._low) / max(self._step * self.maximum(), 1e-12)
        return MARGIN + share * (self.width() - 2 * MARGIN)

    def _move_to(self, x: float) -> None:
        share = (x - MARGIN) / max(1, self.width() - 2 * MARGIN)
        self.setValue(round(share * self.maximum()))


class SliderRow(QWidget):
    """Name, where it comes from, the value as an editable number, and below them the slider."""

    number_changed = Signal(float)

    def __init__(self, title: str, slider: Slider, *, source: str = "", decimals: int = 2) -> None:
        super().__init__()
        self.slider = slider
        self._decimals = decimals
        self._value = QLineEdit()
        self._value.setProperty("plain", True)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._value.setFont(font(13, 600, tabular=True))
        self._value.setFixedWidth(72)
        self._value.setTextMargins(0, 0, -3, 0)
        self._value.setAccessibleName(title)
        slider.setAccessibleName(title)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(ElidedLabel(title))
        self._source = ElidedLabel(source, size=12, muted=True)
        top.addWidget(self._source, 1)
        top.addWidget(self._value)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(slider)
        self._show_number(slider.number())
        slider.number_changed.connect(self._show_number)
        slider.number_changed.connect(self.number_changed)
        self._value.editingFinished.connect(self._take_text)

    def set_source(self, source: str) -> None:
        """Where it comes from, beside the name."""
        self._source.setText(source)

    def show_number(self, number: float) -> None:
        """What it is now, without telling anyone."""
        with QSignalBlocker(self.slider):
            self.slider.set_number(number)
        if not self._value.isModified():
            self._show_number(number)

    @Slot(float)
    def _show_number(self, number: float) -> None:
        self._value.setText(signed(number, self._decimals, plus=self.slider.is_signed))

    @Slot()
    def _take_text(self) -> None:
        # What is no number is simply not taken: the value that stands is written back.
        with suppress(NotANumber):
            self.slider.set_number(parse_number(self._value.text()))
        self._show_number(self.slider.number())
