"""Where thumbnails stand while they are sorted: those that wait in rows, below them the two piles side by side."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF

SIDE, PILE_SIDE = 40, 34
"""Of thumbnails, or a little more, so that whole ones fill the width."""
PILE_COLUMNS = 3
GAP = 4
BETWEEN = 8
"""Between the piles, and inside of them."""
HEAD = 26
LEAST_ROWS = 2
"""An empty pile is as large as two rows, so that it can be met."""


class Area(Enum):
    OFFERED = "offered"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True)
class Spot:
    """One thumbnail: which area, and its place there."""

    area: Area
    place: int


@dataclass(frozen=True)
class SortingLayout:
    """In logical pixels, for a width and so many thumbnails in each area."""

    width: float
    offered: int
    more: int
    less: int

    def count(self, area: Area) -> int:
        match area:
            case Area.OFFERED:
                return self.offered
            case Area.MORE:
                return self.more
            case Area.LESS:
                return self.less

    @property
    def side(self) -> float:
        """Of a thumbnail that waits."""
        return float(int((self.width - (self.columns - 1) * GAP) / self.columns))

    @property
    def columns(self) -> int:
        """Of those that wait."""
        return max(1, int((self.width + GAP) / (SIDE + GAP)))

    @property
    def pile_side(self) -> float:
        """Of a thumbnail in a pile."""
        widest = (self._pile_width - 2 * BETWEEN - (PILE_COLUMNS - 1) * GAP) / PILE_COLUMNS
        return float(min(PILE_SIDE, int(widest)))

    @property
    def height(self) -> float:
        return self.pile(Area.MORE).bottom()

    def pile(self, area: Area) -> QRectF:
        """The box of a pile, below its name."""
        left = 0.0 if area is Area.MORE else self._pile_width + BETWEEN
        rows = max(LEAST_ROWS, _rows(max(self.more, self.less), PILE_COLUMNS))
        inside = rows * (self.pile_side + GAP) - GAP
        return QRectF(left, self._top + HEAD, self._pile_width, inside + 2 * BETWEEN)

    def name(self, area: Area) -> QRectF:
        box = self.pile(area)
        return QRectF(box.left(), box.top() - HEAD, box.width(), HEAD)

    def rect(self, spot: Spot) -> QRectF:
        if spot.area is Area.OFFERED:
            row, column = divmod(spot.place, self.columns)
            return QRectF(column * (self.side + GAP), row * (self.side + GAP), self.side, self.side)
        row, column = divmod(spot.place, PILE_COLUMNS)
        corner, step = self.pile(spot.area).topLeft() + QPointF(BETWEEN, BETWEEN), self.pile_side + GAP
        return QRectF(corner.x() + column * step, corner.y() + row * step, self.pile_side, self.pile_side)

    def spots(self) -> list[Spot]:
        return [Spot(area, place) for area in Area for place in range(self.count(area))]

    def spot_at(self, point: QPointF) -> Spot | None:
        return next((spot for spot in self.spots() if self.rect(spot).contains(point)), None)

    def area_at(self, point: QPointF) -> Area | None:
        """Where what is dragged would be put; None beyond everything."""
        for area in (Area.MORE, Area.LESS):
            if self.pile(area).united(self.name(area)).contains(point):
                return area
        inside = QRectF(0, 0, self.width, max(1.0, self._top - BETWEEN)).contains(point)
        return Area.OFFERED if inside else None

    def moved(self, spot: Spot, across: int, down: int) -> Spot:
        """The thumbnail one step from another one, over the borders between areas; the same where there is none."""
        spots = self.spots()
        if across:
            place = spots.index(spot) + across
            return spots[place] if 0 <= place < len(spots) else spot
        here = self.rect(spot).center()
        beyond = [other for other in spots if (self.rect(other).center().y() - here.y()) * down > 1]
        return min(beyond, key=lambda other: self._far(other, here), default=spot)

    def _far(self, spot: Spot, here: QPointF) -> float:
        away = self.rect(spot).center() - here
        return abs(away.y()) * 10 + abs(away.x())

    @property
    def _pile_width(self) -> float:
        return float(int((self.width - BETWEEN) / 2))

    @property
    def _top(self) -> float:
        """Below those that wait."""
        rows = _rows(self.offered, self.columns)
        return rows * (self.side + GAP) + GAP if rows else 0.0


def _rows(count: int, columns: int) -> int:
    return -(-count // columns)
