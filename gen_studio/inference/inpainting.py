"""Fills holes in pictures of any size: a window of the model's own size around each, and nothing else is touched."""

from dataclasses import dataclass

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
        report(Progress("Filling", place, len(found)))
        rows, columns = np.arange(window.top, window.bottom), np.arange(window.left, window.right)
        seen = np.ix_(rows.clip(0, len(mask) - 1), columns.clip(0, mask.shape[1] - 1))
        rng = torch.Generator(device).manual_seed(seed)
        answer = _answered(model, size, picture[seen], mask[seen], rng, device)
        inside_rows, inside_columns = _within(rows, len(mask)), _within(columns, mask.shape[1])
        inside = np.ix_(rows[inside_rows], columns[inside_columns])
        wanted = taken[numbers[inside]]
        region = filled[inside]
        region[wanted] = answer[np.ix_(inside_rows, inside_columns)][wanted]
        filled[inside] = region
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


def _within(places: NDArray[np.int64], whole: int) -> NDArray[np.int64]:
    """Which of a window's rows or columns lie in the picture."""
    return np.flatnonzero((places >= 0) & (places < whole))


def _answered(
    model: CanInpaint,
    size: int,
    picture: NDArray[np.uint8],
    mask: Mask,
    rng: torch.Generator,
    device: torch.device | str,
) -> NDArray[np.uint8]:
    """A square window (S, S, C) with its holes filled."""
    images = to_images(picture[None], device)
    holes = torch.from_numpy(mask).to(device, torch.float32)[None, None]
    if len(picture) == size:
        found = model.inpaint(images, holes, rng)
    else:
        small = model.inpaint(*_shrunk(images, holes, size), rng)
        found = F.interpolate(small, size=picture.shape[:2], mode="bilinear", align_corners=False)
    answer: NDArray[np.uint8] = to_pictures(found)[0]
    return answer


def _shrunk(images: Tensor, holes: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Means over what is known; missing only where nothing is known."""
    known = 1 - holes
    share = F.adaptive_avg_pool2d(known, size)
    colours = F.adaptive_avg_pool2d(images * known, size)
    return colours / share.clamp_min(1e-6), (share == 0).to(images.dtype)
