"""Collects what steps measured without waiting for the device, and reads it once per report."""

import math
import time
from collections import deque
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

WINDOW_SECONDS = 10.0

Rows = NDArray[np.float64]


class Recorder:
    """The readings of the steps since the last report."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._readings: list[Mapping[str, Tensor]] = []
        self._norms: list[dict[str, Tensor]] = []

    def note(self, step: int, readings: Mapping[str, Tensor], norms: Mapping[str, Tensor | None]) -> None:
        """Keeps the 0-d tensors of one step, unread."""
        self._steps.append(step)
        self._readings.append(readings)
        self._norms.append({name: norm for name, norm in norms.items() if norm is not None})

    def drop_after(self, step: int) -> None:
        """Forgets steps that were taken back."""
        kept = sum(1 for s in self._steps if s <= step)
        del self._steps[kept:], self._readings[kept:], self._norms[kept:]

    def read(self, players: tuple[str, ...]) -> tuple[NDArray[np.int64], dict[str, Rows], dict[str, Rows]]:
        """Steps (K,), metrics and gradient norms (K,) since the last call; NaN where no norm was taken."""
        steps = np.array(self._steps, np.int64)
        keys = tuple(self._readings[0]) if self._readings else ()
        flat = [readings[key].float() for readings in self._readings for key in keys]
        table = _to_numpy(flat).reshape(len(steps), len(keys))
        norms = {player: np.full(len(steps), math.nan) for player in players}
        taken = [(row, name) for row, found in enumerate(self._norms) for name in found]
        for (row, name), value in zip(taken, _to_numpy([self._norms[r][n] for r, n in taken]), strict=True):
            norms[name][row] = value
        self._steps, self._readings, self._norms = [], [], []
        return steps, {key: table[:, place] for place, key in enumerate(keys)}, norms


class Speedometer:
    """Steps per second over the last ten seconds of training, pauses left out."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque()

    def note(self, step: int) -> None:
        now = time.perf_counter()
        self._points.append((now, step))
        while len(self._points) > 2 and now - self._points[0][0] > WINDOW_SECONDS:
            self._points.popleft()

    def restart(self) -> None:
        self._points.clear()

    @property
    def steps_per_second(self) -> float:
        """0 until two points are known."""
        if len(self._points) < 2:
            return 0.0
        (start, first), (end, last) = self._points[0], self._points[-1]
        return (last - first) / (end - start) if end > start else 0.0


def _to_numpy(scalars: list[Tensor]) -> Rows:
    if not scalars:
        return np.empty(0)
    values: Rows = torch.stack(scalars).cpu().numpy().astype(np.float64)
    return values
