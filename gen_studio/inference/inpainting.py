"""Fills holes in pictures of any size: a window of the model's own size around each, and nothing else is touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.holes import CONTEXT, reach
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.inference.images import to_images, to_pictures
from gen_studio.inference.regions import regions
from gen_studio.models.capabilities import CanInpaint

STRIP = 256
"""Rows of a large answer that are made at a time."""
Mask = NDArray[np.bool_]
"""(H, W), true where a pixel is missing."""


@dataclass(frozen=True)
class Box:
    """Rows from `top` up to `bottom`, columns from `left` up to `right`; both ends may lie beyond the picture."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def side(self) -> int:
        return max(self.bottom - self.top, self.right - self.left)

    @property
    def place(self) -> tuple[slice, slice]:
        """In an array (H, W, ...) that it lies within."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def within(self, shape: tuple[int, ...]) -> "Box":
        height, width = shape[:2]
        return Box(
            min(max(self.top, 0), height),
            min(max(self.left, 0), width),
            min(max(self.bottom, 0), height),
            min(max(self.right, 0), width),
        )

    @property
    def least(self) -> tuple[int, int, int, int]:
        """What no number of a box within this one is below."""
        return (self.top, self.left, self.top, self.left)

    @property
    def most(self) -> tuple[int, int, int, int]:
        return (self.bottom, self.right, self.bottom, self.right)


@torch.no_grad()
def inpainted(
    model: CanInpaint,
    size: int,
    picture: NDArray[np.uint8],
    mask: Mask,
    seed: int,
    device: torch.device | str = "cpu",
    report: Report = unheard,
) -> NDArray[np.uint8]:
    """The picture (H, W, C) with its holes filled by a model of pictures of `size`; every known pixel as it was.

    The model is in evaluation mode on the device. A hole that leaves too little around it in a window of the model's
    size is filled in a larger window, which is shrunk for the model and the answer enlarged. Windows beyond the
    picture go on with the pixels at its edge. No window depends on another. report: called before each window. Raises
    WrongUse for a mask without a hole, with nothing else, or of another size.
    """
    check(mask, picture.shape[0], picture.shape[1])
    place = reach(mask, size)
    filled = picture.copy()
    filled[place] = _filled(model, size, picture[place], mask[place], seed, device, report)
    return filled


def _filled(
    model: CanInpaint,
    size: int,
    picture: NDArray[np.uint8],
    mask: Mask,
    seed: int,
    device: torch.device | str,
    report: Report,
) -> NDArray[np.uint8]:
    filled = picture.copy()
    numbers, found = windows(mask, size)
    for place, (window, taken) in enumerate(found):
        pause = partial(report, Progress("Filling", place, len(found)))
        pause()
        rng = torch.Generator(device).manual_seed(seed)
        images, holes = _question(picture, mask, window, size, device, pause)
        answer = model.inpaint(images, holes, rng)
        for first, pictures in _in_strips(answer, window.side):
            pause()
            strip = Box(window.top + first, window.left, window.top + first + len(pictures), window.right)
            inside = strip.within(mask.shape)
            wanted = taken[numbers[inside.place]]
            own = slice(inside.top - strip.top, inside.bottom - strip.top)
            filled[inside.place][wanted] = pictures[own, inside.left - strip.left : inside.right - strip.left][wanted]
    return filled


def check(mask: Mask, height: int, width: int) -> None:
    """Raises WrongUse with a sentence where the mask does not fit a picture of this size, or asks for nothing."""
    if mask.shape != (height, width):
        raise WrongUse(
            f"The mask is {mask.shape[1]} × {mask.shape[0]} and the picture {width} × {height}. "
            "Make the mask as large as the picture."
        )
    if not mask.any():
        raise WrongUse("The mask has no hole: nothing in it is white. Paint white what is to be filled.")
    if mask.all():
        raise WrongUse("The mask is white everywhere, so nothing is known to go by. Leave black what is to stay.")


def windows(mask: Mask, size: int) -> tuple[NDArray[np.int64], list[tuple[Box, NDArray[np.bool_]]]]:
    """The number of each pixel's hole (H, W), 0 outside of all, and square windows with the holes filled from each.

    These are (K + 1,) bool by number; every hole is filled from exactly one window.
    """
    numbers, boxes = regions(mask)
    sides = (boxes[:, 2:] - boxes[:, :2]).max(1)
    waiting = np.ones(len(boxes), dtype=bool)
    found = []
    # The largest first: the small ones beside it are then often within its window.
    for hole in np.argsort(-sides, kind="stable"):
        if not waiting[hole]:
            continue
        window = _around(Box(*boxes[hole].tolist()), size, *mask.shape)
        taken = waiting & (boxes >= window.least).all(1) & (boxes <= window.most).all(1)
        if window.side > size:
            # Shrunk only where it has to be.
            taken &= CONTEXT * sides > size
        waiting &= ~taken
        found.append((window, np.concatenate([[False], taken])))
    return numbers, found


def _around(hole: Box, size: int, height: int, width: int) -> Box:
    """A square window of at least `size` around a hole, within the picture as far as that has room."""
    side = max(size, min(CONTEXT * hole.side, max(height, width)))
    top, left = (
        _start(low, high, side, whole)
        for low, high, whole in ((hole.top, hole.bottom, height), (hole.left, hole.right, width))
    )
    return Box(top, left, top + side, left + side)


def _start(low: int, high: int, side: int, whole: int) -> int:
    if side >= whole:
        return (whole - side) // 2
    return min(max((low + high - side) // 2, 0), whole - side)


def _question(
    picture: NDArray[np.uint8],
    mask: Mask,
    window: Box,
    size: int,
    device: torch.device | str,
    pause: Callable[[], None],
) -> tuple[Tensor, Tensor]:
    """What the model is asked about a window, (1, C, size, size) and its holes. Larger windows are shrunk: means over
    what is known, missing only where nothing is known; line by line, so that a whole photo takes no memory to speak of.
    """
    if window.side == size:
        return _seen(picture, mask, window, device)
    lines = []
    for line in range(size):
        pause()
        top, bottom = line * window.side // size, -(-(line + 1) * window.side // size)
        rows = Box(window.top + top, window.left, window.top + bottom, window.right)
        images, holes = _seen(picture, mask, rows, device)
        known = 1 - holes
        lines.append([F.adaptive_avg_pool2d(each, (1, size)) for each in (images * known, known)])
    colours, share = (torch.cat(each, 2) for each in zip(*lines, strict=True))
    return colours / share.clamp_min(1e-6), (share == 0).to(colours.dtype)


def _seen(picture: NDArray[np.uint8], mask: Mask, box: Box, device: torch.device | str) -> tuple[Tensor, Tensor]:
    """A box of the picture, (1, C, H, W), and its holes; beyond the picture its edge goes on."""
    rows = np.arange(box.top, box.bottom).clip(0, len(mask) - 1)
    columns = np.arange(box.left, box.right).clip(0, mask.shape[1] - 1)
    holes = torch.from_numpy(mask[rows][:, columns]).to(device, torch.float32)
    return to_images(picture[rows][:, columns][None], device), holes[None, None]


def _in_strips(answer: Tensor, side: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """An answer (1, C, S, S) enlarged to `side`: the first row of each strip, and its pixels."""
    size = answer.shape[-1]
    if size == side:
        yield 0, to_pictures(answer)[0]
        return
    # What is linear along each side is a product with what becomes of one pixel.
    each = torch.eye(size, device=answer.device, dtype=answer.dtype)[None]
    weights = F.interpolate(each, size=side, mode="linear", align_corners=False)[0]  # (size, side)
    for first in range(0, side, STRIP):
        rows = weights[:, first : first + STRIP].T
        yield first, to_pictures(rows @ answer @ weights)[0]
