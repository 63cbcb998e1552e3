"""The directions that were learnt or opened for a run: one list for all panels, in the history of its exploration."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.latents import Direction, LatentPicture, Space
from gen_studio.core.looking import ModelFacts
from gen_studio.inference import direction_files
from gen_studio.inference.direction_files import Origin, Saved
from gen_studio.inference.directions import orthogonal
from gen_studio.viewmodels.attributes_state import Editing, Kept
from gen_studio.viewmodels.attributes_words import TAKEN_OUT
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.naming import removed, renamed
from gen_studio.viewmodels.sentences import for_the_window


class DirectionsViewModel(QObject):
    """Whatever is done to a direction is done to the shown picture's move along it as well, in one step of undo."""

    changed = Signal()
    """The list: not with every move of a slider."""
    chosen_changed = Signal()
    noticed = Signal(str, str)
    told = Signal(str)

    def __init__(self, exploring: ExploringViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._chosen = ""
        self._followed: tuple[Kept, ...] | None = None
        exploring.changed.connect(self._follow)

    @property
    def kept(self) -> tuple[Kept, ...]:
        return self._editing.kept

    @property
    def chosen(self) -> Kept | None:
        """The one whose strip is shown; the last, until somebody chooses."""
        return self._editing.find(self._chosen) or next(iter(reversed(self.kept)), None)

    def choose(self, name: str) -> None:
        if name != self._chosen:
            self._chosen = name
            self.chosen_changed.emit()

    def add(self, kept: Kept, *, learnt: bool = False) -> None:
        """Under a name that no other has. learnt: just now, so that the next one to learn wants another name."""
        name = self._editing.free_name(kept.direction.name)
        named = replace(kept, direction=kept.direction.model_copy(update={"name": name}))
        state, editing = self._exploring.state, self._editing
        lesson = replace(editing.lesson, name="") if learnt else editing.lesson
        self._chosen = name
        editing = replace(editing, kept=(*editing.kept, named), lesson=lesson)
        self._exploring.set(replace(state, editing=editing))
        self.chosen_changed.emit()

    def rename(self, name: str, other: str) -> None:
        kept, other = self._editing.find(name), other.strip()
        if kept is not None and other and other != name:
            other = self._editing.free_name(other)
            self._chosen = other if self._chosen == name else self._chosen
            self._exploring.set(renamed(self._exploring.state, kept.direction, other))
            self.chosen_changed.emit()

    def remove(self, name: str) -> None:
        kept = self._editing.find(name)
        if kept is not None:
            self._exploring.set(removed(self._exploring.state, kept.direction))
            self.chosen_changed.emit()

    def take_out(self, name: str, others: Sequence[str]) -> None:
        """Leaves of a direction what is at a right angle to others. What was checked of it holds no longer."""
        kept = self._editing.find(name)
        found = [one.direction for one in map(self._editing.find, others) if one is not None]
        if kept is None or not found:
            return
        try:
            rest = orthogonal(kept.direction, found)
        except WrongUse as error:
            self.noticed.emit(str(error), "")
            return
        words = TAKEN_OUT + ", ".join(one.name for one in found)
        self._change(kept, Kept(rest.model_copy(update={"source": words})))

    def others(self, name: str) -> tuple[str, ...]:
        """Names of those that could be taken out of it: they change the same numbers."""
        kept = self._editing.find(name)
        if kept is None:
            return ()
        same = (one.direction for one in self.kept if one is not kept)
        return tuple(one.name for one in same if one.space is kept.direction.space)

    def save(self, name: str, path: Path) -> None:
        kept, facts = self._editing.find(name), self._exploring.looking.facts
        if kept is None:
            return
        origin = Origin(facts.family, facts.run.name, facts.step) if facts else None
        try:
            direction_files.save(path, Saved(kept.direction, kept.quality, origin))
        except UserError as error:
            self.noticed.emit(str(error), "")
            return
        self.told.emit(f"Saved as {path}.")

    def open(self, path: Path) -> None:
        """Adds what a file holds, or says why it does not fit."""
        facts = self._exploring.looking.facts
        if facts is None:
            return
        try:
            saved = direction_files.load(path)
            _check(saved.direction, facts)
        except UserError as error:
            self.noticed.emit(for_the_window(str(error)), "")
            return
        self.add(Kept(saved.direction, saved.quality))
        model = saved.origin
        if model is not None and model.run != facts.run.name:
            self.told.emit(f'It was learnt with the run "{model.run}" and may mean something else here.')

    @property
    def _editing(self) -> Editing:
        return self._exploring.state.editing

    def _change(self, before: Kept, after: Kept) -> None:
        kept = tuple(after if one is before else one for one in self.kept)
        picture = self._exploring.picture
        moves = tuple(
            move.model_copy(update={"direction": after.direction}) if move.direction == before.direction else move
            for move in picture.moves
        )
        self._set(kept, picture.model_copy(update={"moves": moves}))
        self.chosen_changed.emit()

    def _set(self, kept: tuple[Kept, ...], picture: LatentPicture) -> None:
        state = self._exploring.state
        editing = replace(state.editing, kept=kept)
        self._exploring.set(replace(state, picture=picture, editing=editing))

    @Slot()
    def _follow(self) -> None:
        if self.kept is self._followed:
            return
        self._followed = self.kept
        self.changed.emit()


def _check(direction: Direction, facts: ModelFacts) -> None:
    """Raises WrongUse for a direction of another model's numbers."""
    size = 1
    for length in facts.latent_shape:
        size *= length
    size = facts.style_size if direction.space is Space.STYLE else size
    if len(direction.values) != size:
        has = f"{size:,} of them" if size else "none of them"
        raise WrongUse(
            f'"{direction.name}" changes {len(direction.values):,} numbers of the {direction.space.value}, and this '
            f"model has {has}: it comes from another one. Learn it anew here."
        )
