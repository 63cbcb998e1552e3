"""Trains on a thread of its own. torch is imported here, on that thread, so that the window need not wait for it."""

import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gen_studio.core import paths
from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.events import (
    Began,
    Continued,
    Ended,
    Loading,
    Message,
    Paused,
    Published,
    Ready,
    Reason,
    Refused,
    Warned,
)
from gen_studio.core.jobs import Progress
from gen_studio.core.runs import new_path
from gen_studio.runtime.commands import (
    Command,
    Continue,
    LoadLibrary,
    OpenRun,
    Pause,
    Publish,
    Quit,
    SaveNow,
    SetRate,
    Start,
    StepPlayer,
    Stop,
    UseThreads,
    Watch,
)
from gen_studio.runtime.engine import CallOff
from gen_studio.runtime.niceness import TRAINING, be_nice
from gen_studio.runtime.publication import Publisher

if TYPE_CHECKING:
    from gen_studio.training.session import TrainingSession

SLICE_SECONDS = 0.1
NO_COPY_SENTENCE = (
    "No copy of the model could be made to look at ({error}). Training goes on; look at the model once it has ended."
)
PIECES = (
    ("numpy", "Loading numpy"),
    ("torch", "Loading torch"),
    ("gen_studio.models.registry", "Loading the models"),
    ("gen_studio.training.start", "Loading the trainer"),
)


