"""What is asked of a model that answers pictures, and how every step of it is taken back, without a window."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.looking import Convert, PaintLayout, Shown
from gen_studio.core.plan import DataPlan, PairFilter, RunPlan
from gen_studio.core.runs import RunFolder, Status
from gen_studio.core.tasks import (
    AnswerFolder,
    Exercise,
    FolderAnswered,
    Intake,
    QuestionsFound,
    ReadQuestion,
    ShowQuestions,
    WritePictures,
    Written,
)
from gen_studio.testing.looker import RUN, FakeLooker
from gen_studio.testing.tasker import FakeTasker
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.translating import MOST_SHEETS, VIEW, Job
from gen_studio.viewmodels.translating_screen import TranslatingScreen

TRANSLATES = {"capabilities": ("CanAnswer", "CanTranslate"), "channels": 3, "input_channels": 1, "latent_shape": ()}
BOTH_WAYS = {"capabilities": ("CanTranslateBothWays",), "channels": 3, "domains": ("a", "b"), "input_channels": 3}
ENLARGES = {"capabilities": ("CanAnswer", "CanUpscale"), "channels": 3, "scale": 4}
PALETTE = (LayoutClass("sky", (1, 2, 3)), LayoutClass("ground", (4, 5, 6)))
PAINTS = {"capabilities": ("CanPaint",), "channels": 3, "palette": PALETTE, "takes_style": True}


class Desk:
    """The panel's state over a service and a thread that do what a test says."""

    def __init__(self) -> None:
        self.looker, self.tasker = FakeLooker(), FakeTasker()
        self.screen = TranslatingScreen.over(Looking(self.looker), Tasking(self.tasker))
        self.translating, self.files = self.screen.translating, self.screen.files
        self.told: list[str] = []
        self.noticed: list[str] = []
        self.files.told.connect(self.told.append)
        self.files.noticed.connect(lambda sentence, details: self.noticed.append(sentence))
        self.translating.watch(True)

    def opens(self, facts: dict, run: Path = RUN) -> None:
        self.screen.looking.open(run)
        self.looker.say_opened(**facts)

    @property
    def asked(self):
        return self.looker.questions(VIEW)[-1].question

    def answers(self, *pictures: np.ndarray, number: int = -1) -> None:
        ask = self.looker.questions(VIEW)[number]
        self.looker.happened.emit(Shown(VIEW, ask.number, 500, np.stack(pictures)))

    def has_examples(self, *exercises: Exercise) -> None:
        self.tasker.finish(ShowQuestions, QuestionsFound(exercises))


def grey(value: int, size: int = 8, channels: int = 1) -> np.ndarray:
    return np.full((size, size, channels), value, np.uint8)


@pytest.fixture
def desk(qapp) -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("facts", "job", "shape"),
    [
        (TRANSLATES, Job.TRANSLATE, (8, 8, 1)),
        (BOTH_WAYS, Job.BOTH_WAYS, (8, 8, 3)),
        (ENLARGES, Job.ENLARGE, (2, 2, 3)),
        (PAINTS, Job.PAINT, (8, 8)),
    ],
)
def test_a_model_is_asked_at_once_about_an_empty_sheet_of_its_own_kind(desk, facts, job, shape) -> None:
    desk.opens(facts)
    assert desk.translating.job is job
    asked = desk.asked.layout if job is Job.PAINT else desk.asked.picture
    assert asked.shape == shape and desk.translating.is_waiting


def test_a_model_that_answers_no_pictures_is_asked_nothing(desk) -> None:
    desk.opens({})
    assert not desk.translating.is_usable and desk.looker.asked == [] and desk.tasker.asked == []


def test_an_untouched_sheet_gives_way_to_held_out_data_with_its_target(desk) -> None:
    desk.opens(TRANSLATES)
    desk.has_examples(Exercise(grey(7), grey(9, channels=3)), Exercise(grey(8)))
    assert np.array_equal(desk.asked.picture, grey(7))
    assert np.array_equal(desk.translating.target, grey(9, channels=3))
    assert not desk.translating.can_undo


