"""The Data screen behind an engine that says what the test wants."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from gen_studio.core.description import SourceInfo
from gen_studio.core.events import DataShown, Loading, Message, Ready, Refused
from gen_studio.core.jobs import Progress
from gen_studio.core.plan import DataPlan, RunPlan
from gen_studio.runtime.commands import Look
from gen_studio.ui.page import Page
from gen_studio.ui.panels.data import LISTED, DataPanel
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel

SOURCES = (SourceInfo("digits", "Digits", "", 8), SourceInfo("named", "Named set", "", 28, downloadable=True))


class Engine(QObject):
    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []
        self.cancelled = 0

    def ask(self, command: object) -> None:
        self.asked.append(command)

    def cancel_loading(self) -> None:
        self.cancelled += 1

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.happened.emit(message)


class Screen:
    def __init__(self, qtbot: object) -> None:
        self.engine, self.trainer = Engine(), Engine()
        self.setup = SetupViewModel(RunPlan(family="none", data=DataPlan(source="digits")))
        self.data, self.training = DataViewModel(self.engine), TrainingViewModel(self.trainer)
        self.panel = DataPanel(self.data, self.setup, self.training)
        self.page = Page(self.panel)
        self.page.build()
        qtbot.addWidget(self.page)
        self.page.resize(1200, 800)
        self.page.show()
        self.setup.take_library(Ready((), {}, SOURCES, ()))
        self.stage, self.facts = self.panel.data_stage, self.panel.facts

    def looks(self, source: str = "digits") -> DataPlan:
        self.setup.choose_source(source)
        self.data.look(self.setup.data_plan())
        return self.setup.data_plan()


@pytest.fixture
def screen(qtbot) -> Screen:
    return Screen(qtbot)


@pytest.fixture
def shown() -> Callable[..., DataShown]:
    def make(plan: DataPlan, **changes: object) -> DataShown:
        facts = {"splits": {"train": 8, "test": 2}, "counts": {"zero": 6, "one": 4}, "skipped": (), "notes": ()}
        return DataShown(plan, plan, np.zeros((4, 8, 8, 1), np.uint8), (1, 8, 8), **{**facts, **changes})

    return make


def test_what_was_loaded_is_shown_with_its_size_parts_and_classes(screen, shown) -> None:
    screen.engine.say(shown(screen.looks()))
    assert len(screen.stage.grid.pictures) == 4
    assert screen.stage._about.text() == "4 of 10 pictures, 8 × 8"
    assert "Train 8" in screen.facts._splits.accessibleDescription()
    assert screen.facts._classes.isVisible() and "zero 6" in screen.facts._classes.accessibleDescription()


def test_data_without_classes_or_remarks_shows_no_empty_sections(screen, shown) -> None:
    screen.engine.say(shown(screen.looks(), counts={}))
    for hidden in (screen.facts._classes, screen.facts._notes, screen.facts._skipped_heading, screen.facts._skipped):
        assert not hidden.isVisible()


def test_notes_are_said_and_many_files_that_were_left_out_are_counted(screen, shown) -> None:
    files = tuple(f"{number}.png: damaged" for number in range(LISTED + 5))
    screen.engine.say(shown(screen.looks(), notes=("Three were turned.",), skipped=files))
    assert screen.facts._notes.text() == "Three were turned."
    assert screen.facts._skipped.text().endswith("and 5 more")


def test_reading_tells_how_far_it_is_and_can_be_called_off(screen, qtbot) -> None:
    screen.looks()
    screen.engine.say(Loading(Progress("Decoding pictures", 1, 4)))
    assert screen.stage._about.text() == "Decoding pictures, 25%" and screen.stage._cancel.isVisible()
    screen.stage._cancel.click()
    assert screen.engine.cancelled == 1


def test_a_set_that_is_not_there_offers_the_download_and_fetches_only_when_asked(screen) -> None:
    plan = screen.looks("named")
    screen.engine.say(Refused("It is not there. Download it with --download.", asked=plan))
    problem = screen.stage.problem
    assert problem.isVisible() and problem._sentence.text() == "It is not there. Download it."
    assert screen.engine.asked == [Look(plan)]
    problem.download.click()
    assert screen.engine.asked[-1] == Look(plan, download=True)
    screen.engine.say(Refused("No.", asked=plan))
    problem.retry.click()
    assert screen.engine.asked[-1] == Look(plan)


def test_a_source_that_is_always_there_offers_no_download(screen) -> None:
    screen.engine.say(Refused("It broke.", asked=screen.looks()))
    assert not screen.stage.problem.download.isVisible() and not screen.stage.problem.choose.isVisible()


def test_a_folder_that_is_chosen_becomes_the_sources_path(screen, monkeypatch) -> None:
    from gen_studio.ui.panels import data_problem

    plan = screen.looks("named")
    screen.engine.say(Refused("Not there.", asked=plan))
    monkeypatch.setattr(data_problem.QFileDialog, "getExistingDirectory", lambda *_: "/mine")
    screen.stage.problem.choose.click()
    assert screen.setup.data_plan().path == "/mine"


def test_of_a_pair_the_picker_shows_the_answer(screen, shown) -> None:
    plan = screen.looks()
    pairs = np.zeros((1, 8, 16, 1), np.uint8)
    pairs[:, :, 8:] = 200
    screen.engine.say(DataShown(plan, plan, pairs, (1, 8, 8), {"train": 1}, {}, (), ()))
    picture = screen.panel.choice.picker.current().picture
    assert (picture.width(), picture.height()) == (8, 8) and picture.pixelColor(0, 0).red() == 200
