"""Pictures of a person's own on their way into the piles: read off the window's thread, sorted when they are there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from gen_studio.core import origins
from gen_studio.core.errors import UserError
from gen_studio.core.looking import Picture
from gen_studio.core.tasks import ExamplesRead, ReadExamples, TaskDone
from gen_studio.core.words import count
from gen_studio.viewmodels.attributes_state import Editing, Example, Photo, Sample, Side
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.sentences import for_the_window
from gen_studio.viewmodels.tasking import Tasking


@dataclass(frozen=True)
class _Bringing:
    run: Path
    side: Side
    samples: tuple[Sample, ...]


class BringingViewModel(QObject):
    """All that is brought at once is one step of undo."""

    def __init__(self, exploring: ExploringViewModel, tasking: Tasking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring, self._tasking = exploring, tasking
        self._under_way: dict[int, _Bringing] = {}
        tasking.done.connect(self._take)
        tasking.ended.connect(self._forget)

    def bring(self, given: Sequence[Path | Picture], side: Side) -> None:
        """Files, folders or pixels into a pile. What this run has made itself goes there as the sample that it is."""
        run = self._exploring.looking.run
        if run is None or self._exploring.looking.facts is None:
            return
        samples: list[Sample] = []
        others: list[Path | Picture] = []
        for one in given:
            made = self._made_here(one) if isinstance(one, Path) else ()
            samples += made
            others += [] if made else [one]
        bringing = _Bringing(run, side, tuple(samples))
        if others:
            self._under_way[self._tasking.ask(run, ReadExamples(tuple(others)))] = bringing
        else:
            self._sort(bringing.samples, side)

    def _made_here(self, path: Path) -> tuple[Sample, ...]:
        facts = self._exploring.looking.facts
        try:
            origin = origins.read(path)
        except UserError:
            return ()
        ours = facts is not None and origin.run == facts.run.name
        return tuple(map(Sample, origin.pictures)) if ours else ()

    def _sort(self, examples: Sequence[Example], side: Side) -> None:
        state = self._exploring.state
        editing: Editing = state.editing
        for example in examples:
            editing = editing.sorted_into(example, side)
        self._exploring.set(replace(state, editing=editing))

    @Slot(object)
    def _take(self, done: TaskDone) -> None:
        bringing = self._under_way.pop(done.number, None)
        if bringing is None or not isinstance(done.result, ExamplesRead):
            return
        read = done.result
        if bringing.run == self._exploring.looking.run:
            self._sort((*bringing.samples, *map(Photo.of, read.pictures)), bringing.side)
        if read.failed:
            left_out = f"{count(len(read.failed), 'file')} left out. {for_the_window(read.failed[0][1])}"
            details = "\n".join(f"{name}: {reason}" for name, reason in read.failed)
            self._exploring.looking.noticed.emit(left_out, details)

    @Slot(int)
    def _forget(self, number: int) -> None:
        bringing = self._under_way.pop(number, None)
        if bringing is not None and bringing.samples and bringing.run == self._exploring.looking.run:
            self._sort(bringing.samples, bringing.side)
