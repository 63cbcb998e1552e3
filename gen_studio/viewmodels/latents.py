"""The map of a run's codes: which projection of them is shown, what is being computed, what a probe has found."""

import importlib.util
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from gen_studio.core.charts import Projection, Scatter
from gen_studio.core.events import Answer, Charted, NotAnswered, Probed, Projected
from gen_studio.runtime.commands import Analysis, Probe, Project
from gen_studio.viewmodels.sentences import for_the_window

AXES = ("", "")
"""Directions mean nothing where only neighbours were looked for."""


class Analyst(Protocol):
    """What this needs of the engine; tests put a scriptable fake in its place."""

    happened: SignalInstance

    def ask(self, command: Analysis) -> None: ...

    def cancel_loading(self) -> None: ...


@dataclass(frozen=True)
class ProbeReading:
    """What a linear probe found in the codes of a step. accuracy: from 0 to 1."""

    accuracy: float
    examples: int
    step: int


class LatentsViewModel(QObject):
    """Codes arrive while a run trains. What neighbours were looked for in stays until it is asked for again.

    `charted` is the newest; `shown` may be an older one, projected on request. Answers to questions that no longer
    matter are dropped by their number.
    """

    changed = Signal()
    noticed = Signal(str, str)

    def __init__(self, analyst: Analyst, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._analyst = analyst
        self.charted: Charted | None = None
        self.shown: Charted | None = None
        self.choice: Projection | None = None  # None: as the run charted it
        self.probe: ProbeReading | None = None
        self._number = 0
        self._projecting: tuple[int, Charted] | None = None
        self._probing: tuple[int, Charted] | None = None
        analyst.happened.connect(self.take)

    @property
    def is_projecting(self) -> bool:
        return self._projecting is not None

    @property
    def is_probing(self) -> bool:
        return self._probing is not None

    @property
    def is_behind(self) -> bool:
        """Whether there are newer codes than those whose projection is shown."""
        return self.choice is not None and not self.is_projecting and self._step(self.shown) != self._step(self.charted)

    @property
    def can_probe(self) -> bool:
        values = self.charted.values if self.charted else None
        return isinstance(values, Scatter) and values.labels is not None and len(values.classes) > 1

    def choices(self) -> tuple[Projection | None, ...]:
        """As charted, and what a library can do for codes of more than two numbers."""
        values = self.charted.values if self.charted else None
        if not isinstance(values, Scatter) or values.projection is None:
            return (None,)
        has_umap = importlib.util.find_spec("umap") is not None
        return (None, Projection.TSNE, *((Projection.UMAP,) if has_umap else ()))

    def clear(self) -> None:
        """For another run. What is being computed is of no use any more."""
        self.charted = self.shown = self.probe = None
        self.choice = None
        self.cancel()

    def show(self, charted: Charted) -> None:
        """The newest codes of the run that is looked at."""
        self.charted = charted
        if self.choice is None or self.choice not in self.choices():
            self.choice = None
            self.shown = charted
        self.changed.emit()

    def choose(self, choice: Projection | None) -> None:
        """Shows the newest codes as charted, or asks for another projection of them."""
        if self.charted is None or choice not in self.choices():
            return
        self.choice = choice
        if choice is None:
            self._projecting = None
            self.shown = self.charted
        else:
            values = self._codes(self.charted)
            self._number += 1
            self._projecting = (self._number, self.charted)
            self._analyst.ask(Project(self._number, values.codes, choice))
        self.changed.emit()

    def measure_probe(self) -> None:
        """Asks how much of the class a linear classifier finds in the newest codes."""
        if self.charted is None or not self.can_probe or self.is_probing:
            return
        values = self._codes(self.charted)
        assert values.labels is not None
        self._number += 1
        self._probing = (self._number, self.charted)
        self._analyst.ask(Probe(self._number, values.codes, values.labels, len(values.classes)))
        self.changed.emit()

    def cancel(self) -> None:
        """Gives up what is being computed, and shows the codes as they were charted."""
        if self._projecting or self._probing:
            self._analyst.cancel_loading()
        self._projecting = self._probing = None
        if self.shown is None or self._codes(self.shown).projection is not self.choice:
            # What was asked for never came: an older answer to the same question stands.
            self.choice, self.shown = None, self.charted
        self.changed.emit()

    @Slot(object)
    def take(self, answer: Answer) -> None:
        match answer:
            case Projected(number, points, _):
                if self._projecting is not None and self._projecting[0] == number:
                    charted, self._projecting = self._projecting[1], None
                    values = replace(self._codes(charted), points=points, axes=AXES, projection=answer.projection)
                    self.shown = replace(charted, values=values)
            case Probed(number, accuracy, examples):
                if self._probing is not None and self._probing[0] == number:
                    self.probe = ProbeReading(accuracy, examples, self._probing[1].step)
                    self._probing = None
            case NotAnswered(number, sentence, details):
                self._give_up(number, sentence, details)
            case _:
                assert_never(answer)
        self.changed.emit()

    def _give_up(self, number: int, sentence: str, details: str) -> None:
        if self._projecting is not None and self._projecting[0] == number:
            self._projecting, self.choice, self.shown = None, None, self.charted
        elif self._probing is not None and self._probing[0] == number:
            self._probing = None
        else:
            return
        self.noticed.emit(for_the_window(sentence), details)

    @staticmethod
    def _step(charted: Charted | None) -> int | None:
        return charted.step if charted else None

    @staticmethod
    def _codes(charted: Charted) -> Scatter:
        assert isinstance(charted.values, Scatter)
        return charted.values
