"""The row at the foot of a column where a picture is changed: all of it back, another one, and the way back."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gen_studio.ui.widgets.buttons import Button, icon_button


class FootRow(QWidget):
    """Reset, which lights up only where something differs, Random, undo and redo. Whoever listens does it."""

    def __init__(self, reset_hint: str, random_hint: str) -> None:
        super().__init__()
        self.reset = Button("Reset", icon="rotate-ccw")
        self.reset.setToolTip(reset_hint)
        self.random = Button("Random", icon="shuffle")
        self.random.setToolTip(f"{random_hint}   R")
        self.undo = icon_button("undo-2", "Undo", "Ctrl+Z")
        self.redo = icon_button("redo-2", "Do again", "Ctrl+Shift+Z")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.reset)
        layout.addWidget(self.random)
        layout.addStretch(1)
        layout.addWidget(self.undo)
        layout.addWidget(self.redo)

    def show_possible(self, *, reset: bool, undo: bool, redo: bool) -> None:
        self.reset.setEnabled(reset)
        self.reset.set_accented(reset)
        self.undo.setEnabled(undo)
        self.redo.setEnabled(redo)
