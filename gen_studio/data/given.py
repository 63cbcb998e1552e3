"""Reads single pictures as people hand them in: photos, masks, layouts. What is none is refused in a sentence."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.errors import WrongUse
from gen_studio.data.layouts import Coding, read_layout
from gen_studio.data.pictures import (
    FORMATS,
    KINDS,
    LARGEST,
    LARGEST_FILE,
    LONGEST,
    Unreadable,
    decoded,
    planes,
    prepare,
)
from gen_studio.data.source import Remark

HALF = 128
"""From this grey on a mask's pixel is white."""
SAID = {
    Remark.ON_WHITE: "Its transparent parts were laid on white.",
    Remark.REDUCED: "It was brought from 16 to 8 bits.",
}


@dataclass(frozen=True)
class Given:
    """A picture (H, W, 1 or 3) uint8, grey where no pixel has a colour, and sentences on what had to be done to it."""

    pixels: NDArray[np.uint8]
    remarks: tuple[str, ...] = ()


def picture(path: Path) -> Given:
    """Any picture file in its own size, upright. Of one that moves, the first picture. Raises WrongUse."""
    prepare()
    try:
        content, moving = _still(_content(path))
        upright = decoded(content, LONGEST)
    except Unreadable as error:
        raise _refused(path, error) from error
    said = [sentence for remark, sentence in SAID.items() if upright.remarks[remark]]
    if moving:
        said.append(f"Only the first of its {moving:,} pictures was taken.")
    return Given(np.ascontiguousarray(planes(upright.image).transpose(1, 2, 0)), tuple(said))


def mask(path: Path, height: int, width: int) -> NDArray[np.bool_]:
    """A mask (H, W) for a picture of this size, true where the file is white. Raises WrongUse."""
    pixels = picture(path).pixels
    _check_size("mask", path, pixels.shape, height, width)
    white: NDArray[np.bool_] = pixels.mean(axis=2) >= HALF
    return white


def layout(path: Path, classes: tuple[LayoutClass, ...], height: int, width: int) -> NDArray[np.uint8]:
    """A layout (H, W) of a file that has the classes by their colours, or indexed by number. Raises WrongUse."""
    prepare()
    coding = Coding(classes, tuple(range(len(classes))), tuple(one.colour for one in classes))
    try:
        found = coding.classes_of(read_layout(_content(path)))
    except Unreadable as error:
        raise WrongUse(f"{path} {error}. Save it as PNG in the colours of the classes.") from error
    _check_size("layout", path, found.shape, height, width)
    return found


def _content(path: Path) -> bytes:
    if not path.exists():
        raise WrongUse(f"There is no file {path}. Check the path.")
    if not path.is_file():
        raise WrongUse(f"{path} is a folder. Choose a single picture in it.")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"is larger than {LARGEST_FILE // 1_000_000} MB; scale it down first")
        return path.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror or error}. Check its rights.") from error


def _still(content: bytes) -> tuple[bytes, int]:
    """The content, that of a GIF as the PNG of its first picture; and how many it holds where they are several."""
    try:
        with Image.open(io.BytesIO(content), formats=(*FORMATS, "GIF")) as image:
            count = getattr(image, "n_frames", 1)
            if image.format == "GIF":
                file = io.BytesIO()
                image.convert("RGBA").save(file, "PNG", compress_level=1)
                content = file.getvalue()
            return content, count if count > 1 else 0
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(f"has more than {LARGEST} megapixels; scale it down first") from error
    except Exception:
        return content, 0  # what is wrong with it is found, and said, when it is decoded


def _refused(path: Path, error: Unreadable) -> WrongUse:
    return WrongUse(f"{path} {error}. Pictures are {KINDS} files, and GIF files.")


def _check_size(what: str, path: Path, shape: tuple[int, ...], height: int, width: int) -> None:
    if shape[:2] != (height, width):
        raise WrongUse(
            f"The {what} {path.name} is {shape[1]} × {shape[0]} and the picture {width} × {height}. "
            f"Make the {what} as large as the picture."
        )
