"""Builds every object of the window and passes it in. Nothing here, and nothing it imports, imports torch."""

import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType

# Idle threads of the numerics library spin by default, and take the cores that the window needs.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from PySide6.QtCore import QCoreApplication, QObject, QSettings, QSocketNotifier, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gen_studio.core import paths
from gen_studio.core.demo import demo_plan
from gen_studio.core.plan import RunPlan
from gen_studio.runtime.commands import LoadLibrary
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

    def report_fault(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None = None) -> None:
        """A mistake in the window's own code is a bar with Copy, and what trains goes on."""
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        words = f"Something in the window failed: {kind.__name__}: {error}. What trains is not affected."
        self.window.training.noticed.emit(words, details)

    def _wake(self) -> None:
        self.engine.begin()
        self.window.machine.begin()
        self.engine.ask(LoadLibrary())
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
    sys.excepthook = studio.report_fault
    signals = EndSignals(app)
    studio.begin()
    status = app.exec()
    studio.shut_down()
    signals.close()
    return status


class EndSignals(QObject):
    """Ctrl+C in the terminal and a polite kill end the app as its window does, without asking: what trains is saved.

    Python would only hear of them once some of its code runs; a socket wakes Qt's loop.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ours, self._pythons = socket.socketpair()
        for end in (self._ours, self._pythons):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)
        self._before = signal.set_wakeup_fd(self._pythons.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _heard)

    def close(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._ours.close()
        self._pythons.close()

    @Slot()
    def _end(self) -> None:
        QCoreApplication.quit()


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The socket has the word already."""
