"""Puts the window's frame on the screen within a blink, and builds what belongs in it behind the first picture."""

import signal
import socket
import sys
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QSocketNotifier, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from gen_studio.core import paths
from gen_studio.ui.shell import Shell
from gen_studio.ui.theme import apply_theme
from gen_studio.ui.widgets.transport import Mode

if TYPE_CHECKING:
    from gen_studio.app import Studio


def run(arguments: Sequence[str] = (), *, demo: bool = False) -> int:
    """Opens the window and stays until it is closed; with `demo`, the demo's run is started at once."""
    QCoreApplication.setApplicationName("Gen Studio")
    app = QApplication([sys.argv[0], *arguments])
    apply_theme(app)
    opening = Opening(demo)
    signals = EndSignals(app)
    opening.begin()
    status = app.exec()
    opening.shut_down()
    signals.close()
    return status


class Opening(QObject):
    """Shows an empty frame; once it is painted, imports and builds the rest. `opened` carries the Studio."""

    painted = Signal()
    opened = Signal(object)

    def __init__(self, demo: bool = False) -> None:
        super().__init__()
        self._demo = demo
        self._studio: Studio | None = None
        self._settings = QSettings(str(paths.settings_file()), QSettings.Format.IniFormat)
        self.shell = Shell(self._settings)
        self.shell.transport.set_mode(Mode.BUSY)
        self.shell.transport.set_status("Starting")
        self.shell.installEventFilter(self)

    def begin(self) -> None:
        self.shell.show()

    def shut_down(self) -> None:
        """Saves what trains and ends the threads."""
        if self._studio is not None:
            self._studio.shut_down()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # The paint itself, and those of the children, come before the next turn of the event loop.
            QTimer.singleShot(0, self, self._fill)
        return False

    @Slot()
    def _fill(self) -> None:
        self.painted.emit()
        from gen_studio.app import build
        from gen_studio.core.demo import demo_plan

        studio = build(self._settings, demo_plan() if self._demo else None, self.shell)
        self._studio = studio
        sys.excepthook = studio.report_fault
        if self._demo:
            studio.window.training.ready.connect(studio.window.transport.start)
        studio.begin()
        self.opened.emit(studio)


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
