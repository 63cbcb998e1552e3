"""The bar over a canvas: the brush's size and softness, and what is done to a whole mask or drawing at once."""

from collections.abc import Sequence
from functools import partial
from math import exp, log

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gen_studio.ui.canvas.brush import LARGEST
from gen_studio.ui.canvas.easel import Easel
from gen_studio.ui.canvas.tools import COMMANDS, Command, Tool
from gen_studio.ui.widgets.buttons import Button, icon_button
from gen_studio.ui.widgets.labels import ElidedLabel, rule
from gen_studio.ui.widgets.slider import Slider

HEIGHT = 44
STEPS = 100
"""Of the size's slider, which goes by ratios: small brushes are told apart as well as large ones."""
WHOLE = (Command.GROW, Command.SHRINK, Command.INVERT, Command.SWAP, Command.CLEAR)


class OptionsBar(QWidget):
    """Follows a canvas. `at_the_right` is for the panel's own switches."""

    def __init__(self, canvas: Easel, at_the_right: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Brush and canvas")
        self._canvas = canvas
        self.size_slider = _Slider("Brush size", 120)
        self.softness_slider = _Slider("Softness", 84)
        self._size, self._softness = _reading(56), _reading(44)
        self._brush_words = [ElidedLabel("Size"), self.size_slider, self._size]
        self._soft_words = [ElidedLabel("Softness"), self.softness_slider, self._softness]
        self.commands = {command: self._button(command) for command in WHOLE}
        self._rule = rule(vertical=True)
        self._rule.setFixedHeight(20)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (*self._brush_words, *self._soft_words, self._rule):
            row.addWidget(widget)
        for button in self.commands.values():
            row.addWidget(button)
        row.addStretch(1)
        for widget in at_the_right:
            row.addWidget(widget)
        self.size_slider.valueChanged.connect(self._take_size)
        self.softness_slider.valueChanged.connect(self._take_softness)
        canvas.brush_changed.connect(self.follow)
        canvas.tool_changed.connect(self.follow)
        canvas.material_changed.connect(self.follow)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Shows the canvas's brush, and the buttons that its material has."""
        canvas, brush = self._canvas, self._canvas.brush
        has_brush = canvas.material is not None and canvas.tool in (Tool.BRUSH, Tool.ERASER)
        for widget in self._brush_words:
            widget.setVisible(has_brush)
        for widget in self._soft_words:
            widget.setVisible(has_brush and canvas.has(Command.SOFTER))
        for command, button in self.commands.items():
            button.setVisible(canvas.material is not None and canvas.has(command))
        self._rule.setVisible(has_brush)
        if canvas.material is not None:
            self.size_slider.set_default(_of_size(canvas.material.usual_size))
        self.size_slider.show_value(_of_size(brush.size))
        self.softness_slider.show_value(round(STEPS * brush.softness))
        self._size.setText(f"{brush.size} px")
        self._softness.setText(f"{round(100 * brush.softness)} %")

    @Slot(int)
    def _take_size(self, value: int) -> None:
        self._canvas.set_brush(self._canvas.brush.resized(exp(value / STEPS * log(LARGEST))))

    @Slot(int)
    def _take_softness(self, value: int) -> None:
        self._canvas.set_brush(self._canvas.brush.softened(value / STEPS))

    def _button(self, command: Command) -> Button:
        button = icon_button(COMMANDS[command].icon, command.value, COMMANDS[command].keys[0])
        button.clicked.connect(partial(self._canvas.perform, command))
        return button


class _Slider(Slider):
    """In hundredths. A double click goes back to what suits the material."""

    def __init__(self, name: str, width: int) -> None:
        super().__init__(0, STEPS, 0, 1)
        self.setAccessibleName(name)
        self.setFixedWidth(width)

    def set_default(self, default: int) -> None:
        self._default = float(default)
        self.update()

    def show_value(self, value: int) -> None:
        """Told back, a rounded value would change the brush."""
        before = self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(before)


def _of_size(size: int) -> int:
    return round(STEPS * log(size) / log(LARGEST))


def _reading(width: int) -> ElidedLabel:
    label = ElidedLabel(weight=600, tabular=True)
    label.setFixedWidth(width)
    return label
