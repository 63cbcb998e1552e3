"""The list of runs: what is there, renaming, and deleting to the trash."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QFile, QObject, Signal

from gen_studio.core import paths
from gen_studio.core.description import SAMPLES
from gen_studio.core.errors import UserError
from gen_studio.core.runs import LOCK, PLAN, STATUS, RunFolder, RunSummary, State, list_runs


@dataclass(frozen=True)
class RunCard:
    """A run in the list, with the first sample of its newest preview, (H, W, C) uint8, if it has one."""

    summary: RunSummary
    picture: NDArray[np.uint8] | None


class RunsViewModel(QObject):
    """`changed` after every refresh that found a difference; `noticed` carries sentences for the error bar."""

    changed = Signal()
    noticed = Signal(str)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder or paths.runs()
        self.cards: tuple[RunCard, ...] = ()
        self._traces: dict[Path, tuple[int, ...]] = {}

    def refresh(self) -> None:
        """Looks at the folder again. Where no file has changed since, that costs a few system calls per run."""
        traces = _traces(self._folder)
        # A run that seems to train must be asked again: its process may have died without a word.
        if traces == self._traces and not any(card.summary.state is State.RUNNING for card in self.cards):
            return
        self._traces = traces
        known = {card.summary.path: card for card in self.cards}
        cards = tuple(_card(summary, known.get(summary.path)) for summary in list_runs(self._folder))
        if [card.summary for card in cards] != [card.summary for card in self.cards]:
            self.cards = cards
            self.changed.emit()

    def rename(self, path: Path, name: str) -> None:
        try:
            RunFolder.open(path).rename(name)
        except UserError as error:
            self.noticed.emit(str(error))
        self.refresh()

    def delete(self, path: Path) -> bool:
        """Moves a run to the system's trash. Refuses while it trains."""
        try:
            state = RunFolder.open(path).state()
        except UserError as error:
            self.noticed.emit(str(error))
            return False
        if state is State.RUNNING:
            self.noticed.emit("This run is training. Stop it first, then delete it.")
            return False
        # PySide gives the new path beside the verdict.
        result = QFile.moveToTrash(str(path))
        moved = bool(result[0]) if isinstance(result, tuple) else bool(result)
        if not moved:
            self.noticed.emit(
                f"The system's trash did not take {path}. Nothing was deleted; remove the folder by hand."
            )
        self.refresh()
        return moved


def _traces(folder: Path) -> dict[Path, tuple[int, ...]]:
    """When each run's small files were last written; a missing one counts as 0."""
    return {
        plan.parent: tuple(_written(plan.parent / name) for name in (PLAN, STATUS, LOCK))
        for plan in folder.glob(f"*/{PLAN}")
    }


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _card(summary: RunSummary, known: RunCard | None) -> RunCard:
    if known and known.summary.changed == summary.changed and known.picture is not None:
        return RunCard(summary, known.picture)
    folder = RunFolder(summary.path)
    # New pictures where there are any: the other views of such a family show less in a small square.
    for view in sorted(folder.views(), key=lambda key: key != SAMPLES):
        steps = folder.preview_steps(view)
        if steps:
            try:
                pictures, per_item = folder.read_preview(view, steps[-1])
            except UserError:
                continue
            return RunCard(summary, pictures[min(1, per_item - 1)])
    return RunCard(summary, None)