def test_a_sheet_that_was_drawn_on_stays_when_examples_come(desk) -> None:
    desk.opens(TRANSLATES)
    desk.translating.draw(grey(1))
    desk.translating.end_stroke()
    desk.has_examples(Exercise(grey(7)))
    assert np.array_equal(desk.asked.picture, grey(1)) and len(desk.files.examples) == 1


def test_strokes_pictures_and_seeds_are_taken_back_in_the_order_in_which_they_came(desk) -> None:
    desk.opens(TRANSLATES)
    translating, moved = desk.translating, []
    translating.stroke_moved.connect(moved.append)
    first = translating.sheet
    translating.draw(grey(1))
    translating.end_stroke()
    translating.set_seed(5)
    translating.lay_out(grey(2), grey(3, channels=3))
    translating.undo()
    assert translating.sheet is first and translating.state.strokes == 1 and translating.target is None
    translating.undo()
    assert translating.state.seed == 0 and moved == []
    translating.undo()
    assert moved == [False] and not translating.can_undo
    for _ in range(3):
        translating.redo()
    assert moved == [False, True] and np.array_equal(translating.sheet.pixels, grey(2))
    assert not translating.can_redo


def test_an_answer_to_the_picture_before_is_not_shown_for_the_next(desk) -> None:
    desk.opens(TRANSLATES)
    desk.translating.lay_out(grey(2))
    desk.answers(grey(50, channels=3), number=-2)
    assert desk.translating.answer is None and desk.translating.is_waiting
    desk.answers(grey(60, channels=3))
    assert np.array_equal(desk.translating.answer, grey(60, channels=3)) and not desk.translating.is_waiting


def test_newer_weights_are_asked_the_same_again(desk) -> None:
    desk.opens({**TRANSLATES, "is_live": True})
    desk.translating.draw(grey(4))
    desk.looker.say_updated(600)
    first, again = desk.looker.questions(VIEW)[-2:]
    assert np.array_equal(first.question.picture, again.question.picture)


def test_what_nobody_sees_is_not_asked_for(desk) -> None:
    desk.translating.watch(False)
    desk.opens(TRANSLATES)
    desk.looker.say_updated(600)
    assert desk.looker.questions(VIEW) == []
    desk.translating.watch(True)
    assert len(desk.looker.questions(VIEW)) == 1


def test_two_domains_are_asked_there_and_back_and_turned_round(desk) -> None:
    desk.opens(BOTH_WAYS)
    assert isinstance(desk.asked, Convert) and desk.asked.and_back and not desk.asked.back
    desk.answers(grey(10, channels=3), grey(20, channels=3))
    assert np.array_equal(desk.translating.way_back, grey(20, channels=3))
    desk.translating.turn_round()
    assert desk.asked.back and np.array_equal(desk.asked.picture, grey(10, channels=3))
    assert desk.tasker.newest(ShowQuestions).back
    desk.translating.undo()
    assert not desk.asked.back and not desk.tasker.newest(ShowQuestions).back


def test_a_look_is_by_chance_or_that_of_a_picture(desk) -> None:
    desk.opens(PAINTS)
    desk.files.take_style(grey(9, channels=3))
    assert desk.tasker.newest(ReadQuestion).intake is Intake.STYLE
    desk.tasker.finish(ReadQuestion, QuestionsFound((Exercise(grey(9, channels=3)),)))
    assert isinstance(desk.asked, PaintLayout) and np.array_equal(desk.asked.style, grey(9, channels=3))
    desk.translating.draw_seed()
    assert desk.asked.style is None and desk.asked.seed == desk.translating.state.seed
    desk.translating.undo()
    assert desk.asked.style is not None


def test_every_run_keeps_its_sheet(desk) -> None:
    desk.opens(TRANSLATES)
    desk.translating.lay_out(grey(2))
    desk.opens(ENLARGES, Path("runs") / "second")
    assert desk.asked.picture.shape == (2, 2, 3) and not desk.translating.can_undo
    desk.opens(TRANSLATES, RUN)
    assert np.array_equal(desk.asked.picture, grey(2)) and desk.translating.can_undo


