"""Preview pictures on the disk: many tiles in one PNG, which any viewer shows, and back into tiles again."""

import io
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from gen_studio.core import atomic
from gen_studio.core.errors import UserError

TILES = "gen-studio:tiles"
PER_ITEM = "gen-studio:per-item"


def arrange(pictures: NDArray[np.uint8], columns: int | None = None, gap: int = 0, per_item: int = 1) -> Image.Image:
    """Lays (N, H, W, C) tiles out in rows on white. `per_item` tiles that belong together are never parted."""
    number, height, width, channels = pictures.shape
    if columns is None:
        columns = math.ceil(math.sqrt(math.ceil(number / per_item) / per_item) - 1e-9) * per_item
    columns = max(per_item, min(columns, number) // per_item * per_item)
    rows = math.ceil(number / columns)
    sheet = np.full((rows * height + (rows - 1) * gap, columns * width + (columns - 1) * gap, channels), 255, np.uint8)
    for place, picture in enumerate(pictures):
        top, left = place // columns * (height + gap), place % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return Image.fromarray(sheet[:, :, 0] if channels == 1 else sheet)


def write(path: Path, pictures: NDArray[np.uint8], per_item: int = 1) -> None:
    """Saves (N, H, W, C) tiles as one PNG."""
    facts = PngInfo()
    facts.add_text(TILES, f"{len(pictures)} {pictures.shape[1]} {pictures.shape[2]}")
    facts.add_text(PER_ITEM, str(per_item))
    buffer = io.BytesIO()
    arrange(pictures, per_item=per_item).save(buffer, "PNG", pnginfo=facts, compress_level=3)
    atomic.write_bytes(path, buffer.getvalue())


def read(path: Path) -> tuple[NDArray[np.uint8], int]:
    """The tiles (N, H, W, C) of a sheet and how many belong together. Raises UserError for any other file."""
    try:
        with Image.open(path) as image:
            facts = dict(getattr(image, "text", {}))
            number, height, width = (int(word) for word in facts[TILES].split())
            sheet = np.asarray(image)
        sheet = sheet[:, :, None] if sheet.ndim == 2 else sheet
        rows, columns = sheet.shape[0] // height, sheet.shape[1] // width
        tiles = (
            sheet.reshape(rows, height, columns, width, -1).swapaxes(1, 2).reshape(rows * columns, height, width, -1)
        )
        return tiles[:number], int(facts[PER_ITEM])
    except (OSError, KeyError, ValueError, UnidentifiedImageError) as error:
        raise UserError(
            f"{path} is not a preview of a run, or it is damaged. The run itself is not affected."
        ) from error
