"""Reads sources whose pictures come as one array of squares: resizes and recolours them a portion at a time."""

from collections.abc import Generator
from functools import partial

import numpy as np
import torch
from torch.nn.functional import interpolate

from gen_studio.core.plan import DataPlan
from gen_studio.data.source import Gallery, Pictures, Portion, Remark, Rows

PORTION = 2048
KEEP_ABOVE = 512_000_000  # bytes; below, reading the source again is as fast as reading a copy of it


def gallery(images: Pictures, names: list[str], fingerprint: str, *, frame: int = 0, expected: int = 0) -> Gallery:
    """A gallery over square pictures that are already decoded.

    frame: black pixels that may be added on each side to reach a size of powers of two, where the ground is black.
    expected: the size to which enlarging goes without saying.
    """
    return Gallery(
        names=names,
        read=partial(_read, images, frame, expected),
        fingerprint=fingerprint,
        keep_above=KEEP_ABOVE,
        channels=int(images.shape[1]),
    )


def resized(images: Pictures, size: int, frame: int = 0) -> Pictures:
    """Pictures of another size: framed in black where that alone does it, else smoothly interpolated."""
    side = images.shape[-1]
    if frame and frames(side, size, frame):
        images = np.pad(images, ((0, 0), (0, 0), (frame, frame), (frame, frame)))
        side += 2 * frame
    if size == side:
        return images
    pixels = torch.from_numpy(np.ascontiguousarray(images)).float()
    smooth = interpolate(pixels, size=(size, size), mode="bicubic", antialias=True, align_corners=False)
    return smooth.round().clamp(0, 255).to(torch.uint8).numpy()


def frames(side: int, size: int, frame: int) -> bool:
    """Whether a size is reached through a frame: 28 to 32 is, and with it 16 and 64; 14 and 56 are not."""
    framed = side + 2 * frame
    return size % framed == 0 or framed % size == 0


def _read(images: Pictures, frame: int, expected: int, rows: Rows, plan: DataPlan) -> Generator[Portion, None, None]:
    size = plan.size or images.shape[-1]
    for start in range(0, len(rows), PORTION):
        part = rows[start : start + PORTION]
        portion = Portion(rows=part, images=resized(images[part], size, frame))
        if frame and frames(images.shape[-1], size, frame):
            portion.remarks[Remark.FRAMED] = len(part)
        elif size > max(images.shape[-1], expected):
            portion.remarks[Remark.ENLARGED] = len(part)
        yield portion
