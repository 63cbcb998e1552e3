"""How a direction is learnt: pictures that wait to be sorted, the two piles, and what is known of the data instead."""

from dataclasses import replace
from enum import Enum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.annotations import Attribute
from gen_studio.core.latents import Drawn, LatentPicture
from gen_studio.core.looking import Explore, ModelFacts, Picture, Shown
from gen_studio.core.tasks import DataPictures, Known, LearnDirection, Learnt, Pile, ShowData, Sorted, TaskDone
from gen_studio.viewmodels.attributes_directions import DirectionsViewModel
from gen_studio.viewmodels.attributes_stage import ENCODES, AttributesStageViewModel
from gen_studio.viewmodels.attributes_state import Datum, Editing, Example, Kept, Lesson, Sample, Side
from gen_studio.viewmodels.attributes_words import traits
from gen_studio.viewmodels.exploring import LARGEST_SEED, ExploringViewModel
from gen_studio.viewmodels.pacing import Pace
from gen_studio.viewmodels.tasking import Tasking

VIEW = "examples"
OFFERED = 24
FORMS_IN_STEPS = "FormsInSteps"
CANNOT_SEEK = (
    "This model forms a picture in many steps, too many to seek the places of pictures that are not its own. Sort "
    "samples alone, or choose a label."
)
FIRST_SEED = 1_000
"""The first samples to sort are others than those that the seeds from 1 on show."""


class Source(Enum):
    """Where examples come from. KNOWN needs no sorting."""

    SAMPLES = "Samples"
    DATA = "Data"
    KNOWN = "Labels"