def test_sheets_are_not_kept_without_bound(desk) -> None:
    desk.opens(TRANSLATES)
    for number in range(3 * MOST_SHEETS):
        desk.translating.lay_out(grey(number))
    assert len(desk.translating._desk.sheets) <= MOST_SHEETS
    while desk.translating.can_undo:
        desk.translating.undo()


# What comes and goes


@pytest.fixture
def edges(desk, tmp_path) -> Desk:
    """A run whose pairs are made by a filter."""
    plan = RunPlan(family="any", data=DataPlan(pairs=PairFilter.EDGES))
    RunFolder.create(tmp_path / "run", plan, Status(name="run"))
    desk.opens({**TRANSLATES, "stride": 4}, tmp_path / "run")
    return desk


def test_photos_go_through_the_filter_that_made_the_pairs_until_one_says_otherwise(edges) -> None:
    edges.files.take_in(Path("a.png"))
    assert edges.tasker.newest(ReadQuestion).intake is Intake.PHOTO
    edges.files.set_makes_questions(False)
    task = edges.tasker.newest(ReadQuestion)
    assert (task.given, task.intake, task.at_model_size) == (Path("a.png"), Intake.QUESTION, True)
    edges.files.set_at_model_size(False)
    assert not edges.tasker.newest(ReadQuestion).at_model_size
    edges.tasker.finish(ReadQuestion, QuestionsFound((Exercise(grey(3, 12)),), ("It was dark.",)))
    assert edges.asked.picture.shape == (12, 12, 1) and edges.told == ["It was dark."]


def test_what_cannot_be_read_changes_nothing(edges) -> None:
    before = edges.translating.state
    edges.files.take_in(Path("a.png"))
    edges.tasker.refuse(ReadQuestion, "a.png is damaged.")
    assert edges.translating.state == before


def test_held_out_questions_come_one_after_the_other(desk) -> None:
    desk.opens(TRANSLATES)
    desk.has_examples(*(Exercise(grey(value)) for value in range(6)))
    for value in (1, 2, 3, 4):
        desk.files.use_next_example()
        assert np.array_equal(desk.asked.picture, grey(value))
    assert len(desk.files.examples) == 2
    desk.files.turn_page()
    assert len(desk.files.examples) == 4


def test_a_folder_is_answered_with_what_is_set(edges, tmp_path) -> None:
    edges.translating.set_seed(3)
    edges.files.answer_folder(tmp_path / "in", tmp_path / "out")
    task = edges.tasker.newest(AnswerFolder)
    assert (task.seed, task.intake) == (3, Intake.PHOTO)
    failed = (("b.png", "b.png is damaged."),)
    edges.tasker.finish(AnswerFolder, FolderAnswered(tmp_path / "out", 3, 6, failed))
    assert edges.told == [f"3 answers in {tmp_path / 'out'}; 2 were not begun."]
    assert edges.noticed == ["1 picture got no answer. b.png is damaged."]


def test_an_answer_is_saved_and_none_is_said_to_be_none(desk, tmp_path) -> None:
    desk.opens(PAINTS)
    desk.files.save_answer(tmp_path / "a.png")
    assert len(desk.noticed) == 1 and desk.tasker.count(WritePictures) == 0
    desk.answers(grey(5, channels=3))
    desk.files.save_answer(tmp_path / "a.png")
    ((path, picture),) = desk.tasker.newest(WritePictures).files
    assert path == tmp_path / "a.png" and np.array_equal(picture, grey(5, channels=3))
    desk.tasker.finish(WritePictures, Written(path))
    assert desk.told == [f"Saved as {path}."]
    desk.files.save_question(tmp_path / "q.png")
    assert desk.tasker.newest(WritePictures).files[0][1][0, 0].tolist() == [1, 2, 3]
