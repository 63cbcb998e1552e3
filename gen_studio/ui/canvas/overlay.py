"""The mask as it lies over a photo: its colour, and a white line between two dark ones along its border."""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gen_studio.ui.canvas.box import Box, whole
from gen_studio.ui.canvas.regions import Mask, bounds
from gen_studio.ui.canvas.view import View

OPACITY = 0.42
DARK_WIDTH, WHITE_WIDTH = 3.0, 1.25
"""Logical pixels: seen on any photo, since one of the two always differs from it."""
DARK = (12, 12, 14)


class MaskColour(Enum):
    """What the user may choose from; magenta first, since much in photos is red."""

    MAGENTA = "#FF3F9A"
    CYAN = "#00C2FF"
    LIME = "#B7F000"
    WHITE = "#FFFFFF"


@dataclass(frozen=True)
class Look:
    """How a mask is drawn. ratio: device pixels per logical pixel."""

    colour: MaskColour = MaskColour.MAGENTA
    ratio: float = 1.0

    @property
    def reach(self) -> int:
        """How many device pixels the outline goes beyond the mask."""
        return ceil(DARK_WIDTH / 2 * self.ratio + 0.5)


def overlay(mask: Mask, view: View, exposed: Box, look: Look) -> tuple[Box, NDArray[np.uint8]] | None:
    """The mask over a box of device pixels, and the box that it takes; None for nothing.

    (H, W) places in `colour_table`. It is made at the screen's own resolution, so that the outline is equally wide at
    any zoom.
    """
    outer = exposed.grown(look.reach)
    seen = view.seen(outer).within(whole(mask.shape))
    found = None if seen.is_empty else bounds(mask[seen.slices])
    if found is None:
        return None
    box = view.place(found.moved(seen.left, seen.top)).grown(look.reach).within(exposed)
    if box.is_empty:
        return None
    shown = _sampled(mask, view, box.grown(look.reach))
    states = _closeness(shown, look.reach)
    states += np.uint8(look.reach + 1) * shown.view(np.uint8)
    part = slice(look.reach, -look.reach)
    return box, np.ascontiguousarray(states[part, part])


@lru_cache(maxsize=8)
def colour_table(look: Look) -> NDArray[np.uint32]:
    """0xAARRGGBB of each state, premultiplied: outside of the mask from far to close to its border, then the same
    inside."""
    colour = QColor(look.colour.value)
    fill = np.array([colour.red(), colour.green(), colour.blue(), 255.0]) * OPACITY
    states = []
    # The line runs along the middle of the pixels just inside the border, so that at 1x it is one sharp white pixel.
    for under, first in ((np.zeros(4), 0.5), (fill, -0.5)):
        states.append(under)
        for ring in reversed(range(look.reach)):
            white = _share(first + ring, WHITE_WIDTH / 2 * look.ratio)
            dark = _share(first + ring, DARK_WIDTH / 2 * look.ratio) - white
            line = white * np.full(4, 255.0) + dark * np.array([*DARK, 255.0])
            states.append(line + (1 - white - dark) * under)
    red, green, blue, alpha = np.round(states).astype(np.uint32).T
    table: NDArray[np.uint32] = alpha << 24 | red << 16 | green << 8 | blue
    return table


def _sampled(mask: Mask, view: View, box: Box) -> Mask:
    """The mask at the middle of each device pixel; nothing lies outside of the picture."""
    rows = np.floor((np.arange(box.top, box.bottom) + 0.5 - view.top) / view.zoom).astype(np.intp)
    columns = np.floor((np.arange(box.left, box.right) + 0.5 - view.left) / view.zoom).astype(np.intp)
    inside_rows = np.flatnonzero((rows >= 0) & (rows < mask.shape[0]))
    inside_columns = np.flatnonzero((columns >= 0) & (columns < mask.shape[1]))
    shown = np.zeros((box.height, box.width), bool)
    if len(inside_rows) and len(inside_columns):
        inner = np.take(mask[rows[inside_rows]], columns[inside_columns], axis=1)
        top, left = inside_rows[0], inside_columns[0]
        shown[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return shown


def _closeness(shown: Mask, count: int) -> NDArray[np.uint8]:
    """`count` beside the border, on either side, one less next to that and so on; 0 further away."""
    near = np.zeros(shown.shape, bool)
    _mark_both(near, shown[:, 1:] != shown[:, :-1], across=True)
    _mark_both(near, shown[1:] != shown[:-1], across=False)
    closeness = near.astype(np.uint8)
    for ring in range(2, count + 1):
        wider = near.copy()
        wider[:, 1:] |= near[:, :-1]
        wider[:, :-1] |= near[:, 1:]
        # Across corners every other time, which keeps the line about as wide on slopes.
        sides = wider.copy() if ring % 2 == 0 else near
        wider[1:] |= sides[:-1]
        wider[:-1] |= sides[1:]
        closeness += wider.view(np.uint8)
        near = wider
    return closeness


def _mark_both(near: Mask, differs: Mask, across: bool) -> None:
    first, second = (near[:, :-1], near[:, 1:]) if across else (near[:-1], near[1:])
    first |= differs
    second |= differs


def _share(start: float, half_width: float) -> float:
    """How much of a pixel from `start` to `start` + 1 a line around 0 covers."""
    return max(0.0, min(start + 1, half_width) - max(start, -half_width))
