"""A picture with holes and what a model fills them with: asked anew with each stroke, kept and gone on from."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.holes import Place, bounds, reach
from gen_studio.core.looking import Fill, ModelFacts, Picture, Shown
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.pixels import colourful, luminance

REQUIRES = "CanInpaint"
VIEW, MORE_VIEW = "inpaint", "inpaint more"
AT_FIRST, MORE = 4, 6
"""Answers at a time, where chance has a say in them."""
ALL_MASKED = "The mask covers everything, so nothing is known to go by. Erase a part of it."

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Subject:
    """A picture (H, W, 3) that is worked on. run: whose data it comes from; None for a person's own."""

    pixels: Picture
    name: str
    run: Path | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """A photo with its holes filled, by the weights of `step`: at its place the patch, which is the photo again where
    there is no hole. error: in the holes, how far it is on average from the picture as it was opened, in grey levels.
    """

    seed: int
    photo: Picture
    place: Place
    patch: Picture
    step: int
    error: float

    @property
    def pixels(self) -> Picture:
        pixels = self.photo.copy()
        pixels[self.place] = self.patch
        return pixels

    def part(self, wanted: Place) -> Picture:
        """A part of it that holds its place."""
        pixels = self.photo[wanted].copy()
        rows, columns = (
            slice(inner.start - outer.start, inner.stop - outer.start)
            for inner, outer in zip(self.place, wanted, strict=True)
        )
        pixels[rows, columns] = self.patch
        return pixels


@dataclass(frozen=True, eq=False)
class _Asked:
    """place: what was asked about."""

    photo: Picture
    mask: Mask
    place: Place
    seeds: tuple[int, ...]


