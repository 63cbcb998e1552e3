"""The Translate panel in a window, behind a service without a model, and a person who draws."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.looking import Shown
from gen_studio.core.tasks import Exercise, QuestionsFound, ShowQuestions
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.ui.panels.translate import TranslatePanel
from gen_studio.ui.shell import Shell
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.translating import VIEW
from gen_studio.viewmodels.translating_screen import TranslatingScreen

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SIZE = {"height": 32, "width": 32, "channels": 3, "latent_shape": ()}
PALETTE = (LayoutClass("sky", (10, 20, 30)), LayoutClass("ground", (40, 50, 60)), LayoutClass("tree", (7, 8, 9)))
FACTS: dict[str, dict[str, object]] = {
    "answers nothing": {},
    "translates": {**SIZE, "capabilities": ("CanAnswer", "CanTranslate"), "input_channels": 1},
    "both ways": {
        **SIZE,
        "capabilities": ("CanTranslateBothWays",),
        "domains": ("night", "day"),
        "input_channels": 3,
    },
    "enlarges": {**SIZE, "capabilities": ("CanAnswer", "CanUpscale"), "scale": 4},
    "paints": {**SIZE, "capabilities": ("CanPaint",), "palette": PALETTE, "takes_style": True},
}


class Person:
    """Does with the panel what a person would."""

    def __init__(self, qtbot, shell: Shell, panel: TranslatePanel, looker: FakeLooker, tasker: FakeTasker) -> None:
        self.qtbot, self.shell, self.panel, self.looker, self.tasker = qtbot, shell, panel, looker, tasker
        self.screen, self.stage, self.controls = panel.screen, panel.translate_stage, panel.controls
        self.canvas, self.translating = self.stage.canvas, panel.screen.translating

    def opens(self, facts: str, **others: object) -> None:
        """A run whose model does what `FACTS` say under that name."""
        self.translating.watch(True)
        self.screen.looking.open(RUN)
        self.looker.say_opened(**{**FACTS[facts], **others})

    def draws(self, *points: tuple[float, float]) -> None:
        self.sends(QEvent.Type.MouseButtonPress, points[0], LEFT, LEFT)
        for point in points[1:]:
            self.sends(QEvent.Type.MouseMove, point, NONE, LEFT)
        self.sends(QEvent.Type.MouseButtonRelease, points[-1], LEFT, NONE)

    def sends(self, kind: QEvent.Type, point: tuple[float, float], button, held) -> None:
        place = self.canvas.widget_point(*point)
        event = QMouseEvent(kind, place, QPointF(self.canvas.mapToGlobal(place)), button, held, PLAIN)
        QApplication.sendEvent(self.canvas, event)

    def types(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        self.qtbot.keyClick(self.canvas, key, modifiers)

    @property
    def asked(self):
        return self.looker.questions(VIEW)[-1].question

    def gets(self, *pictures: np.ndarray) -> None:
        ask = self.looker.questions(VIEW)[-1]
        self.looker.happened.emit(Shown(VIEW, ask.number, 500, np.stack(pictures)))

    def has_examples(self, *exercises: Exercise) -> None:
        self.tasker.finish(ShowQuestions, QuestionsFound(exercises))


@pytest.fixture
def person(qtbot, in_shell) -> Callable[..., Person]:
    def make(facts: str = "", width: int = 1440, height: int = 900) -> Person:
        looker, tasker = FakeLooker(), FakeTasker()
        panel = TranslatePanel(TranslatingScreen.over(Looking(looker), Tasking(tasker)))
        shell = in_shell(panel, width, height)
        made = Person(qtbot, shell, panel, looker, tasker)
        if facts:
            made.opens(facts)
            QApplication.processEvents()
        return made

    return make
