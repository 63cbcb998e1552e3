"""Answers whole pictures of any size, by models that learnt on small squares.

A model says what fits it (`stride`) and how far it looks (`reach`). Where it looks only so far, a large picture is
answered in tiles that see as much beyond their border as the model does, so that their seams fall together and the
answer is that of the whole, whatever the tiles: only the last bits of sums may differ. Where all of a picture matters,
as to norms that take their statistics from all places, tiles would be answered otherwise than the whole: it is answered
at once.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import normalise
from gen_studio.inference.images import to_pictures
from gen_studio.inference.translation import Translator
from gen_studio.models.capabilities import CanUpscale, TakesAnySize

Picture = NDArray[np.uint8]
"""(C, H, W) where it goes in, (H, W, C) where it comes out."""
CORE = 128
"""Pixels of the input to a side of what one tile answers for."""
MOST_AT_ONCE = 4_000_000
"""Pixels: a few gigabytes of features in a wide network."""


@torch.no_grad()
def translated(model: Translator, question: Picture, seed: int, device: torch.device | str = "cpu") -> Picture:
    """The answer to a question of any size, (H, W, C) of the same. The model is in evaluation mode on the device."""
    rng = torch.Generator(device).manual_seed(seed)
    answer = answered(model, lambda part: model.translate(part, rng), _image(question, device))
    picture: Picture = to_pictures(answer)[0]
    return picture


@torch.no_grad()
def upscaled(model: CanUpscale, picture: Picture, seed: int, device: torch.device | str = "cpu") -> Picture:
    """(scale * H, scale * W, C) of a picture of any size. The model is in evaluation mode on the device."""
    rng = torch.Generator(device).manual_seed(seed)
    answer = answered(model, lambda part: model.upscale(part, rng), _image(picture, device), model.scale)
    large: Picture = to_pictures(answer)[0]
    return large


def answered(
    model: TakesAnySize, ask: Callable[[Tensor], Tensor], image: Tensor, scale: int = 1, core: int = CORE
) -> Tensor:
    """What `ask` makes of a whole picture: (1, C, H, W) -> (1, C', scale * H, scale * W).

    Sides that do not fit are continued as in a mirror and cut again. core: the tiles' side; the answer does not
    depend on it. Raises WrongUse for a picture that is too large to be answered at once by a model that has to.
    """
    stride, (height, width) = model.stride, image.shape[2:]
    assert stride is not None, "this model answers pictures of one size alone"
    rows, cells = _fitting(height, stride, image.device), _fitting(width, stride, image.device)
    fitting = image.index_select(2, rows).index_select(3, cells)
    if model.reach is None:
        _check(height, width)
        answer = ask(fitting)
    else:
        margin = -(-model.reach // stride) * stride
        answer = _in_tiles(ask, fitting, scale, margin, max(stride, core // stride * stride))
    top, left = scale * ((len(rows) - height) // 2), scale * ((len(cells) - width) // 2)
    return answer[:, :, top : top + scale * height, left : left + scale * width]


def _in_tiles(ask: Callable[[Tensor], Tensor], image: Tensor, scale: int, margin: int, core: int) -> Tensor:
    height, width = image.shape[2:]
    whole: Tensor | None = None
    for rows in _spans(height, core):
        for cells in _spans(width, core):
            above, left = min(margin, rows.start), min(margin, cells.start)
            part = image[:, :, rows.start - above : rows.stop + margin, cells.start - left : cells.stop + margin]
            answer = ask(part)
            if whole is None:
                whole = answer.new_empty((*answer.shape[:2], scale * height, scale * width))
            place = (..., _times(rows, scale), _times(cells, scale))
            inner_rows = slice(scale * above, scale * (above + rows.stop - rows.start))
            inner_cells = slice(scale * left, scale * (left + cells.stop - cells.start))
            whole[place] = answer[:, :, inner_rows, inner_cells]
    assert whole is not None
    return whole


def _spans(length: int, core: int) -> Iterator[slice]:
    for start in range(0, length, core):
        yield slice(start, min(start + core, length))


def _times(span: slice, scale: int) -> slice:
    return slice(scale * span.start, scale * span.stop)


def _fitting(length: int, stride: int, device: torch.device) -> Tensor:
    """Which pixels a side of the next multiple of the stride is made of: its own in the middle, a mirror beyond."""
    wanted = -(-length // stride) * stride
    places = torch.arange(wanted, device=device) - (wanted - length) // 2
    period = max(1, 2 * (length - 1))
    places = places.remainder(period)
    return torch.minimum(places, period - places).clamp_max(length - 1)


def _check(height: int, width: int) -> None:
    if height * width > MOST_AT_ONCE:
        raise WrongUse(
            f"A picture of {width} × {height} is too large to be answered at once, and what this model makes of a "
            f"part depends on the whole. Scale it down to {MOST_AT_ONCE // 1_000_000} megapixels."
        )


def _image(picture: Picture, device: torch.device | str) -> Tensor:
    return normalise(torch.tensor(picture)[None].to(device))
