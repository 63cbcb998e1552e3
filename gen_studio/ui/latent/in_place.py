"""A field that opens where words stand, and takes them with Enter or a click elsewhere; Escape leaves them."""

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gen_studio.ui.theme import font


class InPlaceField(QLineEdit):
    """Made once and opened for one thing after another; `taken` tells which one and what was written."""

    taken = Signal(int, str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(font(12, tabular=True))
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hide()
        self._number: int | None = None
        self.editingFinished.connect(self._take)

    def open(self, number: int, words: str, place: QRect) -> None:
        self._take()
        self._number = number
        self.setText(words)
        self.selectAll()
        self.setGeometry(place)
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._number = None
            self._close()
            return
        super().keyPressEvent(event)

    @Slot()
    def _take(self) -> None:
        number, self._number = self._number, None
        if number is not None:
            self._close()
            self.taken.emit(number, self.text())

    def _close(self) -> None:
        parent = self.parentWidget()
        had_focus = self.hasFocus()
        self.hide()
        if had_focus and parent is not None:
            parent.setFocus()
