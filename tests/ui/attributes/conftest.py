"""The Attributes panel in a window, behind services without a model, and a person who changes attributes."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from gen_studio.core.directions import Quality
from gen_studio.core.latents import Direction, Given, LatentPicture
from gen_studio.core.tasks import FindPlace, FoundPlace, LearnDirection, Learnt
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.ui.attributes.sorting_layout import Area, Spot
from gen_studio.ui.panels.attributes import AttributesPanel
from gen_studio.ui.shell import Shell
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.latent_screen import LatentScreen

LEFT = Qt.MouseButton.LeftButton


class Editor:
    """Does with the panel what a person would."""

    def __init__(
        self, qtbot: object, shell: Shell, panel: AttributesPanel, looker: FakeLooker, tasker: FakeTasker
    ) -> None:
        self.qtbot, self.shell, self.panel, self.looker, self.tasker = qtbot, shell, panel, looker, tasker
        self.screen = panel.screen
        self.exploring, self.editing = panel.screen.exploring, lambda: panel.screen.lesson.editing
        self.stage, self.controls = panel.attributes_stage, panel.controls
        self.examples, self.learning = panel.lesson.examples, panel.lesson.learning

    def opens(self, **facts: object) -> None:
        self.screen.stage.watch(True)
        self.screen.looking.open(RUN)
        self.looker.say_opened(**facts)
        self.settles()

    def settles(self) -> None:
        self.looker.settle()
        self.qtbot.wait(1)

    def waits_for(self, view: str) -> None:
        self.qtbot.waitUntil(lambda: bool(self.looker.questions(view)))
        self.settles()

    def clicks(self, widget: QWidget, place: QPoint | None = None) -> None:
        self.qtbot.mouseClick(widget, LEFT, pos=place or widget.rect().center())

    def drags(self, start: QPoint, end: QPoint) -> None:
        """On the table."""
        table = self.examples.table
        self.qtbot.mousePress(table, LEFT, pos=start)
        self.qtbot.mouseMove(table, (start + end) / 2)
        self.qtbot.mouseMove(table, end)
        self.qtbot.mouseRelease(table, LEFT, pos=end)

    def thumb(self, area: Area, place: int) -> QPoint:
        return self.examples.table.places.rect(Spot(area, place)).center().toPoint()

    def pile(self, area: Area) -> QPoint:
        return self.examples.table.places.pile(area).center().toPoint()

    def types(self, widget: QWidget, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(widget, key)

    def sorts_two(self) -> None:
        for example, side in zip(self.screen.lesson.offered, ("more", "less"), strict=False):
            self.screen.lesson.sort(example, side)

    def learns(self, name: str, number: int) -> Direction:
        """By the button; what comes of it changes one number."""
        values = tuple(float(index == number) for index in range(16))
        direction = Direction(name=name, values=values, source="from 2 pictures")
        if not self.learning.learn.isEnabled():
            self.sorts_two()
        self.clicks(self.learning.learn)
        self.tasker.finish(LearnDirection, Learnt(direction, Quality(0.9, 0.95, 5, 30, 30), (("long hair", 0.3),)))
        self.settles()
        return direction

    def brings_a_picture(self) -> FoundPlace:
        """Its place is found."""
        self.screen.own.paste(np.zeros((30, 20, 3), np.uint8))
        place = LatentPicture(point=Given(values=(1.0,) * 16))
        found = FoundPlace(place, np.full((8, 8, 1), 9, np.uint8), np.zeros((8, 8, 1), np.uint8), 9.0, "encoded")
        self.tasker.finish(FindPlace, found)
        self.settles()
        return found

    @property
    def chip(self) -> str:
        return self.stage.picture._chip.text()


@pytest.fixture
def editor(qtbot, in_shell) -> Callable[..., Editor]:
    def make(width: int = 1440, height: int = 900) -> Editor:
        looker, tasker = FakeLooker(), FakeTasker()
        panel = AttributesPanel(AttributesScreen.beside(LatentScreen.over(looker, tasker)))
        shell = in_shell(panel, width, height)
        return Editor(qtbot, shell, panel, looker, tasker)

    return make
