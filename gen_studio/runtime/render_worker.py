"""Answers questions to a model, on a thread of its own, so that a slider waits for no training step."""

import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.looking import Ask, NotShown, Opened, Shown, Sight, Underway, Updated
from gen_studio.core.mailbox import Mailbox, Mailboxes
from gen_studio.runtime.publication import Publication
from gen_studio.runtime.show import OnShow, Show, from_checkpoint

if TYPE_CHECKING:
    from gen_studio.inference.prepared import Form
    from gen_studio.training.checkpoint import Model

NOT_OPENED = -1
LONG = 1.0
"""Seconds: answers that take longer are told of, and given up for a newer question of the same view."""
SECONDS_APART = 0.05
"""How far an answer is is told no more often."""
FAILED = "That could not be shown: {error}. Training is not affected."
NO_MEMORY = "There is not enough memory to show that. Close other programs, or ask for less at once."


class Source(Enum):
    """Where the model comes from that is to be looked at."""

    CHECKPOINT = "checkpoint"
    TRAINING = "training"
    LAST_PUBLISHED = "last published"


@dataclass(frozen=True)
class Order:
    """Which run is looked at from now on; None for none. What is told under an older number concerns nobody."""

    number: int
    run: Path | None
    source: Source = Source.CHECKPOINT


class RenderWorker(QObject):
    """Serves three mailboxes, the most important first: which run to look at, its newest weights, questions to it.

    Of what it tells each is told with the number of the order that it belongs to.
    """

    happened = Signal(int, object)

    def __init__(self, published: Mailbox[Publication]) -> None:
        super().__init__()
        self.orders: Mailbox[Order] = Mailbox()
        self.questions: Mailboxes[Ask] = Mailboxes()
        self.show = Show()
        self.leaving = Event()
        self._called_off: dict[str, int] = {}
        self._published = published
        self._order = Order(0, None)
        self._answering: Model | None = None  # what is on show, in its best form
        self._form: Form | None = None
        self._trial: Generator[None, None, Form] | None = None

    @Slot()
    def serve(self) -> None:
        """Does all that waits. Nothing escapes: what goes wrong is told."""
        while not self.leaving.is_set() and self._serve_one():
            pass

    def call_off(self, view: str, number: int) -> None:
        """May be called from any thread. Questions of a view up to that number need no answer."""
        self.questions.remove(view)
        self._called_off[view] = number

    @Slot()
    def leave(self) -> None:
        self.show.current = self._answering = self._trial = None
        self.thread().quit()

    def _serve_one(self) -> bool:
        if order := self.orders.take():
            self._order = order
            self._attempt(lambda: self._open(order))
        elif publication := self._published.take():
            self._attempt(lambda: self._adopt(publication))
        elif self.show.current is not None and (ask := self.questions.take()):
            self._attempt(lambda: self._answer(ask), ask.view, ask.number)
        elif self.show.current is not None and self._form is None:
            self._attempt(self._go_on_trying)
        else:
            return False
        return True

    def _attempt(self, action: Callable[[], None], view: str = "", number: int = NOT_OPENED) -> None:
        try:
            action()
        except Cancelled:
            pass  # whoever called it off knows
        except UserError as error:
            self._tell(NotShown(view, number, str(error)))
        except Exception as error:
            details = "".join(traceback.format_exception(error))
            self._tell(NotShown(view, number, _sentence(error), details))

    def _open(self, order: Order) -> None:
        run, last = order.run, self.show.current
        if run is None or last is None or last.run != run or order.source is not Source.LAST_PUBLISHED:
            self.show.current = self._answering = self._trial = self._form = None
        match order.source:
            case Source.CHECKPOINT:
                self._load(run)
            case Source.TRAINING:
                pass  # what it publishes is waited for
            case Source.LAST_PUBLISHED:
                publication = self._published.take()
                if publication is not None:
                    self._take_up(publication)
                if self.show.current is None:
                    # It ended before it had published anything.
                    self._load(run)
                else:
                    self._tell_opened(is_live=False)
            case _:
                assert_never(order.source)

    def _load(self, run: Path | None) -> None:
        if run is not None:
            self._put_on_show(from_checkpoint(run))
            self._tell_opened(is_live=False)

    def _adopt(self, publication: Publication) -> None:
        if self._order.source is not Source.TRAINING:
            return
        is_first = self.show.current is None
        if not self._take_up(publication):
            return
        if is_first:
            self._tell_opened(is_live=True)
        else:
            self._tell(Updated(publication.run, publication.step))

    def _take_up(self, publication: Publication) -> bool:
        """False for what another run has published, or the same before it was looked at anew."""
        from gen_studio.training.shown import Snapshot, renewed

        if publication.run != self._order.run:
            return False
        model = publication.weights
        if isinstance(model, Snapshot):
            if self.show.current is None:
                return False
            model = renewed(self.show.current.model, model)
        self._put_on_show(OnShow(publication.run, publication.step, model, publication.device))
        return True

    def _put_on_show(self, shown: OnShow) -> None:
        from gen_studio.inference.prepared import in_form

        self.show.current = shown
        self._answering = shown.model if self._form is None else in_form(shown.model, self._form)

    def _go_on_trying(self) -> None:
        """One step towards the best form, while nobody waits for anything else."""
        from gen_studio.inference.prepared import Form, in_form, try_forms

        current = self.show.current
        assert current is not None
        if self._trial is None:
            is_live = self._order.source is Source.TRAINING
            self._trial = try_forms(current.model, current.device, still=not is_live)
        try:
            next(self._trial)
        except StopIteration as found:
            self._form, self._trial = found.value, None
            self._answering = in_form(current.model, found.value)
        except Exception:
            self._form, self._trial = Form.PLAIN, None
            raise

    def _answer(self, ask: Ask) -> None:
        from gen_studio.inference.answering import answered

        current = self.show.current
        assert current is not None and self._answering is not None
        pictures, latents = answered(self._answering, ask.question, current.device, self._followed(ask))
        # Also where a newer question waits by now: else nothing would be seen while a slider moves without pause.
        self._tell(Shown(ask.view, ask.number, current.step, pictures, latents))

    def _followed(self, ask: Ask) -> Report:
        began = told = time.monotonic()

        def report(progress: Progress) -> None:
            nonlocal told
            now = time.monotonic()
            if self._is_left(ask, progress, now - began):
                raise Cancelled
            if now - began >= LONG and now - told >= SECONDS_APART:
                told = now
                self._tell(Underway(ask.view, ask.number, progress))

        return report

    def _is_left(self, ask: Ask, progress: Progress, seconds: float) -> bool:
        """Whether nobody waits for an answer any more that has taken so long until now."""
        if self.leaving.is_set() or self.orders.waiting is not None:
            return True
        if self._called_off.get(ask.view, 0) >= ask.number:
            return True
        # Quick ones are finished: else nothing would be seen while the hand moves without pause.
        takes_long = seconds * max(1, progress.total) > LONG * max(1, progress.done)
        return takes_long and self.questions.is_waiting(ask.view)

    def _tell_opened(self, is_live: bool) -> None:
        from gen_studio.inference.answering import facts_of

        current = self.show.current
        assert current is not None
        self._tell(Opened(facts_of(current.model, current.run, is_live)))

    def _tell(self, sight: Sight) -> None:
        self.happened.emit(self._order.number, sight)


def _sentence(error: Exception) -> str:
    from gen_studio.training.device import is_out_of_memory

    return NO_MEMORY if is_out_of_memory(error) else FAILED.format(error=f"{type(error).__name__}: {error}")
