"""Two folders as two unpaired domains, and how a run goes through both."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.data.catalog import load, parse_source
from gen_studio.data.dataset import Dataset
from gen_studio.data.preview import contact_sheet
from gen_studio.data.spec import DataSpec, ImageSet
from gen_studio.data.splits import arrange

Draw = Callable[..., Path]


def loaded(path: Path, **settings: object) -> Dataset:
    return load(parse_source(f"domains:{path}", {"size": 8, **settings}))


def colours(pictures: torch.Tensor | None) -> set[tuple[int, ...]]:
    assert pictures is not None
    return {tuple(picture[:, 4, 4].tolist()) for picture in pictures}


def test_two_sub_folders_are_the_two_domains(album: Path) -> None:
    found = loaded(album)
    assert found.spec.domains == ("cats", "dogs") and found.domain_counts() == {"cats": 12, "dogs": 8}
    assert not found.spec.has_labels and len(found) == 20 and sum(found.sizes().values()) == 20
    for part in found.splits.values():
        assert len(part) and part.others is not None and len(part.others)
        assert not colours(part.images) & colours(part.others)


def test_a_picture_is_in_the_split_that_its_name_gives_in_either_way() -> None:
    names = [f"{number}.png" for number in range(300)]
    whole, divided = arrange(names, None, None), arrange(names, None, None, np.arange(300) % 2)
    assert dict(zip(whole.rows, whole.parts, strict=True)) == dict(zip(divided.rows, divided.parts, strict=True))


def test_of_more_folders_two_are_chosen_by_name(album: Path, draw: Draw) -> None:
    for number in range(4):
        draw(album / "birds" / f"bird{number}.png")
    with pytest.raises(WrongUse, match=r'holds 3 folders of pictures \(birds, cats, dogs\).*domains="birds, cats"'):
        loaded(album)
    found = loaded(album, domains="dogs, birds")
    assert found.spec.domains == ("dogs", "birds") and found.domain_counts() == {"dogs": 8, "birds": 4}


def test_two_places_are_two_domains(album: Path, tmp_path: Path, pack: Callable[[Path, Path], Path]) -> None:
    packed = pack(album / "dogs", tmp_path / "hounds.zip")
    found = load(parse_source(f"domains:{album / 'cats'}", {"size": 8, "other_path": str(packed)}))
    assert found.domain_counts() == {"cats": 12, "hounds": 8} and found.plan.other_path == str(packed)


def test_places_of_the_same_name_are_told_apart(tmp_path: Path, draw: Draw) -> None:
    for kind in ("x", "y"):
        for number in range(4):
            draw(tmp_path / kind / "train" / f"{kind}{number}.png")
    found = load(parse_source(f"domains:{tmp_path / 'x/train'}", {"size": 8, "other_path": str(tmp_path / "y/train")}))
    assert found.spec.domains == ("x train", "y train")


def test_the_folders_of_published_sets_are_domains_and_splits(tmp_path: Path, draw: Draw) -> None:
    for folder, number in (("trainA", 6), ("trainB", 5), ("testA", 3), ("testB", 2)):
        for index in range(number):
            draw(tmp_path / "set" / folder / f"{folder}{index}.png")
    found = loaded(tmp_path / "set")
    assert found.spec.domains == ("A", "B") and found.domain_counts() == {"A": 9, "B": 7}
    assert len(found.test) == 3 and found.test.others is not None and len(found.test.others) == 2


@pytest.mark.parametrize("number", [0, 1, 2])
def test_too_few_pictures_in_a_domain_are_a_sentence(tmp_path: Path, draw: Draw, number: int) -> None:
    for index in range(6):
        draw(tmp_path / "set" / "a" / f"a{index}.png")
    for index in range(number):
        draw(tmp_path / "set" / "b" / f"b{index}.png")
    with pytest.raises(WrongUse, match="in one of the two domains; three are the least|does not hold two folders"):
        loaded(tmp_path / "set")


def test_the_same_place_twice_is_refused(album: Path) -> None:
    with pytest.raises(WrongUse, match="Both domains are"):
        loaded(album / "cats", other_path=str(album / "cats"))


def test_unreadable_files_are_skipped_in_their_domain(album: Path) -> None:
    (album / "dogs" / "broken.png").write_bytes(b"no picture")
    found = loaded(album)
    assert found.domain_counts() == {"cats": 12, "dogs": 8} and [one.path for one in found.skipped] == [
        "dogs/broken.png"
    ]


def test_a_page_shows_the_first_domain_before_the_second(album: Path) -> None:
    found = loaded(album)
    sheet = contact_sheet(found, 8, torch.Generator().manual_seed(0))
    assert sheet.shape == (8, 8, 8, 3)
    shown = [tuple(picture[4, 4].tolist()) for picture in sheet]
    assert set(shown[:4]) <= colours(found.train.images) and set(shown[4:]) <= colours(found.train.others)


def test_without_an_order_the_others_are_counted_round() -> None:
    images = torch.arange(5, dtype=torch.uint8).view(5, 1, 1, 1)
    whole = ImageSet(DataSpec(1, 1, 1, domains=("a", "b")), {"images": images}, images[:2] + 100)
    batch = whole.batch(torch.tensor([0, 1, 4]))
    assert batch.others is not None
    assert ((batch.others + 1) * 127.5).round().flatten().tolist() == [100, 101, 100]
    chosen = whole.batch(torch.tensor([0, 1]), others=torch.tensor([1, 1])).others
    assert chosen is not None and ((chosen + 1) * 127.5).round().flatten().tolist() == [101, 101]


def test_a_second_domain_without_its_names_is_a_mistake() -> None:
    images = torch.zeros(2, 1, 1, 1, dtype=torch.uint8)
    for spec, others in ((DataSpec(1, 1, 1), images), (DataSpec(1, 1, 1, domains=("a", "b")), None)):
        with pytest.raises(ValueError, match="second set"):
            ImageSet(spec, {"images": images}, others)


def test_pictures_of_no_domain_are_not_arranged() -> None:
    domain = np.array([0, 1, -1] * 30)
    arrangement = arrange([str(number) for number in range(90)], None, None, domain)
    assert len(arrangement.rows) == 60 and (domain[arrangement.rows] >= 0).all()
    assert arrangement.domain is not None and (np.diff(arrangement.domain) >= 0).all()
    assert len(arrangement.lengths(np.arange(60))) == 6 and sum(arrangement.lengths(np.arange(60))) == 60
