"""Directions on the disk: one safetensors file each, its numbers as a tensor, everything else as JSON in its header."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from gen_studio.core import atomic
from gen_studio.core.config import Config
from gen_studio.core.directions import Quality
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Direction, Space

ENDING = ".direction"
FORMAT_VERSION = 1
HEADER, VALUES = "gen_studio.direction", "values"
LARGEST_FILE = 64_000_000
"""Bytes; the latents of a diffusion model of 1,024 x 1,024 pixels in colour take 25 million."""


@dataclass(frozen=True)
class Origin:
    """The model that a direction was learnt with: a family's key, the name of a run and the step of its weights."""

    family: str
    run: str
    step: int


@dataclass(frozen=True)
class Saved:
    """What one file holds."""

    direction: Direction
    quality: Quality | None = None
    origin: Origin | None = None


class _Card(Config):
    """The JSON in the header: all but the numbers."""

    name: str
    space: Space
    source: str = ""
    first_layer: int | None = Field(None, ge=0)
    last_layer: int | None = Field(None, ge=0)
    quality: Quality | None = None
    origin: Origin | None = None
    format_version: int = FORMAT_VERSION


def save(path: Path, saved: Saved) -> None:
    """Replaces a file in one step. Raises UserError when the disk does not take it."""
    from safetensors import numpy as safetensors

    named = saved.direction.model_dump(exclude={"values"})
    card = _Card(**named, quality=saved.quality, origin=saved.origin)
    values = np.array(saved.direction.values, dtype=np.float64)
    atomic.write_bytes(path, safetensors.save({VALUES: values}, {HEADER: card.model_dump_json()}))


def load(path: Path) -> Saved:
    """Reads what `save` wrote. Raises WrongUse for a missing, damaged or foreign file; nothing in it is evaluated."""
    content = _content(path)
    card = _card(path, content)
    values = _values(path, content)
    named = card.model_dump(include={"name", "space", "source", "first_layer", "last_layer"})
    return Saved(Direction(**named, values=tuple(values)), card.quality, card.origin)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise WrongUse(f"{path} is a folder. Name a direction in it, a file that ends in {ENDING}.")
    if not path.exists():
        raise WrongUse(f"There is no direction {path}. Check the path, or learn one: gen-studio direction --help")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _foreign(path, f"it is larger than {LARGEST_FILE // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror or error}. Check its rights.") from error


def _card(path: Path, content: bytes) -> _Card:
    """From the header of a safetensors file: its length in 8 bytes, then JSON."""
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > len(content) - 8:
        raise _foreign(path, "it is cut short, or of another kind")
    try:
        words: Any = json.loads(content[8 : 8 + length])["__metadata__"][HEADER]
        document = json.loads(words)
        version = document["format_version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _foreign(path, "it does not say what it is") from error
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise WrongUse(f"{path} was written by a newer version of Gen Studio. Update the app to open it.")
    try:
        return _Card.model_validate_json(words)
    except ValidationError as error:
        first = error.errors()[0]
        raise _foreign(path, f"{'.'.join(map(str, first['loc'])) or 'its description'} is not as expected") from error


def _values(path: Path, content: bytes) -> list[float]:
    from safetensors import SafetensorError
    from safetensors import numpy as safetensors

    try:
        values = safetensors.load(content)[VALUES]
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise _foreign(path, "its numbers cannot be read") from error
    if values.ndim != 1 or values.dtype.kind != "f" or not len(values):
        raise _foreign(path, "its numbers are not in one row")
    numbers: list[float] = values.astype(np.float64).tolist()
    if not all(map(math.isfinite, numbers)):
        raise _foreign(path, "some of its numbers are not finite")
    return numbers


def _foreign(path: Path, reason: str) -> WrongUse:
    return WrongUse(f"{path} is not a direction, or it is damaged: {reason}. Learn it again, or use another copy.")
