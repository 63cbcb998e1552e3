"""Reads layouts from pictures: indexed or grey ones by their numbers, coloured ones by their colours."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.errors import WrongUse
from gen_studio.data.class_names import MOST_CLASSES, NamedClass, Rgb, as_layout, made_up_colour
from gen_studio.data.pictures import LARGEST, Unreadable

FORMATS = ("PNG", "BMP", "TIFF")
"""JPEG and WebP change colours a little, so that edges would belong to no class."""
MOST_COLOURS = 64
"""More colours than this are no classes, but a photograph, or edges that were smoothed."""


@dataclass(frozen=True)
class Read:
    """A layout as it is stored: (H, W) numbers or packed colours. palette: the colours of an indexed one, by number."""

    values: NDArray[np.int64]
    is_coloured: bool
    palette: tuple[Rgb, ...] = ()

    def in_colours(self) -> "Read":
        """An indexed layout by the colours of its palette."""
        packed = np.array([_packed(colour) for colour in self.palette], dtype=np.int64)
        return Read(packed[self.values], True)


@dataclass(frozen=True)
class Coding:
    """Which number and which colour stand for which class. numbers, colours: in the order of the classes."""

    classes: tuple[LayoutClass, ...]
    numbers: tuple[int, ...] = ()
    colours: tuple[Rgb, ...] = ()

    def classes_of(self, layout: Read) -> NDArray[np.uint8]:
        """(H, W), the class of each pixel. Raises Unreadable."""
        if not layout.is_coloured and layout.palette and self.colours:
            # Editors shuffle the numbers of a palette when they save; its colours they keep.
            try:
                return self.classes_of(layout.in_colours())
            except (Unreadable, IndexError):
                pass
        keys = self._packed if layout.is_coloured else self._numbers
        if not len(keys[0]):
            raise Unreadable("has colours, and the classes have none; save it indexed, or give the classes colours")
        places = np.searchsorted(keys[0], layout.values).clip(max=len(keys[0]) - 1)
        wrong = keys[0][places] != layout.values
        if wrong.any():
            raise Unreadable(_stranger(int(layout.values[wrong][0]), layout.is_coloured))
        found: NDArray[np.uint8] = keys[1][places]
        return found

    @cached_property
    def _packed(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        return _sorted([_packed(colour) for colour in self.colours])

    @cached_property
    def _numbers(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        return _sorted(list(self.numbers))


def read_layout(content: bytes) -> Read:
    """The layout in a file. Raises Unreadable."""
    if not content:
        raise Unreadable("has an empty layout")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            image.load()
            return _read(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(f"has a layout of more than {LARGEST} megapixels") from error
    except UnidentifiedImageError as error:
        raise Unreadable("has a layout that is no PNG, BMP or TIFF") from error
    except Unreadable:
        raise
    except Exception as error:  # PIL's decoders raise almost anything on damaged bytes
        raise Unreadable(f"has a damaged layout ({str(error).rstrip('.') or type(error).__name__})") from error


def named_coding(classes: tuple[NamedClass, ...]) -> Coding:
    """The coding that a list of classes gives."""
    layout = as_layout(classes)
    colours = tuple(one.colour for one in classes if one.colour)
    return Coding(layout, tuple(one.number for one in classes), colours)


def found_coding(names: Sequence[str], read: Callable[[str], bytes], threads: int) -> Coding:
    """The coding that the layouts themselves show: each number or colour in them is a class. Raises WrongUse."""
    numbers: set[int] = set()
    colours: set[int] = set()
    palette: tuple[Rgb, ...] = ()
    with ThreadPoolExecutor(threads, "layouts") as pool:
        for seen in pool.map(partial(_seen, read), names):
            if seen is None:
                continue
            used, is_coloured, own = seen
            (colours if is_coloured else numbers).update(used)
            palette = palette or own
            _check_number(colours, numbers)
    if not colours and not numbers:
        raise WrongUse("None of the layouts could be read. Save them as PNG, indexed or in flat colours.")
    if colours:
        # Where one is coloured, all are read by colour: an indexed one has them in its palette.
        colours |= {_packed(palette[number]) for number in numbers if number < len(palette)}
        found = tuple(_unpacked(value) for value in sorted(colours))
        return Coding(tuple(LayoutClass(_code(one), one) for one in found), (), found)
    ordered = sorted(numbers)
    shown = [palette[number] if number < len(palette) else made_up_colour(number) for number in ordered]
    if len(set(shown)) < len(shown):
        shown = [made_up_colour(number) for number in ordered]
    classes = tuple(LayoutClass(f"class {number}", colour) for number, colour in zip(ordered, shown, strict=True))
    return Coding(classes, tuple(ordered))


def _read(image: Image.Image) -> Read:
    if image.mode == "P":
        flat = image.getpalette("RGB") or []
        palette = tuple((flat[at], flat[at + 1], flat[at + 2]) for at in range(0, len(flat) - 2, 3))
        return Read(np.asarray(image).astype(np.int64), False, palette)
    if image.mode in ("1", "L") or image.mode.startswith("I"):
        return Read(np.asarray(image).astype(np.int64), False)
    if image.mode not in ("RGB", "RGBA"):
        raise Unreadable(f"has a layout of mode {image.mode}; save it as an indexed, grey or RGB PNG")
    pixels = np.asarray(image.convert("RGB")).astype(np.int64)
    return Read((pixels[..., 0] << 16) | (pixels[..., 1] << 8) | pixels[..., 2], True)


def _seen(read: Callable[[str], bytes], name: str) -> tuple[set[int], bool, tuple[Rgb, ...]] | None:
    """The values in one layout, None where it cannot be read: it will be skipped with its reason later."""
    try:
        layout = read_layout(read(name))
    except Unreadable:
        return None
    return set(np.unique(layout.values).tolist()), layout.is_coloured, layout.palette


def _check_number(colours: set[int], numbers: set[int]) -> None:
    if len(colours) > MOST_COLOURS:
        raise WrongUse(
            f"The layouts have more than {MOST_COLOURS} colours, so they are no flat areas. Save them as PNG without "
            "smoothing, or list the classes with their colours in a file classes.csv."
        )
    if len(numbers) > MOST_CLASSES:
        raise WrongUse(f"The layouts have more than {MOST_CLASSES} numbers, which are too many classes. Merge some.")


def _stranger(value: int, is_coloured: bool) -> str:
    if is_coloured:
        return f"has the colour {_code(_unpacked(value))} in its layout, which is no class"
    return f"has the number {value} in its layout, which is no class"


def _sorted(values: list[int]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The values in order, and the class of each."""
    order = np.argsort(np.array(values, dtype=np.int64), kind="stable")
    return np.array(values, dtype=np.int64)[order], order.astype(np.uint8)


def _code(colour: Rgb) -> str:
    return LayoutClass("", colour).code


def _packed(colour: Rgb) -> int:
    return colour[0] << 16 | colour[1] << 8 | colour[2]


def _unpacked(value: int) -> Rgb:
    return (value >> 16, value >> 8 & 255, value & 255)
