"""How alike pictures are, against how alike those of the data are: cheap enough to ask of every preview."""

import numpy as np
from numpy.typing import NDArray

SIDE = 8
READ_SIDE = 32
CLOSE = 0.35
"""A pair closer than this share of the data's usual nearest neighbours is a pair of look-alikes."""
FEWEST = 16

Rows = NDArray[np.float32]


class Likeness:
    """Knows how far apart as many pictures of the data are as it is shown samples."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        """pictures: (N, H, W, C) of the data."""
        self._data = _small(pictures)
        self._usual: dict[int, float] = {}

    def look_alikes(self, samples: NDArray[np.uint8]) -> tuple[tuple[int, ...], float]:
        """Which samples (N, H, W, C) have a near twin among the others, and how far apart all are.

        The distance is that of the usual nearest neighbours, as a share of the data's. With too few to compare, none
        are alike.
        """
        number = min(len(samples), len(self._data))
        usual = self._usual_distance(number)
        if not usual:
            return (), 1.0
        shares = _nearest(_small(samples[:number])) / usual
        return tuple(np.flatnonzero(shares < CLOSE).tolist()), float(np.median(shares))

    def _usual_distance(self, number: int) -> float:
        """Between nearest neighbours among so many pictures of the data; 0 where that says nothing."""
        if number not in self._usual:
            nearest = _nearest(self._data[:number])
            self._usual[number] = float(np.median(nearest)) if number >= FEWEST else 0.0
        return self._usual[number]


def _small(pictures: NDArray[np.uint8]) -> Rows:
    """Pictures as rows of their means over a grid of at most 8x8 cells, (N, cells * C)."""
    # Every second or fourth pixel of a large picture tells as much, and costs less to read.
    stride = max(1, min(pictures.shape[1:3]) // READ_SIDE)
    read = pictures[:, ::stride, ::stride]
    height, width = (max(1, side // SIDE) for side in read.shape[1:3])
    rows, columns = read.shape[1] // height, read.shape[2] // width
    cells = read[:, : rows * height, : columns * width].astype(np.float32)
    # Rows first and columns after: numpy adds up whole rows at once, and is ten times as fast.
    in_rows = cells.reshape(len(read), rows, height, -1).mean(2)
    means: Rows = in_rows.reshape(len(read), rows, columns, width, -1).mean(3).reshape(len(read), -1)
    return means


def _nearest(rows: Rows) -> Rows:
    """Distance of every row to the nearest other one."""
    squares = (rows * rows).sum(1)
    # einsum and not a matrix product: that would wake all threads for a millisecond's work, and training waits.
    squared = squares[:, None] + squares[None] - 2 * np.einsum("if,jf->ij", rows, rows)
    np.fill_diagonal(squared, np.inf)
    nearest: Rows = np.sqrt(np.maximum(squared.min(1), 0))
    return nearest
