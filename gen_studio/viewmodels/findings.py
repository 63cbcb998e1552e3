"""What was found out about a model on request: its own directions, what each number does, what it may have copied."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.latents import Direction
from gen_studio.core.tasks import FindNearest, FoundNearest, Survey, Surveyed, TaskDone
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.tasking import Tasking

COMPONENTS = 6


@dataclass
class Findings:
    """Of one run. effects: how much each number of the latent does; () before that is known."""

    directions: tuple[Direction, ...] = ()
    effects: tuple[float, ...] = ()
    learnt: tuple[Direction, ...] = field(default=())


class FindingsViewModel(QObject):
    """A finished model is surveyed as soon as somebody looks; one that trains when it is asked for, for it changes."""

    changed = Signal()
    nearest_changed = Signal()

    def __init__(self, exploring: ExploringViewModel, tasking: Tasking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring, self._tasking = exploring, tasking
        self._of: dict[Path, Findings] = {}
        self._surveying: tuple[int, Path] | None = None
        self._searching: int | None = None
        self.nearest: FoundNearest | None = None
        exploring.looking.opened.connect(self._begin)
        exploring.changed.connect(self._forget_nearest)
        tasking.done.connect(self._take)
        tasking.ended.connect(self._give_up)

    @property
    def found(self) -> Findings:
        run = self._exploring.looking.run
        return self._of.get(run, Findings()) if run else Findings()

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Learnt ones first: somebody wanted them."""
        return (*self.found.learnt, *self.found.directions)

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

    def learn(self, direction: Direction) -> None:
        """A direction that was learnt elsewhere for this run; one of the same name is replaced."""
        run = self._exploring.looking.run
        if run is not None:
            found = self._of.setdefault(run, Findings())
            found.learnt = (*(known for known in found.learnt if known.name != direction.name), direction)
            self.changed.emit()

    def forget(self, direction: Direction) -> None:
        found = self.found
        found.learnt = tuple(known for known in found.learnt if known != direction)
        self.changed.emit()

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
