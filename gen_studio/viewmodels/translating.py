"""What a model is asked to translate, enlarge or paint: a sheet, strokes on it, chance and look, in one history."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.looking import Convert, ModelFacts, PaintLayout, Picture, Question, Shown
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.undoing import History

VIEW = "translate"
LARGEST_SEED = 100_000
"""Seeds are read aloud and written down: short ones do."""
MOST_SHEETS = 40
"""Whole pictures, unlike strokes, weigh much: older ones are not gone back to."""
PAPER = 255


class Job(Enum):
    """What a model does with what it is given."""

    TRANSLATE = "translate"
    BOTH_WAYS = "both ways"
    ENLARGE = "enlarge"
    PAINT = "paint"


JOBS = {
    "CanPaint": Job.PAINT,
    "CanUpscale": Job.ENLARGE,
    "CanTranslateBothWays": Job.BOTH_WAYS,
    "CanTranslate": Job.TRANSLATE,
}


def job_of(facts: ModelFacts | None) -> Job | None:
    """None for a model that answers no pictures and no layouts."""
    capabilities = () if facts is None else facts.capabilities
    return next((job for name, job in JOBS.items() if name in capabilities), None)


@dataclass(frozen=True, eq=False)
class Sheet:
    """What one draws on, as it was laid out. pixels: (H, W, C), or (H, W) the classes of a layout.

    target: what is known to be right for it. `number` is its own among all sheets.
    """

    number: int
    pixels: NDArray[np.uint8]
    target: Picture | None = None


@dataclass(frozen=True, eq=False)
class Style:
    """A picture whose look is taken, of the size of the model's own."""

    picture: Picture


@dataclass(frozen=True)
class Translation:
    """All that undo brings back. strokes: how many edits lie on the sheet."""

    sheet: int
    strokes: int = 0
    seed: int = 0
    back: bool = False
    style: Style | None = None


