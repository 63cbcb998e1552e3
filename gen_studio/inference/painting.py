"""Layouts as pictures and pictures of layouts: what a model paints depends on the layout, the seed and the style."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.annotations import LayoutClass
from gen_studio.data.spec import normalise
from gen_studio.inference.images import to_pictures
from gen_studio.models.capabilities import CanPaint

Picture = NDArray[np.uint8]


def coloured(layouts: Tensor, palette: Sequence[LayoutClass]) -> Tensor:
    """Layouts (N, H, W) int64 in the colours of their classes, (N, 3, H, W) in [-1, 1]."""
    colours = torch.tensor([one.colour for one in palette], dtype=torch.uint8, device=layouts.device)
    return normalise(colours)[layouts].permute(0, 3, 1, 2)


@torch.no_grad()
def painted(
    model: CanPaint,
    layout: NDArray[np.uint8],
    seed: int,
    style: Picture | None = None,
    device: torch.device | str = "cpu",
) -> Picture:
    """The painting of one layout (H, W), (H, W, C). style: a picture (C, H, W) to take the look from.

    The model is in evaluation mode on the device.
    """
    rng = torch.Generator(device).manual_seed(seed)
    layouts = torch.tensor(layout, device=device).long()[None]
    look = None if style is None else normalise(torch.tensor(style, device=device))[None]
    picture: Picture = to_pictures(model.paint(layouts, rng, look))[0]
    return picture
