"""What was found out about a model on request: its own directions, what each number does, what it may have copied."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.latents import Direction
from gen_studio.core.tasks import FindNearest, FoundNearest, Survey, Surveyed, TaskDone
from gen_studio.viewmodels.attributes_state import Kept
from gen_studio.viewmodels.exploration import Pin
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.naming import (
    can_combine,
    combined,
    removed,
    renamed,
    with_names,
    with_way,
    without_name,
)
from gen_studio.viewmodels.tasking import Tasking

COMPONENTS = 6


@dataclass
class Findings:
    """Of one run. effects: how much each number of the latent does; () before that is known."""

    directions: tuple[Direction, ...] = ()
    effects: tuple[float, ...] = ()


class FindingsViewModel(QObject):
    """A finished model is surveyed as soon as somebody looks; one that trains when it is asked for, for it changes.

    Directions are those that were found, under the names that people gave them, behind those that were learnt.
    """

    changed = Signal()
    nearest_changed = Signal()

    def __init__(self, exploring: ExploringViewModel, tasking: Tasking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring, self._tasking = exploring, tasking
        self._of: dict[Path, Findings] = {}
        self._surveying: tuple[int, Path] | None = None
        self._searching: int | None = None
        self.nearest: FoundNearest | None = None
        self._listed: tuple[Kept, ...] = ()
        self._named: tuple[tuple[Kept, ...], tuple[Direction, ...], tuple[Direction, ...]] = ((), (), ())
        exploring.looking.opened.connect(self._begin)
        exploring.changed.connect(self._forget_nearest)
        exploring.changed.connect(self._follow_list)
        tasking.done.connect(self._take)
        tasking.ended.connect(self._give_up)

    @property
    def found(self) -> Findings:
        run = self._exploring.looking.run
        return self._of.get(run, Findings()) if run else Findings()

    @property
    def main(self) -> tuple[Direction, ...]:
        """The model's own, those that were named under their names."""
        kept, found = self._exploring.state.editing.kept, self.found.directions
        if self._named[0] is not kept or self._named[1] is not found:
            self._named = (kept, found, with_names(found, [one.direction for one in kept]))
        return self._named[2]

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Learnt ones first: somebody wanted them."""
        main = self.main
        listed = (kept.direction for kept in self._exploring.state.editing.kept)
        return tuple(dict.fromkeys((*(direction for direction in listed if direction not in main), *main)))

    def forget_words(self, direction: Direction) -> str:
        """What `forget` would do to it; "" where nobody has learnt or named it."""
        if not self._is_listed(direction):
            return ""
        return "Remove" if self._place(direction) is None else "Forget the name"

    def _is_listed(self, direction: Direction) -> bool:
        return any(kept.direction == direction for kept in self._exploring.state.editing.kept)

    @property
    def effects_are_known(self) -> bool:
        return bool(self.found.effects)

    @property
    def is_surveying(self) -> bool:
        return self._surveying is not None

    @property
    def is_searching(self) -> bool:
        return self._searching is not None

    @Slot()
    def survey(self) -> None:
        """Looks for the directions that the latent space has of its own, and for what each number does."""
        self._survey(quietly=False)

    def _survey(self, *, quietly: bool) -> None:
        run = self._exploring.looking.run
        if run is not None and self._exploring.is_usable and self._surveying is None:
            self._surveying = (self._tasking.ask(run, Survey(COMPONENTS), quietly=quietly), run)
            self.changed.emit()

    def name(self, direction: Direction, name: str) -> None:
        """Without a name, one that was found has its own again."""
        name = name.strip()
        if name:
            self._exploring.set(renamed(self._exploring.state, direction, name))
        elif self._place(direction) is not None:
            self.forget(direction)

    @property
    def ends(self) -> tuple[Pin, Pin] | None:
        """The pins that the picture lies between, or the first two; None where there are no two."""
        state = self._exploring.state
        pins = [state.pin(number) for number in (state.span.first, state.span.second)] if state.span else state.pins[:2]
        found = [pin for pin in pins if pin is not None]
        return (found[0], found[1]) if len(found) > 1 else None

    def take_way(self) -> None:
        """The way from one pin to another as a direction, once it is known where both lie."""
        known, ends = self._exploring.known, self.ends
        latents = [] if ends is None else [known.of(pin.picture) for pin in ends]
        found = [latent for latent in latents if latent is not None]
        if ends is not None and len(found) == len(ends):
            self._exploring.set(with_way(self._exploring.state, *ends, found[1] - found[0]))

    def combine(self) -> None:
        """All that the picture was moved along as one direction."""
        if can_combine(self._exploring.picture):
            self._exploring.set(combined(self._exploring.state))

    def forget(self, direction: Direction) -> None:
        """Its name, if it is one that was found, or all of it."""
        if self._is_listed(direction):
            state, place = self._exploring.state, self._place(direction)
            known = self.found.directions
            forgotten = removed(state, direction) if place is None else without_name(state, direction, known[place])
            self._exploring.set(forgotten)

    def _place(self, direction: Direction) -> int | None:
        """Among those that were found."""
        return self.main.index(direction) if direction in self.main else None

    def find_nearest(self) -> None:
        """Asks whether the shown picture is one of those that the model was taught."""
        run, pictures = self._exploring.looking.run, self._exploring.pictures
        if run is not None and pictures is not None and self._searching is None:
            self._searching = self._tasking.ask(run, FindNearest(pictures[self._exploring.own_place]))
            self.nearest_changed.emit()

    def close_nearest(self) -> None:
        self.nearest = self._searching = None
        self.nearest_changed.emit()

    @Slot()
    def _begin(self) -> None:
        self.changed.emit()
        if not self.found.directions and not self._exploring.looking.is_live:
            self._survey(quietly=True)

    @Slot()
    def _follow_list(self) -> None:
        """Learnt, named or taken out, here or elsewhere, or undone."""
        if self._exploring.state.editing.kept is not self._listed:
            self._listed = self._exploring.state.editing.kept
            self.changed.emit()

    @Slot()
    def _forget_nearest(self) -> None:
        """They were those of another picture."""
        if self.nearest is not None or self._searching is not None:
            self.close_nearest()

    @Slot(object)
    def _take(self, done: TaskDone) -> None:
        match done.result:
            case Surveyed(components, _, effects):
                if self._surveying is not None and self._surveying[0] == done.number:
                    run, self._surveying = self._surveying[1], None
                    found = self._of.setdefault(run, Findings())
                    found.directions, found.effects = components, tuple(float(effect) for effect in effects)
                    self.changed.emit()
            case FoundNearest():
                if self._searching == done.number:
                    self._searching, self.nearest = None, done.result
                    self.nearest_changed.emit()
            case _:
                pass

    @Slot(int)
    def _give_up(self, number: int) -> None:
        if self._surveying is not None and self._surveying[0] == number:
            self._surveying = None
            self.changed.emit()
        if self._searching == number:
            self._searching = None
            self.nearest_changed.emit()
