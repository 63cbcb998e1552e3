"""What is explored of a model's latent space: every change can be undone, and what is shown follows it."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from gen_studio.core.errors import UserError
from gen_studio.core.latents import Direction, Drawn, LatentPicture, Near
from gen_studio.core.looking import Explore, ModelFacts, Shown
from gen_studio.viewmodels import kept_exploration
from gen_studio.viewmodels.exploration import (
    Exploration,
    at_point,
    plain,
    seed_of,
    with_dimension,
    with_strength,
)
from gen_studio.viewmodels.known_latents import KnownLatents, Latent
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.undoing import History

REQUIRES = "HasLatent"
VIEW = "latent"
AROUND_VIEW = "around"
LARGEST_SEED = 100_000
"""Seeds are read aloud and written down: short ones do."""
NEAR = 0.4
"""Standard deviations of the prior: clearly another picture, clearly of the same kind."""
NEIGHBOURS = 8
MOVING_MILLISECONDS = 110


class StageView(Enum):
    """What stands on the stage."""

    ONE = "One picture"
    AROUND = "3 × 3 around"
    SEEDS = "Several seeds"


class ExploringViewModel(QObject):
    """The state goes through `set` alone. What it shows is asked for at once; an answer that is a little behind the
    hand is shown all the same, and only the newest one's latent is taken for that of the picture.

    Every run has its own exploration, which is kept beside it.
    """

    opened = Signal()
    """The model of another run."""
    changed = Signal()
    """The exploration."""
    pictured = Signal()
    """`pictures` and `latent`."""
    refresh_wanted = Signal()
    """Newer weights, or somebody looks again: whatever is shown is to be asked for anew."""

    def __init__(
        self, looking: Looking, chance: np.random.Generator | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.looking = looking
        self._chance = chance or np.random.default_rng()
        self._histories: dict[Path, History[Exploration]] = {}
        self._history = History(Exploration())
        self._kept: Exploration | None = None
        self._run: Path | None = None
        self.known = KnownLatents()
        self.view = StageView.ONE
        self.watched = False
        self.pictures: NDArray[np.uint8] | None = None
        self.latent: Latent | None = None
        self.shown_step = 0
        self.is_waiting = False
        self._moved = QElapsedTimer()
        self.around_seed = 0
        self._asked: tuple[LatentPicture, ...] = ()
        looking.opened.connect(self._take_model)
        looking.updated.connect(self._take_weights)
        looking.shown.connect(self._take_pictures)

    # State

    @property
    def state(self) -> Exploration:
        return self._history.state

    @property
    def picture(self) -> LatentPicture:
        return self.state.picture

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def is_moving(self) -> bool:
        """Whether the picture was changed a moment ago: a hand may still be at it."""
        return self._moved.isValid() and self._moved.elapsed() < MOVING_MILLISECONDS

    @property
    def is_usable(self) -> bool:
        """Whether the model that is looked at has latents."""
        return self.looking.can(REQUIRES)

    @property
    def size(self) -> int:
        """How many numbers a latent has."""
        facts = self.looking.facts
        return int(np.prod(facts.latent_shape)) if facts and facts.latent_shape else 0

    def set(self, state: Exploration, gesture: str = "") -> None:
        """The one way in which anything changes. gesture: see `History.set`."""
        before = self.picture
        if self._history.set(state, gesture):
            self._follow(before)

    def set_picture(self, picture: LatentPicture, gesture: str = "") -> None:
        self.set(self.state.with_picture(picture), gesture)

    def end_gesture(self) -> None:
        """The slider or the mouse was let go."""
        self._history.end_gesture()

    def undo(self) -> None:
        self._go(self._history.undo)

    def redo(self) -> None:
        self._go(self._history.redo)

    # Where

    def draw(self, seed: int) -> None:
        self.set_picture(at_point(self.picture, Drawn(seed=seed)))

    def draw_at_random(self) -> None:
        self.draw(int(self._chance.integers(LARGEST_SEED)))

    def step_near(self, distance: float = NEAR) -> None:
        """A short way from here, whichever."""
        seed = int(self._chance.integers(LARGEST_SEED))
        self.set_picture(
            at_point(self.picture, Near(point=self.known.solid_point(self.picture), seed=seed, distance=distance))
        )

    def reset(self) -> None:
        """Undoes everything that was done to the place, and stays there."""
        self.set_picture(plain(self.picture))

    @property
    def can_reset(self) -> bool:
        return self.picture != plain(self.picture)

    # How

    def set_dimension(self, index: int, value: float | None) -> None:
        """By hand; None gives the number back to the place."""
        self.set_picture(with_dimension(self.picture, index, value), f"dimension {index}")

    def set_strength(self, direction: Direction, strength: float) -> None:
        self.set_picture(with_strength(self.picture, direction, strength), f"direction {hash(direction)}")

    def drop_moves(self) -> None:
        """All strengths back to nothing."""
        self.set_picture(self.picture.model_copy(update={"moves": ()}))

    def set_truncation(self, truncation: float) -> None:
        self.set_picture(self.picture.model_copy(update={"truncation": truncation}), "truncation")

    def set_classes(self, weights: tuple[float, ...]) -> None:
        self.set_picture(self.picture.model_copy(update={"classes": weights}), "classes")

    # What is known

    def number(self, index: int) -> float | None:
        """The latent's number as it is shown; None before the first answer."""
        by_hand = next((one.value for one in self.picture.dimensions if one.index == index), None)
        if by_hand is not None:
            return by_hand
        return None if self.latent is None else float(self.latent[index])

    def place_number(self, index: int) -> float | None:
        """What the number is where nothing was set by hand; None where that is not known."""
        if all(one.index != index for one in self.picture.dimensions):
            return self.number(index)
        own = self.known.of(LatentPicture(point=self.picture.point))
        return None if own is None else float(own[index])

    # What is shown

    def watch(self, watched: bool) -> None:
        """Says whether somebody sees the answers; what nobody sees is not asked for."""
        if watched != self.watched:
            self.watched = watched
            self._refresh()
            if not watched:
                self.keep()

    def keep(self) -> None:
        """Beside the run, at moments when nothing follows the hand: the disk may take its time."""
        if self._run is None or self.state == self._kept:
            return
        self._kept = self.state
        try:
            kept_exploration.write(self._run, self.state)
        except UserError as error:
            self.looking.noticed.emit(str(error), "")

    def choose_view(self, view: StageView) -> None:
        if view is not self.view:
            self.looking.drop(self._asking)
            self.view = view
            self.pictures = None
            self._ask()

    def shown(self) -> tuple[LatentPicture, ...]:
        """What stands on the stage, in its order: around, the picture itself is in the middle; of seeds, the first."""
        picture = self.picture
        match self.view:
            case StageView.ONE:
                return (picture,)
            case StageView.AROUND:
                point = self.known.solid_point(picture)
                near = [
                    at_point(picture, Near(point=point, seed=self.around_seed + number, distance=NEAR))
                    for number in range(NEIGHBOURS)
                ]
                return (*near[:4], picture, *near[4:])
            case StageView.SEEDS:
                first = seed_of(picture) or 0
                others = (Drawn(seed=first + number + 1) for number in range(NEIGHBOURS))
                return (picture, *(picture.model_copy(update={"point": point}) for point in others))
            case _:
                assert_never(self.view)

    @property
    def own_place(self) -> int:
        """Where the picture itself stands among those on the stage."""
        return NEIGHBOURS // 2 if self.view is StageView.AROUND else 0

    def go_to(self, index: int) -> None:
        """To one of those that stand on the stage."""
        shown = self.shown()
        if 0 <= index < len(shown):
            if self.view is StageView.AROUND:
                self.around_seed = int(self._chance.integers(LARGEST_SEED))
            self.set_picture(shown[index])

    @property
    def _asking(self) -> str:
        return VIEW if self.view is StageView.ONE else AROUND_VIEW

    def _ask(self) -> None:
        if not (self.watched and self.is_usable):
            return
        shown = self.shown()
        own = LatentPicture(point=self.picture.point)
        if self.picture.dimensions and self.known.of(own) is None:
            shown = (*shown, own)
        self._asked = shown
        self.is_waiting = True
        self.looking.ask(self._asking, Explore(shown))

    def _follow(self, before: LatentPicture) -> None:
        if self.picture != before:
            self._moved.start()
            known = self.known.of(self.picture)
            # Until the answer comes, the numbers of the place before stand.
            self.latent = self.latent if known is None else known
            self._ask()
        self.changed.emit()

    def _go(self, move: Callable[[], bool]) -> None:
        before = self.picture
        if move():
            self._follow(before)

    def _refresh(self) -> None:
        if self.watched and self.is_usable:
            self._ask()
            self.refresh_wanted.emit()

    @Slot(object)
    def _take_model(self, facts: ModelFacts) -> None:
        if facts.run != self._run:
            self.keep()
            self._run = facts.run
            if facts.run not in self._histories:
                self._histories[facts.run] = History(self._read(facts.run))
            self._history = self._histories[facts.run]
            self._kept = self.state
            self.known.clear()
            self.pictures = self.latent = None
            self.opened.emit()
        self.changed.emit()
        self._refresh()

    def _read(self, run: Path) -> Exploration:
        try:
            return kept_exploration.read(run)
        except UserError as error:
            self.looking.noticed.emit(str(error), "")
            return Exploration()

    @Slot(int)
    def _take_weights(self, step: int) -> None:
        self._refresh()

    @Slot(object)
    def _take_pictures(self, answer: Shown) -> None:
        if answer.view != self._asking:
            return
        count = len(self.shown())
        if self.looking.is_newest(answer):
            self.is_waiting = False
            if answer.latents is not None:
                self.known.take(self._asked, answer.latents)
                self.latent = self.known.of(self.picture)
        self.pictures, self.shown_step = answer.pictures[:count], answer.step
        self.pictured.emit()
