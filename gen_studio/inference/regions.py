"""The holes of a mask, each by itself: which pixels hang together, and the box around them."""

import numpy as np
from numpy.typing import NDArray


def regions(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of each pixel's region (H, W), from 1, 0 outside of all; and the boxes of the K regions, (K, 4).

    Pixels hang together that touch, if only at a corner. A box is top, left, bottom and right, the last two beyond.
    """
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    roots = _joined(rows, starts, ends, len(mask))
    _, number = np.unique(roots, return_inverse=True)
    numbers = np.zeros(mask.shape, np.int64)
    # A mask's pixels in reading order are its runs, one after the other.
    numbers[mask] = np.repeat(number + 1, ends - starts)
    count = int(number.max()) + 1 if len(number) else 0
    boxes = np.tile(np.array([max(mask.shape), max(mask.shape), 0, 0]), (count, 1))
    for column, values, extreme in (
        (0, rows, np.minimum),
        (1, starts, np.minimum),
        (2, rows + 1, np.maximum),
        (3, ends, np.maximum),
    ):
        extreme.at(boxes[:, column], number, values)
    return numbers, boxes


def _joined(
    rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], height: int
) -> NDArray[np.int64]:
    """For each run of pixels in a row one run that stands for its whole region."""
    first, begin, end = np.searchsorted(rows, np.arange(height + 1)).tolist(), starts.tolist(), ends.tolist()
    parents = list(range(len(begin)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    for row in range(1, height):
        above, below = first[row - 1], first[row]
        while above < first[row] and below < first[row + 1]:
            if begin[above] <= end[below] and begin[below] <= end[above]:
                parents[root(below)] = root(above)
            if end[above] < end[below]:
                above += 1
            else:
                below += 1
    return np.array([root(run) for run in range(len(parents))], dtype=np.int64)
