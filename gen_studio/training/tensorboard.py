"""A run's readings for TensorBoard, for those who keep all their curves there."""

import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

WRITE_SECONDS = 2.0


class TensorBoard:
    """Writes the mean of each metric every two seconds. The package is imported with the first one, not before."""

    def __init__(self, folder: Path, first_step: int) -> None:
        self._folder = folder
        self._first_step = first_step
        self._writer: SummaryWriter | None = None
        self._steps: list[NDArray[np.int64]] = []
        self._values: dict[str, list[NDArray[np.float64]]] = {}
        self._written = time.perf_counter()

    def __enter__(self) -> "TensorBoard":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write()
        if self._writer is not None:
            self._writer.close()

    def add(self, steps: NDArray[np.int64], values: Mapping[str, NDArray[np.float64]]) -> None:
        self._steps.append(steps)
        for key, column in values.items():
            self._values.setdefault(key, []).append(column)
        if time.perf_counter() - self._written > WRITE_SECONDS:
            self._write()

    def _write(self) -> None:
        if not self._steps:
            return
        writer = self._opened()
        step = int(self._steps[-1][-1])
        for key, columns in self._values.items():
            writer.add_scalar(key, float(np.mean(np.concatenate(columns))), step)
        writer.flush()
        self._steps, self._values, self._written = [], {}, time.perf_counter()

    def _opened(self) -> "SummaryWriter":
        if self._writer is None:
            from torch.utils.tensorboard import SummaryWriter

            self._writer = SummaryWriter(str(self._folder), purge_step=self._first_step + 1)
        return self._writer
