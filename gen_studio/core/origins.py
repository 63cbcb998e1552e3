"""Pictures that carry how they were made: dropped on the window, one leads back to its exact place in the latent space.

What is said of a picture is JSON in a text chunk of its PNG, which viewers leave alone. Reading takes any file:
its size is bounded, its numbers are checked, and nothing in it is evaluated.
"""

import io
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydantic import Field, ValidationError

from gen_studio.core import atomic, sheets
from gen_studio.core.config import Config
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import LatentPicture

CHUNK = "gen-studio:origin"
LARGEST_TEXT = 8_000_000
LARGEST_FILE = 100_000_000
"""Bytes of a PNG that is opened at all: a chunk is read before its length can be doubted."""


class Origin(Config):
    """Where pictures come from: a run by its folder's name, at a step, and what decided each of them.

    version: of the app that made them. columns: how many stand side by side, where there are several.
    """

    run: str
    family: str
    step: int = Field(ge=0)
    pictures: tuple[LatentPicture, ...] = Field(min_length=1)
    columns: int = Field(default=1, ge=1)
    version: str = ""


def app_version() -> str:
    """The version that is installed; "" where it runs uninstalled."""
    try:
        return version("gen-studio")
    except PackageNotFoundError:
        return ""


def write(path: Path, pictures: NDArray[np.uint8], origin: Origin) -> None:
    """Saves (N, H, W, C) pictures as one PNG, in rows of `origin.columns`, with their origin inside.

    Raises WrongUse where what decides them is too long to be kept.
    """
    text = json.dumps(origin.model_dump(mode="json"), separators=(",", ":"))  # ASCII alone, as the chunk wants it
    if len(text) > LARGEST_TEXT:
        raise WrongUse(
            f"What decides these {len(pictures)} pictures is too long for one file. Save fewer of them at a time."
        )
    facts = PngInfo()
    facts.add_text(CHUNK, text)
    buffer = io.BytesIO()
    sheets.arrange(pictures, origin.columns).save(buffer, "PNG", pnginfo=facts)
    atomic.write_bytes(path, buffer.getvalue())


def read(path: Path) -> Origin:
    """How the pictures of a PNG were made. Raises WrongUse for any file that does not say it."""
    text = _text(path)
    if text is None:
        raise WrongUse(
            f"{path.name} does not say how it was made: only pictures saved by Gen Studio from a latent do. "
            "To edit any other picture, project it."
        )
    try:
        return Origin.model_validate_json(text)
    except (ValidationError, RecursionError) as error:
        raise WrongUse(
            f"{path.name} says how it was made in a way that this version does not understand: it was changed since, "
            "or comes from a newer one."
        ) from error


def _text(path: Path) -> str | None:
    """The chunk's text, None where there is none or the file is none of ours."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        with Image.open(path, formats=("PNG",)) as image:
            # Not `image.text`, which decodes the whole picture to see what stands behind it.
            text = image.info.get(CHUNK)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return str(text) if text is not None and len(text) <= LARGEST_TEXT else None
