"""The window's end of the thread that shows a model: which run is looked at, what is asked of it, what comes back."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal, SignalInstance, Slot

from gen_studio.core.events import Began, Ended, Message, Published
from gen_studio.core.looking import Ask, Sight, Updated
from gen_studio.core.mailbox import Mailbox
from gen_studio.runtime.commands import Publish
from gen_studio.runtime.publication import Publication
from gen_studio.runtime.render_worker import Order, RenderWorker, Source
from gen_studio.runtime.show import Show


class Trainer(Protocol):
    """What this needs of the training engine."""

    happened: SignalInstance

    def ask(self, command: Publish) -> None: ...


class RenderService(QObject):
    """Lives in the GUI thread and owns the rendering thread. `happened` carries a `core.looking.Sight`.

    The run that trains is shown as it trains, any other with its newest checkpoint. When the live run ends its last
    weights stay, and when a run that is looked at is resumed it becomes live: both are said by another Opened. Of the
    questions that wait from one view only the newest is answered. A large picture is answered part by part; between
    two parts it is left where nobody waits for it any more.
    """

    happened = Signal(object)
    _nudged = Signal()
    _left = Signal()

    def __init__(self, trainer: Trainer, published: Mailbox[Publication], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        self._thread = QThread(self)
        self._thread.setObjectName("rendering")
        self._worker = RenderWorker(published)
        self._worker.moveToThread(self._thread)
        self._number = 0
        self._run: Path | None = None
        self._live: Path | None = None
        self._gets_weights = False
        self._was_asked = False
        self._nudged.connect(self._worker.serve)
        self._left.connect(self._worker.leave)
        # Receivers are methods of QObjects of this thread: anything else would run on the other one.
        self._worker.happened.connect(self._pass_on)
        trainer.happened.connect(self._heed)

    @property
    def show(self) -> Show:
        """The model that is looked at, for threads that compute with it."""
        return self._worker.show

    @property
    def run(self) -> Path | None:
        """The run that is looked at."""
        return self._run

    def begin(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def open(self, run: Path) -> None:
        """Looks at this run from now on. Questions that still wait are forgotten; Opened comes once it can answer."""
        self._run = run
        self._look(Source.TRAINING if run == self._live else Source.CHECKPOINT)

    def close(self) -> None:
        """Nobody looks any more: the model is let go of, and a run under way publishes no weights."""
        self._run = None
        self._look(Source.CHECKPOINT)

    def ask(self, ask: Ask) -> None:
        """Asks a question, in place of the one that still waits from the same view."""
        self._was_asked = True
        if self._run is not None and self._run == self._live:
            self._want_weights(True)
        self._worker.questions.put(ask.view, ask)
        self._nudged.emit()

    def call_off(self, view: str, number: int) -> None:
        """Questions of a view up to that number are not wanted any more."""
        self._worker.call_off(view, number)

    def shut_down(self) -> None:
        """Ends the thread and waits for it: at most a part of the answer under way."""
        if not self._thread.isRunning():
            return
        self._worker.leaving.set()
        self._left.emit()
        self._thread.wait()

    def _look(self, source: Source) -> None:
        self._number += 1
        self._worker.questions.clear()
        self._order(source)
        # Asked anew, the trainer begins with a whole model.
        self._want_weights(False)
        self._want_weights(source is Source.TRAINING)

    def _order(self, source: Source) -> None:
        self._worker.orders.put(Order(self._number, self._run, source))
        self._nudged.emit()

    def _want_weights(self, wanted: bool) -> None:
        if wanted is not self._gets_weights:
            self._gets_weights = wanted
            self._trainer.ask(Publish(wanted))

    @Slot(object)
    def _heed(self, message: Message) -> None:
        match message:
            case Began(path=path):
                self._live = path
                if path == self._run:
                    self._look(Source.TRAINING)
            case Published():
                self._nudged.emit()
            case Ended():
                ended, self._live = self._live, None
                if ended is not None and ended == self._run:
                    # Weights that nobody has asked about for a while are older than the run's last checkpoint.
                    self._order(Source.LAST_PUBLISHED if self._gets_weights else Source.CHECKPOINT)
                    self._want_weights(False)
            case _:
                pass

    @Slot(int, object)
    def _pass_on(self, number: int, sight: Sight) -> None:
        # What was told of the model before is of no use for the one that is looked at now.
        if number != self._number:
            return
        if isinstance(sight, Updated):
            # Newer weights about which nothing is asked are seen by nobody: no more until there is a question.
            self._want_weights(self._was_asked and self._live == self._run)
            self._was_asked = False
        self.happened.emit(sight)
