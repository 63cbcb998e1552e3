"""The picture that attributes are changed of, with what it was before, and a strip of strengths of one direction."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.enlarging import comfortable
from gen_studio.core.latents import Direction, Drawn, Given, LatentPicture
from gen_studio.core.looking import Explore, Picture, Shown
from gen_studio.core.tasks import SavePictures, TaskDone, Written
from gen_studio.viewmodels.attributes_directions import DirectionsViewModel
from gen_studio.viewmodels.attributes_state import Own
from gen_studio.viewmodels.exploration import at_point, with_strength
from gen_studio.viewmodels.exploring import LARGEST_SEED, ExploringViewModel
from gen_studio.viewmodels.pacing import Pace
from gen_studio.viewmodels.tasking import Tasking

VIEW = "attributes"
STRIP_VIEW = "strengths"
REQUIRES, ENCODES = "HasCode", "CanAutoencode"
STRENGTHS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)


class AttributesStageViewModel(QObject):
    """What is changed is the exploration's own picture, so that all panels show the same one and share its history.

    Before is that picture without the directions of the list; a person's picture, where it was found, is itself.
    """

    pictured = Signal()
    strip_pictured = Signal()
    watch_changed = Signal()
    """`watched`, or newer weights while somebody sees them."""
    told = Signal(str)
    data_wanted = Signal()
    """Instead of a sample, which the model does not have, a picture of the data."""

    def __init__(
        self,
        exploring: ExploringViewModel,
        directions: DirectionsViewModel,
        tasking: Tasking,
        chance: np.random.Generator | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._exploring, self._directions, self._tasking = exploring, directions, tasking
        self._chance = chance or np.random.default_rng()
        self.watched = False
        self.is_waiting = False
        self.shown_step = 0
        self.strip_pictures: NDArray[np.uint8] | None = None
        self._pictures: NDArray[np.uint8] | None = None
        self._asked: tuple[LatentPicture, ...] = ()
        self._strip: tuple[LatentPicture, ...] = ()
        self._saving: set[int] = set()
        self._has_wanted = False
        self._pace = Pace(self._ask_strip, self)
        exploring.opened.connect(self._forget)
        exploring.changed.connect(self._follow)
        directions.chosen_changed.connect(self._follow)
        exploring.looking.opened.connect(self._refresh)
        exploring.looking.updated.connect(self._refresh)
        exploring.looking.shown.connect(self._take)
        tasking.done.connect(self._tell)

    # What the model can do

    @property
    def is_usable(self) -> bool:
        """Whether the model has latents, or codes that it finds of pictures."""
        return self.has_samples or self._exploring.looking.can(ENCODES)

    @property
    def has_samples(self) -> bool:
        """Whether its latents can be drawn by chance; else it starts from pictures."""
        return self._exploring.is_usable

    @property
    def has_picture(self) -> bool:
        """Whether there is one to change."""
        return self.is_usable and (self.has_samples or isinstance(self._exploring.picture.point, Given))

    # The picture

    @property
    def before(self) -> LatentPicture:
        """The picture without what the list's directions do."""
        named = {kept.direction for kept in self._directions.kept}
        picture = self._exploring.picture
        moves = tuple(move for move in picture.moves if move.direction not in named)
        return picture.model_copy(update={"moves": moves})

    @property
    def own(self) -> Own | None:
        """The person's picture, where it is what is changed."""
        own = self._exploring.state.editing.own
        return own if own is not None and own.picture.point == self._exploring.picture.point else None

    @property
    def after_pixels(self) -> Picture | None:
        """As it is shown now."""
        return None if self._pictures is None else self._pictures[0]

    @property
    def model_pixels(self) -> Picture | None:
        """The model's picture before changes."""
        return None if self._pictures is None else self._pictures[1]

    @property
    def before_pixels(self) -> Picture | None:
        return self.own.pixels if self.own is not None else self.model_pixels

    @property
    def can_reset(self) -> bool:
        return self._exploring.picture != self.before

    def draw(self, seed: int) -> None:
        """A sample instead. What leads from a latent to a person's picture belongs to that picture alone."""
        self._exploring.set_picture(at_point(self._without_own(), Drawn(seed=seed)))

    def draw_at_random(self) -> None:
        if self.has_samples:
            self.draw(int(self._chance.integers(LARGEST_SEED)))
        elif self.is_usable:
            self.data_wanted.emit()

    def show_own(self) -> None:
        """The person's picture again, changed as what is shown is."""
        own = self._exploring.state.editing.own
        if own is not None and self.own is None:
            self._exploring.set_picture(self.at_own(own))

    def at_own(self, own: Own) -> LatentPicture:
        """The place of a person's picture, changed by the same directions as what is shown."""
        named = {kept.direction for kept in self._directions.kept}
        moves = tuple(move for move in self._exploring.picture.moves if move.direction in named)
        return own.picture.model_copy(update={"moves": (*own.picture.moves, *moves)})

    def set_strength(self, direction: Direction, strength: float) -> None:
        self._exploring.set_strength(direction, strength)

    def reset(self) -> None:
        """All strengths at 0."""
        self._exploring.set_picture(self.before)

    def watch(self, watched: bool) -> None:
        """Says whether somebody sees the answers; what nobody sees is not asked for."""
        if watched != self.watched:
            self.watched = watched
            self._refresh()
            if not watched:
                self._exploring.keep()

    # The strip

    def strip(self) -> tuple[LatentPicture, ...]:
        """The picture at each of STRENGTHS along the chosen direction; () without one."""
        chosen = self._directions.chosen
        if chosen is None:
            return ()
        return tuple(with_strength(self._exploring.picture, chosen.direction, strength) for strength in STRENGTHS)

    def go_to_strength(self, place: int) -> None:
        """To one of the strip's pictures."""
        chosen = self._directions.chosen
        if chosen is not None:
            self._exploring.end_gesture()
            self._exploring.set_strength(chosen.direction, STRENGTHS[place])
            self._exploring.end_gesture()

    def save_strip(self, path: Path) -> None:
        """As one picture, each large enough to be looked at, with what decided them inside."""
        self._save(self.strip(), path)

    def save_picture(self, path: Path) -> None:
        self._save((self._exploring.picture,), path)

    def _save(self, pictures: tuple[LatentPicture, ...], path: Path) -> None:
        facts = self._exploring.looking.facts
        if facts is not None and pictures:
            task = SavePictures(pictures, path, columns=len(pictures), height=comfortable(facts.height))
            self._saving.add(self._tasking.ask(facts.run, task))

    # Answers

    def _without_own(self) -> LatentPicture:
        own, picture = self.own, self._exploring.picture
        if own is None:
            return picture
        moves = tuple(move for move in picture.moves if move not in own.picture.moves)
        return picture.model_copy(update={"moves": moves})

    @Slot()
    def _forget(self) -> None:
        self._pace.forget()
        self._pictures = self.strip_pictures = None
        self._asked = self._strip = ()
        self._has_wanted = False

    @Slot()
    def _follow(self) -> None:
        if (self._exploring.picture, self.before) != self._asked:
            self._ask()
        if self.strip() != self._strip:
            self._pace.ask_soon()

    @Slot()
    def _refresh(self) -> None:
        if self.watched and self.is_usable and not self.has_picture and not self._has_wanted:
            self._has_wanted = True
            self.data_wanted.emit()
        if self._can_ask:
            self._ask()
            self._pace.ask_again()
            self.watch_changed.emit()

    @property
    def _can_ask(self) -> bool:
        return self.watched and self.has_picture

    def _ask(self) -> None:
        if self._can_ask:
            self._asked = (self._exploring.picture, self.before)
            self.is_waiting = True
            self._exploring.looking.ask(VIEW, Explore(self._asked))

    def _ask_strip(self) -> None:
        self._strip = self.strip()
        if self._strip and self._can_ask:
            self._exploring.looking.ask(STRIP_VIEW, Explore(self._strip))
        elif not self._strip:
            self.strip_pictures = None
            self.strip_pictured.emit()

    @Slot(object)
    def _take(self, answer: Shown) -> None:
        if answer.view == VIEW:
            if self._exploring.looking.is_newest(answer):
                self.is_waiting = False
                if answer.latents is not None:
                    self._exploring.known.take(self._asked, answer.latents)
            self._pictures, self.shown_step = answer.pictures, answer.step
            self.pictured.emit()
        elif answer.view == STRIP_VIEW and self._exploring.looking.is_newest(answer):
            self.strip_pictures = answer.pictures if self._strip else None
            self.strip_pictured.emit()

    @Slot(object)
    def _tell(self, done: TaskDone) -> None:
        if done.number in self._saving and isinstance(done.result, Written):
            self._saving.discard(done.number)
            self.told.emit(f"Saved as {done.result.path}.")
