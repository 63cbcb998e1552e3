"""A person's own picture: opened, pasted or dropped, and found in the latent space by the encoder or by a search."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.looking import Picture
from gen_studio.core.tasks import FindPlace, FoundPlace, HeldOut, TaskDone
from gen_studio.viewmodels.attributes_stage import ENCODES, AttributesStageViewModel
from gen_studio.viewmodels.attributes_state import Own
from gen_studio.viewmodels.exploring import LARGEST_SEED, ExploringViewModel
from gen_studio.viewmodels.exporting import ExportingViewModel
from gen_studio.viewmodels.tasking import Tasking

ENCODED = "encoded"
"""What is said of a place that an encoder gave."""
PASTED, FROM_DATA = "Pasted picture", "Picture of the data"


@dataclass(frozen=True, eq=False)
class _Search:
    number: int
    run: Path
    title: str


class OwnPictureViewModel(QObject):
    """Where the model has an encoder, that answers at once; a search then comes closer when it is asked for."""

    changed = Signal()

    def __init__(
        self,
        exploring: ExploringViewModel,
        stage: AttributesStageViewModel,
        exporting: ExportingViewModel,
        tasking: Tasking,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._exploring, self._stage, self._exporting, self._tasking = exploring, stage, exporting, tasking
        self._search: _Search | None = None
        self._chance = np.random.default_rng()
        exploring.changed.connect(self.changed)
        stage.data_wanted.connect(self.take_of_data)
        exploring.looking.updated.connect(self._age)
        exploring.looking.left.connect(self.cancel)
        tasking.changed.connect(self._pass_on)
        tasking.done.connect(self._take)
        tasking.ended.connect(self._give_up)

    @property
    def own(self) -> Own | None:
        return self._exploring.state.editing.own

    @property
    def is_searching(self) -> bool:
        return self._search is not None

    @property
    def share(self) -> float | None:
        """How much of the search is done; None where that is not known."""
        progress = self._tasking.progress if self._search is not None else None
        return progress.done / progress.total if progress is not None and progress.total else None

    @property
    def can_come_closer(self) -> bool:
        """Whether only the encoder has been asked, and a search is possible."""
        own = self.own
        return own is not None and own.how == ENCODED and self._stage.has_samples and not self.is_searching

    @property
    def is_outdated(self) -> bool:
        """Whether the model has learnt on since the picture was found: to newer weights the place means another one."""
        own = self.own
        return own is not None and own.step != self._exploring.looking.step

    @Slot()
    def find_again(self) -> None:
        """By the weights of now, in the same way."""
        own = self.own
        if own is not None:
            self._ask(own.pixels, own.title, searches=own.how != ENCODED)

    def open(self, path: Path, others: int = 0) -> None:
        """A picture that was saved here leads back to its exact place; any other one is sought.

        others: so many files came with it and are left out.
        """
        if self._exporting.leads_back(path):
            self.cancel()
            self._exporting.drop(path)
        else:
            self._find(path, f"{path.name}, the first of {others + 1:,} files" if others else path.name)

    def paste(self, pixels: Picture) -> None:
        self._find(pixels, PASTED)

    @Slot()
    def take_of_data(self) -> None:
        """A picture that was held out of training, where the model has no samples."""
        if not self.is_searching:
            self._find(HeldOut(int(self._chance.integers(LARGEST_SEED))), FROM_DATA)

    def come_closer(self) -> None:
        """Searches on from where the encoder says."""
        own = self.own
        if own is not None:
            self._ask(own.pixels, own.title, searches=True)

    @Slot()
    def cancel(self) -> None:
        if self._search is not None:
            self._tasking.call_off()

    def in_words(self) -> str:
        """How near the model comes to the picture."""
        own = self.own
        if own is None:
            return ""
        near = f"within {own.error:.0f} of 255 grey levels"
        if self.is_outdated:
            return f"{own.title}, {own.how} at step {own.step:,}: the model came {near} then."
        return f"{own.title}, {own.how}: the model comes {near}."

    def _find(self, given: Path | Picture | HeldOut, title: str) -> None:
        self._ask(given, title, searches=not self._exploring.looking.can(ENCODES))

    def _ask(self, given: Path | Picture | HeldOut, title: str, *, searches: bool) -> None:
        run = self._exploring.looking.run
        if run is not None and self._stage.is_usable:
            self.cancel()
            self._search = _Search(self._tasking.ask(run, FindPlace(given, searches)), run, title)
            self.changed.emit()

    @Slot(int)
    def _age(self, step: int) -> None:
        if self.own is not None:
            self.changed.emit()

    @Slot()
    def _pass_on(self) -> None:
        if self._search is not None:
            self.changed.emit()

    @Slot(object)
    def _take(self, done: TaskDone) -> None:
        search, found = self._search, done.result
        if search is None or search.number != done.number or not isinstance(found, FoundPlace):
            return
        self._search = None
        if search.run == self._exploring.looking.run:
            own = Own(search.title, found.wanted, found.picture, found.error, found.how, done.step)
            state = self._exploring.state
            self._exploring.set(
                replace(state, picture=self._stage.at_own(own), editing=replace(state.editing, own=own), span=None)
            )
        self.changed.emit()

    @Slot(int)
    def _give_up(self, number: int) -> None:
        if self._search is not None and self._search.number == number:
            self._search = None
            self.changed.emit()
