"""Names that people give to directions: one under another name is the same wherever it is at work."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.latents import Direction, LatentPicture, Move
from gen_studio.viewmodels.attributes_state import Editing, Kept
from gen_studio.viewmodels.exploration import Exploration, Pin

ALIKE = 0.99
"""Cosine of the angle between two directions that are taken for one: found again with newer weights, for example."""


def renamed(exploration: Exploration, direction: Direction, name: str) -> Exploration:
    """Under a name that no other has. One that was found rather than learnt is taken into the list with it."""
    editing = exploration.editing
    if direction.name == name:
        return exploration
    other = direction.model_copy(update={"name": editing.free_name(name)})
    if all(kept.direction != direction for kept in editing.kept):
        other = other.model_copy(update={"source": direction.name.lower()})
        kept = (*editing.kept, Kept(other))
    else:
        kept = tuple(replace(one, direction=other) if one.direction == direction else one for one in editing.kept)
    return _everywhere(replace(exploration, editing=replace(editing, kept=kept)), _replacing(direction, other))


def without_name(exploration: Exploration, direction: Direction, found: Direction) -> Exploration:
    """No longer in the list: it goes by the name under which it was found, and pictures stay as they are."""
    other = direction.model_copy(update={"name": found.name, "source": found.source})
    return _everywhere(_unlisted(exploration, direction), _replacing(direction, other))


def removed(exploration: Exploration, direction: Direction) -> Exploration:
    """No longer in the list, nor at work in the picture on the stage; what is pinned stays as it is."""
    left = tuple(move for move in exploration.picture.moves if move.direction != direction)
    picture = exploration.picture.model_copy(update={"moves": left})
    return replace(_unlisted(exploration, direction), picture=picture)


def with_way(exploration: Exploration, start: Pin, end: Pin, way: NDArray[np.float32]) -> Exploration:
    """What leads from one pin's latent to another's is a direction too: strength 1 goes all the way."""
    direction = Direction(name=f"{start.name} to {end.name}", values=tuple(way.tolist()), source="from 2 pins")
    return replace(exploration, editing=_with(exploration.editing, direction))


def combined(exploration: Exploration) -> Exploration:
    """All moves of the picture as one direction, at strength 1: the picture stays. See `can_combine`."""
    moves = exploration.picture.moves
    values = np.sum([move.strength * np.array(move.direction.values, np.float64) for move in moves], axis=0)
    count = f"{len(moves)} directions"
    name = " + ".join(move.direction.name for move in moves) if len(moves) == 2 else count
    first = moves[0].direction
    direction = first.model_copy(update={"name": name, "values": tuple(values.tolist()), "source": f"from {count}"})
    editing = _with(exploration.editing, direction)
    picture = exploration.picture.model_copy(
        update={"moves": (Move(direction=editing.kept[-1].direction, strength=1),)}
    )
    return replace(exploration, editing=editing, picture=picture)


def can_combine(picture: LatentPicture) -> bool:
    """Whether there are several moves, all of the same numbers."""
    directions = [move.direction for move in picture.moves]
    return len(directions) > 1 and len({(one.space, one.first_layer, one.last_layer) for one in directions}) == 1


def with_names(found: Sequence[Direction], kept: Sequence[Direction]) -> tuple[Direction, ...]:
    """What was found, with those in their places that people have named."""
    return tuple(next((one for one in kept if is_same_way(one, direction)), direction) for direction in found)


def is_same_way(one: Direction, other: Direction) -> bool:
    """Both ways along it are the same direction."""
    if (one.space, one.first_layer, one.last_layer) != (other.space, other.first_layer, other.last_layer):
        return False
    if len(one.values) != len(other.values):
        return False
    ways = _unit(one), _unit(other)
    return abs(float(ways[0] @ ways[1])) >= ALIKE


def _unit(direction: Direction) -> NDArray[np.float64]:
    values = np.array(direction.values, np.float64)
    length = float(np.linalg.norm(values))
    return values / length if length else values


def _with(editing: Editing, direction: Direction) -> Editing:
    named = direction.model_copy(update={"name": editing.free_name(direction.name)})
    return replace(editing, kept=(*editing.kept, Kept(named)))


def _unlisted(exploration: Exploration, direction: Direction) -> Exploration:
    kept = tuple(one for one in exploration.editing.kept if one.direction != direction)
    return replace(exploration, editing=replace(exploration.editing, kept=kept))


def _replacing(before: Direction, after: Direction) -> Callable[[LatentPicture], LatentPicture]:
    def changed(picture: LatentPicture) -> LatentPicture:
        if all(move.direction != before for move in picture.moves):
            return picture
        moves = (
            move.model_copy(update={"direction": after}) if move.direction == before else move for move in picture.moves
        )
        return picture.model_copy(update={"moves": tuple(moves)})

    return changed


def _everywhere(exploration: Exploration, change: Callable[[LatentPicture], LatentPicture]) -> Exploration:
    """In the picture on the stage, in what is pinned and in the walk."""
    frames = exploration.walk.keyframes
    return replace(
        exploration,
        picture=change(exploration.picture),
        pins=tuple(replace(pin, picture=change(pin.picture)) for pin in exploration.pins),
        walk=exploration.walk.model_copy(
            update={"keyframes": tuple(one.model_copy(update={"picture": change(one.picture)}) for one in frames)}
        ),
    )