class InpaintingViewModel(QObject):
    """The canvas has the mask, the photo beneath it and their history, and tells of both with `take_painting`.

    The newest mask wins. Where an answer comes a little behind the hand it is shown all the same, until the next.
    """

    began = Signal()
    """Another picture is worked on, or none."""
    changed = Signal()
    """The mask, the answers, which is chosen, what is waited for."""
    going_on = Signal(object)
    """The picture (H, W, 3) that is to lie beneath an empty mask from now on."""

    def __init__(self, looking: Looking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.looking = looking
        self.subject: Subject | None = None
        self.photo: Picture | None = None
        self.mask: Mask | None = None
        self.last_mask: Mask | None = None
        """Of the answer kept last, or of the picture before."""
        self.answers: tuple[Answer, ...] = ()
        self.chosen = 0
        self.fills_at_once = True
        self.watched = False
        self.is_waiting = False
        self._asked: dict[int, _Asked] = {}
        self._is_due = False
        looking.opened.connect(self._take_model)
        looking.left.connect(self._forget_answers)
        looking.updated.connect(self._take_weights)
        looking.shown.connect(self._take_answers)
        looking.unanswered.connect(self._take_silence)

    # What is known

    @property
    def is_usable(self) -> bool:
        """Whether the model that is looked at fills holes."""
        return self.looking.can(REQUIRES)

    @property
    def fills_by_chance(self) -> bool:
        facts = self.looking.facts
        return facts is not None and facts.fills_by_chance

    @property
    def has_mask(self) -> bool:
        return self.mask is not None and bool(self.mask.any())

    @property
    def share(self) -> float:
        """Of the picture that is masked, from 0 to 1."""
        return 0.0 if self.mask is None else np.count_nonzero(self.mask) / self.mask.size

    @property
    def problem(self) -> str:
        """Why the mask cannot be filled; empty where it can, or is empty."""
        return ALL_MASKED if self.mask is not None and self.mask.all() else ""

    @property
    def can_fill(self) -> bool:
        return self.is_usable and self.has_mask and not self.problem

    @property
    def answer(self) -> Answer | None:
        """The one that is chosen."""
        return self.answers[self.chosen] if self.answers else None

    @property
    def result(self) -> Picture | None:
        """The picture as it would be saved."""
        return self.photo if self.answer is None else self.answer.pixels

    # What is worked on

    def begin(self, subject: Subject) -> None:
        self._remember_mask()
        self.subject, self.photo = subject, subject.pixels
        self.mask = np.zeros(subject.pixels.shape[:2], bool)
        self._forget_answers()
        self.began.emit()

    def take_painting(self, mask: Mask, photo: Picture | None = None) -> None:
        """The mask as it is painted now, and the photo beneath where that is another one."""
        self.mask = mask
        if photo is not None:
            self.photo = photo
            self.answers = ()
        if self.fills_at_once and self.can_fill:
            self.fill()
        else:
            self._forget_answers()

    def choose(self, index: int) -> None:
        if 0 <= index < len(self.answers) and index != self.chosen:
            self.chosen = index
            self.changed.emit()

    def keep(self) -> None:
        """Goes on from the chosen answer, with an empty mask."""
        if self.answer is not None:
            self._remember_mask()
            self.going_on.emit(self.answer.pixels)

    def set_fills_at_once(self, at_once: bool) -> None:
        self.fills_at_once = at_once
        if at_once and self.can_fill and not self.answers:
            self.fill()
        self.changed.emit()

    # Asking

    def fill(self) -> None:
        """Asks for the mask to be filled, with the seeds that are on the table."""
        seeds = tuple(answer.seed for answer in self.answers) or tuple(range(AT_FIRST))
        self._ask(VIEW, seeds if self.fills_by_chance else (0,))

    def ask_for_more(self) -> None:
        """Other seeds beside those that are there."""
        if self.fills_by_chance and self.answers:
            first = 1 + max(answer.seed for answer in self.answers)
            self._ask(MORE_VIEW, tuple(range(first, first + MORE)))

    def watch(self, watched: bool) -> None:
        """Says whether somebody sees the answers; what nobody sees is not asked for."""
        if watched == self.watched:
            return
        self.watched = watched
        if watched and self._is_due:
            self._ask_again()
        elif not watched and self.is_waiting:
            self._is_due = True
            self._let_go()

    def _ask(self, view: str, seeds: tuple[int, ...]) -> None:
        facts = self.looking.facts
        if not self.watched or not self.can_fill or facts is None or self.photo is None or self.mask is None:
            self._is_due = True
            return
        self._is_due = False
        place = reach(self.mask, facts.height)
        picture = luminance(self.photo[place]) if facts.channels == 1 else self.photo[place]
        number = self.looking.ask(view, Fill(picture, self.mask[place], seeds))
        self._asked[number] = _Asked(self.photo, self.mask, place, seeds)
        self.is_waiting = True
        self.changed.emit()

    def _ask_again(self) -> None:
        if self.can_fill and (self.fills_at_once or self.answers):
            self.fill()

    def _remember_mask(self) -> None:
        if self.has_mask:
            self.last_mask = self.mask

    @Slot()
    def _forget_answers(self) -> None:
        self.answers, self.chosen = (), 0
        self._let_go()

    def _let_go(self) -> None:
        """Of what is waited for."""
        for view in (VIEW, MORE_VIEW):
            self.looking.drop(view)
        self._asked.clear()
        self.is_waiting = False
        self.changed.emit()

    # What the service tells

    @Slot(object)
    def _take_model(self, facts: ModelFacts) -> None:
        self._is_due = True
        if self.watched:
            self._ask_again()
        self.changed.emit()

    @Slot(int)
    def _take_weights(self, step: int) -> None:
        self._is_due = True
        if self.watched:
            self._ask_again()

    @Slot(object)
    def _take_answers(self, shown: Shown) -> None:
        asked = self._asked.pop(shown.number, None)
        if asked is None or shown.view not in (VIEW, MORE_VIEW) or self.subject is None:
            return
        if asked.photo is not self.photo:
            return
        found = tuple(
            _answer(asked, seed, picture, shown.step, self.subject)
            for seed, picture in zip(asked.seeds, shown.pictures, strict=True)
        )
        self.answers = (*self.answers, *found) if shown.view == MORE_VIEW else found
        self.chosen = min(self.chosen, len(self.answers) - 1)
        self.is_waiting = not self.looking.is_newest(shown)
        self.changed.emit()

    @Slot(str)
    def _take_silence(self, view: str) -> None:
        if view in (VIEW, MORE_VIEW):
            self.is_waiting = False
            self.changed.emit()


def _answer(asked: _Asked, seed: int, picture: Picture, step: int, subject: Subject) -> Answer:
    """Whatever a model says, what was known stays as it was, bit for bit."""
    place = bounds(asked.mask[asked.place])
    hole, filled = asked.mask[asked.place][place], colourful(picture[place])
    here, was = asked.photo[asked.place][place], subject.pixels[asked.place][place]
    patch = np.where(hole[..., None], filled, here)
    change = np.abs(filled[hole].astype(np.int16) - was[hole])
    rows, columns = (
        slice(outer.start + inner.start, outer.start + inner.stop)
        for outer, inner in zip(asked.place, place, strict=True)
    )
    return Answer(seed, asked.photo, (rows, columns), patch, step, float(change.mean()))
