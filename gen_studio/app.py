"""Builds every object of the window and passes it in. Nothing here, and nothing it imports, imports torch."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

# Idle threads of the numerics library spin by default, and take the cores that the window needs.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from gen_studio.core import paths
from gen_studio.core.demo import demo_plan
from gen_studio.core.plan import RunPlan
from gen_studio.runtime.commands import LoadLibrary, Watch
from gen_studio.runtime.data_worker import DataWorker
from gen_studio.runtime.engine import Engine
from gen_studio.runtime.worker import TrainingWorker
from gen_studio.ui.theme import apply_theme
from gen_studio.ui.window import Window
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.machine import MachineViewModel
from gen_studio.viewmodels.runs import RunsViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel


@dataclass
class Studio:
    """The running app: the window and the two threads behind it."""

    window: Window
    engine: Engine
    data_engine: Engine

    def begin(self) -> None:
        """Shows the window; everything slow comes after its first picture."""
        self.window.shell.show()
        QTimer.singleShot(0, self.window.shell, self._wake)

    def shut_down(self) -> None:
        """Saves what trains and ends both threads."""
        self.engine.shut_down()
        self.data_engine.shut_down()

    def _wake(self) -> None:
        self.engine.begin()
        self.window.machine.begin()
        self.engine.ask(LoadLibrary())
        self.engine.ask(Watch(True))
        self.data_engine.begin()
        self.window.begin()
        QTimer.singleShot(0, self.window.shell, self.window.build_plots)


def build(settings: QSettings | None = None, first: RunPlan | None = None) -> Studio:
    """All objects of the app, tied together, nothing started. Needs a QApplication.

    first: the run that stands in the setup at first.
    """
    settings = settings or QSettings(str(paths.home() / "settings.ini"), QSettings.Format.IniFormat)
    engine = Engine(TrainingWorker(), "training")
    data_engine = Engine(DataWorker(), "data")
    setup = SetupViewModel(first or demo_plan())
    training = TrainingViewModel(engine)
    window = Window(
        settings,
        setup,
        DataViewModel(data_engine),
        training,
        RunsViewModel(),
        MachineViewModel(engine, settings),
    )
    return Studio(window, engine, data_engine)


def run(arguments: Sequence[str] = (), demo: RunPlan | None = None) -> int:
    """Opens the window and stays until it is closed; with `demo`, that run is started at once."""
    QCoreApplication.setApplicationName("Gen Studio")
    app = QApplication([sys.argv[0], *arguments])
    apply_theme(app)
    studio = build(first=demo)
    if demo is not None:
        studio.window.training.ready.connect(studio.window.transport.start)
    studio.begin()
    status = app.exec()
    studio.shut_down()
    return status
