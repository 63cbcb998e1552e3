"""The whole window with a real trainer behind it, and a person who uses it, on runs as small as they get."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
import torch
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gen_studio.app import Studio, build
from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.models.families.vae import VAE
from gen_studio.viewmodels.training import Phase

LONG = 60_000
"""Milliseconds: neighbours may keep the machine busy."""
ENDLESS = 1_000_000


def small_plan(steps: int = ENDLESS, **config: object) -> RunPlan:
    """A run on the digits whose steps take a millisecond."""
    return RunPlan(
        family=VAE.info.key,
        data=DataPlan(source="digits", size=16, limit=200),
        config={"hidden": 8, "latents": 2, "batch_size": 8, **config},
        steps=steps,
        device=Device.CPU,
        precision=Precision.FLOAT32,
    )


class Person:
    """Does in the window what a person would, and waits for what a person would wait for."""

    def __init__(self, qtbot: object, studio: Studio) -> None:
        self.qtbot, self.studio, self.window = qtbot, studio, studio.window
        self.shell, self.training = studio.window.shell, studio.window.training
        self.train = studio.window.train_panel
        self.column, self.stage, self.readings = self.train.setup_column, self.train.training_stage, self.train.readings

    def waits(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=LONG)

    def clicks(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def waits_for_library(self) -> None:
        self.waits(lambda: self.training.library is not None)

    def starts(self) -> None:
        self.waits_for_library()
        # Heard, not looked for: a short run is over before anybody looks again.
        with self.qtbot.waitSignal(self.training.progressed, timeout=LONG):
            self.clicks(self.shell.transport.main)

    def stops(self) -> None:
        self.clicks(self.shell.transport.stop_button)
        self.waits(lambda: self.training.phase is Phase.IDLE)

    def pauses(self) -> None:
        self.clicks(self.shell.transport.main)
        self.waits(lambda: self.training.phase is Phase.PAUSED)

    def waits_for_history(self, frames: int = 3) -> None:
        self.waits(lambda: len(self.stage.filmstrip._frames) >= frames)

    def folder(self) -> RunFolder:
        assert self.training.shown is not None
        return RunFolder(self.training.shown.path)


@pytest.fixture
def open_window(qtbot, qapp, tmp_path: Path, monkeypatch) -> Iterator[Callable[..., Person]]:
    """Opens the app on a home of its own; everything is shut down afterwards."""
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path))
    threads = torch.get_num_threads()
    opened: list[Studio] = []

    def open_(first: RunPlan | None = None, size: tuple[int, int] = (1440, 900)) -> Person:
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        studio = build(settings, first)
        opened.append(studio)
        studio.window.shell.resize(*size)
        studio.begin()
        QCoreApplication.processEvents()
        studio.window.shell.activateWindow()
        qtbot.waitUntil(studio.window.shell.isActiveWindow, timeout=LONG)
        return Person(qtbot, studio)

    yield open_
    for studio in opened:
        close(studio)
    torch.set_num_threads(threads)


def close(studio: Studio) -> None:
    studio.shut_down()
    if not shiboken6.isValid(studio.window):
        return
    QCoreApplication.processEvents()
    shell = studio.window.shell
    shell.ask_before_closing(lambda: True)
    shell.close()
    shiboken6.delete(studio.window)
    shell.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def answer(monkeypatch) -> Callable[[str], list[str]]:
    """Presses a button of every question that is asked; what was asked."""

    def with_words(words: str) -> list[str]:
        questions: list[str] = []

        def press(box: QMessageBox) -> int:
            questions.append(box.text())
            next(button for button in box.buttons() if button.text() == words).click()
            return 0

        monkeypatch.setattr(QMessageBox, "exec", press)
        return questions

    return with_words


@pytest.fixture
def small() -> Callable[..., RunPlan]:
    """A plan on the digits whose steps take a millisecond; without `steps` it does not end."""
    return small_plan
