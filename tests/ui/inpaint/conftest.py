"""The Inpaint panel in a window, behind a service without a model, and a person who paints."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from gen_studio.core.looking import Fill, Shown
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.ui.panels.inpaint import InpaintPanel
from gen_studio.ui.shell import Shell
from gen_studio.viewmodels.inpainting import VIEW, Subject
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
INPAINTS = {"capabilities": ("CanInpaint",), "latent_shape": (), "channels": 3, "height": 96, "width": 96}


class Painter:
    """Does with the panel what a person would."""

    def __init__(
        self, qtbot: object, shell: Shell, panel: InpaintPanel, looker: FakeLooker, tasker: FakeTasker
    ) -> None:
        self.qtbot, self.shell, self.panel, self.looker, self.tasker = qtbot, shell, panel, looker, tasker
        self.screen, self.stage, self.controls = panel.screen, panel.inpaint_stage, panel.controls
        self.inpainting, self.files = panel.screen.inpainting, panel.screen.files
        self.canvas, self.result = panel.inpaint_stage.canvas, panel.inpaint_stage.result
        self.photo = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)

    def opens(self, run: Path = RUN, **facts: object) -> None:
        """A run, and a photo to work on."""
        self.screen.looking.open(run)
        self.screen.watch(True)
        self.looker.say_opened(**{**INPAINTS, **facts})
        self.inpainting.begin(Subject(self.photo, "photo.png"))
        self.canvas.setFocus()

    def draws(self, *points: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        """Along points of the picture."""
        self._send(self.canvas, QEvent.Type.MouseButtonPress, points[0], button, button)
        for point in points[1:]:
            self._send(self.canvas, QEvent.Type.MouseMove, point, NONE, button)
        self._send(self.canvas, QEvent.Type.MouseButtonRelease, points[-1], button, NONE)

    def presses(self, widget: QWidget, x: float, y: float) -> None:
        self._send(widget, QEvent.Type.MouseButtonPress, (x, y), LEFT, LEFT)

    def drags(self, widget: QWidget, x: float, y: float) -> None:
        self._send(widget, QEvent.Type.MouseMove, (x, y), NONE, LEFT)

    def releases(self, widget: QWidget, x: float, y: float) -> None:
        self._send(widget, QEvent.Type.MouseButtonRelease, (x, y), LEFT, NONE)

    def types(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.shell, key, modifiers)

    def clicks(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, LEFT)

    def fill(self, view: str = VIEW) -> Fill:
        return self.looker.questions(view)[-1].question

    def answers(self, *greys: int, view: str = VIEW) -> None:
        """Every pixel of each answer is of one grey, the known ones too: a model that keeps no promise."""
        ask = self.looker.questions(view)[-1]
        shape = ask.question.picture.shape
        pictures = np.stack([np.full(shape, grey, np.uint8) for grey in greys])
        self.looker.happened.emit(Shown(view, ask.number, self.looker.facts.step, pictures))

    def seen(self, widget: QWidget, x: float, y: float) -> tuple[int, ...]:
        """The colour on the screen at a place of the picture."""
        image = widget.grab().toImage()
        point = widget.widget_point(x + 0.5, y + 0.5) * image.devicePixelRatio()
        return image.pixelColor(point.toPoint()).getRgb()[:3]

    @staticmethod
    def _send(widget: QWidget, kind: QEvent.Type, place: tuple[float, float], button: object, held: object) -> None:
        point = widget.widget_point(*place)
        event = QMouseEvent(kind, point, QPointF(widget.mapToGlobal(point)), button, held, PLAIN)
        QApplication.sendEvent(widget, event)


@pytest.fixture
def painter(qtbot, in_shell) -> Callable[..., Painter]:
    def make(width: int = 1440, height: int = 900) -> Painter:
        looker, tasker = FakeLooker(), FakeTasker()
        panel = InpaintPanel(InpaintingScreen.over(Looking(looker), Tasking(tasker)))
        shell = in_shell(panel, width, height)
        return Painter(qtbot, shell, panel, looker, tasker)

    return make
