"""Fills the filmstrip of a run from its folder, one file per turn of the event loop, so that nothing stalls."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gen_studio.core.errors import UserError
from gen_studio.core.runs import RunFolder


class FrameLoader(QObject):
    """Reads one picture out of each kept preview."""

    found = Signal(int, object)  # step, (H, W, C) uint8

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: Iterator[int] = iter(())
        self._folder: RunFolder | None = None
        self._view = ""
        self._index = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._read_one)

    def load(self, path: Path, view: str, index: int) -> None:
        self._folder, self._view, self._index = RunFolder(path), view, index
        self._files = iter(self._folder.preview_steps(view))
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _read_one(self) -> None:
        step = next(self._files, None)
        if step is None or self._folder is None:
            self._timer.stop()
            return
        try:
            pictures, _ = self._folder.read_preview(self._view, step)
        except UserError:
            # A preview that is gone or damaged leaves a gap in the strip; the run is not affected.
            return
        if self._index < len(pictures):
            self.found.emit(step, pictures[self._index])
