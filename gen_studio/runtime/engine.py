"""The window's end of a working thread: commands go in, messages come out, both by queued signals."""

from typing import Any, Protocol

from PySide6.QtCore import QObject, QThread, Signal, SignalInstance, Slot

from gen_studio.core.events import Answer, Message
from gen_studio.runtime.commands import Quit


class CallOff:
    """The only thing that two threads share: up to which command the window no longer wants an answer.

    Commands are numbered, so that a call-off meets those that were asked before it and none that came after.
    """

    def __init__(self) -> None:
        self._up_to = 0

    def call_off(self, number: int) -> None:
        """Window's side: the command with this number, and those before it."""
        self._up_to = number

    def has_met(self, number: int) -> bool:
        """Worker's side."""
        return number <= self._up_to


class Worker(Protocol):
    """A QObject that can be moved to a thread: `carry_out` is its only slot, `happened` its only signal."""

    happened: SignalInstance
    called_off: CallOff

    def carry_out(self, number: int, command: Any) -> None: ...

    def moveToThread(self, thread: QThread) -> bool: ...  # noqa: N802  Qt's name


class Engine(QObject):
    """Lives in the GUI thread and owns a thread with one worker on it. `happened` carries what the worker tells."""

    happened = Signal(object)
    _asked = Signal(int, object)

    def __init__(self, worker: Worker, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        self._worker = worker
        self._number = 0
        worker.moveToThread(self._thread)
        self._asked.connect(worker.carry_out)
        # The receiver is a method of a QObject of this thread: anything else would run on the worker's.
        worker.happened.connect(self._pass_on)

    def begin(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def ask(self, command: object) -> None:
        """Puts a command behind those that wait."""
        self._number += 1
        self._asked.emit(self._number, command)

    def cancel_loading(self) -> None:
        """Calls off what is being loaded or still waits to be, at the next report of its progress."""
        self._worker.called_off.call_off(self._number)

    def shut_down(self) -> None:
        """Stops and saves what trains, ends the thread and waits for it: at most a step and a checkpoint."""
        if not self._thread.isRunning():
            return
        self.cancel_loading()
        self.ask(Quit())
        self._thread.wait()

    @Slot(object)
    def _pass_on(self, message: Message | Answer) -> None:
        self.happened.emit(message)
