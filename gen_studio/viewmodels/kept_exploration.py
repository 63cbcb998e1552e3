"""What was explored of a run, kept beside its checkpoints: pins, walks, piles and directions outlive the window."""

from contextlib import suppress
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from gen_studio.core import atomic, sheets
from gen_studio.core.config import Config
from gen_studio.core.errors import UserError
from gen_studio.core.latents import LatentPicture
from gen_studio.core.looking import Picture
from gen_studio.core.walks import Walk
from gen_studio.viewmodels import attributes_kept
from gen_studio.viewmodels.attributes_kept import KeptDirection, KeptEditing
from gen_studio.viewmodels.attributes_state import digest_of
from gen_studio.viewmodels.exploration import Exploration, Pin

NAME, PICTURES = "exploration.json", "exploration.png"
LARGEST = 50_000_000
"""Bytes that are read at all."""


class KeptPin(Config):
    number: int
    name: str
    picture: LatentPicture


class KeptExploration(Config):
    """version: of this file's form."""

    version: Literal[1] = 1
    picture: LatentPicture
    pins: tuple[KeptPin, ...] = ()
    walk: Walk = Walk()
    directions: tuple[KeptDirection, ...] = ()
    editing: KeptEditing = KeptEditing()


def write(run: Path, exploration: Exploration) -> None:
    """Raises UserError where the disk does not take it. What a run's folder is gone for is not kept."""
    if run.is_dir():
        # The pictures first: words that speak of pictures which are not there would lose them.
        _write_pictures(run / PICTURES, attributes_kept.pictures(exploration.editing))
        kept = KeptExploration(
            picture=exploration.picture,
            pins=tuple(KeptPin(number=pin.number, name=pin.name, picture=pin.picture) for pin in exploration.pins),
            walk=exploration.walk,
            directions=attributes_kept.directions(exploration.editing),
            editing=attributes_kept.kept(exploration.editing),
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
        pictures = _read_pictures(run / PICTURES)
    except (OSError, ValidationError, ValueError, RecursionError) as error:
        raise UserError(
            f"Pins, walk, piles and directions of this run could not be read from {path}. It begins without them; "
            "move the file elsewhere to keep it, since the next ones take its place."
        ) from error
    pins = tuple(Pin(pin.number, pin.name, pin.picture) for pin in kept.pins)
    editing = attributes_kept.editing(kept.editing, kept.directions, pictures)
    return Exploration(picture=kept.picture, pins=pins, walk=kept.walk, editing=editing)


def _write_pictures(path: Path, pictures: dict[str, Picture]) -> None:
    """As one PNG, written anew only where there are others."""
    if not pictures:
        with suppress(OSError):  # one that stays does no harm
            path.unlink(missing_ok=True)
    elif pictures.keys() != _read_pictures(path).keys():
        sheets.write(path, np.stack(list(pictures.values())))


def _read_pictures(path: Path) -> dict[str, Picture]:
    """By their digests; none where they cannot be read."""
    try:
        tiles, _ = sheets.read(path) if path.is_file() else (np.zeros((0, 1, 1, 1), np.uint8), 1)
    except (UserError, ZeroDivisionError):
        return {}
    return {digest_of(tile): np.ascontiguousarray(tile) for tile in tiles}
