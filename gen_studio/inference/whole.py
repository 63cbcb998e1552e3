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
from gen_studio.core.jobs import Progress, Report, unheard
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
WHAT = "Answering"


@torch.no_grad()
def translated(
    model: Translator, question: Picture, seed: int, device: torch.device | str = "cpu", report: Report = unheard
) -> Picture:
    """The answer to a question of any size, (H, W, C) of the same. The model is in evaluation mode on the device."""
    rng = torch.Generator(device).manual_seed(seed)
    ask = _in_bytes(lambda part: model.translate(part, rng), device)
    return _upright(answered(model, ask, torch.tensor(question)[None], report=report))


@torch.no_grad()
def upscaled(
    model: CanUpscale, picture: Picture, seed: int, device: torch.device | str = "cpu", report: Report = unheard
) -> Picture:
    """(scale * H, scale * W, C) of a picture of any size. The model is in evaluation mode on the device."""
    rng = torch.Generator(device).manual_seed(seed)
    ask = _in_bytes(lambda part: model.upscale(part, rng), device)
    return _upright(answered(model, ask, torch.tensor(picture)[None], model.scale, report=report))


def answered(
    model: TakesAnySize,
    ask: Callable[[Tensor], Tensor],
    image: Tensor,
    scale: int = 1,
    core: int = CORE,
    report: Report = unheard,
) -> Tensor:
    """What `ask` makes of a whole picture: (1, C, H, W) -> (1, C', scale * H, scale * W), of any type of number.

    Sides that do not fit are continued as in a mirror and cut again. core: the tiles' side; the answer does not
    depend on it. report: called before each tile. Raises WrongUse for a picture that is too large to be answered at
    once by a model that has to.
    """
    stride, (height, width) = model.stride, image.shape[2:]
    assert stride is not None, "this model answers pictures of one size alone"
    rows, cells = _fitting(height, stride, image.device), _fitting(width, stride, image.device)
    if model.reach is None:
        _check(height, width)
        report(Progress(WHAT))
        answer = ask(_cut(image, rows, cells))
    else:
        margin = -(-model.reach // stride) * stride
        answer = _in_tiles(ask, (image, rows, cells), scale, margin, max(stride, core // stride * stride), report)
    top, left = scale * ((len(rows) - height) // 2), scale * ((len(cells) - width) // 2)
    return answer[:, :, top : top + scale * height, left : left + scale * width]


def _in_tiles(
    ask: Callable[[Tensor], Tensor],
    question: tuple[Tensor, Tensor, Tensor],
    scale: int,
    margin: int,
    core: int,
    report: Report,
) -> Tensor:
    """question: a picture, and which of its rows and columns are asked about."""
    image, rows, cells = question
    whole: Tensor | None = None
    tiles = [(down, across) for down in _spans(len(rows), core) for across in _spans(len(cells), core)]
    for number, (down, across) in enumerate(tiles):
        report(Progress(WHAT, number, len(tiles)))
        above, left = min(margin, down.start), min(margin, across.start)
        part = _cut(
            image, rows[down.start - above : down.stop + margin], cells[across.start - left : across.stop + margin]
        )
        answer = ask(part)
        if whole is None:
            whole = answer.new_empty((*answer.shape[:2], scale * len(rows), scale * len(cells)))
        place = (..., _times(down, scale), _times(across, scale))
        inner_rows = slice(scale * above, scale * (above + down.stop - down.start))
        inner_cells = slice(scale * left, scale * (left + across.stop - across.start))
        whole[place] = answer[:, :, inner_rows, inner_cells]
    assert whole is not None
    return whole


def _cut(image: Tensor, rows: Tensor, cells: Tensor) -> Tensor:
    return image.index_select(2, rows).index_select(3, cells)


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


def _in_bytes(ask: Callable[[Tensor], Tensor], device: torch.device | str) -> Callable[[Tensor], Tensor]:
    """The same for uint8, in which a large picture takes a quarter of the memory."""

    def asked(part: Tensor) -> Tensor:
        return torch.from_numpy(to_pictures(ask(normalise(part.to(device))))).permute(0, 3, 1, 2)

    return asked


def _upright(answer: Tensor) -> Picture:
    picture: Picture = answer[0].permute(1, 2, 0).contiguous().numpy()
    return picture
