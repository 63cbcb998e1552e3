"""What a person has done about attributes of a model's pictures, as plain values: piles, directions, an own picture."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Literal

from gen_studio.core.directions import Method, Quality
from gen_studio.core.latents import Direction, LatentPicture
from gen_studio.core.looking import Picture

Side = Literal["more", "less"]


def digest_of(pixels: Picture) -> str:
    """By which pixels are known again."""
    return hashlib.sha1(repr(pixels.shape).encode() + pixels.tobytes(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Sample:
    """A picture of the model, in a pile or waiting to be sorted."""

    picture: LatentPicture


@dataclass(frozen=True)
class Datum:
    """A training picture: one of those that this seed draws."""

    seed: int
    place: int
    pixels: Picture = field(compare=False, repr=False)


@dataclass(frozen=True)
class Photo:
    """A person's own picture as the model takes it. Two are the same where their pixels are."""

    pixels: Picture = field(compare=False, repr=False)
    digest: str = ""

    @classmethod
    def of(cls, pixels: Picture) -> "Photo":
        return cls(pixels, digest_of(pixels))


Example = Sample | Datum | Photo


@dataclass(frozen=True)
class Kept:
    """A direction in the list. quality and along: as it was learnt; None and () where that is not known."""

    direction: Direction
    quality: Quality | None = None
    along: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Own:
    """A person's picture as the model takes it, and the place that comes nearest to it.

    error: between the two, root mean square over pixels, in grey levels. step: of the weights that say so.
    """

    title: str
    pixels: Picture
    picture: LatentPicture
    error: float
    how: str
    step: int = 0


@dataclass(frozen=True)
class Lesson:
    """How the next direction is to be learnt. spared: names of those that it leaves alone."""

    name: str = ""
    trait: str = ""
    method: Method = Method.DIFFERENCE
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Editing:
    """A part of what is explored of a run, so that undo brings it back with everything else."""

    more: tuple[Example, ...] = ()
    less: tuple[Example, ...] = ()
    lesson: Lesson = Lesson()
    kept: tuple[Kept, ...] = ()
    own: Own | None = None

    def pile(self, side: Side) -> tuple[Example, ...]:
        return self.more if side == "more" else self.less

    def sorted_into(self, example: Example, side: Side | None) -> "Editing":
        """At the end of one pile and not in the other; in none with None."""
        piles = {other: tuple(one for one in self.pile(other) if one != example) for other in ("more", "less")}
        if side is not None:
            if example in self.pile(side):
                return self
            piles[side] = (*piles[side], example)
        return replace(self, more=piles["more"], less=piles["less"])

    @property
    def strangers(self) -> frozenset[Example]:
        """The pictures in the piles that are not the model's own, so that their places must be found."""
        return frozenset(one for one in (*self.more, *self.less) if not isinstance(one, Sample))

    def side_of(self, example: Example) -> Side | None:
        return "more" if example in self.more else "less" if example in self.less else None

    def find(self, name: str) -> Kept | None:
        return next((kept for kept in self.kept if kept.direction.name == name), None)

    def free_name(self, name: str) -> str:
        """The name, with a number behind it where it is taken."""
        names = {kept.direction.name for kept in self.kept}
        numbered = (f"{name} {number}" for number in range(2, len(names) + 3))
        return name if name not in names else next(one for one in numbered if one not in names)
