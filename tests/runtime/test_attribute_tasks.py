"""Directions and places as the window asks for them: carried out with a run's model and its data."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.core.directions import Method
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.jobs import Progress, unheard
from gen_studio.core.latents import Drawn, LatentPicture
from gen_studio.core.plan import DataPlan
from gen_studio.core.tasks import (
    DataPictures,
    ExamplesRead,
    FindPlace,
    FoundPlace,
    HeldOut,
    Known,
    LearnDirection,
    Learnt,
    Pile,
    ReadExamples,
    ShowData,
    Sorted,
)
from gen_studio.data import catalog
from gen_studio.inference import piles
from gen_studio.inference.exploring import explore
from gen_studio.models.families.autoencoder import Autoencoder
from gen_studio.models.families.dcgan import DCGAN
from gen_studio.models.families.ddpm import DDPM
from gen_studio.models.families.vae import VAE
from gen_studio.runtime import attribute_tasks
from gen_studio.runtime.show import OnShow, from_checkpoint
from gen_studio.runtime.tasks import carry_out
from gen_studio.testing.sessions import small_plan, trained

DATA = DataPlan(source="digits", size=16, limit=200)


def model_of(path: Path, family: str, config: dict[str, object], steps: int, data: DataPlan = DATA) -> OnShow:
    return from_checkpoint(trained(small_plan(family, data, config, steps), path))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> OnShow:
    path = tmp_path_factory.mktemp("attributes") / "run"
    return model_of(path, VAE.info.key, {"batch_size": 32, "hidden": 32, "latents": 4}, 60)


def test_pictures_of_the_data_come_with_what_is_known_of_them(shown: OnShow) -> None:
    found = carry_out(ShowData(12, seed=3), shown, unheard)
    assert isinstance(found, DataPictures)
    assert found.pictures.shape == (12, 16, 16, 1) and found.pictures.dtype == np.uint8
    assert [fact.name for fact in found.facts] == ["class"] and len(found.facts[0].values) == 10
    again, other = carry_out(ShowData(12, seed=3), shown, unheard), carry_out(ShowData(12, seed=4), shown, unheard)
    assert np.array_equal(again.pictures, found.pictures) and not np.array_equal(other.pictures, found.pictures)


def test_samples_and_pictures_of_the_data_make_a_direction_together(shown: OnShow) -> None:
    pictures = carry_out(ShowData(12, seed=3), shown, unheard).pictures
    samples = tuple(LatentPicture(point=Drawn(seed=seed)) for seed in range(6))
    piles = Sorted(Pile(samples[:3], tuple(pictures[:4])), Pile(samples[3:], tuple(pictures[4:7])))
    learnt = carry_out(LearnDirection("Round", piles), shown, unheard)
    assert isinstance(learnt, Learnt) and learnt.quality is not None
    assert learnt.direction.name == "Round" and learnt.direction.source == "from 13 pictures"
    assert (learnt.quality.positive, learnt.quality.negative) == (7, 6)
    assert len(learnt.direction.values) == 4


def photo(path: Path, grey: int) -> Path:
    pixels = np.full((30, 40, 3), grey, np.uint8)
    pixels[5:20, 5 : 10 + grey // 10] = 200
    Image.fromarray(pixels).save(path)
    return path


def test_own_pictures_are_read_as_the_model_takes_them_one_by_one_or_by_the_folder(
    shown: OnShow, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(3):
        photo(folder / f"{number}.png", 30 * number)
    (folder / "notes.txt").write_text("not a picture")
    words = tmp_path / "words.png"
    words.write_text("no picture")
    found = carry_out(ReadExamples((folder, words, np.zeros((9, 9, 3), np.uint8))), shown, unheard)
    assert isinstance(found, ExamplesRead)
    assert [picture.shape for picture in found.pictures] == [(16, 16, 1)] * 4
    assert [name for name, _ in found.failed] == ["words.png"] and "is no picture" in found.failed[0][1]
    with pytest.raises(WrongUse, match="is no picture"):
        carry_out(ReadExamples((words,)), shown, unheard)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(WrongUse, match="no pictures in that folder"):
        carry_out(ReadExamples((empty,)), shown, unheard)


def test_no_more_own_pictures_are_read_than_can_be_sorted(shown: OnShow, monkeypatch) -> None:
    monkeypatch.setattr(attribute_tasks, "MOST_EXAMPLES", 2)
    found = carry_out(ReadExamples((np.zeros((9, 9, 3), np.uint8),) * 5), shown, unheard)
    assert len(found.pictures) == 2 and len(found.failed) == 3


def test_own_pictures_are_refused_where_nothing_finds_their_latents(tmp_path: Path) -> None:
    config = {"batch_size": 4, "width": 4, "levels": 20, "sample_steps": 3, "blocks": 1}
    shown = model_of(tmp_path / "steps", DDPM.info.key, config, 1)
    with pytest.raises(WrongUse, match="too many to search"):
        carry_out(ReadExamples((np.zeros((9, 9, 3), np.uint8),)), shown, unheard)


def test_a_picture_in_a_pile_is_sought_once_however_often_one_learns(tmp_path: Path, monkeypatch) -> None:
    shown = model_of(tmp_path / "gan", DCGAN.info.key, {"batch_size": 8, "width": 4, "latents": 4}, 2)
    sought: list[int] = []

    def counted(model: object, pictures: np.ndarray, *others: object, **named: object) -> np.ndarray:
        sought.append(len(pictures))
        return pictures[:, :4, 0, 0].astype(np.float64)

    monkeypatch.setattr(piles, "of_pictures", counted)
    own = tuple(np.random.default_rng(number).integers(0, 255, (16, 16, 1), np.uint8) for number in range(4))
    first = carry_out(LearnDirection("One", Sorted(Pile((), own[:2]), Pile((), own[2:3]))), shown, unheard)
    again = carry_out(LearnDirection("One", Sorted(Pile((), own[:2]), Pile((), own[2:3]))), shown, unheard)
    assert sought == [3] and first == again
    carry_out(LearnDirection("Two", Sorted(Pile((), own[:2]), Pile((), own[2:]))), shown, unheard)
    assert sought == [3, 1]


@pytest.mark.parametrize("method", list(Method))
def test_a_class_of_the_data_becomes_a_direction_and_is_not_said_to_go_along_with_itself(
    shown: OnShow, method: Method
) -> None:
    learnt = carry_out(LearnDirection("Zero", Known("class=0"), method), shown, unheard)
    assert learnt.quality is not None and learnt.quality.area > 0.7, "zeros are told from other digits"
    assert learnt.along == () and learnt.direction.source == "from the data"


def test_an_attribute_of_the_datas_table_becomes_a_direction_beside_what_goes_along_with_it(tmp_path: Path) -> None:
    faces = DataPlan.parse({"source": "toy_faces", "count": 150, "size": 16})
    config = {"batch_size": 32, "hidden": 32, "latents": 8}
    shown = model_of(tmp_path / "faces", VAE.info.key, config, 40, faces)
    facts = carry_out(ShowData(4, seed=1), shown, unheard).facts
    assert "hat" in [fact.name for fact in facts]
    learnt = carry_out(LearnDirection("Hat", Known("hat=with a hat")), shown, unheard)
    names = [name for name, _ in learnt.along]
    assert learnt.quality is not None and "with a hat" not in names and "smiling" in names


def test_a_direction_leaves_another_alone_when_asked(shown: OnShow) -> None:
    first = carry_out(LearnDirection("Zero", Known("class=0")), shown, unheard).direction
    plain = carry_out(LearnDirection("One", Known("class=1")), shown, unheard).direction
    other = carry_out(LearnDirection("One", Known("class=1"), orthogonal_to=(first,)), shown, unheard).direction
    assert abs(np.dot(first.values, other.values)) < 1e-9 < abs(np.dot(first.values, plain.values))


def test_what_goes_along_is_told_where_something_is_known_of_the_pictures(shown: OnShow) -> None:
    samples = [LatentPicture(point=Drawn(seed=seed)) for seed in range(8)]
    piles = Sorted(Pile(tuple(samples[:4])), Pile(tuple(samples[4:])))
    along = carry_out(LearnDirection("Some", piles), shown, unheard).along
    assert len(along) == 10 and abs(along[0][1]) >= abs(along[-1][1])


def test_a_model_without_an_encoder_is_taught_by_samples_that_are_judged(tmp_path: Path) -> None:
    shown = model_of(tmp_path / "gan", DCGAN.info.key, {"batch_size": 8, "width": 4, "latents": 4}, 2)
    learnt = carry_out(LearnDirection("One", Known("class=1")), shown, unheard)
    assert learnt.direction.source == "from judged samples" and learnt.quality is not None
    samples = [LatentPicture(point=Drawn(seed=seed)) for seed in range(8)]
    piles = Sorted(Pile(tuple(samples[:4])), Pile(tuple(samples[4:])))
    along = carry_out(LearnDirection("Some", piles), shown, unheard).along
    assert {name for name, _ in along} == {f"class {digit}" for digit in range(10)}


def test_what_was_sorted_by_hand_is_learnt_though_the_data_have_gone(shown: OnShow, monkeypatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise UserError("The folder is not there.")

    attribute_tasks._kept.cache_clear()
    monkeypatch.setattr(catalog, "load", gone)
    samples = [LatentPicture(point=Drawn(seed=seed)) for seed in range(4)]
    piles = Sorted(Pile(tuple(samples[:2])), Pile(tuple(samples[2:])))
    assert carry_out(LearnDirection("Some", piles), shown, unheard).along == ()
    with pytest.raises(UserError, match="not there"):
        carry_out(LearnDirection("Zero", Known("class=0")), shown, unheard)


def test_a_pile_without_pictures_is_refused_in_a_sentence(shown: OnShow) -> None:
    with pytest.raises(WrongUse, match="pile is empty"):
        carry_out(LearnDirection("None", Sorted(Pile(), Pile())), shown, unheard)


@pytest.mark.parametrize("searches", [False, True])
def test_a_persons_picture_is_found_whatever_its_size_and_colours(
    shown: OnShow, tmp_path: Path, searches: bool
) -> None:
    path = tmp_path / "mine.png"
    pixels = np.full((30, 40, 3), (10, 10, 200), np.uint8)
    pixels[8:22, 14:26] = 250
    Image.fromarray(pixels).save(path)
    found = carry_out(FindPlace(path, searches), shown, unheard)
    assert isinstance(found, FoundPlace)
    assert found.wanted.shape == found.shown.shape == (16, 16, 1)
    assert np.array_equal(explore(shown.model, [found.picture])[0][0], found.shown)
    assert found.error == pytest.approx(np.sqrt(np.mean((found.wanted.astype(float) - found.shown) ** 2)), rel=1e-3)
    same = carry_out(FindPlace(pixels, searches), shown, unheard)
    assert np.array_equal(same.wanted, found.wanted) and same.picture == found.picture


def test_a_picture_that_was_held_out_is_found_as_well(shown: OnShow) -> None:
    seeds = (1, 1, 2)
    first, again, other = (carry_out(FindPlace(HeldOut(seed), searches=False), shown, unheard) for seed in seeds)
    assert first.wanted.shape == (16, 16, 1) and first.how == "encoded"
    assert first.picture == again.picture != other.picture
    taught = catalog.load(DATA).train.images[:, 0].numpy()
    assert not (taught == first.wanted[None, ..., 0]).all((1, 2)).any()


def test_codes_without_a_prior_are_taught_by_what_is_known_and_by_own_pictures(tmp_path: Path) -> None:
    config = {"batch_size": 32, "hidden": 32, "latents": 4}
    shown = model_of(tmp_path / "coder", Autoencoder.info.key, config, 60)
    learnt = carry_out(LearnDirection("Zero", Known("class=0")), shown, unheard)
    assert learnt.quality is not None and learnt.quality.area > 0.7
    own = carry_out(ReadExamples((photo(tmp_path / "0.png", 0), photo(tmp_path / "9.png", 90))), shown, unheard)
    sorted_ = Sorted(Pile((), own.pictures[:1]), Pile((), own.pictures[1:]))
    found = carry_out(LearnDirection("Mine", sorted_), shown, unheard)
    assert found.quality is None and len(found.direction.values) == 4 and found.along


def test_a_search_goes_on_from_what_the_encoder_says(shown: OnShow) -> None:
    picture = carry_out(ShowData(1, seed=1), shown, unheard).pictures[0]
    told, searched = (carry_out(FindPlace(picture, searches), shown, unheard) for searches in (False, True))
    assert (told.how, searched.how) == ("encoded", "encoded, then optimised")
    assert told.picture != searched.picture


def test_a_search_can_be_called_off(shown: OnShow) -> None:
    def report(progress: Progress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(FindPlace(np.zeros((16, 16, 1), np.uint8)), shown, report)


def test_a_file_that_is_no_picture_is_refused(shown: OnShow, tmp_path: Path) -> None:
    path = tmp_path / "words.png"
    path.write_text("no picture")
    with pytest.raises(UserError, match="is no picture"):
        carry_out(FindPlace(path), shown, unheard)
