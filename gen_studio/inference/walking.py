"""Pictures along a walk: which moments a film of it has, and the model's picture at each, one after the other."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.errors import WrongUse
from gen_studio.core.walks import Walk
from gen_studio.inference.exploring import explore
from gen_studio.models.capabilities import HasCode

PORTION = 8
"""How many frames are made, and held, at once."""


def moments(walk: Walk, rate: int) -> tuple[float, ...]:
    """The seconds at which a film with `rate` frames a second shows the walk.

    A closed walk ends just before its first picture, so that played again and again it goes on evenly; an open one
    ends with its last. Raises WrongUse where there is nothing to walk between.
    """
    if len(walk.keyframes) < 2:
        raise WrongUse(f"A walk leads from picture to picture, and this one has {len(walk.keyframes)}. Add keyframes.")
    count = max(2, round(walk.seconds * rate))
    steps = count if walk.closes else count - 1
    return tuple(walk.seconds * number / steps for number in range(count))


def frames(
    model: HasCode, walk: Walk, rate: int, device: torch.device | str = "cpu", portion: int = PORTION
) -> Iterator[NDArray[np.uint8]]:
    """(H, W, C) pictures at these moments, made as they are asked for: never more than a portion of them is held.

    The model is in evaluation mode on the device.
    """
    times = moments(walk, rate)
    for start in range(0, len(times), portion):
        pictures, _ = explore(model, [walk.at(time) for time in times[start : start + portion]], device)
        yield from pictures
