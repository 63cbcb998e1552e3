"""One direction in the list: its slider, with a tint behind the one whose strip and quality are shown."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gen_studio.core.latents import Direction
from gen_studio.ui.theme import tokens
from gen_studio.ui.widgets.painting import BUTTON_RADIUS, box
from gen_studio.ui.widgets.slider import Slider, SliderRow

STRONGEST = 3.0
STEP = 0.05
PADDING = 8


class DirectionRow(QWidget):
    """Taking hold of it, by mouse or keys, chooses it. `moved` tells of the hand alone."""

    chosen = Signal(str)
    moved = Signal(object, float)
    let_go = Signal()

    def __init__(self, direction: Direction) -> None:
        super().__init__()
        self.direction = direction
        self._is_chosen = False
        self.slider = Slider(-STRONGEST, STRONGEST, 0.0, STEP)
        self.row = SliderRow(direction.name, self.slider, source=direction.source)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, 4, PADDING, 2)
        layout.addWidget(self.row)
        self.row.number_changed.connect(self._tell)
        self.slider.sliderPressed.connect(self._choose)
        self.slider.sliderReleased.connect(self.let_go)
        self.slider.installEventFilter(self)

    def show_strength(self, strength: float, *, chosen: bool) -> None:
        with QSignalBlocker(self.row):
            self.row.show_number(strength)
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            self.setAccessibleDescription("chosen" if chosen else "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_chosen:
            box(QPainter(self), self.rect(), tokens().tint, BUTTON_RADIUS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn:
            self._choose()
        elif event.type() is QEvent.Type.FocusOut:
            self.let_go.emit()
        return super().eventFilter(watched, event)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.direction.name)

    @Slot(float)
    def _tell(self, strength: float) -> None:
        self.moved.emit(self.direction, strength)
