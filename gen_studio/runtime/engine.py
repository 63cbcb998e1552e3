"""The window's end of the training thread: commands go in, messages come out, both by queued signals."""

from PySide6.QtCore import QObject, QThread, Signal, Slot

from gen_studio.core.events import Message
from gen_studio.runtime.commands import Command, LoadLibrary, Stop
from gen_studio.runtime.worker import TrainingWorker

CLOSE_MILLISECONDS = 30_000


class Engine(QObject):
    """Lives in the GUI thread and owns the training thread. `happened` carries `core.events.Message` values."""

    happened = Signal(object)
    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._worker = TrainingWorker()
        self._worker.moveToThread(self._thread)
        self._asked.connect(self._worker.carry_out)
        # The receiver is a method of a QObject of this thread: anything else would run on the worker's.
        self._worker.happened.connect(self._pass_on)

    def begin(self) -> None:
        """Starts the thread and the import of torch on it."""
        self._thread.start()
        self.ask(LoadLibrary())

    def ask(self, command: Command) -> None:
        self._asked.emit(command)

    def cancel_loading(self) -> None:
        """Calls off what is being loaded, at the next report of its progress."""
        self._worker.cancelled.set()

    def shut_down(self) -> None:
        """Stops and saves what trains, and ends the thread. Waits for it."""
        if not self._thread.isRunning():
            return
        self.cancel_loading()
        self.ask(Stop())
        self._thread.quit()
        self._thread.wait(CLOSE_MILLISECONDS)

    @Slot(object)
    def _pass_on(self, message: Message) -> None:
        self.happened.emit(message)