class LessonViewModel(QObject):
    """Piles, names and choices are part of the exploration and its history; what waits to be sorted is not."""

    changed = Signal()
    """The piles, the choices, or the list of directions: not with every move of a slider."""
    offered_changed = Signal()
    """`source`, `offered` or what is known of the data."""
    pictured = Signal()
    """What `picture` gives."""
    progressed = Signal()

    def __init__(
        self,
        exploring: ExploringViewModel,
        directions: DirectionsViewModel,
        stage: AttributesStageViewModel,
        tasking: Tasking,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._exploring, self._directions, self._stage, self._tasking = exploring, directions, stage, tasking
        self._chance = np.random.default_rng()
        self.source = Source.SAMPLES
        self.facts: tuple[Attribute, ...] | None = None  # None until the data have been looked at
        self._first_seed = FIRST_SEED
        self._data: tuple[Datum, ...] = ()
        self._pixels: dict[Sample, Picture] = {}
        self._asked: tuple[Sample, ...] = ()
        self._followed: tuple[Editing, tuple[float, ...]] | None = None
        self._looking_at: tuple[int, int] | None = None  # the number of a request for data, and its seed
        self._has_looked = False
        self._learning: tuple[int, Path] | None = None
        self._seeking: frozenset[Example] = frozenset()
        self._sought: tuple[int, frozenset[Example]] = (0, frozenset())  # by the weights of that step
        self._pace = Pace(self._ask, self)
        exploring.opened.connect(self._begin)
        exploring.changed.connect(self._follow)
        stage.watch_changed.connect(self._pace.ask_again)
        stage.pictured.connect(self._look_first)
        exploring.looking.left.connect(self.cancel)
        exploring.looking.shown.connect(self._take_pictures)
        tasking.changed.connect(self.progressed)
        tasking.done.connect(self._take)
        tasking.ended.connect(self._give_up)

    # What can be sorted

    @property
    def offered(self) -> tuple[Example, ...]:
        match self.source:
            case Source.SAMPLES if not self._stage.has_samples:
                return ()
            case Source.SAMPLES:
                plain = LatentPicture(point=Drawn(seed=0), classes=self._exploring.picture.classes)
                seeds = range(self._first_seed, self._first_seed + OFFERED)
                return tuple(Sample(plain.model_copy(update={"point": Drawn(seed=seed)})) for seed in seeds)
            case Source.DATA:
                return self._data
            case Source.KNOWN:
                return ()

    @property
    def has_samples(self) -> bool:
        """Whether the model draws any."""
        return self._stage.has_samples or not self._stage.is_usable

    @property
    def is_loading(self) -> bool:
        return self._looking_at is not None

    def picture(self, example: Example) -> Picture | None:
        """(H, W, C), None until the answer comes."""
        return self._pixels.get(example) if isinstance(example, Sample) else example.pixels

    def choose_source(self, source: Source) -> None:
        self.source = source
        if source is not Source.SAMPLES and self.facts is None:
            self._look_at_data()
        self._look_for_pictures()
        self.offered_changed.emit()

    def offer_others(self) -> None:
        if self.source is Source.DATA:
            self._look_at_data()
        else:
            self._first_seed = int(self._chance.integers(LARGEST_SEED))
            self._look_for_pictures()
        self.offered_changed.emit()

    def traits(self) -> tuple[tuple[str, str], ...]:
        return traits(self.facts or ())

    # Sorting

    @property
    def editing(self) -> Editing:
        return self._exploring.state.editing

    def sort(self, example: Example, side: Side | None) -> None:
        """Into one of the piles, or out of both."""
        self._set(self.editing.sorted_into(example, side))

    def swap(self) -> None:
        self._set(replace(self.editing, more=self.editing.less, less=self.editing.more))

    def clear(self) -> None:
        self._set(replace(self.editing, more=(), less=()))

    # How it is learnt

    @property
    def lesson(self) -> Lesson:
        return self.editing.lesson

    def set_lesson(self, gesture: str = "", **values: object) -> None:
        """name, trait, method, spared."""
        self._set(replace(self.editing, lesson=replace(self.lesson, **values)), gesture)  # type: ignore[arg-type]

    def spare(self, name: str, spared: bool) -> None:
        """Whether the next direction leaves this one alone."""
        names = self.lesson.spared | {name} if spared else self.lesson.spared - {name}
        self.set_lesson(spared=frozenset(names))

    @property
    def is_learning(self) -> bool:
        return self._learning is not None

    @property
    def missing(self) -> str:
        """What there is still to do before it can be learnt, in a sentence; "" where nothing is."""
        if self.source is Source.KNOWN:
            if self.facts is None:
                return "The data are being looked at."
            if not self.facts:
                return "Nothing is known of these pictures but how they look. Sort samples or data instead."
            return "" if self._trait() else "Choose what there is to be more of."
        empty = [title for title, pile in (("More", self.editing.more), ("Less", self.editing.less)) if not pile]
        if empty:
            return f"Put at least one picture into {' and into '.join(empty)}."
        return CANNOT_SEEK if self.editing.strangers and self._forms_in_steps else ""

    @property
    def hint(self) -> str:
        """What is to be expected of learning, in a sentence; "" where it takes a moment."""
        looking = self._exploring.looking
        new = len(self.editing.strangers - self._sought_by(looking.step))
        if self.missing or self.source is Source.KNOWN or not new or looking.can(ENCODES):
            return ""
        them = "One of these pictures is" if new == 1 else f"{new:,} of these pictures are"
        return f"{them} not the model's own, and sought first: without an encoder that may take minutes."

    def _sought_by(self, step: int) -> frozenset[Example]:
        """What the weights of that step have found before."""
        return self._sought[1] if self._sought[0] == step else frozenset()

    @property
    def _forms_in_steps(self) -> bool:
        return self._exploring.looking.can(FORMS_IN_STEPS) and not self._exploring.looking.can(ENCODES)

    def learn(self) -> None:
        run = self._exploring.looking.run
        if run is None or self.missing or self.is_learning:
            return
        spared = tuple(kept.direction for kept in self._directions.kept if kept.direction.name in self.lesson.spared)
        task = LearnDirection(self._name(), self._examples(), self.lesson.method, spared)
        self._learning = (self._tasking.ask(run, task), run)
        self._seeking = frozenset() if self.source is Source.KNOWN else self.editing.strangers
        self.progressed.emit()

    @Slot()
    def cancel(self) -> None:
        if self.is_learning or self.is_loading:
            self._tasking.call_off()

    def progress_in_words(self) -> str:
        progress = self._tasking.progress
        if progress is None or (self._learning is not None and self._tasking.waits(self._learning[0])):
            return "Waiting for its turn"
        return f"{progress.what}, {progress.done:,} of {progress.total:,}" if progress.total else progress.what

    def _trait(self) -> str:
        words = [trait for trait, _ in self.traits()]
        return self.lesson.trait if self.lesson.trait in words else ""

    def _name(self) -> str:
        shown = dict(self.traits()).get(self._trait(), "") if self.source is Source.KNOWN else ""
        return self.editing.free_name(self.lesson.name.strip() or shown or f"Direction {len(self.editing.kept) + 1}")

    def _examples(self) -> Sorted | Known:
        if self.source is Source.KNOWN:
            return Known(self._trait())
        return Sorted(_pile(self.editing.more), _pile(self.editing.less))

    def _set(self, editing: Editing, gesture: str = "") -> None:
        self._exploring.set(replace(self._exploring.state, editing=editing), gesture)

    # Asking and answers

    def _look_at_data(self) -> None:
        run = self._exploring.looking.run
        self._has_looked = True
        if run is not None and self._looking_at is None:
            seed = int(self._chance.integers(LARGEST_SEED))
            self._looking_at = (self._tasking.ask(run, ShowData(OFFERED, seed)), seed)

    def _samples(self) -> tuple[Sample, ...]:
        """All whose pictures are to be seen."""
        seen = (*self.offered, *self.editing.more, *self.editing.less)
        return tuple(dict.fromkeys(one for one in seen if isinstance(one, Sample)))

    @Slot(object)
    def _begin(self, facts: ModelFacts | None = None) -> None:
        """Another run has other data and other samples."""
        self._pace.forget()
        self.source, self.facts, self._data = Source.SAMPLES, None, ()
        if self._stage.is_usable and not self._stage.has_samples:
            self.source = Source.DATA
        self._pixels.clear()
        self._looking_at, self._has_looked = None, False
        self._sought = (0, frozenset())
        self._asked, self._followed = (), None
        self.offered_changed.emit()

    @Slot()
    def _look_first(self) -> None:
        """Where the data are all there is to sort, they are looked at as soon as there is a picture on the stage."""
        if self.source is Source.DATA and not self._has_looked and self._stage.watched and self._stage.has_picture:
            self._look_at_data()
            self.offered_changed.emit()

    @Slot()
    def _follow(self) -> None:
        """With every move of a slider the exploration changes; what matters here seldom does."""
        editing, classes = self.editing, self._exploring.picture.classes
        if self._followed is None or editing is not self._followed[0] or classes != self._followed[1]:
            self._followed = (editing, classes)
            self._look_for_pictures()
            self.changed.emit()

    def _look_for_pictures(self) -> None:
        if self._samples() != self._asked:
            self._pace.ask_soon()

    def _ask(self) -> None:
        samples = self._samples()
        if samples and self._stage.watched and self._stage.has_samples:
            self._asked = samples
            self._exploring.looking.ask(VIEW, Explore(tuple(sample.picture for sample in samples)))

    @Slot(object)
    def _take_pictures(self, answer: Shown) -> None:
        if answer.view == VIEW and self._exploring.looking.is_newest(answer):
            self._pixels = dict(zip(self._asked, answer.pictures, strict=False))
            self.pictured.emit()

    @Slot(object)
    def _take(self, done: TaskDone) -> None:
        match done.result:
            case DataPictures(pictures, facts) if self._looking_at is not None and self._looking_at[0] == done.number:
                seed, self._looking_at = self._looking_at[1], None
                self.facts = facts
                self._data = tuple(Datum(seed, place, pixels) for place, pixels in enumerate(pictures))
                self.offered_changed.emit()
            case Learnt(direction, quality, along) if self._learning is not None and self._learning[0] == done.number:
                run, self._learning = self._learning[1], None
                self._sought = (done.step, self._sought_by(done.step) | self._seeking)
                if run == self._exploring.looking.run:
                    self._directions.add(Kept(direction, quality, along), learnt=True)
                self.progressed.emit()
            case _:
                pass

    @Slot(int)
    def _give_up(self, number: int) -> None:
        if self._learning is not None and self._learning[0] == number:
            self._learning = None
            self.progressed.emit()
        if self._looking_at is not None and self._looking_at[0] == number:
            self._looking_at = None
            self.offered_changed.emit()


def _pile(examples: tuple[Example, ...]) -> Pile:
    samples = tuple(example.picture for example in examples if isinstance(example, Sample))
    pictures = tuple(example.pixels for example in examples if not isinstance(example, Sample))
    return Pile(samples, pictures)
