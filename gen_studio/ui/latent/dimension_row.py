"""One number of a latent in a row of 24: its name, a slider and the number itself."""

from contextlib import suppress

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from gen_studio.ui.theme import font
from gen_studio.ui.widgets.labels import ElidedLabel
from gen_studio.ui.widgets.numbers import NotANumber, parse_number, signed
from gen_studio.ui.widgets.slider import Slider

HEIGHT = 24
NAME_WIDTH, VALUE_WIDTH = 40, 56
REACH = 3.5
"""Standard deviations: beyond lies one number in two thousand."""
STEP = 0.01


class DimensionSlider(Slider):
    """A double click asks for the number's own value rather than for a fixed one."""

    reset_asked = Signal()

    def set_default(self, default: float) -> None:
        """Where the tick stands."""
        if default != self._default:
            self._default = default
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_asked.emit()


class DimensionRow(QWidget):
    """`number_changed` tells of the hand alone. What lies beyond the slider stands at its end, written in full."""

    number_changed = Signal(int, float)
    reset_asked = Signal(int)
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = 0
        self._number: float | None = None
        self.setFixedHeight(HEIGHT)
        self._name = ElidedLabel("", 12, muted=True, tabular=True)
        self._name.setFixedWidth(NAME_WIDTH)
        self.slider = DimensionSlider(-REACH, REACH, 0.0, STEP)
        self.value = QLineEdit()
        self.value.setProperty("plain", True)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value.setFont(font(12, 500, tabular=True))
        self.value.setFixedWidth(VALUE_WIDTH)
        self.value.setTextMargins(0, 0, -3, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._name)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.value)
        self.slider.number_changed.connect(self._tell)
        self.slider.sliderReleased.connect(self.let_go)
        self.slider.reset_asked.connect(self._ask_reset)
        self.value.editingFinished.connect(self._take_text)

    def show_number(self, index: int, number: float | None, default: float | None) -> None:
        """Which number of the latent, what it is, and what it is where nothing was set by hand."""
        if index != self.index or not self._name.text():
            self.index = index
            name = f"z{index + 1}"
            self._name.setText(name)
            for widget in (self.slider, self.value):
                widget.setAccessibleName(name)
        self._number = number
        self.setEnabled(number is not None)
        with QSignalBlocker(self.slider):
            self.slider.set_number(number or 0.0)
            self.slider.set_default(default if default is not None else number or 0.0)
        self._write()

    def _write(self) -> None:
        if not (self.value.hasFocus() and self.value.isModified()):
            self.value.setText("" if self._number is None else signed(self._number))

    @Slot(float)
    def _tell(self, number: float) -> None:
        self._number = number
        self._write()
        self.number_changed.emit(self.index, number)

    @Slot()
    def _ask_reset(self) -> None:
        self.reset_asked.emit(self.index)

    @Slot()
    def _take_text(self) -> None:
        before = self._number
        self.value.setModified(False)
        with suppress(NotANumber):
            number = parse_number(self.value.text())
            if before is not None and signed(number) != signed(before):
                self._number = number
                self.number_changed.emit(self.index, number)
                self.let_go.emit()
        self._write()
