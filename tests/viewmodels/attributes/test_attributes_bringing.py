"""Pictures of a person's own that are put into the piles: read elsewhere, sorted when they are there, said if not."""

from pathlib import Path

import numpy as np

from gen_studio.core import origins
from gen_studio.core.latents import Direction, Drawn, LatentPicture
from gen_studio.core.origins import Origin
from gen_studio.core.tasks import ExamplesRead, LearnDirection, Learnt, ReadExamples
from gen_studio.testing.looker import RUN
from gen_studio.viewmodels.attributes_state import Photo, Sample


def pictures(count: int) -> tuple[np.ndarray, ...]:
    return tuple(np.full((8, 8, 1), 10 * number, np.uint8) for number in range(count))


def test_several_files_go_into_a_pile_at_once_and_out_again_in_one_step(screen, tasker, tmp_path: Path) -> None:
    files = (tmp_path / "one.jpg", tmp_path / "two.jpg")
    screen.bringing.bring(files, "more")
    assert tasker.newest(ReadExamples).given == files and screen.lesson.editing.more == ()
    read = pictures(2)
    tasker.finish(ReadExamples, ExamplesRead(read))
    assert screen.lesson.editing.more == tuple(map(Photo.of, read))
    screen.exploring.undo()
    assert screen.lesson.editing.more == ()


def test_the_same_picture_lies_in_one_pile_once(screen, tasker) -> None:
    (read,) = pictures(1)
    for side in ("more", "more", "less"):
        screen.bringing.bring([read], side)
        tasker.finish(ReadExamples, ExamplesRead((read.copy(),)))
    assert screen.lesson.editing.more == () and screen.lesson.editing.less == (Photo.of(read),)


def test_they_are_learnt_from_beside_samples(screen, tasker) -> None:
    read = pictures(2)
    screen.bringing.bring(read, "more")
    tasker.finish(ReadExamples, ExamplesRead(read))
    screen.lesson.sort(screen.lesson.offered[0], "less")
    screen.lesson.learn()
    examples = tasker.newest(LearnDirection).examples
    assert all(map(np.array_equal, examples.more.pictures, read)) and len(examples.less.samples) == 1


def test_what_this_run_has_made_goes_into_the_pile_as_the_sample_that_it_is(screen, tasker, tmp_path: Path) -> None:
    made = tuple(LatentPicture(point=Drawn(seed=seed)) for seed in (3, 4))
    path = tmp_path / "strip.png"
    origins.write(path, np.zeros((2, 8, 8, 1), np.uint8), Origin(run=RUN.name, family="f", step=1, pictures=made))
    screen.bringing.bring([path], "less")
    assert screen.lesson.editing.less == tuple(map(Sample, made)) and tasker.count(ReadExamples) == 0


def test_files_that_are_left_out_are_named(screen, tasker, said, tmp_path: Path) -> None:
    heard = said(screen.looking.noticed)
    screen.bringing.bring([tmp_path / "one.jpg", tmp_path / "words.txt"], "more")
    tasker.finish(ReadExamples, ExamplesRead(pictures(1), (("words.txt", "words.txt is no picture."),)))
    assert len(screen.lesson.editing.more) == 1
    assert heard == [("1 file left out. words.txt is no picture.", "words.txt: words.txt is no picture.")]


def test_a_refusal_leaves_the_piles_as_they_are(screen, tasker, said) -> None:
    heard = said(screen.tasking.noticed)
    screen.bringing.bring(pictures(1), "more")
    tasker.refuse(ReadExamples, "This model forms a picture in 50 steps. Use a VAE.")
    assert len(heard) == 1 and screen.lesson.editing.more == ()


def test_pictures_for_a_run_that_is_no_longer_looked_at_are_not_put_into_another(screen, looker, tasker) -> None:
    screen.bringing.bring(pictures(1), "more")
    screen.looking.open(RUN.with_name("second"))
    looker.say_opened()
    tasker.finish(ReadExamples, ExamplesRead(pictures(1)))
    assert screen.lesson.editing.more == ()


def test_it_is_said_beforehand_that_strangers_are_sought_where_nothing_encodes_them(screen, looker, tasker) -> None:
    screen.bringing.bring(pictures(2), "more")
    tasker.finish(ReadExamples, ExamplesRead(pictures(2)))
    assert screen.lesson.hint == "", "what is missing comes first"
    screen.lesson.sort(screen.lesson.offered[0], "less")
    assert screen.lesson.hint.startswith("2 of these pictures are not the model's own")
    looker.say_opened(capabilities=("HasLatent", "CanAutoencode"))
    assert screen.lesson.hint == "" and not screen.lesson.missing


def test_what_these_weights_have_found_is_not_said_to_be_sought_again(screen, looker, tasker) -> None:
    screen.bringing.bring(pictures(2), "more")
    tasker.finish(ReadExamples, ExamplesRead(pictures(2)))
    screen.lesson.sort(screen.lesson.offered[0], "less")
    screen.lesson.learn()
    tasker.finish(LearnDirection, Learnt(Direction(name="One", values=(1.0,) * 16), None))
    assert screen.lesson.hint == ""
    screen.bringing.bring(pictures(3), "more")
    tasker.finish(ReadExamples, ExamplesRead(pictures(3)))
    assert screen.lesson.hint.startswith("One of these pictures is")
    looker.say_updated(700)
    assert screen.lesson.hint.startswith("3 of these pictures are")


def test_a_model_that_forms_in_steps_learns_from_samples_alone_and_says_so(screen, looker, tasker) -> None:
    looker.say_opened(capabilities=("HasLatent", "FormsInSteps"))
    screen.bringing.bring(pictures(1), "more")
    tasker.finish(ReadExamples, ExamplesRead(pictures(1)))
    screen.lesson.sort(screen.lesson.offered[0], "less")
    assert "Sort samples alone" in screen.lesson.missing
    screen.lesson.learn()
    assert tasker.count(LearnDirection) == 0
