"""Readings in blocks of ten steps: what trouble is looked for in, smooth enough to judge and cheap to keep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.events import Advanced

BLOCK = 10


@dataclass(frozen=True)
class Block:
    """Means over BLOCK steps, the last of them `step`. Norms that were not taken are left out."""

    step: int
    values: Mapping[str, float]
    norms: Mapping[str, float]


class Blocks:
    """Cuts reports of any length into blocks; what is left over waits for the next report."""

    def __init__(self) -> None:
        self._steps: NDArray[np.int64] = np.empty(0, np.int64)
        self._values: dict[str, NDArray[np.float64]] = {}
        self._norms: dict[str, NDArray[np.float64]] = {}

    def add(self, report: Advanced) -> Iterator[Block]:
        self._steps = np.concatenate([self._steps, report.steps])
        self._values = _joined(self._values, report.values)
        self._norms = _joined(self._norms, report.gradient_norms)
        whole = len(self._steps) // BLOCK
        if not whole:
            return
        cut = whole * BLOCK
        steps = self._steps[:cut].reshape(whole, BLOCK)[:, -1]
        values = {key: column[:cut].reshape(whole, BLOCK).mean(1) for key, column in self._values.items()}
        norms = {player: _mean_of_taken(column[:cut].reshape(whole, BLOCK)) for player, column in self._norms.items()}
        self._steps = self._steps[cut:]
        self._values = {key: column[cut:] for key, column in self._values.items()}
        self._norms = {player: column[cut:] for player, column in self._norms.items()}
        for place in range(whole):
            taken = {name: float(column[place]) for name, column in norms.items() if not np.isnan(column[place])}
            yield Block(int(steps[place]), {key: float(column[place]) for key, column in values.items()}, taken)


def _joined(
    kept: Mapping[str, NDArray[np.float64]], new: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    return {key: np.concatenate([kept[key], column]) if key in kept else column for key, column in new.items()}


def _mean_of_taken(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of rows, NaN left out; NaN where a row has nothing else."""
    taken = ~np.isnan(rows)
    sums = np.where(taken, rows, 0.0).sum(1)
    means: NDArray[np.float64] = np.divide(sums, taken.sum(1), out=np.full(len(rows), np.nan), where=taken.any(1))
    return means
