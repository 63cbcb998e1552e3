"""Piles, the lesson and a person's own picture as they are kept beside a run: words and latents, and pixels by digest.

Samples come back from their latents. All other pictures stand in one PNG, so that they are there again though the files
or the data that they came from have gone.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, assert_never

from pydantic import Field

from gen_studio.core.config import Config
from gen_studio.core.directions import Method, Quality
from gen_studio.core.latents import Direction, LatentPicture
from gen_studio.core.looking import Picture
from gen_studio.viewmodels.attributes_state import (
    Datum,
    Editing,
    Example,
    Kept,
    Lesson,
    Own,
    Photo,
    Sample,
    digest_of,
)

Pictures = Mapping[str, Picture]
"""By their digests."""


class KeptSample(Config):
    kind: Literal["sample"] = "sample"
    picture: LatentPicture


class KeptDatum(Config):
    kind: Literal["datum"] = "datum"
    seed: int
    place: int
    digest: str


class KeptPhoto(Config):
    kind: Literal["photo"] = "photo"
    digest: str


KeptExample = Annotated[KeptSample | KeptDatum | KeptPhoto, Field(discriminator="kind")]


class KeptDirection(Config):
    direction: Direction
    checked: Quality | None = None
    along: tuple[tuple[str, float], ...] = ()


class KeptLesson(Config):
    name: str = ""
    trait: str = ""
    method: Method = Method.DIFFERENCE
    spared: tuple[str, ...] = ()


class KeptOwn(Config):
    title: str
    digest: str
    picture: LatentPicture
    error: float
    how: str
    step: int = 0


class KeptEditing(Config):
    """All of it but the directions."""

    more: tuple[KeptExample, ...] = ()
    less: tuple[KeptExample, ...] = ()
    lesson: KeptLesson = KeptLesson()
    own: KeptOwn | None = None


def kept(editing: Editing) -> KeptEditing:
    lesson = editing.lesson
    return KeptEditing(
        more=tuple(map(_kept, editing.more)),
        less=tuple(map(_kept, editing.less)),
        lesson=KeptLesson(
            name=lesson.name, trait=lesson.trait, method=lesson.method, spared=tuple(sorted(lesson.spared))
        ),
        own=None if editing.own is None else _kept_own(editing.own),
    )


def directions(editing: Editing) -> tuple[KeptDirection, ...]:
    return tuple(KeptDirection(direction=one.direction, checked=one.quality, along=one.along) for one in editing.kept)


def pictures(editing: Editing) -> dict[str, Picture]:
    """All that cannot be made again from a latent."""
    pixels = [one.pixels for one in (*editing.more, *editing.less) if not isinstance(one, Sample)]
    if editing.own is not None:
        pixels.append(editing.own.pixels)
    return {digest_of(one): one for one in pixels}


def editing(words: KeptEditing, ways: Sequence[KeptDirection], seen: Pictures) -> Editing:
    """As it was. What has lost its pixels is left out."""
    own, lesson = words.own, words.lesson
    return Editing(
        more=_examples(words.more, seen),
        less=_examples(words.less, seen),
        lesson=Lesson(lesson.name, lesson.trait, lesson.method, frozenset(lesson.spared)),
        kept=tuple(Kept(one.direction, one.checked, one.along) for one in ways),
        own=None
        if own is None or own.digest not in seen
        else Own(own.title, seen[own.digest], own.picture, own.error, own.how, own.step),
    )


def _kept(example: Example) -> KeptExample:
    match example:
        case Sample(picture):
            return KeptSample(picture=picture)
        case Datum(seed, place, pixels):
            return KeptDatum(seed=seed, place=place, digest=digest_of(pixels))
        case Photo():
            return KeptPhoto(digest=example.digest)
        case _:
            assert_never(example)


def _kept_own(own: Own) -> KeptOwn:
    return KeptOwn(
        title=own.title,
        digest=digest_of(own.pixels),
        picture=own.picture,
        error=own.error,
        how=own.how,
        step=own.step,
    )


def _examples(pile: Sequence[KeptExample], seen: Pictures) -> tuple[Example, ...]:
    found: list[Example] = []
    for one in pile:
        match one:
            case KeptSample():
                found.append(Sample(one.picture))
            case KeptDatum() if one.digest in seen:
                found.append(Datum(one.seed, one.place, seen[one.digest]))
            case KeptPhoto() if one.digest in seen:
                found.append(Photo(seen[one.digest], one.digest))
            case _:
                pass
    return tuple(found)
