"""What comes to the Translate panel and leaves it: pictures, held-out examples, looks, whole folders, answers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.errors import UserError
from gen_studio.core.looking import ModelFacts, Picture
from gen_studio.core.plan import PairFilter
from gen_studio.core.runs import RunFolder
from gen_studio.core.tasks import (
    AnswerFolder,
    Exercise,
    FolderAnswered,
    Intake,
    QuestionsFound,
    ReadQuestion,
    ShowQuestions,
    Task,
    TaskDone,
    WritePictures,
)
from gen_studio.core.words import count
from gen_studio.viewmodels.sentences import for_the_window
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.translating import Job, TranslatingViewModel

EXAMPLES = 24
"""Questions that are fetched at once: some of them stand beside the picture, in turn."""
AT_ONCE = 4
NO_ANSWER = "There is no answer to save yet. Open a picture, or draw one."


class TranslatingFiles(QObject):
    """Reading and writing is left to the thread for long tasks; nothing is written but where the user said."""

    changed = Signal()
    """How pictures are taken in, and which examples there are."""
    told = Signal(str)
    noticed = Signal(str, str)

    def __init__(self, translating: TranslatingViewModel, tasking: Tasking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translating, self._tasking = translating, tasking
        self._wanted: dict[int, Callable[[TaskDone], None]] = {}
        self._last: Path | Picture | None = None
        self._run: Path | None = None
        self._fetched_back = False
        self.filter: PairFilter | None = None
        """What makes the questions of this run; None where they are made by nothing that a photo could go through."""
        self.makes_questions = False
        """Whether pictures that come are taken for photos, of which the question is made."""
        self.at_model_size = True
        self.exercises: tuple[Exercise, ...] = ()
        self._page = 0
        tasking.done.connect(self._take)
        tasking.ended.connect(self._forget)
        translating.opened.connect(self._begin)
        translating.changed.connect(self._follow_direction)

    # How pictures are taken in

    @property
    def can_make_questions(self) -> bool:
        return self.filter is not None or self._translating.job is Job.ENLARGE

    @property
    def can_keep_size(self) -> bool:
        facts = self._translating.looking.facts
        known = self._translating.job in (Job.TRANSLATE, Job.BOTH_WAYS)
        return known and facts is not None and facts.stride is not None

    def set_makes_questions(self, makes: bool) -> None:
        """The picture that came last is taken in anew."""
        self.makes_questions = makes
        self._read_again()

    def set_at_model_size(self, small: bool) -> None:
        self.at_model_size = small
        self._read_again()

    @property
    def _intake(self) -> Intake:
        return Intake.PHOTO if self.makes_questions and self.can_make_questions else Intake.QUESTION

    @property
    def _brings_to_size(self) -> bool:
        return self._translating.job is not Job.ENLARGE and (self.at_model_size or not self.can_keep_size)

    # In

    def take_in(self, given: Path | Picture) -> None:
        """A picture that was opened, pasted or dropped, to be answered."""
        self._last = given
        self._ask(ReadQuestion(given, self._intake, self._brings_to_size), self._lay_out)

    def take_style(self, given: Path | Picture) -> None:
        """A picture whose look is taken."""
        self._ask(ReadQuestion(given, Intake.STYLE), self._take_style)

    @property
    def examples(self) -> tuple[Exercise, ...]:
        """Those that stand beside the picture."""
        return self.exercises[self._page : self._page + AT_ONCE]

    def turn_page(self) -> None:
        """Other examples."""
        self._page = self._page + AT_ONCE if self._page + AT_ONCE < len(self.exercises) else 0
        self.changed.emit()

    def use_example(self, index: int) -> None:
        """One of those that stand beside the picture."""
        if 0 <= index < len(self.examples):
            self._last = None
            one = self.examples[index]
            self._translating.lay_out(one.question, one.target)

    def use_next_example(self) -> None:
        """Held-out questions one after the other."""
        shown = self._translating.sheet.pixels
        place = next((number for number, one in enumerate(self.exercises) if one.question is shown), -1)
        if self.exercises:
            target = (place + 1) % len(self.exercises)
            self._page = target // AT_ONCE * AT_ONCE
            self.changed.emit()
            self.use_example(target - self._page)

    # Out

    def save_answer(self, path: Path) -> None:
        self._write(path, self._translating.answer)

    def save_question(self, path: Path) -> None:
        """What was asked."""
        self._write(path, self.seen(self._translating.pixels))

    def seen(self, question: NDArray[np.uint8]) -> Picture:
        """A question as a picture (H, W, C): a layout in the colours of its classes."""
        facts = self._translating.looking.facts
        if question.ndim == 3 or facts is None:
            return question
        picture: Picture = np.array([one.colour for one in facts.palette], np.uint8)[question]
        return picture

    def answer_folder(self, folder: Path, out: Path) -> None:
        state = self._translating.state
        style = None if state.style is None else state.style.picture
        task = AnswerFolder(folder, out, self._intake, self._brings_to_size, state.seed, state.back, style)
        self._ask(task, self._tell_of_folder)

    def _write(self, path: Path, picture: Picture | None) -> None:
        if picture is None:
            self.noticed.emit(NO_ANSWER, "")
        else:
            self._ask(WritePictures(((path, picture),)), lambda done: self.told.emit(f"Saved as {path}."))

    # Tasks

    def _ask(self, task: Task, then: Callable[[TaskDone], None], *, quietly: bool = False) -> None:
        run = self._translating.looking.run
        if run is not None:
            self._wanted[self._tasking.ask(run, task, quietly=quietly)] = then

    @Slot(object)
    def _take(self, done: TaskDone) -> None:
        then = self._wanted.pop(done.number, None)
        if then is not None:
            then(done)

    @Slot(int)
    def _forget(self, number: int) -> None:
        self._wanted.pop(number, None)

    def _lay_out(self, done: TaskDone) -> None:
        if isinstance(done.result, QuestionsFound):
            (one,) = done.result.exercises
            self._translating.lay_out(one.question, one.target)
            self._tell(done.result.remarks)

    def _take_style(self, done: TaskDone) -> None:
        if isinstance(done.result, QuestionsFound):
            self._translating.set_style(done.result.exercises[0].question)
            self._tell(done.result.remarks)

    def _take_examples(self, done: TaskDone) -> None:
        if isinstance(done.result, QuestionsFound):
            self.exercises, self._page = done.result.exercises, 0
            if self._translating.is_untouched and self.exercises:
                first = self.exercises[0]
                self._translating.begin_with(first.question, first.target)
            self.changed.emit()

    def _tell_of_folder(self, done: TaskDone) -> None:
        answered = done.result
        if not isinstance(answered, FolderAnswered):
            return
        words = f"{count(answered.written, 'answer')} in {answered.out}"
        left = answered.total - answered.written - len(answered.failed)
        self.told.emit(f"{words}; {left:,} were not begun." if left else f"{words}.")
        if answered.failed:
            first = for_the_window(answered.failed[0][1])
            more = f" And {len(answered.failed) - 1:,} more." if len(answered.failed) > 1 else ""
            details = "\n".join(sentence for _, sentence in answered.failed)
            self.noticed.emit(f"{count(len(answered.failed), 'picture')} got no answer. {first}{more}", details)

    def _tell(self, remarks: tuple[str, ...]) -> None:
        if remarks:
            self.told.emit(" ".join(remarks))

    def _read_again(self) -> None:
        if self._last is not None:
            self.take_in(self._last)
        self.changed.emit()

    # Another run

    @Slot()
    def _begin(self) -> None:
        facts = self._translating.looking.facts
        self._wanted.clear()
        self._last, self.exercises, self._page = None, (), 0
        self.filter = None if facts is None or self._translating.job is not Job.TRANSLATE else _filter_of(facts)
        self.makes_questions = self.filter is not None
        self.at_model_size = True
        self._fetch()
        self.changed.emit()

    @Slot()
    def _follow_direction(self) -> None:
        if self._translating.job is Job.BOTH_WAYS and self._fetched_back != self._translating.state.back:
            self._fetch()

    def _fetch(self) -> None:
        self._fetched_back = self._translating.state.back
        self._ask(ShowQuestions(EXAMPLES, 0, self._fetched_back), self._take_examples, quietly=True)


def _filter_of(facts: ModelFacts) -> PairFilter | None:
    try:
        return RunFolder(facts.run).plan().data.pairs
    except (UserError, OSError):
        return None  # what is wrong with the run is said where it is opened