class _Desk:
    """What belongs to one run while the app is open."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheets = {sheet.number: sheet}
        self.history = History(Translation(sheet.number))


class TranslatingViewModel(QObject):
    """The state goes through `set` alone. Strokes are made on a canvas, which says so and is told to take them back.

    While one draws every state of the sheet is asked for, and of those that wait the newest is answered.
    """

    opened = Signal()
    """The model of another run."""
    laid_out = Signal()
    """Another sheet, or one from before."""
    stroke_moved = Signal(bool)
    """The last stroke is to be taken back, or to be made again where it is True."""
    changed = Signal()
    """The state."""
    answered = Signal()

    def __init__(
        self, looking: Looking, chance: np.random.Generator | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.looking = looking
        self._chance = chance or np.random.default_rng()
        self._desks: dict[Path, _Desk] = {}
        self._desk = _Desk(Sheet(0, np.full((1, 1, 1), PAPER, np.uint8)))
        self._numbers = 0
        self.pixels: NDArray[np.uint8] = self.sheet.pixels
        self.watched = False
        self.is_waiting = False
        self.answer: Picture | None = None
        self.way_back: Picture | None = None
        self.shown_step = 0
        looking.opened.connect(self._take_model)
        looking.updated.connect(self._take_weights)
        looking.shown.connect(self._take_answer)
        looking.unanswered.connect(self._give_up)

    # State

    @property
    def job(self) -> Job | None:
        return job_of(self.looking.facts)

    @property
    def is_usable(self) -> bool:
        return self.job is not None

    @property
    def has_chance(self) -> bool:
        """Whether a seed makes a difference."""
        facts = self.looking.facts
        return self.job is Job.PAINT or (facts is not None and facts.answers_by_chance)

    @property
    def state(self) -> Translation:
        return self._desk.history.state

    @property
    def sheet(self) -> Sheet:
        return self._desk.sheets[self.state.sheet]

    @property
    def target(self) -> Picture | None:
        """What is right for the sheet as it was laid out; None where that is not known."""
        return self.sheet.target

    @property
    def is_drawn_on(self) -> bool:
        return self.state.strokes > 0

    @property
    def can_undo(self) -> bool:
        return self._desk.history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._desk.history.can_redo

    @property
    def is_untouched(self) -> bool:
        """Whether the sheet is the one that the panel began with."""
        return not self.can_undo and not self.can_redo

    def set(self, state: Translation, gesture: str = "") -> None:
        """The one way in which anything but strokes changes."""
        before = self.state
        if self._desk.history.set(state, gesture):
            self._follow(before)

    def end_gesture(self) -> None:
        self._desk.history.end_gesture()

    def undo(self) -> None:
        self._go(self._desk.history.undo)

    def redo(self) -> None:
        self._go(self._desk.history.redo)

    # What is asked

    def lay_out(self, pixels: NDArray[np.uint8], target: Picture | None = None) -> None:
        """Another sheet, as a step that can be taken back."""
        sheet = self._new_sheet(pixels, target)
        if len(self._desk.sheets) >= MOST_SHEETS:
            self._begin_anew(sheet)
            return
        self._desk.sheets[sheet.number] = sheet
        self.set(replace(self.state, sheet=sheet.number, strokes=0))

    def begin_with(self, pixels: NDArray[np.uint8], target: Picture | None) -> None:
        """Instead of the sheet that nobody has touched: no step."""
        self._begin_anew(self._new_sheet(pixels, target))

    def clear(self) -> None:
        """An empty sheet."""
        self.lay_out(self._blank())

    def draw(self, pixels: NDArray[np.uint8]) -> None:
        """What the canvas shows now, in the middle of a stroke or after it."""
        self.pixels = pixels
        self._ask()

    def end_stroke(self) -> None:
        """A stroke is complete: a step of its own."""
        self._desk.history.set(replace(self.state, strokes=self.state.strokes + 1))
        self.changed.emit()

    def draw_seed(self) -> None:
        self.set_seed(int(self._chance.integers(LARGEST_SEED)))

    def set_seed(self, seed: int) -> None:
        """A look by chance: that of a picture is left."""
        self.set(replace(self.state, seed=seed, style=None))

    def set_style(self, picture: Picture | None) -> None:
        self.set(replace(self.state, style=None if picture is None else Style(picture)))

    def set_back(self, back: bool) -> None:
        self.set(replace(self.state, back=back))

    def turn_round(self) -> None:
        """What came out is asked the other way."""
        if self.answer is not None and self.job is Job.BOTH_WAYS:
            sheet = self._new_sheet(self.answer, None)
            self._desk.sheets[sheet.number] = sheet
            self.set(replace(self.state, sheet=sheet.number, strokes=0, back=not self.state.back))

    def watch(self, watched: bool) -> None:
        """Says whether somebody sees the answers; what nobody sees is not asked for."""
        if watched != self.watched:
            self.watched = watched
            self.looking.drop(VIEW)
            self.is_waiting = False
            self._ask()

    def question(self) -> Question | None:
        state = self.state
        match self.job:
            case None:
                return None
            case Job.PAINT:
                return PaintLayout(self.pixels, state.seed, None if state.style is None else state.style.picture)
            case Job.BOTH_WAYS:
                return Convert(self.pixels, state.seed, state.back, and_back=True)
            case _:
                return Convert(self.pixels, state.seed)

    def _ask(self) -> None:
        question = self.question()
        if self.watched and question is not None:
            self.is_waiting = True
            self.looking.ask(VIEW, question)
            self.changed.emit()

    # Sheets

    def _new_sheet(self, pixels: NDArray[np.uint8], target: Picture | None) -> Sheet:
        self._numbers += 1
        return Sheet(self._numbers, pixels, target)

    def _blank(self) -> NDArray[np.uint8]:
        """White paper, or the first class everywhere, of the model's own size."""
        facts = self.looking.facts
        assert facts is not None
        height, width = facts.height, facts.width
        match job_of(facts):
            case Job.PAINT:
                return np.zeros((height, width), np.uint8)
            case Job.ENLARGE:
                return np.full((height // facts.scale, width // facts.scale, facts.channels), PAPER, np.uint8)
            case _:
                return np.full((height, width, facts.input_channels or facts.channels), PAPER, np.uint8)

    def _begin_anew(self, sheet: Sheet) -> None:
        state = replace(self.state, sheet=sheet.number, strokes=0)
        self._desk.sheets = {sheet.number: sheet}
        self._desk.history = History(state)
        self._show_sheet()
        self.changed.emit()

    def _show_sheet(self) -> None:
        self.looking.drop(VIEW)
        self.pixels = self.sheet.pixels
        self.laid_out.emit()
        self._ask()

    def _go(self, move: Callable[[], bool]) -> None:
        before = self.state
        if move():
            self._follow(before)

    def _follow(self, before: Translation) -> None:
        state = self.state
        if state.sheet != before.sheet:
            self._show_sheet()
        elif state.strokes != before.strokes:
            # The canvas then says what it shows, which is asked for.
            self.stroke_moved.emit(state.strokes > before.strokes)
        else:
            self._ask()
        self.changed.emit()

    # Answers

    @Slot(object)
    def _take_model(self, facts: ModelFacts) -> None:
        if job_of(facts) is None:
            return
        desk = self._desks.get(facts.run)
        if desk is None:
            desk = self._desks[facts.run] = _Desk(self._new_sheet(self._blank(), None))
        if desk is not self._desk:
            self._desk = desk
            self.answer = self.way_back = None
            self.opened.emit()
            self._show_sheet()
        else:
            self._ask()
        self.changed.emit()

    @Slot(int)
    def _take_weights(self, step: int) -> None:
        self._ask()

    @Slot(object)
    def _take_answer(self, shown: Shown) -> None:
        if shown.view != VIEW:
            return
        if self.looking.is_newest(shown):
            self.is_waiting = False
        self.answer = shown.pictures[0]
        self.way_back = shown.pictures[1] if len(shown.pictures) > 1 else None
        self.shown_step = shown.step
        self.answered.emit()

    @Slot(str)
    def _give_up(self, view: str) -> None:
        if view == VIEW:
            self.is_waiting = False
            self.answered.emit()
