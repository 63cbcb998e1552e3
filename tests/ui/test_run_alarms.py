"""The alarm card of a run under way: shown, explained, acted upon and dismissed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal

from gen_studio.core.config import Config, fields_of, setting
from gen_studio.core.description import FamilyDescription, Group, Info, Metric, SourceInfo
from gen_studio.core.events import Alarmed, Began, Ended, Fix, MarkKind, Message, Ready, Reason
from gen_studio.core.plan import DataPlan, Device, RunPlan
from gen_studio.core.runs import RunFolder, Status
from gen_studio.runtime.commands import SetRate
from gen_studio.ui.panels.run_alarms import PREPARED, RunAlarms
from gen_studio.ui.widgets.buttons import Button
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel

SLOWER = Fix("slower", "Halve D's rate", rate_factors={"discriminator": 0.5})
NOISE = Fix("noise", "Instance noise", {"noise": 0.1})
WON = Alarmed(300, "won", "Discriminator won?", 120, "D(real) is 1.00.", "It says little.", (SLOWER, NOISE))
COLLAPSE = Alarmed(400, "collapse", "Mode collapse?", 350, "60 of 81.", "It makes few.", (), tuple(range(60)))


class GameConfig(Config):
    noise: float = setting(0.0, "Noise", "How much.", ge=0, le=1)


class Trainer(QObject):
    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def ask(self, command: object) -> None:
        self.asked.append(command)

    def cancel_loading(self) -> None:
        pass

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.happened.emit(message)


class Screen:
    def __init__(self, qtbot: object, path: Path) -> None:
        self.path, self.qtbot = path, qtbot
        self.trainer = Trainer()
        self.training = TrainingViewModel(self.trainer)
        self.setup = SetupViewModel(RunPlan(family="game"))
        self.alarms = RunAlarms(self.training, self.setup)
        self.card = self.alarms.card
        info = Info("game", "Game", Group.ADVERSARIAL, 2026, "Nobody, 2026", "Made up.")
        family = FamilyDescription(info, (Metric("loss", "Loss"),), fields_of(GameConfig), ())
        library = Ready((family,), {}, (SourceInfo("digits", "Digits", "", 8),), (Device.CPU,))
        self.setup.take_library(library)
        self.trainer.say(library)
        self.begins("first")
        qtbot.addWidget(self.alarms)
        self.alarms.show()

    def begins(self, name: str) -> None:
        plan = RunPlan(family="game", data=DataPlan(source="digits"), config={"noise": 0.0})
        folder = RunFolder.create(self.path / name, plan, Status(name=name))
        rates = {"discriminator": 2e-4, "generator": 1e-4}
        self.trainer.say(Began(folder.path, plan, tuple(rates), rates, 0, 1000))

    def clicks(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: any(b.text() == words and b.isVisible() for b in self.card.findChildren(Button)))
        button = next(b for b in self.card.findChildren(Button) if b.text() == words and b.isVisible())
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def screen(qtbot, tmp_path: Path) -> Screen:
    return Screen(qtbot, tmp_path)


def collected(signal: object) -> list[object]:
    heard: list[object] = []
    signal.connect(heard.append)
    return heard


def test_without_an_alarm_there_is_no_card(screen) -> None:
    assert screen.card.isHidden()


def test_an_alarm_says_since_when_and_what_was_seen_and_is_marked_on_the_curves(screen) -> None:
    marks = collected(screen.training.marked)
    screen.trainer.say(WON)
    shown = screen.card.alarm()
    assert not screen.card.isHidden()
    assert (shown.title, shown.since, shown.seen) == ("Discriminator won?", "since step 120", "D(real) is 1.00.")
    assert shown.advice == ""
    assert [(mark.step, mark.kind, mark.label) for mark in marks] == [(300, MarkKind.ALARM, "Discriminator won")]


def test_why_tells_what_it_means(screen) -> None:
    screen.trainer.say(WON)
    screen.clicks("Why?")
    assert screen.card.alarm().advice == WON.meaning


def test_a_rate_is_changed_at_once_and_the_card_goes(screen) -> None:
    screen.trainer.say(WON)
    screen.clicks("Halve D's rate")
    assert screen.trainer.asked == [SetRate("discriminator", 1e-4)]
    assert screen.card.isHidden()


def test_other_settings_are_prepared_for_a_new_run(screen) -> None:
    screen.trainer.say(WON)
    screen.clicks("Instance noise")
    assert screen.setup.values()["config.noise"] == 0.1
    assert screen.trainer.asked == []
    assert screen.card.alarm().advice == PREPARED
    assert screen.card.alarm().fixes == ()


def test_the_newest_is_shown_and_behind_it_the_one_before(screen) -> None:
    screen.trainer.say(WON, COLLAPSE)
    assert screen.card.alarm().key == "collapse"
    screen.training.dismiss_alarm("collapse")
    assert screen.card.alarm().key == "won"
    screen.training.dismiss_alarm("won")
    assert screen.card.isHidden()


def test_the_samples_meant_are_named_until_the_alarm_is_gone(screen) -> None:
    meant = collected(screen.alarms.samples_meant)
    screen.trainer.say(COLLAPSE)
    assert meant[-1] == COLLAPSE.items
    screen.training.dismiss_alarm("collapse")
    assert meant[-1] == ()


def test_it_belongs_to_the_run_that_trains(screen) -> None:
    screen.trainer.say(WON)
    screen.training.show(None)
    assert screen.card.isHidden()
    screen.training.show(screen.path / "first")
    assert screen.card.alarm().key == "won"
    screen.trainer.say(Ended(500, Reason.STOPPED, "Stopped."))
    assert screen.card.isHidden()
    screen.begins("second")
    assert screen.card.isHidden()


def test_an_alarm_of_a_run_that_is_not_shown_marks_no_other_curve(screen) -> None:
    marks = collected(screen.training.marked)
    screen.training.show(None)
    screen.trainer.say(WON)
    assert marks == []
    assert screen.training.alarms == (WON,)
