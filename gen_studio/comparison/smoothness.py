"""How smooth a loss went, as one figure from 0 to 1 that needs no scale: runs of different losses can be set beside
each other."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

FIRST_PART = 0.1
"""Of a run, left out: every loss falls there, and that fall would hide what comes after it."""
PARTS = 180
WINDOW = 9
LEAST_PARTS = 2 * WINDOW

DEFINITION = (
    f"The first {FIRST_PART:.0%} of the run are left out, and the rest is cut into {PARTS} equal parts, of each of "
    f"which the mean is taken. Smoothness is the share of the variance of these means that a moving average over "
    f"{WINDOW} of them keeps: 1 − Var(means − moving average) / Var(means), and 0 where that is negative. A straight "
    f"line and a slow curve have 1, and so has a loss that does not move; pure noise has {1 / WINDOW:.2f}. It does not "
    "depend on a loss's scale or offset. Losses of runs of very different lengths cannot be compared by it: a part of "
    "a longer run averages more steps."
)


def smoothness(values: Numbers) -> float:
    """By the definition above. values (K,): the readings of all steps in their order. NaN where they are too few."""
    means = parts(settled(values), PARTS)
    if len(means) < LEAST_PARTS:
        return float("nan")
    middle = means[WINDOW // 2 : -(WINDOW // 2)]
    variance = middle.var()
    # What differs by rounding alone does not move.
    if variance <= (1e-6 * np.abs(middle).max()) ** 2:
        return 1.0
    left = (middle - moving_average(means, WINDOW)).var()
    return float(max(0.0, 1 - left / variance))


def settled(values: Numbers) -> Numbers:
    """The finite readings after the first part of the run."""
    late = values[int(FIRST_PART * len(values)) :]
    kept: Numbers = late[np.isfinite(late)]
    return kept


def parts(values: Numbers, number: int) -> Numbers:
    """Means of so many equal stretches, or the values themselves where there are no more of them."""
    if len(values) <= number:
        return values
    edges = np.linspace(0, len(values), number + 1).round().astype(np.int64)
    means: Numbers = np.add.reduceat(values, edges[:-1]) / np.diff(edges)
    return means


def moving_average(values: Numbers, window: int) -> Numbers:
    """Where the window is whole: `window` - 1 values fewer."""
    means: Numbers = np.convolve(values, np.full(window, 1 / window), "valid")
    return means
