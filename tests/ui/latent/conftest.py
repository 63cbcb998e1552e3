"""The Latent panel in a window, behind a service without a model, and a person who explores."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from gen_studio.core.latents import Direction
from gen_studio.core.tasks import Request, Result, Surveyed, TaskDone
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.ui.panels.latent import LatentPanel
from gen_studio.ui.shell import Shell
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.pins import VIEW as PINS
from gen_studio.viewmodels.walking import STRIP_VIEW

MAIN = tuple(
    Direction(name=f"Component {number + 1}", values=tuple(float(index == number) for index in range(16)))
    for number in range(6)
)
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


class FakeTasker(QObject):
    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Request] = []

    def ask(self, command: Request) -> None:
        self.asked.append(command)

    def cancel_loading(self) -> None:
        pass

    def finish(self, result: Result) -> None:
        self.happened.emit(TaskDone(self.asked[-1].number, 500, result))


class Explorer:
    """Does with the panel what a person would."""

    def __init__(self, qtbot: object, shell: Shell, panel: LatentPanel, looker: FakeLooker, tasker: FakeTasker) -> None:
        self.qtbot, self.shell, self.panel, self.looker, self.tasker = qtbot, shell, panel, looker, tasker
        self.screen = panel.screen
        self.exploring, self.walk = panel.screen.exploring, panel.screen.walk
        self.stage, self.controls, self.context = panel.latent_stage, panel.controls, panel.latent_context

    def opens(self, **facts: object) -> None:
        self.exploring.watch(True)
        self.screen.looking.open(RUN)
        self.looker.say_opened(**facts)
        self.settles()

    def settles(self) -> None:
        self.looker.settle()
        self.qtbot.wait(1)

    def surveys(self) -> None:
        self.tasker.finish(Surveyed(MAIN, (0.1,) * 6, np.arange(16, dtype=np.float32)))

    def waits_for(self, view: str, count: int = 1) -> None:
        self.qtbot.waitUntil(lambda: len(self.looker.questions(view)) >= count)
        self.looker.settle()

    def drags(self, widget: QWidget, *points: QPointF | QPoint) -> None:
        places = [point.toPoint() if isinstance(point, QPointF) else point for point in points]
        self.qtbot.mousePress(widget, LEFT, pos=places[0])
        for place in places[1:]:
            self.qtbot.mouseMove(widget, place)
        self.qtbot.mouseRelease(widget, LEFT, pos=places[-1])

    def pins(self, *seeds: int) -> None:
        for seed in seeds:
            self.exploring.draw(seed)
            self.screen.pins.pin()
        self.waits_for(PINS)

    def pin_centre(self, place: int) -> QPoint:
        return self.context.pins.shelf.thumbnail_rect(place).center()

    def walks(self, *seeds: int) -> None:
        """Puts a walk together."""
        for seed in seeds:
            self.exploring.draw(seed)
            self.walk.add_keyframe()
        self.waits_for(STRIP_VIEW)

    @property
    def chip(self) -> str:
        """What stands on the picture."""
        return self.stage.picture._chip.text()

    def types(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.shell, key, modifiers)


@pytest.fixture
def explorer(qtbot, in_shell) -> Callable[..., Explorer]:
    def make(width: int = 1440, height: int = 900) -> Explorer:
        looker, tasker = FakeLooker(), FakeTasker()
        panel = LatentPanel(LatentScreen.over(looker, tasker))
        shell = in_shell(panel, width, height)
        return Explorer(qtbot, shell, panel, looker, tasker)

    return make


@pytest.fixture
def main_directions() -> tuple[Direction, ...]:
    """What a survey of the fake model finds."""
    return MAIN


@pytest.fixture
def said_by() -> Callable[..., list[tuple[object, ...]]]:
    """Collects what a signal carries."""

    def collect(signal: object) -> list[tuple[object, ...]]:
        heard: list[tuple[object, ...]] = []
        signal.connect(lambda *values: heard.append(values))
        return heard

    return collect
