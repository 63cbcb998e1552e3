"""Files as people bring them, good and bad: what every way in has to take, or to refuse in a sentence."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 24, 16
TURNED = 6
"""By the EXIF tag: the camera was held upright."""


def pixels() -> NDArray[np.uint8]:
    """(H, W, 3), red with a blue right half: it is seen when a picture is turned, or its colours are."""
    picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    picture[:, : WIDTH // 2], picture[:, WIDTH // 2 :] = (220, 30, 40), (20, 40, 200)
    return picture


def is_it(found: NDArray[np.uint8], tolerance: int = 60) -> bool:
    """Whether a picture (H, W, 3) is this one, as far as its kind of file can tell."""
    wanted = pixels()
    return found.shape == wanted.shape and float(np.abs(found.astype(int) - wanted).mean()) < tolerance / 4


def _image() -> Image.Image:
    return Image.fromarray(pixels())


def _transparent(path: Path) -> None:
    image = _image().convert("RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    image.save(path)


def _moving(path: Path) -> None:
    _image().save(path, save_all=True, append_images=[Image.new("RGB", (WIDTH, HEIGHT), c) for c in ("black", "white")])


def _turned(path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = TURNED
    _image().transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, quality=95)


def _deep(path: Path) -> None:
    """Grey, since PIL writes no coloured ones: a step from a quarter of all light to three quarters."""
    row = np.repeat(np.array([16384, 49151], np.uint16), WIDTH // 2)
    Image.fromarray(np.tile(row, (HEIGHT, 1))).save(path)


def _cut(path: Path) -> None:
    _image().save(path)
    path.write_bytes(path.read_bytes()[:-40])


GOOD: dict[str, Callable[[Path], object]] = {
    "transparent.png": _transparent,
    "printed.jpg": lambda path: _image().convert("CMYK").save(path, quality=95),
    "moving.gif": _moving,
    "turned.jpg": _turned,
    "deep.png": _deep,
}
"""Writes each under its name."""
REMARKS = {
    "transparent.png": "laid on white",
    "moving.gif": "first of its 3",
    "deep.png": "from 16 to 8 bits",
}
"""What has to be said of some."""
BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "notes.png": (lambda path: path.write_text("not a picture"), "no picture of a kind that can be read"),
    "empty.jpg": (lambda path: path.write_bytes(b""), "is empty"),
    "cut.png": (_cut, "is damaged"),
    "vast.png": (lambda path: Image.new("1", (10_000, 10_001)).save(path), "more than 89 megapixels"),
    "vast.gif": (lambda path: Image.new("P", (10_000, 10_001)).save(path), "more than 89 megapixels"),
    "folder.png": (lambda path: path.mkdir(), "is a folder"),
    "none.png": (lambda path: None, "There is no file"),
}
"""What writes each, and what the sentence has to say."""
