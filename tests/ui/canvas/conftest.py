"""A canvas that is shown, and a hand that moves a simulated mouse over it."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gen_studio.ui.canvas.canvas import Canvas

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


class Pointer:
    """Moves over a canvas, told where in pixels of the picture."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def press(self, x: float, y: float, button=LEFT, modifiers=PLAIN) -> None:
        self._send(QEvent.Type.MouseButtonPress, x, y, button, button, modifiers)

    def move(self, x: float, y: float, held=LEFT, modifiers=PLAIN) -> None:
        self._send(QEvent.Type.MouseMove, x, y, NONE, held, modifiers)

    def release(self, x: float, y: float, button=LEFT) -> None:
        self._send(QEvent.Type.MouseButtonRelease, x, y, button, NONE, PLAIN)

    def draw(self, *points: tuple[float, float], button=LEFT, modifiers=PLAIN) -> None:
        self.press(*points[0], button, modifiers)
        for point in points[1:]:
            self.move(*point, button)
        self.release(*points[-1], button)

    def _send(self, kind, x: float, y: float, button, held, modifiers) -> None:
        point = self.canvas.widget_point(x, y)
        event = QMouseEvent(kind, point, QPointF(self.canvas.mapToGlobal(point)), button, held, modifiers)
        QApplication.sendEvent(self.canvas, event)


@pytest.fixture
def canvas(qtbot) -> Iterator[Canvas]:
    widget = Canvas()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    widget.close()


@pytest.fixture
def pointer(canvas: Canvas) -> Pointer:
    return Pointer(canvas)


@pytest.fixture
def pointer_over() -> Callable[[Canvas], Pointer]:
    """For a canvas of the test's own."""
    return Pointer


@pytest.fixture
def photo() -> Callable[[int, int], np.ndarray]:
    """A picture (H, W, 3) of chance colours, the same for the same size."""

    def make(height: int, width: int) -> np.ndarray:
        return np.random.default_rng(height * 10_000 + width).integers(0, 256, (height, width, 3), dtype=np.uint8)

    return make
