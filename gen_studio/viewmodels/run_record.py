"""A run as it lies on the disk, read for the window without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.events import Marked
from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder, State, Status


@dataclass(frozen=True)
class RunRecord:
    """All that the Train screen shows of a run that does not move."""

    path: Path
    plan: RunPlan
    status: Status
    state: State
    step: int
    steps: NDArray[np.int64]
    values: Mapping[str, NDArray[np.float64]]
    marks: tuple[Marked, ...]
    checkpoints: tuple[int, ...]


def read_record(path: Path) -> RunRecord:
    """Raises UserError where the folder is no run or cannot be read."""
    folder = RunFolder.open(path)
    steps, values = folder.read_metrics()
    checkpoints = folder.checkpoint_steps()
    status = folder.status()
    return RunRecord(
        path=path,
        plan=folder.plan(),
        status=status,
        state=folder.state(),
        step=int(steps[-1]) if len(steps) else status.step,
        steps=steps,
        values=values,
        marks=tuple(folder.read_marks()),
        checkpoints=tuple(checkpoints),
    )


def followed_frames(path: Path, view: str, item: int, place: int = 0) -> list[tuple[int, NDArray[np.uint8]]]:
    """One picture (H, W, C) of each kept preview of a view: the filmstrip of one followed sample.

    item: which of the items; place: which picture of the item, where several belong together.
    """
    folder = RunFolder(path)
    frames = []
    for step in folder.preview_steps(view):
        pictures, per_item = folder.read_preview(view, step)
        index = item * per_item + place
        if index < len(pictures):
            frames.append((step, pictures[index]))
    return frames
