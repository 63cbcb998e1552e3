"""The map of a latent space: small pictures of a plane through it, and where on it one is."""

from collections.abc import Sequence
from enum import Enum
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.latents import Direction, Drawn, LatentPicture
from gen_studio.core.looking import Explore, Shown
from gen_studio.viewmodels.exploration import FIRST_SEED
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.findings import FindingsViewModel
from gen_studio.viewmodels.naming import is_same_way
from gen_studio.viewmodels.pacing import Pace
from gen_studio.viewmodels.planes import Chart, DimensionsPlane, DirectionsPlane, Place, Plane, PointsPlane, at, base
from gen_studio.viewmodels.walk_path import Path, latent_of, path_of
from gen_studio.viewmodels.walking import STRIP_VIEW

VIEW = "map"
SIDE = 7
"""Pictures in a row and in a column."""


class MapChoice(Enum):
    """Which plane is shown."""

    DIRECTIONS = "Two directions"
    PINS = "First three pins"
    SEEDS = "Three seeds"
    DIMENSIONS = "Two dimensions"


class MapViewModel(QObject):
    """Asks row by row, so that no question keeps the picture on the stage waiting for long."""

    changed = Signal()
    """Which plane, or the walk's path on it."""
    moved = Signal()
    """The place."""
    pictured = Signal()

    def __init__(
        self, exploring: ExploringViewModel, findings: FindingsViewModel | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._exploring, self._findings = exploring, findings
        self._chosen: MapChoice | None = None
        self._main: tuple[Direction, ...] = ()
        self._laid: tuple[Direction | None, Direction | None] = (None, None)
        self._dimensions = (0, 1)
        self._asked: tuple[Plane, LatentPicture] | None = None
        self._rows: list[int] = []
        self._chart: Chart | None = None
        self.pictures: NDArray[np.uint8] | None = None
        """(SIDE, SIDE, H, W, C), the top row first."""
        self.path = Path()
        """The walk, as far as it is known where it goes on the map that is shown."""
        self._path_pace = Pace(self._find_path, self, exploring.is_moving)
        self._walk = exploring.state.walk
        self._pace = Pace(self._ask, self, exploring.is_moving)
        exploring.opened.connect(self._begin)
        exploring.changed.connect(self._follow)
        exploring.pictured.connect(self.moved)
        exploring.refresh_wanted.connect(self._ask_again)
        exploring.looking.shown.connect(self._take)
        exploring.looking.shown.connect(self._heed_strip)
        exploring.looking.unanswered.connect(self._give_up)
        if findings is not None:
            findings.changed.connect(self._take_findings)

    @property
    def choice(self) -> MapChoice:
        """What was chosen, or the most telling plane that there is."""
        if self._chosen in self.choices():
            return self._chosen
        return self.choices()[0]

    def choices(self) -> tuple[MapChoice, ...]:
        """Those that there is enough for, the most telling first."""
        two_numbers = self._exploring.size == 2
        possible = {
            MapChoice.DIMENSIONS: two_numbers,
            MapChoice.DIRECTIONS: self.directions is not None,
            MapChoice.SEEDS: True,
            MapChoice.PINS: len(self._exploring.state.pins) >= 3,
        }
        found = [choice for choice, is_possible in possible.items() if is_possible]
        return (*found,) if two_numbers or self._exploring.size < 2 else (*found, MapChoice.DIMENSIONS)

    def choose(self, choice: MapChoice) -> None:
        self._chosen = choice
        self._follow()
        self.changed.emit()

    @property
    def directions(self) -> tuple[Direction, Direction] | None:
        """Across and up: those that were laid there, otherwise the main ones. None while there are too few."""
        laid = (self._laid[0], self._laid[1])
        others = [direction for direction in self._main if direction not in laid]
        found = [one if one is not None else others.pop(0) if others else None for one in laid]
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def set_directions(self, directions: Sequence[Direction]) -> None:
        """The main directions of this model, the first two of which make a plane."""
        self._main = tuple(directions)
        self._follow()
        self.changed.emit()

    def lay_across(self, direction: Direction) -> None:
        """Shows what this direction does from left to right."""
        self._lay((direction, None if self._laid[1] == direction else self._laid[1]))

    def lay_up(self, direction: Direction) -> None:
        self._lay((None if self._laid[0] == direction else self._laid[0], direction))

    def _lay(self, laid: tuple[Direction | None, Direction | None]) -> None:
        self._laid = laid
        self.choose(MapChoice.DIRECTIONS)

    @property
    def plane(self) -> Plane:
        match self.choice:
            case MapChoice.DIRECTIONS:
                assert self.directions is not None
                return DirectionsPlane(*self.directions)
            case MapChoice.DIMENSIONS:
                return DimensionsPlane(*self._dimensions)
            case MapChoice.PINS:
                first, second, third = (
                    self._exploring.known.solid_point(pin.picture) for pin in self._exploring.state.pins[:3]
                )
                return PointsPlane((first, second, third))
            case MapChoice.SEEDS:
                return PointsPlane((Drawn(seed=FIRST_SEED), Drawn(seed=FIRST_SEED + 1), Drawn(seed=FIRST_SEED + 2)))
            case _:
                assert_never(self.choice)

    def axes(self) -> str:
        """What lies where on the map, in words."""
        match self.plane:
            case DirectionsPlane(first, second):
                return f"{first.name} across, {second.name} up"
            case DimensionsPlane(across, up):
                return f"z{across + 1} across, z{up + 1} up"
            case PointsPlane():
                pinned = self.choice is MapChoice.PINS
                seeds = (f"Seed {FIRST_SEED + number}" for number in range(3))
                names = [pin.name for pin in self._exploring.state.pins[:3]] if pinned else list(seeds)
                return f"{names[0]}, {names[1]} and {names[2]} at the corners of a triangle"

    @property
    def place(self) -> Place | None:
        """Where the picture on the stage lies, or what is nearest to it."""
        picture = self._exploring.picture
        return self._reading().place_of(picture, self._exploring.known.of(picture))

    def place_of(self, picture: LatentPicture) -> Place | None:
        """Of one that is not on the stage, as those of a walk: from where the points lie that it is mixed of."""
        return self._reading().place_of(picture, latent_of(picture.point, self._exploring.known))

    def go_to(self, place: Place) -> None:
        self._exploring.set_picture(at(self.plane, self._exploring.picture, place), "map")

    def _reading(self) -> Chart:
        """The shown plane, with what was learnt of it when it was last asked for."""
        wanted = self._wanted()
        if self._chart is not None and (self._chart.plane, self._chart.base) == wanted:
            return self._chart
        return Chart(*wanted)

    @Slot()
    def _take_findings(self) -> None:
        assert self._findings is not None
        found = self._findings.found
        if len(found.effects) > 1:
            by_effect = sorted(range(len(found.effects)), key=lambda index: -found.effects[index])
            self._dimensions = (by_effect[0], by_effect[1])
        known = self._findings.directions
        across, up = (self._renamed(one, known) for one in self._laid)
        self._laid = (across, up)
        self.set_directions(self._findings.main)

    @staticmethod
    def _renamed(direction: Direction | None, known: Sequence[Direction]) -> Direction | None:
        """The same under the name that it has by now; None where it is gone."""
        if direction is None or direction in known:
            return direction
        return next((one for one in known if is_same_way(one, direction)), None)

    @Slot()
    def _begin(self) -> None:
        self._pace.forget()
        self._path_pace.forget()
        self.path = Path()
        self.pictures, self._asked, self._chart = None, None, None
        self._main, self._laid, self._dimensions = (), (None, None), (0, 1)

    @Slot()
    def _follow(self) -> None:
        if self._exploring.size and self._wanted() != self._asked:
            self._pace.ask_soon()
        if self._exploring.state.walk is not self._walk:
            self._walk = self._exploring.state.walk
            self._path_pace.ask_soon()
        self.moved.emit()

    @Slot()
    def _ask_again(self) -> None:
        self._pace.ask_again()

    def _ask(self) -> None:
        if self._exploring.watched and self._exploring.is_usable and self._exploring.size:
            self._asked = self._wanted()
            self._exploring.looking.drop(VIEW)
            self._rows = list(range(SIDE))
            self._ask_row(*self._asked)

    def _wanted(self) -> tuple[Plane, LatentPicture]:
        plane = self.plane
        return plane, base(plane, self._exploring.picture)

    def _ask_row(self, plane: Plane, common: LatentPicture) -> None:
        row = self._rows[0]
        pictures = [at(plane, common, place_of_cell(row, column)) for column in range(SIDE)]
        if isinstance(plane, PointsPlane):
            pictures += [LatentPicture(point=point) for point in plane.points]
        self._exploring.looking.ask(VIEW, Explore(tuple(pictures)))

    @Slot(object)
    def _take(self, answer: Shown) -> None:
        if answer.view != VIEW or not self._rows or self._asked is None:
            return
        row = self._rows.pop(0)
        pictures = answer.pictures[:SIDE]
        if self.pictures is None or self.pictures.shape[2:] != pictures.shape[1:]:
            self.pictures = np.repeat(pictures[None], SIDE, 0)
        self.pictures[row] = pictures
        if answer.latents is not None:
            corners = answer.latents[SIDE:] if len(answer.latents) > SIDE else None
            self._chart = Chart(*self._asked, answer.latents[0], corners)
        self.pictured.emit()
        if not self._rows:
            self._find_path()
        elif self._wanted() == self._asked:
            self._ask_row(*self._asked)

    @Slot(object)
    def _heed_strip(self, answer: Shown) -> None:
        """With the pictures of keyframes it is learnt where they lie."""
        if answer.view == STRIP_VIEW:
            self._path_pace.ask_soon()

    def _find_path(self) -> None:
        """Takes a moment: only once the walk or the map has changed, never while something follows the hand."""
        if self._chart is not None:
            self.path = path_of(self._walk, self._chart, self._exploring.known)
        self.changed.emit()

    @Slot(str)
    def _give_up(self, view: str) -> None:
        if view == VIEW:
            self._rows = []


def place_of_cell(row: int, column: int) -> Place:
    """The middle of a small picture, the top row being 0."""
    return Place((2 * column + 1) / SIDE - 1, 1 - (2 * row + 1) / SIDE)
