"""What stands in the middle of a stage that has nothing to show: one sentence and one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.ui.widgets.buttons import Button, Kind
from gen_studio.ui.widgets.labels import paragraph

WIDTH = 360


class EmptyState(QWidget):
    """Without a button's words there is only the sentence."""

    clicked = Signal()

    def __init__(self, sentence: str, button: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = paragraph(sentence, muted=True, size=13)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._sentence.setMaximumWidth(WIDTH)
        self.button = Button(button, Kind.RAISED, icon, parent=self)
        self.button.setVisible(bool(button))
        self.button.clicked.connect(self.clicked)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(1)
        # Between stretches rather than aligned: an aligned label keeps the height of a single line.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._sentence, 1000)
        middle.addStretch(1)
        layout.addLayout(middle)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def set_sentence(self, sentence: str) -> None:
        self._sentence.setText(sentence)
