"""A person's own picture, found by an encoder or a search; and what is known of directions, in words."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core import origins
from gen_studio.core.directions import Quality
from gen_studio.core.latents import Direction, Drawn, Given, LatentPicture, Move
from gen_studio.core.origins import Origin
from gen_studio.core.tasks import FindPlace, FoundPlace
from gen_studio.testing.looker import RUN
from gen_studio.viewmodels import attributes_words as words
from gen_studio.viewmodels.attributes_state import Kept

SIZE = 16
QUALITY = Quality(0.9, 0.95, 5, 40, 38)
PLACE = tuple(float(place) for place in range(SIZE))


def way(name: str, *values: float) -> Direction:
    return Direction(name=name, values=(*values, *(0.0,) * (SIZE - len(values))), source="from 9 pictures")


SMILE, HAT = way("Smile", 1.0), way("Hat", 1.0, 1.0)


# One's own picture


FOUND = FoundPlace(
    LatentPicture(point=Given(values=PLACE), moves=(Move(direction=way("to the picture", 0.5), strength=1.0),)),
    np.full((8, 8, 1), 200, np.uint8),
    np.full((8, 8, 1), 190, np.uint8),
    error=10.0,
    how="optimised",
)


def test_a_picture_of_ones_own_becomes_what_is_changed(screen, looker, tasker, tmp_path: Path) -> None:
    screen.directions.add(Kept(SMILE))
    screen.stage.set_strength(SMILE, 2.0)
    screen.own.open(tmp_path / "me.jpg")
    assert tasker.newest(FindPlace).given == tmp_path / "me.jpg" and tasker.newest(FindPlace).searches
    tasker.say_progress(FindPlace, "Searching", 30, 300)
    assert screen.own.share == pytest.approx(0.1)
    tasker.finish(FindPlace, FOUND)
    looker.settle()
    assert screen.exploring.picture.moves[-1] == Move(direction=SMILE, strength=2.0)
    assert screen.stage.before == FOUND.picture, "the way to the picture is no change of it"
    assert np.array_equal(screen.stage.before_pixels, FOUND.wanted)
    assert screen.own.in_words() == "me.jpg, optimised: the model comes within 10 of 255 grey levels."


def test_of_several_files_the_first_is_taken_and_that_is_said(screen, tasker, tmp_path: Path) -> None:
    screen.own.open(tmp_path / "me.jpg", others=2)
    tasker.finish(FindPlace, FOUND)
    assert screen.own.in_words().startswith("me.jpg, the first of 3 files, optimised: ")


def test_a_sample_leaves_ones_own_picture_and_one_comes_back_to_it(screen, tasker) -> None:
    screen.own.paste(np.zeros((20, 10, 3), np.uint8))
    tasker.finish(FindPlace, FOUND)
    screen.stage.draw(5)
    assert screen.stage.own is None and screen.exploring.picture == LatentPicture(point=Drawn(seed=5))
    screen.stage.show_own()
    assert screen.exploring.picture == FOUND.picture and screen.stage.own is not None
    for _ in range(3):
        screen.exploring.undo()
    assert screen.own.own is None


def saved(path: Path, run: str, picture: LatentPicture) -> Path:
    origin = Origin(run=run, family="dcgan-like", step=500, pictures=(picture,))
    origins.write(path, np.zeros((1, 8, 8, 1), np.uint8), origin)
    return path


def test_a_picture_that_was_saved_here_leads_to_its_exact_place_and_is_not_sought(
    screen, tasker, tmp_path: Path
) -> None:
    screen.directions.add(Kept(SMILE))
    edited = LatentPicture(point=Drawn(seed=77), moves=(Move(direction=SMILE, strength=1.25),))
    screen.own.open(saved(tmp_path / "saved.png", RUN.name, edited))
    assert screen.exploring.picture == edited and tasker.count(FindPlace) == 0
    assert screen.stage.before == LatentPicture(point=Drawn(seed=77)), "the slider is known by what it does"
    screen.exploring.undo()
    assert screen.exploring.picture == LatentPicture(point=Drawn(seed=1))


def test_a_picture_of_another_run_leads_to_that_run(screen, looker, tasker, said, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path))
    home = tmp_path / "runs" / "second"
    home.mkdir(parents=True)
    wanted = said(screen.latent.exporting.run_wanted)
    screen.own.open(saved(tmp_path / "saved.png", "second", FOUND.picture))
    assert wanted == [(home,)] and tasker.count(FindPlace) == 0
    screen.looking.open(home)
    looker.say_opened()
    assert screen.exploring.picture == FOUND.picture


@pytest.mark.parametrize("run", ["gone", "../runs", "/"])
def test_a_picture_of_a_run_that_is_not_here_is_a_picture_like_any_other(
    screen, tasker, tmp_path: Path, monkeypatch, run: str
) -> None:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path))
    (tmp_path / "runs").mkdir()
    path = saved(tmp_path / "saved.png", run, FOUND.picture)
    screen.own.open(path)
    assert tasker.newest(FindPlace).given == path


def test_an_encoder_answers_first_and_a_search_comes_closer_on_request(screen, looker, tasker) -> None:
    looker.say_opened(capabilities=("HasLatent", "CanAutoencode"))
    screen.own.paste(np.zeros((20, 10, 3), np.uint8))
    assert tasker.newest(FindPlace).searches is False
    tasker.finish(FindPlace, FoundPlace(FOUND.picture, FOUND.wanted, FOUND.shown, 14.0, "encoded"))
    assert screen.own.can_come_closer
    screen.own.come_closer()
    task = tasker.newest(FindPlace)
    assert task.searches and task.given is FOUND.wanted


def test_a_picture_that_older_weights_have_found_is_found_again_on_request(screen, looker, tasker, said) -> None:
    screen.own.paste(np.zeros((20, 10, 3), np.uint8))
    tasker.finish(FindPlace, FOUND)
    assert not screen.own.is_outdated
    heard = said(screen.own.changed)
    looker.say_updated(700)
    assert screen.own.is_outdated and heard
    assert (
        screen.own.in_words()
        == "Pasted picture, optimised at step 500: the model came within 10 of 255 grey levels then."
    )
    screen.own.find_again()
    task = tasker.newest(FindPlace)
    assert task.given is FOUND.wanted and task.searches and tasker.count(FindPlace) == 2


def test_a_search_is_called_off_and_nothing_has_changed(screen, tasker) -> None:
    picture = screen.exploring.picture
    screen.own.paste(np.zeros((20, 10, 3), np.uint8))
    screen.own.cancel()
    assert tasker.cancelled == 1
    tasker.call_off(FindPlace)
    assert not screen.own.is_searching and screen.own.own is None and screen.exploring.picture == picture


def test_a_picture_that_cannot_be_found_says_why(screen, tasker, said) -> None:
    heard = said(screen.tasking.noticed)
    screen.own.paste(np.zeros((20, 10, 3), np.uint8))
    tasker.refuse(FindPlace, "This model forms a picture in 50 steps. Use a VAE.")
    assert heard == [("This model forms a picture in 50 steps. Use a VAE.", "")] and not screen.own.is_searching


# Words


def test_quality_is_said_as_what_it_is_worth() -> None:
    assert words.quality(Kept(SMILE, QUALITY)) == "Right for 90 % of pictures it was not learnt from."
    assert "may be chance" in words.quality(Kept(SMILE, Quality(1.0, 1.0, 3, 3, 4)))
    assert "hardly better than chance" in words.quality(Kept(SMILE, Quality(0.55, 0.5, 5, 90, 80)))
    assert "two pictures in each pile" in words.quality(Kept(SMILE))


def test_what_goes_along_is_said_by_how_much() -> None:
    kept = Kept(SMILE, QUALITY, (("long_hair", 0.6), ("glasses", -0.3), ("hat", 0.02)))
    assert words.along(kept) == "Along with it: more long hair (strongly), less glasses (clearly)."
    assert words.along(Kept(SMILE, QUALITY, (("hat", 0.02),))) == "Hardly changes anything else that is known."
    assert words.along(Kept(SMILE, QUALITY)) == ""


def test_directions_that_lead_the_same_way_are_named() -> None:
    assert words.likeness(Kept(SMILE), [SMILE, HAT]) == "Leads partly the way of Hat (71 %)."
    assert words.likeness(Kept(SMILE), [SMILE, way("Hat", 0.0, 1.0)]) == ""
