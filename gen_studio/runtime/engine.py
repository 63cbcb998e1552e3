"""The window's end of a working thread: commands go in, messages come out, both by queued signals."""

import threading
from typing import Any, Protocol

from PySide6.QtCore import QObject, QThread, Signal, SignalInstance, Slot

from gen_studio.core.events import Message
from gen_studio.runtime.commands import Quit


class Worker(Protocol):
    """A QObject that can be moved to a thread: `carry_out` is its only slot, `happened` its only signal."""

    happened: SignalInstance
    cancelled: threading.Event

    def carry_out(self, command: Any) -> None: ...

    def moveToThread(self, thread: QThread) -> bool: ...  # noqa: N802  Qt's name


class Engine(QObject):
    """Lives in the GUI thread and owns a thread with one worker on it. `happened` carries `Message` values."""

    happened = Signal(object)
    _asked = Signal(object)

    def __init__(self, worker: Worker, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        self._worker = worker
        worker.moveToThread(self._thread)
        self._asked.connect(worker.carry_out)
        # The receiver is a method of a QObject of this thread: anything else would run on the worker's.
        worker.happened.connect(self._pass_on)

    def begin(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def ask(self, command: object) -> None:
        """Puts a command behind those that wait."""
        self._asked.emit(command)

    def cancel_loading(self) -> None:
        """Calls off what is being loaded, at the next report of its progress."""
        self._worker.cancelled.set()

    def shut_down(self) -> None:
        """Stops and saves what trains, ends the thread and waits for it: at most a step and a checkpoint."""
        if not self._thread.isRunning():
            return
        self.cancel_loading()
        self.ask(Quit())
        self._thread.wait()

    @Slot(object)
    def _pass_on(self, message: Message) -> None:
        self.happened.emit(message)
