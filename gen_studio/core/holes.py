"""How much of a picture matters to its holes, so that of a large one no more than that is carried around."""

import numpy as np
from numpy.typing import NDArray

CONTEXT = 2
"""How many times as wide as a hole the window is at least that it is filled from."""

Place = tuple[slice, slice]
"""Rows and columns."""


def bounds(mask: NDArray[np.bool_]) -> Place:
    """The part of a picture that all holes of a mask (H, W) lie in; there is at least one."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def reach(mask: NDArray[np.bool_], size: int) -> Place:
    """The part that the windows around them are within, of a model of pictures of `size`."""
    found = bounds(mask)
    margin = max(size, CONTEXT * max(each.stop - each.start for each in found))
    rows, columns = (slice(max(0, each.start - margin), each.stop + margin) for each in found)
    return rows, columns
