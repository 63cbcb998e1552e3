"""What was explored of a run, kept beside its checkpoints: pins, walks and learnt directions outlive the window."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from gen_studio.core import atomic
from gen_studio.core.config import Config
from gen_studio.core.directions import Quality
from gen_studio.core.errors import UserError
from gen_studio.core.latents import Direction, LatentPicture
from gen_studio.core.walks import Walk
from gen_studio.viewmodels.attributes_state import Editing, Kept
from gen_studio.viewmodels.exploration import Exploration, Pin

NAME = "exploration.json"
LARGEST = 50_000_000
"""Bytes that are read at all."""


class KeptPin(Config):
    number: int
    name: str
    picture: LatentPicture


class KeptDirection(Config):
    direction: Direction
    checked: Quality | None = None
    along: tuple[tuple[str, float], ...] = ()


class KeptExploration(Config):
    """version: of this file's form."""

    version: Literal[1] = 1
    picture: LatentPicture
    pins: tuple[KeptPin, ...] = ()
    walk: Walk = Walk()
    directions: tuple[KeptDirection, ...] = ()


def write(run: Path, exploration: Exploration) -> None:
    """Raises UserError where the disk does not take it. What a run's folder is gone for is not kept."""
    if run.is_dir():
        kept = KeptExploration(
            picture=exploration.picture,
            pins=tuple(KeptPin(number=pin.number, name=pin.name, picture=pin.picture) for pin in exploration.pins),
            walk=exploration.walk,
            directions=tuple(
                KeptDirection(direction=one.direction, checked=one.quality, along=one.along)
                for one in exploration.editing.kept
            ),
        )
        atomic.write_text(run / NAME, kept.model_dump_json())


def read(run: Path) -> Exploration:
    """A new one where none was kept. Raises UserError for a file that cannot be read."""
    path = run / NAME
    try:
        if not path.is_file():
            return Exploration()
        if path.stat().st_size > LARGEST:
            raise ValueError
        kept = KeptExploration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, ValueError, RecursionError) as error:
        raise UserError(
            f"Pins, walk and directions of this run could not be read from {path}. It begins without them; "
            "move the file elsewhere to keep it, since the next ones take its place."
        ) from error
    pins = tuple(Pin(pin.number, pin.name, pin.picture) for pin in kept.pins)
    directions = tuple(Kept(one.direction, one.checked, one.along) for one in kept.directions)
    return Exploration(picture=kept.picture, pins=pins, walk=kept.walk, editing=Editing(kept=directions))
