"""Asks the service that answers from a trained model, numbers the questions, and lets through what is still wanted."""

from pathlib import Path
from typing import Protocol, assert_never

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from gen_studio.core.looking import Ask, ModelFacts, NotShown, Opened, Question, Shown, Sight, Underway, Updated
from gen_studio.viewmodels.sentences import for_the_window


class Looker(Protocol):
    """What this needs of the service; tests put a scriptable fake in its place."""

    happened: SignalInstance

    def open(self, run: Path) -> None: ...

    def close(self) -> None: ...

    def ask(self, ask: Ask) -> None: ...

    def call_off(self, view: str, number: int) -> None: ...


class Looking(QObject):
    """The model that is looked at. Several panels ask through it, each by its own views' names.

    While questions follow each other faster than answers, older answers are passed on as they come, in order: a
    picture that is a little behind the hand is better than none. After `drop` they are not.
    """

    left = Signal()  # another run is to be looked at, or none
    opened = Signal(object)  # ModelFacts
    updated = Signal(int)  # the step of the newer weights
    asked = Signal(str)  # a view that waits for an answer from now on
    dropped = Signal(str)  # a view that waits for none any more
    underway = Signal(object)  # Underway
    shown = Signal(object)  # Shown
    unanswered = Signal(str)  # a view whose newest question got no answer
    noticed = Signal(str, str)

    def __init__(self, looker: Looker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker = looker
        self.run: Path | None = None
        self.facts: ModelFacts | None = None
        self.problem = ""  # why the run cannot be looked at
        self.step = 0
        self._number = 0
        self._asked: dict[str, int] = {}
        self._wanted_from: dict[str, int] = {}
        looker.happened.connect(self.take)

    @property
    def is_live(self) -> bool:
        return self.facts is not None and self.facts.is_live

    def can(self, capability: str) -> bool:
        return self.facts is not None and capability in self.facts.capabilities

    def open(self, run: Path | None) -> None:
        """Looks at another run from now on; nothing that was asked of the one before is wanted any more."""
        self.run, self.facts, self.problem = run, None, ""
        self._number += 1
        self._wanted_from = dict.fromkeys(self._asked, self._number)
        if run is None:
            self._looker.close()
        else:
            self._looker.open(run)
        self.left.emit()

    def ask(self, view: str, question: Question) -> int:
        """The number by which the answer is known."""
        self._number += 1
        self._asked[view] = self._number
        self._looker.ask(Ask(view, self._number, question))
        self.asked.emit(view)
        return self._number

    def drop(self, view: str) -> None:
        """What was asked for this view is not wanted any more."""
        self._wanted_from[view] = self._number + 1
        if view in self._asked:
            self._looker.call_off(view, self._number)
            self.dropped.emit(view)

    def call_off(self, view: str) -> None:
        """As `drop`, for the person who waits."""
        self.drop(view)
        self.unanswered.emit(view)

    def is_newest(self, answer: Shown) -> bool:
        """Whether nothing has been asked for this view since."""
        return answer.number == self._asked.get(answer.view)

    @Slot(object)
    def take(self, sight: Sight) -> None:
        match sight:
            case Opened(facts):
                if facts.run == self.run:
                    self.facts, self.problem, self.step = facts, "", facts.step
                    self.opened.emit(facts)
            case Updated(run, step):
                if run == self.run and self.facts is not None:
                    self.step = step
                    self.updated.emit(step)
            case Underway(view, number):
                if number == self._asked.get(view) and number >= self._wanted_from.get(view, 0):
                    self.underway.emit(sight)
            case Shown(view, number):
                if self._take_number(view, number):
                    self.shown.emit(sight)
            case NotShown(_, -1, sentence, details):
                self.facts, self.problem = None, for_the_window(sentence)
                # Panels say it in their middle; the bar is for what can be copied and reported.
                if details:
                    self.noticed.emit(self.problem, details)
                self.left.emit()
            case NotShown(view, number, sentence, details):
                if self._take_number(view, number):
                    self.noticed.emit(for_the_window(sentence), details)
                    self.unanswered.emit(view)
            case _:
                assert_never(sight)

    def _take_number(self, view: str, number: int) -> bool:
        """Whether an answer of that number is still wanted; from then on, only later ones are."""
        if view not in self._asked or number < self._wanted_from.get(view, 0):
            return False
        self._wanted_from[view] = number + 1
        return True
