"""What comes into the Inpaint panel and leaves it: pictures, masks, holes by chance, results."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.looking import Picture
from gen_studio.core.tasks import (
    DataPictures,
    DrawHoles,
    HolesMade,
    PictureRead,
    ReadMask,
    ReadPicture,
    Result,
    ShowData,
    Task,
    TaskDone,
    WritePictures,
    Written,
)
from gen_studio.viewmodels.inpainting import InpaintingViewModel, Subject
from gen_studio.viewmodels.pixels import colourful, without_needless_colour
from gen_studio.viewmodels.tasking import Tasking

FROM_DATA = 24
"""Held-out pictures that are fetched at a time."""
PASTED = "Pasted picture"


class InpaintingFilesViewModel(QObject):
    """Of several that are asked for one after the other, the newest is taken. Nothing is written but where was said."""

    holes_made = Signal(object)
    """A mask (H, W) for the picture."""
    told = Signal(str)
    """What was done, in a sentence."""
    noticed = Signal(str, str)

    def __init__(self, inpainting: InpaintingViewModel, tasking: Tasking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inpainting, self._tasking = inpainting, tasking
        self._wanted: dict[int, Callable[[Result], None]] = {}
        self._newest: dict[type[Task], int] = {}
        self._held_out: list[Picture] = []
        self._held_out_of: Path | None = None
        self._place = -1
        self._fetching: Path | None = None
        tasking.done.connect(self._take)
        tasking.ended.connect(self._forget)
        inpainting.looking.opened.connect(self.begin_somewhere)

    # In

    def open(self, path: Path) -> None:
        self._ask(ReadPicture(path), lambda result: self._begin_own(result, path.name))

    def paste(self, pixels: Picture) -> None:
        self._inpainting.begin(Subject(colourful(pixels), PASTED))

    @Slot()
    def show_next_of_data(self) -> None:
        """A picture of the run's data that it was not trained on."""
        run = self._inpainting.looking.run
        if run != self._held_out_of:
            self._held_out, self._held_out_of, self._place = [], run, -1
        if self._held_out:
            self._place = (self._place + 1) % len(self._held_out)
            name = f"Held-out picture {self._place + 1}"
            self._inpainting.begin(Subject(self._held_out[self._place], name, run))
        else:
            self._fetch(run, wanted=True)

    def _fetch(self, run: Path | None, *, wanted: bool) -> None:
        """wanted: shown whatever is there by the time that they come."""
        if run is not None and not (self._fetching == run and not wanted):
            self._fetching = run
            task = ShowData(FROM_DATA, seed=0, held_out=True)
            self._ask(task, lambda result: self._take_held_out(result, run, wanted), quietly=not wanted)

    @Slot()
    def begin_somewhere(self) -> None:
        """There is a picture from the first look on. A person's own stays when another run is looked at."""
        if self._inpainting.watched and self._inpainting.is_usable and self._is_strange:
            self._fetch(self._inpainting.looking.run, wanted=False)

    @property
    def _is_strange(self) -> bool:
        """Whether there is no picture yet, or one of another run's data."""
        subject = self._inpainting.subject
        return subject is None or (subject.run is not None and subject.run != self._inpainting.looking.run)

    # Masks

    def open_mask(self, path: Path) -> None:
        mask = self._inpainting.mask
        if mask is not None:
            height, width = mask.shape
            self._ask(ReadMask(path, height, width), self._pass_on_holes)

    def draw_holes(self, coverage: float, seed: int) -> None:
        mask = self._inpainting.mask
        if mask is not None:
            height, width = mask.shape
            self._ask(DrawHoles(height, width, coverage, seed), self._pass_on_holes)

    def reuse_mask(self) -> None:
        """The mask of the answer kept last, or of the picture before."""
        last, mask = self._inpainting.last_mask, self._inpainting.mask
        if last is None or mask is None:
            return
        if last.shape != mask.shape:
            self.noticed.emit(
                f"The last mask is {_size(last)} and the picture {_size(mask)}. Paint another one.",
                "",
            )
            return
        self.holes_made.emit(last)

    # Out

    def save_result(self, path: Path) -> None:
        self._save([(path, self._result())])

    def save_mask(self, path: Path) -> None:
        self._save([(path, self._white_mask())])

    def save_both(self, path: Path) -> None:
        """The mask stands beside the result: "filled.png" and "filled-mask.png"."""
        self._save([(path, self._result()), (mask_beside(path), self._white_mask())])

    def _result(self) -> Picture | None:
        result = self._inpainting.result
        return None if result is None else without_needless_colour(result)

    def _white_mask(self) -> Picture | None:
        mask = self._inpainting.mask
        return None if mask is None else (mask[..., None] * np.uint8(255)).astype(np.uint8)

    def _save(self, files: list[tuple[Path, Picture | None]]) -> None:
        names = " and ".join(path.name for path, _ in files)
        pictures = tuple((path, picture) for path, picture in files if picture is not None)
        self._ask(WritePictures(pictures), lambda result: self._tell_saved(result, names))

    # What comes of it

    def _ask(self, task: Task, then: Callable[[Result], None], *, quietly: bool = False) -> None:
        run = self._inpainting.looking.run
        if run is None:
            return
        number = self._tasking.ask(run, task, quietly=quietly)
        if not isinstance(task, WritePictures):
            self._wanted.pop(self._newest.get(type(task), -1), None)
            self._newest[type(task)] = number
        self._wanted[number] = then

    @Slot(object)
    def _take(self, done: TaskDone) -> None:
        then = self._wanted.pop(done.number, None)
        if then is not None:
            then(done.result)

    @Slot(int)
    def _forget(self, number: int) -> None:
        self._wanted.pop(number, None)
        if number == self._newest.get(ShowData):
            self._fetching = None

    def _begin_own(self, result: Result, name: str) -> None:
        assert isinstance(result, PictureRead)
        self._inpainting.begin(Subject(colourful(result.pixels), name))
        if result.remarks:
            self.told.emit(" ".join(result.remarks))

    def _take_held_out(self, result: Result, run: Path, wanted: bool) -> None:
        assert isinstance(result, DataPictures)
        self._fetching = None
        if run != self._inpainting.looking.run:
            return
        self._held_out, self._held_out_of, self._place = [colourful(one) for one in result.pictures], run, -1
        if wanted or self._is_strange:
            self.show_next_of_data()

    def _pass_on_holes(self, result: Result) -> None:
        assert isinstance(result, HolesMade)
        mask = self._inpainting.mask
        # Another picture may have come meanwhile.
        if mask is not None and mask.shape == result.holes.shape:
            self.holes_made.emit(result.holes)

    def _tell_saved(self, result: Result, names: str) -> None:
        assert isinstance(result, Written)
        self.told.emit(f"Saved {names}.")


def mask_beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}-mask.png")


def _size(mask: NDArray[np.bool_]) -> str:
    return f"{mask.shape[1]:,} × {mask.shape[0]:,}"
