"""The numbers behind a curve: its whole history, and what of it is worth drawing. Knows nothing of Qt."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

RAW_POINTS = 2000
SMOOTH_POINTS = 300
BINS = 500
"""The smoothing weight is what is kept over one 500th of the shown range, so that runs of any length look alike."""


class Series:
    """Every reading of one metric in the order of steps, in buffers that double when they are full."""

    def __init__(self) -> None:
        self._steps = np.empty(256)
        self._values = np.empty(256)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def steps(self) -> Numbers:
        """(N,) rising. A view: valid until the next append."""
        return self._steps[: self._count]

    @property
    def values(self) -> Numbers:
        """(N,) with NaN where the reading was not finite. A view: valid until the next append."""
        return self._values[: self._count]

    def append(self, steps: NDArray[np.integer] | Numbers, values: Numbers) -> None:
        """Adds (K,) readings at rising steps. Steps that the run has gone back behind are forgotten first."""
        if steps.shape != values.shape or steps.ndim != 1:
            raise ValueError(f"{steps.shape} steps do not fit {values.shape} values")
        if not len(steps):
            return
        if self._count and steps[0] <= self._steps[self._count - 1]:
            self._count = int(np.searchsorted(self.steps, steps[0]))
        after = self._count + len(steps)
        if after > len(self._steps):
            self._steps = np.resize(self._steps, max(after, 2 * len(self._steps)))
            self._values = np.resize(self._values, len(self._steps))
        self._steps[self._count : after] = steps
        self._values[self._count : after] = np.where(np.isfinite(values), values, np.nan)
        self._count = after

    def clear(self) -> None:
        self._count = 0

    def breaks(self) -> Numbers:
        """The steps at which the readings stop being finite: the first of each gap."""
        broken = np.isnan(self.values)
        return self.steps[broken & ~np.concatenate([[False], broken[:-1]])]

    def within(self, low: float, high: float) -> tuple[Numbers, Numbers]:
        """Steps and values from low to high, with one reading more on either side, so that lines leave the frame."""
        first = max(0, int(np.searchsorted(self.steps, low)) - 1)
        after = int(np.searchsorted(self.steps, high, side="right")) + 1
        return self.steps[first:after], self.values[first:after]

    def at(self, step: float) -> tuple[float, float] | None:
        """The step and the value of the reading nearest to `step`."""
        if not self._count:
            return None
        right = int(np.searchsorted(self.steps, step))
        choices = [place for place in (right - 1, right) if 0 <= place < self._count]
        place = min(choices, key=lambda index: abs(self._steps[index] - step))
        return float(self._steps[place]), float(self._values[place])


def thin(steps: Numbers, values: Numbers, most: int = RAW_POINTS) -> tuple[Numbers, Numbers]:
    """At most `most` points that keep every peak: the lowest and the highest of each bucket, in their order."""
    if len(steps) <= most:
        return steps, values
    size = -(-2 * len(steps) // most)
    buckets = -(-len(steps) // size)
    padded = np.full(buckets * size, np.nan)
    padded[: len(values)] = values
    rows = padded.reshape(buckets, size)
    empty = np.isnan(rows).all(axis=1)
    lowest = np.where(np.isnan(rows), np.inf, rows).argmin(axis=1)
    highest = np.where(np.isnan(rows), -np.inf, rows).argmax(axis=1)
    # A bucket without a reading stays as a NaN, a gap in the line.
    lowest[empty] = highest[empty] = 0
    places = np.sort(np.stack([lowest, highest], axis=1), axis=1) + np.arange(buckets)[:, None] * size
    chosen = np.minimum(places.ravel(), len(steps) - 1)
    return steps[chosen], values[chosen]


def smooth(
    steps: Numbers, values: Numbers, weight: float, low: float, high: float, most: int = SMOOTH_POINTS
) -> tuple[Numbers, Numbers]:
    """A debiased exponential moving average from low to high as at most `most` points, NaN where readings are.

    The readings are averaged in `BINS` equal bins, of which each keeps `weight` of what came before: a bin without
    readings fades the past but adds nothing. Debiased means divided by the sum of the weights that were given out,
    so that the first value is the first reading and not a part of it.
    """
    if not len(steps) or high <= low:
        return np.empty(0), np.empty(0)
    width = (high - low) / BINS
    reach = _reach(weight)
    # Bins before `low` warm the average up, so that zooming in does not change the line.
    first = max(-reach, int(np.floor((steps[0] - low) / width)))
    edges = np.searchsorted(steps, low + width * np.arange(first, BINS + 2))
    filled = np.flatnonzero(np.diff(edges))  # the bins with readings, in which reduceat can add up
    if not len(filled):
        return np.empty(0), np.empty(0)
    begins, last = edges[filled], edges[filled + 1] - 1
    finite = np.isfinite(values[: edges[-1]])
    count, total = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
    count[filled] = np.add.reduceat(finite.astype(np.float64), begins)
    total[filled] = np.add.reduceat(np.where(finite, values[: edges[-1]], 0.0), begins)
    kernel = weight ** np.arange(reach)
    given = np.convolve(count, kernel)[: len(count)]
    averages = np.full(len(count), np.nan)
    np.divide(np.convolve(total, kernel)[: len(total)], given, out=averages, where=given > 1e-12)
    # A bin in which one reading is broken is a gap; its last reading is where its average stands.
    averages[filled[count[filled] < last - begins + 1]] = np.nan
    shown = steps[last] >= low - width
    return _resample(steps[last][shown], averages[filled][shown], most)


def latest(series: Series, weight: float) -> float:
    """The smoothed value at the newest reading, NaN if that is not finite."""
    if not len(series):
        return float("nan")
    low, high = series.steps[0], series.steps[-1]
    _, values = smooth(series.steps, series.values, weight, low, max(high, low + 1), most=BINS)
    return float(values[-1]) if len(values) else float("nan")


def interpolate(steps: Numbers, values: Numbers, step: float) -> float:
    """The value of a drawn line at a step; NaN outside of it and in its gaps."""
    if not len(steps) or not steps[0] <= step <= steps[-1]:
        return float("nan")
    return float(np.interp(step, steps, values))


def _reach(weight: float) -> int:
    """After how many bins almost nothing of a reading is left."""
    if weight <= 0:
        return 1
    return min(BINS, int(np.ceil(np.log(1e-5) / np.log(weight)))) if weight < 1 else BINS


def _resample(steps: Numbers, values: Numbers, most: int) -> tuple[Numbers, Numbers]:
    if len(steps) <= most:
        return steps, values
    chosen = np.unique(np.linspace(0, len(steps) - 1, most).round().astype(np.int64))
    # A gap narrower than the distance of the chosen points must still be seen.
    kept = values[chosen].copy()
    broken = np.flatnonzero(np.isnan(values))
    kept[np.searchsorted(chosen, broken).clip(max=len(chosen) - 1)] = np.nan
    return steps[chosen], kept
