"""What is kept of attributes beside a run: directions, piles, the lesson, a person's own picture."""

from pathlib import Path

import numpy as np

from gen_studio.core.directions import Method, Quality
from gen_studio.core.latents import Direction, Given, LatentPicture
from gen_studio.core.tasks import ExamplesRead, FindPlace, FoundPlace, ReadExamples
from gen_studio.viewmodels import kept_exploration
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.attributes_state import Datum, Kept, Photo
from gen_studio.viewmodels.latent_screen import LatentScreen

QUALITY = Quality(0.9, 0.95, 5, 40, 38)
PLACE = tuple(float(place) for place in range(16))
SMILE = Direction(name="Smile", values=(1.0, *(0.0,) * 15), source="from 9 pictures")


def test_directions_come_back_with_their_run(looker, tasker, tmp_path: Path) -> None:
    def opened() -> AttributesScreen:
        screen = AttributesScreen.beside(LatentScreen.over(looker, tasker))
        screen.stage.watch(True)
        screen.looking.open(tmp_path)
        looker.say_opened()
        return screen

    first = opened()
    first.directions.add(Kept(SMILE, QUALITY, (("hat", 0.5),)))
    first.stage.set_strength(SMILE, 2.0)
    first.stage.watch(False)
    again = opened()
    assert again.directions.kept == first.directions.kept and again.stage.before.moves == ()
    assert SMILE in [*again.latent.findings.directions], "in the other panel too"


def test_piles_the_lesson_and_ones_own_picture_outlive_the_window(looker, tasker, tmp_path: Path) -> None:
    def opened() -> AttributesScreen:
        screen = AttributesScreen.beside(LatentScreen.over(looker, tasker))
        screen.stage.watch(True)
        screen.looking.open(tmp_path)
        looker.say_opened()
        return screen

    rng = np.random.default_rng(0)
    datum, photo, own = (rng.integers(0, 255, (8, 8, 1), np.uint8) for _ in range(3))
    first = opened()
    sample = first.lesson.offered[0]
    first.lesson.sort(sample, "more")
    first.lesson.sort(Datum(5, 2, datum), "more")
    first.bringing.bring([photo], "less")
    tasker.finish(ReadExamples, ExamplesRead((photo,)))
    first.lesson.set_lesson(name="Smile", trait="hair=bob", method=Method.SEPARATOR, spared=frozenset({"Hat"}))
    first.own.paste(own)
    tasker.finish(FindPlace, FoundPlace(LatentPicture(point=Given(values=PLACE)), own, own, 3.0, "encoded"))
    first.stage.watch(False)

    again = opened()
    more, less, kept = again.lesson.editing.more, again.lesson.editing.less, again.own.own
    assert more == (sample, Datum(5, 2, datum)) and again.lesson.lesson == first.lesson.lesson
    assert np.array_equal(again.lesson.picture(more[1]), datum)
    assert less == (Photo.of(photo),) and np.array_equal(again.lesson.picture(less[0]), photo)
    assert kept is not None and np.array_equal(kept.pixels, own) and kept.how == "encoded"
    assert again.stage.own is kept, "it is what is changed, as before"
    again.lesson.clear()
    again.stage.watch(False)
    assert opened().lesson.editing.more == ()


def test_pictures_that_have_gone_leave_the_rest_of_the_piles(looker, tasker, tmp_path: Path) -> None:
    screen = AttributesScreen.beside(LatentScreen.over(looker, tasker))
    screen.looking.open(tmp_path)
    looker.say_opened()
    sample = screen.lesson.offered[0]
    screen.lesson.sort(Datum(5, 2, np.zeros((8, 8, 1), np.uint8)), "more")
    screen.lesson.sort(sample, "more")
    screen.exploring.keep()
    (tmp_path / "exploration.png").write_bytes(b"no picture")
    assert kept_exploration.read(tmp_path).editing.more == (sample,)
