"""What a person has explored of a model, as plain values: the picture on the stage, what is pinned, the walk."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gen_studio.core.latents import Dimension, Direction, Drawn, LatentPicture, Move, Near, Point
from gen_studio.core.walks import Walk
from gen_studio.viewmodels.attributes_state import Editing

FIRST_SEED = 1


@dataclass(frozen=True)
class Pin:
    """A picture that is kept. `number` stays with it whatever it is called and wherever it stands."""

    number: int
    name: str
    picture: LatentPicture


@dataclass(frozen=True)
class Span:
    """The stage shows what lies between two pins, by their numbers. share: 0 at the first, 1 at the second."""

    first: int
    second: int
    share: float


@dataclass(frozen=True)
class Exploration:
    """All that undo brings back. span: None where the picture is not one between two pins."""

    picture: LatentPicture = field(default_factory=lambda: LatentPicture(point=Drawn(seed=FIRST_SEED)))
    pins: tuple[Pin, ...] = ()
    walk: Walk = field(default_factory=Walk)
    span: Span | None = None
    editing: Editing = field(default_factory=Editing)

    def pin(self, number: int) -> Pin | None:
        return next((pin for pin in self.pins if pin.number == number), None)

    def with_picture(self, picture: LatentPicture) -> "Exploration":
        """Moved away from what lies between two pins, if it was there."""
        return replace(self, picture=picture, span=None)


def plain(picture: LatentPicture) -> LatentPicture:
    """The same place without anything done to it: what Reset leaves. The class stays, for it is no change."""
    return LatentPicture(point=picture.point, classes=picture.classes)


def at_point(picture: LatentPicture, point: Point) -> LatentPicture:
    """Another place. What was done by name is done there as well; single numbers belonged to the old place."""
    return picture.model_copy(update={"point": point, "dimensions": ()})


def seed_of(picture: LatentPicture) -> int | None:
    """The seed that the picture's place comes from; None where it comes from no single one."""
    point = picture.point
    while isinstance(point, Near):
        point = point.point
    return point.seed if isinstance(point, Drawn) else None


def with_dimension(picture: LatentPicture, index: int, value: float | None) -> LatentPicture:
    """One number of the latent set by hand; None gives it back to the place."""
    kept = [dimension for dimension in picture.dimensions if dimension.index != index]
    if value is not None:
        kept.append(Dimension(index=index, value=value))
    return picture.model_copy(update={"dimensions": tuple(sorted(kept, key=lambda one: one.index))})


def with_strength(picture: LatentPicture, direction: Direction, strength: float) -> LatentPicture:
    """So far along a direction; at 0 it is left out, and otherwise stays where it stood among the others."""
    moves = {move.direction: move for move in picture.moves}
    if strength:
        moves[direction] = Move(direction=direction, strength=strength)
    else:
        moves.pop(direction, None)
    return picture.model_copy(update={"moves": tuple(moves.values())})


def strength_of(picture: LatentPicture, direction: Direction) -> float:
    return next((move.strength for move in picture.moves if move.direction == direction), 0.0)


def blend(first: int, second: int | None, share: float, count: int) -> tuple[float, ...]:
    """Weights of `count` classes: the first, or that share of the second in it. () for the first class alone."""
    weights = [0.0] * count
    weights[first] = 1.0
    if second is not None and second != first:
        weights[first], weights[second] = 1.0 - share, share
    return () if weights[0] == 1.0 else tuple(weights)


def blended(classes: Sequence[float]) -> tuple[int, int | None, float]:
    """The two classes that weigh most and the second one's share, the one with the smaller number first."""
    if not classes:
        return 0, None, 0.0
    largest = sorted(sorted(range(len(classes)), key=lambda index: -classes[index])[:2])
    weighing = [index for index in largest if classes[index] > 0]
    if len(weighing) < 2:
        return weighing[0], None, 0.0
    first, second = weighing
    return first, second, classes[second] / (classes[first] + classes[second])
