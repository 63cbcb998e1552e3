"""Regions of a picture as arrays of truths: polygons, floods, and masks grown or shrunk by a distance."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from gen_studio.ui.canvas.box import Box, whole
from gen_studio.ui.canvas.brush import Point

Mask = NDArray[np.bool_]
LEAST_CELL, CELLS_ACROSS = 24, 5
"""Cells of a grid that `parts` looks at: smaller ones hold less beside what changed, and take longer one by one."""


def polygon(points: Sequence[Point], limits: Box) -> tuple[Box, Mask]:
    """The pixels whose middles a closed line goes around, however often, and the box that they lie in."""
    corners = np.array(points, float)
    low, high = np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)
    box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).within(limits)
    if box.is_empty:
        return box, np.zeros((0, 0), bool)
    # Where an edge crosses the middle of a row, one more or one less turn begins to its right.
    turns = np.zeros((box.height, box.width + 1), np.int32)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        upper, lower = min(y0, y1), max(y0, y1)
        first = max(int(np.ceil(upper - 0.5)), box.top)
        after = min(int(np.ceil(lower - 0.5)), box.bottom)
        if first >= after:
            continue
        rows = np.arange(first, after)
        crossings = x0 + (rows + 0.5 - y0) * (x1 - x0) / (y1 - y0)
        columns = np.ceil(crossings - 0.5).astype(int).clip(box.left, box.right) - box.left
        turns[rows - box.top, columns] += 1 if y1 > y0 else -1
    inside: Mask = np.cumsum(turns[:, :-1], axis=1) != 0
    return box, inside


def rectangle(start: Point, end: Point, limits: Box) -> Box:
    """The pixels that two corners span, those under the corners with them."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    low, high = np.floor([left, top]).astype(int), np.floor([right, bottom]).astype(int) + 1
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).within(limits)


def flooded(pixels: NDArray[np.generic], seed: tuple[int, int]) -> Mask:
    """The pixels (H, W) that hang together with the one at `seed` (x, y) by their sides and are of its value."""
    column, row = seed
    same = pixels == pixels[row, column]
    edges = np.diff(np.pad(same, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    first = np.searchsorted(rows, np.arange(len(pixels) + 1)).tolist()
    begin, end = starts.tolist(), ends.tolist()
    reached = np.zeros(len(rows), bool)
    seen = bytearray(len(rows))
    start = bisect_left(end, column + 1, first[row], first[row + 1])
    seen[start] = 1
    waiting = [(row, start)]
    while waiting:
        row, run = waiting.pop()
        reached[run] = True
        for beside in (row - 1, row + 1):
            if not 0 <= beside < len(pixels):
                continue
            # Runs of a row lie in order and apart, so their ends are in order too.
            other = bisect_left(end, begin[run] + 1, first[beside], first[beside + 1])
            while other < first[beside + 1] and begin[other] < end[run]:
                if not seen[other]:
                    seen[other] = 1
                    waiting.append((beside, other))
                other += 1
    result = np.zeros(same.shape, bool)
    # The true pixels in reading order are the runs, one after the other.
    result[same] = np.repeat(reached, ends - starts)
    return result


def grown(mask: Mask, radius: int) -> Mask:
    """Every pixel within `radius` of one in the mask, measured from middle to middle."""
    found = bounds(mask)
    if found is None or radius < 1:
        return mask.copy()
    box = found.grown(radius).within(whole(mask.shape))
    part = np.pad(mask[box.slices], radius)
    height, width = box.height, box.width
    counts = np.pad(np.cumsum(part, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    near = np.zeros((height, width), bool)
    for down in range(radius + 1):
        # A disc is one stretch of each row: a row holds a pixel of the mask there if the count grows along it.
        half = isqrt(radius * radius - down * down)
        start, end = radius - half, radius + half + 1
        within = counts[:, end : end + width] > counts[:, start : start + width]
        near |= within[radius - down : radius - down + height]
        near |= within[radius + down : radius + down + height]
    result = np.zeros_like(mask)
    result[box.slices] = near
    return result


def shrunk(mask: Mask, radius: int) -> Mask:
    """What stays when every pixel within `radius` of one outside goes. The border of the picture takes nothing away."""
    result: Mask = ~grown(~mask, radius)
    return result


def bounds(mask: Mask) -> Box | None:
    """The box around all true pixels, None where there are none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return None
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def parts(changes: Mask) -> list[Box]:
    """Few boxes that hold all true pixels and, where these are the rim of a disc, not much else."""
    height, width = changes.shape
    cell = max(LEAST_CELL, -(-max(height, width) // CELLS_ACROSS))
    rows, columns = np.arange(0, height, cell), np.arange(0, width, cell)
    cells = np.logical_or.reduceat(np.logical_or.reduceat(changes, rows, axis=0), columns, axis=1)
    found: list[Box] = []
    for row, filled in enumerate(cells.tolist()):
        for first, last in _runs(filled):
            box = Box(first * cell, row * cell, min(last * cell, width), min((row + 1) * cell, height))
            above = next((one for one in found if _continues(one, box)), None)
            if above is not None:
                found.remove(above)
                box = Box(above.left, above.top, box.right, box.bottom)
            found.append(box)
    return found


def _runs(filled: list[bool]) -> Iterator[tuple[int, int]]:
    """Where each begins, and where it is over."""
    start = None
    for place, is_filled in enumerate([*filled, False]):
        if is_filled and start is None:
            start = place
        elif not is_filled and start is not None:
            yield start, place
            start = None


def _continues(above: Box, box: Box) -> bool:
    return (above.left, above.right, above.bottom) == (box.left, box.right, box.top)
