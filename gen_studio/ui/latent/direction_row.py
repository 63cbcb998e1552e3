"""One direction of the Latent panel: its slider, and its name, which is changed where it stands."""

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from gen_studio.core.latents import Direction
from gen_studio.ui.latent.in_place import InPlaceField
from gen_studio.ui.widgets.slider import Slider, SliderRow

STRONGEST = 3.0
STEP = 0.05
NAME_HEIGHT = 24
VALUE_ROOM = 76


class DirectionRow(QWidget):
    """A double click on the name, or F2, opens it for writing; the menu offers the rest. Signals tell of the hand."""

    moved = Signal(object, float)
    let_go = Signal()
    named = Signal(object, str)
    forgotten = Signal(object)
    laid_across = Signal(object)
    laid_up = Signal(object)

    def __init__(self, direction: Direction, forget_words: str) -> None:
        """forget_words: what the menu says of taking it out of the list; "" where it is in none."""
        super().__init__()
        self.direction = direction
        self._forget_words = forget_words
        self.slider = Slider(-STRONGEST, STRONGEST, 0.0, STEP)
        self.row = SliderRow(direction.name, self.slider, source=direction.source)
        self.row.setToolTip("Double-click the name to change it")
        self.field = InPlaceField("Name of the direction", self)
        self.field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.row)
        self.row.number_changed.connect(self._tell)
        self.slider.sliderReleased.connect(self.let_go)
        self.field.taken.connect(self._take_name)

    def show_strength(self, strength: float) -> None:
        with QSignalBlocker(self.row):
            self.row.show_number(strength)

    @Slot()
    def rename(self) -> None:
        self.field.open(0, self.direction.name, QRect(0, 0, self.width() - VALUE_ROOM, NAME_HEIGHT))
        self.field.raise_()

    def menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Rename").triggered.connect(self.rename)
        menu.addAction("Across the map").triggered.connect(lambda: self.laid_across.emit(self.direction))
        menu.addAction("Up the map").triggered.connect(lambda: self.laid_up.emit(self.direction))
        menu.addSeparator()
        menu.addAction("Back to 0").triggered.connect(self._reset)
        if self._forget_words:
            menu.addAction(self._forget_words).triggered.connect(lambda: self.forgotten.emit(self.direction))
        return menu

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().y() < self.slider.mapTo(self, QPoint(0, 0)).y():
            self.rename()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.rename()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    @Slot(float)
    def _tell(self, strength: float) -> None:
        self.moved.emit(self.direction, strength)

    @Slot()
    def _reset(self) -> None:
        self.moved.emit(self.direction, 0.0)
        self.let_go.emit()

    @Slot(int, str)
    def _take_name(self, _number: int, name: str) -> None:
        if name != self.direction.name:
            self.named.emit(self.direction, name)
