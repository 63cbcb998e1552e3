"""Questions to models that answer pictures: a person's files, held-out data, whole folders, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress, unheard
from gen_studio.core.plan import DataPlan
from gen_studio.core.tasks import AnswerFolder, FolderAnswered, Intake, QuestionsFound, ReadQuestion, ShowQuestions
from gen_studio.data import filters
from gen_studio.runtime import tasks
from gen_studio.runtime.show import OnShow, from_checkpoint
from gen_studio.testing.sessions import small_plan, trained

PLANS = {
    "edges": ("pix2pix", {"source": "toy_faces", "pairs": "edges"}, {"width": 4}),
    "layouts": ("spade", {"source": "scenes"}, {"width": 4, "hidden": 4, "latents": 4}),
    "small": ("srgan", {"source": "toy_faces"}, {"width": 4, "blocks": 1, "crop": 16, "perceptual": "pixels"}),
    "glasses": ("cyclegan", {"source": "toy_faces", "domains": "glasses"}, {"width": 4, "blocks": 1}),
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory):
    """The model of a run that has trained for a step, each made once."""
    made: dict[str, OnShow] = {}

    def of(name: str) -> OnShow:
        if name not in made:
            family, data, config = PLANS[name]
            plan = small_plan(family, DataPlan.parse({**data, "size": 16, "count": 60}), {"batch_size": 2, **config})
            made[name] = from_checkpoint(trained(plan, tmp_path_factory.mktemp("asked") / name))
        return made[name]

    return of


def photo(path: Path, width: int = 40, height: int = 32, seed: int = 1) -> Path:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def found(task: ReadQuestion | ShowQuestions, on_show: OnShow) -> QuestionsFound:
    result = tasks.carry_out(task, on_show, unheard)
    assert isinstance(result, QuestionsFound)
    return result


def test_a_photo_becomes_the_question_as_the_runs_filter_makes_it(shown, tmp_path) -> None:
    (one,) = found(ReadQuestion(photo(tmp_path / "a.png"), Intake.PHOTO), shown("edges")).exercises
    assert one.question.shape == (16, 16, 1) and one.target.shape == (16, 16, 3)
    again = filters.edges(np.ascontiguousarray(one.target.transpose(2, 0, 1))[None])[0, 0]
    assert np.array_equal(one.question[..., 0], again)


def test_a_question_of_any_size_keeps_it_where_that_is_asked_for(shown, tmp_path) -> None:
    path = photo(tmp_path / "a.png")
    sizes = [
        found(ReadQuestion(path, at_model_size=small), shown("glasses")).exercises[0].question.shape[:2]
        for small in (True, False)
    ]
    assert sizes == [(16, 16), (32, 40)]


def test_held_out_questions_come_with_what_is_right(shown) -> None:
    for name, question, target in (
        ("edges", (16, 16, 1), (16, 16, 3)),
        ("layouts", (16, 16), (16, 16, 3)),
        ("small", (4, 4, 3), (16, 16, 3)),
    ):
        exercises = found(ShowQuestions(2, seed=0), shown(name)).exercises
        assert [(one.question.shape, one.target.shape) for one in exercises] == [(question, target)] * 2
    both = [found(ShowQuestions(2, 0, back), shown("glasses")).exercises for back in (False, True)]
    assert all(one.target is None for side in both for one in side)
    assert not np.array_equal(both[0][0].question, both[1][0].question)


def test_a_layout_is_read_by_its_colours_and_a_photo_refused_as_one(shown, tmp_path) -> None:
    on_show = shown("layouts")
    palette = on_show.model.palette
    classes = np.random.default_rng(0).integers(0, len(palette), (16, 16))
    colours = np.array([one.colour for one in palette], np.uint8)[classes]
    Image.fromarray(colours).save(tmp_path / "layout.png")
    for given in (tmp_path / "layout.png", colours):
        (one,) = found(ReadQuestion(given), on_show).exercises
        assert np.array_equal(one.question, classes)
    large = found(ReadQuestion(colours.repeat(3, 0).repeat(3, 1)), on_show)
    assert np.array_equal(large.exercises[0].question, classes) and "48 × 48" in large.remarks[0]
    with pytest.raises(WrongUse, match="no class"):
        found(ReadQuestion(photo(tmp_path / "photo.png")), on_show)
    (style,) = found(ReadQuestion(photo(tmp_path / "photo.png"), Intake.STYLE), on_show).exercises
    assert style.question.shape == (16, 16, 3)


def test_an_answer_larger_than_a_file_may_be_is_refused(shown) -> None:
    with pytest.raises(WrongUse, match="megapixels"):
        found(ReadQuestion(np.zeros((2500, 2300, 3), np.uint8)), shown("small"))


def test_a_folder_is_answered_and_nothing_written_over(shown, tmp_path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(3):
        photo(folder / f"{number}.png", seed=number)
    (folder / "broken.png").write_bytes(b"no picture")
    task = AnswerFolder(folder, out, Intake.PHOTO)
    done = tasks.carry_out(task, shown("edges"), unheard)
    assert isinstance(done, FolderAnswered)
    assert (done.written, done.total, [name for name, _ in done.failed]) == (3, 4, ["broken.png"])
    with Image.open(out / "0.png") as answer:
        assert answer.size == (16, 16)
    with pytest.raises(WrongUse, match="written over"):
        tasks.carry_out(task, shown("edges"), unheard)


def test_a_folder_called_off_keeps_what_is_written(shown, tmp_path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        photo(folder / f"{number}.png", seed=number)

    def stop(progress: Progress) -> None:
        if progress.done == 1:
            raise Cancelled

    done = tasks.carry_out(AnswerFolder(folder, tmp_path / "out", Intake.PHOTO), shown("edges"), stop)
    assert (done.written, done.total) == (1, 3)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["0.png"]


def test_an_empty_folder_is_refused(shown, tmp_path) -> None:
    with pytest.raises(WrongUse, match="no pictures"):
        tasks.carry_out(AnswerFolder(tmp_path, tmp_path / "out"), shown("edges"), unheard)


def test_a_folder_is_called_off_within_a_large_picture(shown, tmp_path) -> None:
    (tmp_path / "in").mkdir()
    photo(tmp_path / "in" / "a.png", 300, 200)
    told: list[Progress] = []

    def call_off(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 3:
            raise Cancelled

    task = AnswerFolder(tmp_path / "in", tmp_path / "out", at_model_size=False)
    answered = tasks.carry_out(task, shown("small"), call_off)
    assert isinstance(answered, FolderAnswered)
    assert (answered.written, answered.total, list((tmp_path / "out").iterdir())) == (0, 1, [])
    assert {(one.what, one.done, one.total) for one in told} == {("Answering a.png", 0, 1)}
