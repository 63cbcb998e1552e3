"""Opens any picture file as a small grey or colour square, for whole folders and for a user's single photograph."""

import io
import struct
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Channels, Fit
from gen_studio.data.columns import is_grey, recoloured
from gen_studio.data.source import Pictures, Remark

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF")
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".tif", ".tiff"})
KINDS = "PNG, JPEG, WebP, BMP and TIFF"
LARGEST = 89  # megapixels, the bound that PIL sets; it guards against files that unfold into all of the memory
LARGEST_FILE = 512_000_000  # bytes
LONGEST = 1_000_000  # pixels; no side is longer, so nothing is decoded smaller than it is

ORIENTATION = 0x0112  # the EXIF tag
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Unreadable(Exception):
    """A file that gives no picture; the message goes on where the file's name left off: "is empty"."""


@dataclass(frozen=True)
class Upright:
    """A decoded picture in mode L or RGB, and what had to be done to it."""

    image: Image.Image
    remarks: Counter[Remark]


def open_picture(
    path: Path, size: int, channels: Channels = Channels.AS_THEY_ARE, fit: Fit = Fit.CROP
) -> NDArray[np.uint8]:
    """One picture from the disk as (C, size, size) uint8. Raises WrongUse with a sentence when that cannot be done."""
    return _opened(path, channels, size, lambda image: square(image, size, fit))


def prepare() -> None:
    """To be called before decoding, outside of threads: makes PIL raise for huge pictures before it unfolds them, and
    keeps it from printing what it thinks of damaged EXIF data."""
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def decoded(content: bytes, shortest: int) -> Upright:
    """Any picture file as an upright grey or colour picture, 8 bits deep.

    shortest: the least length of the shorter side that is of use; a JPEG is decoded no larger than twice that.
    Raises Unreadable.
    """
    if not content:
        raise Unreadable("is empty")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            return _upright(image, shortest)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(f"has more than {LARGEST} megapixels; scale it down first") from error
    except UnidentifiedImageError as error:
        raise Unreadable("is no picture of a kind that can be read") from error
    except Unreadable:
        raise
    except Exception as error:  # PIL's decoders raise almost anything on damaged bytes, from struct.error to KeyError
        raise Unreadable(f"is damaged ({str(error).rstrip('.') or type(error).__name__})") from error


def square(image: Image.Image, size: int, fit: Fit) -> NDArray[np.uint8]:
    """(C, size, size); C is 1 when no pixel has a colour."""
    if image.size != (size, size):
        image = _fitted(image, size, fit)
    return planes(image)


def square_classes(layout: NDArray[np.uint8], size: int, fit: Fit) -> NDArray[np.uint8]:
    """(H, W) numbers of classes as (size, size), fitted as a picture is, each pixel with the class nearest to it."""
    image = Image.fromarray(layout)
    if image.size == (size, size):
        return layout
    box = _centre(image) if fit is Fit.CROP else None
    return np.asarray(image.resize((size, size), Image.Resampling.NEAREST, box=box))


def planes(image: Image.Image) -> NDArray[np.uint8]:
    """(C, H, W); C is 1 when no pixel has a colour."""
    pixels = np.asarray(image)
    columns: Pictures = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return columns[:1] if is_grey(columns[None]) else columns


def is_enlarged(image: Image.Image, size: int, fit: Fit) -> bool:
    """Whether fitting makes pixels up."""
    return (max(image.size) if fit is Fit.PAD else min(image.size)) < size


def _opened(
    path: Path, channels: Channels, shortest: int, brought: Callable[[Image.Image], NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    prepare()
    if not path.exists():
        raise WrongUse(f"There is no file {path}. Check the path.")
    if not path.is_file():
        raise WrongUse(f"{path} is a folder. Name a single picture in it.")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"is larger than {LARGEST_FILE // 1_000_000} MB; scale it down first")
        picture = brought(decoded(path.read_bytes(), shortest).image)
    except Unreadable as error:
        raise WrongUse(f"{path} {error}. Pictures are {KINDS} files.") from error
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror or error}. Check its rights.") from error
    columns: NDArray[np.uint8] = recoloured(picture[None], channels)[0]
    return columns


def _upright(image: Image.Image, shortest: int) -> Upright:
    remarks: Counter[Remark] = Counter()
    scale = 2 * shortest / min(image.size)
    image.draft(None, (round(image.width * scale), round(image.height * scale)))  # JPEG only
    # TIFF turns itself while it loads, so the tag has to be asked for afterwards.
    image.load()
    turn = TURNS.get(_orientation(image))
    flat = _flat(image, remarks)
    if turn is not None:
        flat = flat.transpose(turn)
        remarks[Remark.UPRIGHT] = 1
    return Upright(flat, remarks)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return 1  # damaged EXIF data says nothing about the picture


def _flat(image: Image.Image, remarks: Counter[Remark]) -> Image.Image:
    """The picture in mode L or RGB: transparency laid on white, 16 bits brought to 8, palettes and inks resolved."""
    if image.mode.startswith("I"):
        remarks[Remark.REDUCED] = 1
        return _from_16_bits(image)
    if image.mode == "F":
        raise Unreadable("holds fractions instead of 8- or 16-bit numbers; save it as a PNG")
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        return _on_white(image.convert("RGBA"), remarks)
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image.convert("RGB")


def _from_16_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.int64)
    if values.min() < 0 or values.max() > 65535:
        raise Unreadable("holds 32-bit numbers; save it with 8 or 16 bits")
    return Image.fromarray(((values * 255 + 32767) // 65535).astype(np.uint8))


def _on_white(image: Image.Image, remarks: Counter[Remark]) -> Image.Image:
    lowest, _ = image.getchannel("A").getextrema()
    if lowest == 255:
        return image.convert("RGB")
    remarks[Remark.ON_WHITE] = 1
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _fitted(image: Image.Image, size: int, fit: Fit) -> Image.Image:
    width, height = image.size
    whole = (0.0, 0.0, float(width), float(height))
    if fit is Fit.PAD:
        scale = size / max(width, height)
        inner = (max(1, round(width * scale)), max(1, round(height * scale)))
        padded = Image.new(image.mode, (size, size), "white")
        padded.paste(_resized(image, inner, whole), ((size - inner[0]) // 2, (size - inner[1]) // 2))
        return padded
    if fit is Fit.CROP:
        whole = _centre(image)
    return _resized(image, (size, size), whole)


def _centre(image: Image.Image) -> tuple[float, float, float, float]:
    """The largest square in the middle: left, top, right, bottom."""
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return (left, top, left + side, top + side)


def _resized(image: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