class TrainingWorker(QObject):
    """Owns the session. Commands come as queued signals and are carried out between two slices of training.

    `publisher.mailbox` may be emptied from any other thread.
    """

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.called_off = CallOff()
        self.publisher = Publisher()
        self._number = 0
        self._is_loaded = False
        self._session: TrainingSession | None = None
        self._watched = False
        self._threads: int | None = None
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._train_a_slice)

    @Slot(int, object)
    def carry_out(self, number: int, command: Command) -> None:
        """Does what was asked. Nothing escapes: what goes wrong is told."""
        self._number = number
        try:
            self._dispatch(command)
        except Cancelled:
            self._tell(Refused("Called off. Nothing was changed."))
        except UserError as error:
            self._tell(Warned(str(error)) if self._session else Refused(str(error)))
        except Exception as error:
            self._break_off(error)

    def _dispatch(self, command: Command) -> None:
        match command:
            case LoadLibrary():
                self._load_library()
            case Start() | OpenRun():
                self._begin(command)
            case Pause():
                self._pause()
            case Continue():
                self._continue()
            case Stop():
                self._stop()
            case SaveNow():
                self._tell_all(self._session.save() if self._session else [])
            case StepPlayer(player):
                self._tell_all(self._session.step_player(player) if self._session else [])
                self._publish()
            case SetRate(player, rate):
                self._tell_all(self._session.set_rate(player, rate) if self._session else [])
            case Watch(watched):
                self._watched = watched
                if self._session:
                    self._session.watched = watched
            case Publish(wanted):
                self.publisher.want(wanted)
                self._publish()
            case UseThreads(threads):
                self._use_threads(threads)
            case Quit():
                self._quit()
            case _:
                assert_never(command)

    def _load_library(self) -> None:
        be_nice(TRAINING)
        for place, (module, words) in enumerate(PIECES):
            self._tell(Loading(Progress(words, place, len(PIECES))))
            import_module(module)
        from gen_studio.data import catalog
        from gen_studio.inference.views import possible_views
        from gen_studio.metrics.charts import possible_charts
        from gen_studio.models import registry
        from gen_studio.training.device import available_devices

        self._is_loaded = True
        if self._threads:
            self._use_threads(self._threads)
        self._tell(
            Ready(
                families=registry.describe(),
                views={
                    key: tuple(view.info for view in possible_views(family))
                    for key, family in registry.families().items()
                },
                sources=catalog.describe(),
                devices=available_devices(),
                problems=registry.problems(),
                charts={
                    key: tuple(kind.info for kind in possible_charts(family))
                    for key, family in registry.families().items()
                },
            )
        )

    def _begin(self, command: Start | OpenRun) -> None:
        from gen_studio.inference.views import views_of
        from gen_studio.metrics.charts import charts_of
        from gen_studio.training import start

        if self._session:
            self._tell(Refused("A run is under way. Stop it first."))
            return
        notes: tuple[str, ...] = ()
        match command:
            case Start(plan, path, name, download):
                place = path or (lambda p: new_path(paths.runs(), [p.family, start.data_title(p)]))
                session, notes = start.start(plan, place, name=name, report=self._report, download=download)
            case OpenRun(path, steps, from_step):
                session = start.resume(path, steps=steps, from_step=from_step, report=self._report)
        self._session = session
        session.watched = self._watched
        model = session.learner.model
        self._tell(
            Began(
                path=session.folder.path,
                plan=session.plan,
                players=session.learner.players,
                rates={name: update.rate for name, update in session.learner.updates.items()},
                step=session.step,
                parameters=sum(parameter.numel() for parameter in model.parameters()),
                notes=notes,
                views=tuple(view.info for view in views_of(model)),
                charts=tuple(kind.info for kind in charts_of(model)),
            )
        )
        if isinstance(command, Start) or command.go_on:
            self._slices.start()
        else:
            self._tell(Paused(session.step))

    def _pause(self) -> None:
        self._slices.stop()
        if self._session:
            self._session.pause()
            self._tell(Paused(self._session.step))

    def _continue(self) -> None:
        if self._session:
            self._tell(Continued(self._session.step))
            self._slices.start()

    def _stop(self) -> None:
        self._slices.stop()
        if self._session:
            try:
                events = self._session.stop()
            except UserError:
                # It was not saved, so it is not let go of: the user may make room and stop again.
                self._pause()
                raise
            self._publish()
            self._close()
            self._tell_all(events)

    def _quit(self) -> None:
        """Whatever happens to the run, the thread ends: the window waits for it."""
        try:
            self._stop()
        finally:
            self._close()
            self.thread().quit()

    @Slot()
    def _train_a_slice(self) -> None:
        session = self._session
        if session is None:
            self._slices.stop()
            return
        try:
            events = session.advance(SLICE_SECONDS)
        except UserError as error:
            self._slices.stop()
            session.pause()
            self._tell(Warned(str(error)))
            self._tell(Paused(session.step))
            return
        except Exception as error:
            self._break_off(error)
            return
        if session.ended or self.publisher.is_due:
            self._publish()
        if session.ended:
            self._slices.stop()
            self._close()
        self._tell_all(events)

    def _break_off(self, error: Exception) -> None:
        """The thread's last resort: the run ends, the window hears why, and the thread goes on to serve."""
        self._slices.stop()
        details = "".join(traceback.format_exception(error))
        sentence = f"{type(error).__name__}: {error}"
        if self._session is None:
            self._tell(Refused(f"That did not work: {sentence}. Nothing was changed.", details))
            return
        saved = self._session.folder.checkpoint_steps()
        kept = f"The checkpoint at step {saved[-1]:,} stands; resume from it." if saved else "Nothing was saved yet."
        sentence = f"Training broke off: {sentence}. {kept}"
        events: list[Message] = [Ended(self._session.step, Reason.FAILED, sentence, details)]
        with suppress(Exception):
            # A disk that does not take the word of it must not keep the window from hearing it.
            events = list(self._session.fail(sentence, details))
        self._close()
        self._tell_all(events)

    def _close(self) -> None:
        if self._session:
            self._session.close()
            self._session = None

    def _publish(self) -> None:
        """For whoever looks. Should that fail, for lack of memory say, training goes on without being looked at."""
        if self._session is None:
            return
        path = self._session.folder.path
        try:
            if self.publisher.publish(path, self._session.learner):
                self._tell(Published(path, self._session.step))
        except Exception as error:
            self.publisher.want(False)
            self._tell(Warned(NO_COPY_SENTENCE.format(error=f"{type(error).__name__}: {error}")))

    def _report(self, progress: Progress) -> None:
        if self.called_off.has_met(self._number):
            raise Cancelled
        self._tell(Loading(progress))

    def _use_threads(self, threads: int) -> None:
        self._threads = threads
        # Before that it would import torch, and nobody would have been told what takes so long.
        if self._is_loaded:
            import torch

            torch.set_num_threads(threads)

    def _tell_all(self, events: Sequence[Message]) -> None:
        for event in events:
            self._tell(event)

    def _tell(self, message: Message) -> None:
        self.happened.emit(message)
