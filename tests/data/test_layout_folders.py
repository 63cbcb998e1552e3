"""Folders of pictures with folders of layouts: what their numbers and colours mean, and layouts that do not fit."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Counterpart
from gen_studio.data.catalog import load, parse_source
from gen_studio.data.class_names import read_classes
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Split

Pack = Callable[[Path, Path], Path]
RED, BLUE, GREEN = (200, 0, 0), (0, 0, 200), (0, 200, 0)
COLOURS = (RED, BLUE)


def classes_of(number: int) -> np.ndarray:
    """(8, 12): the right part is of the second class, another width for each."""
    layout = np.zeros((8, 12), dtype=np.uint8)
    layout[:, 3 + number % 7 :] = 1
    return layout


def write(folder: Path, number: int, kind: str = "colours", size: tuple[int, int] = (12, 8)) -> None:
    """A picture that is bright where its layout is of the second class, and the layout."""
    for name in ("images", "layouts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    layout = classes_of(number)
    Image.fromarray(np.stack([layout * 200, layout * 0 + number, layout * 0], 2)).resize(size, 0).save(
        folder / "images" / f"{number:02}.png"
    )
    if kind == "colours":
        image = Image.fromarray(np.array(COLOURS, dtype=np.uint8)[layout])
    else:
        image = Image.fromarray(layout * (5 if kind == "sparse" else 1))
        if kind == "indexed":
            image = Image.fromarray(layout, "P")
            image.putpalette([*RED, *BLUE])
    image.save(folder / "layouts" / f"{number:02}.png")


@pytest.fixture(params=["colours", "grey", "indexed", "sparse"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    for number in range(10):
        write(tmp_path / "city", number)
    return tmp_path / "city"


def loaded(folder: Path, **settings: object) -> Dataset:
    return load(parse_source(f"layouts:{folder}", {"size": 8, **settings}))


def same_class_as_picture(found: Dataset, second: int = 1) -> bool:
    return all(
        torch.equal(part.images[:, 0] == 200, part.columns["layout"] == second) for part in found.splits.values()
    )


def test_layouts_of_every_kind_are_read_and_fitted_as_their_pictures(tmp_path: Path, kind: str) -> None:
    for number in range(10):
        write(tmp_path / "city", number, kind)
    found = loaded(tmp_path / "city")
    assert len(found) == 10 and len(found.spec.layout) == 2 and found.skipped == ()
    # The crop to a square cuts two columns at each side off both; colours are numbered by their value.
    assert same_class_as_picture(found, second=0 if kind == "colours" else 1)
    names = [one.name for one in found.spec.layout]
    assert names == {"colours": ["#0000C8", "#C80000"], "sparse": ["class 0", "class 5"]}.get(
        kind, ["class 0", "class 1"]
    )
    assert "a file classes.txt with a name to each line names them" in found.notes[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("classes.csv", "sky,#C80000\nhouse,#0000C8\n"),
        ("classes.csv", "number,name,colour\n0,sky,#c80000\n1,house,#0000c8\n"),
        ("classes.txt", "sky, 200, 0, 0\nhouse, 0, 0, 200\n"),
        ("classes.json", '[{"name": "sky", "color": [200, 0, 0]}, {"name": "house", "color": "#0000C8"}]'),
        ("layouts/classes.json", '{"classes": [{"name": "sky", "color": "#C80000"}, '
                                 '{"name": "house", "color": "#0000C8"}]}'),
    ],
)  # fmt: skip
def test_a_list_names_the_classes_by_their_colours(city: Path, name: str, text: str) -> None:
    (city / name).write_text(text)
    found = loaded(city)
    assert [(one.name, one.colour) for one in found.spec.layout] == [("sky", RED), ("house", BLUE)]
    assert same_class_as_picture(found) and f"The classes are listed in {name}." in found.notes


def test_names_alone_stand_for_the_numbers_of_indexed_layouts(tmp_path: Path) -> None:
    for number in range(6):
        write(tmp_path / "city", number, "sparse")
    (tmp_path / "city" / "classes.txt").write_text("0, sky\n5, house\n")
    found = loaded(tmp_path / "city")
    assert [one.name for one in found.spec.layout] == ["sky", "house"] and same_class_as_picture(found)
    assert len({one.colour for one in found.spec.layout}) == 2


def test_an_indexed_layout_is_read_by_its_colours_where_the_classes_have_some(tmp_path: Path) -> None:
    for number in range(6):
        write(tmp_path / "city", number, "indexed")
    (tmp_path / "city" / "classes.csv").write_text("house,#0000C8\nsky,#C80000\n")
    assert same_class_as_picture(loaded(tmp_path / "city"), second=0)


def test_a_zip_and_two_places_load_like_the_folder(city: Path, tmp_path: Path, pack: Pack) -> None:
    folder = loaded(city)
    packed = load(parse_source(f"layouts:{pack(city, tmp_path / 'city.zip')}", {"size": 8}))
    (city / "layouts").rename(tmp_path / "apart")
    apart = load(parse_source(f"layouts:{city / 'images'}", {"size": 8, "other_path": str(tmp_path / "apart")}))
    for other in (packed, apart):
        assert other.spec == folder.spec
        for split in Split:
            names = ("images", "layout") if other is packed else ("layout",)
            for name in names:
                one, two = folder.splits[split].columns[name], other.splits[split].columns[name]
                assert torch.equal(one, two) or other is apart
    assert same_class_as_picture(apart, second=0) and len(apart) == 10


def test_splits_and_classes_come_from_the_folders(tmp_path: Path) -> None:
    for split in ("train", "val", "test"):
        for number in range(4):
            write(tmp_path / "set" / split, number)
    found = loaded(tmp_path / "set")
    assert [len(part) for part in found.splits.values()] == [4, 4, 4]


def test_a_kept_copy_has_the_layouts_and_forgets_them_when_the_list_changes(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path / "home"))
    plan = loaded(city).plan
    in_memory = load(plan)
    for _ in range(2):
        kept = load(plan, keep_above=0)
        for split in Split:
            assert torch.equal(in_memory.splits[split].columns["layout"], kept.splits[split].columns["layout"])
    (city / "classes.csv").write_text("sky,#C80000\nhouse,#0000C8\n")
    assert same_class_as_picture(load(plan, keep_above=0))


def test_a_layout_is_the_question_of_a_pair_in_its_colours(city: Path) -> None:
    found = loaded(city, counterpart=Counterpart.LAYOUT)
    assert found.spec.input_channels == 3
    questions = found.train.columns["inputs"].permute(0, 2, 3, 1)
    assert {tuple(colour) for colour in questions.reshape(-1, 3).unique(dim=0).tolist()} == {RED, BLUE}


def test_pictures_and_layouts_without_each_other_are_left_out_and_listed(city: Path) -> None:
    (city / "images" / "03.png").unlink()
    (city / "layouts" / "05.png").unlink()
    found = loaded(city)
    assert len(found) == 8
    assert {one.path: one.reason for one in found.skipped} == {
        "images/05.png": "has no layout of the same name",
        "layouts/03.png": "has no picture of the same name",
    }


def test_layouts_that_do_not_fit_are_skipped_with_the_reason(city: Path) -> None:
    (city / "classes.csv").write_text("sky,#C80000\nhouse,#0000C8\n")
    write(city, 1, size=(24, 16))
    layout = np.array(COLOURS, dtype=np.uint8)[classes_of(2)]
    layout[0, 0] = GREEN
    Image.fromarray(layout).save(city / "layouts" / "02.png")
    Image.fromarray(layout).save(city / "layouts" / "03.png", "JPEG")
    (city / "layouts" / "04.png").write_bytes(b"")
    (city / "layouts" / "05.png").write_bytes((city / "layouts" / "06.png").read_bytes()[:60])
    Image.fromarray(classes_of(7)).save(city / "layouts" / "07.png")
    Image.fromarray(classes_of(8) * 9).save(city / "layouts" / "08.png")
    found = loaded(city)
    reasons = {Path(one.path).stem: one.reason for one in found.skipped}
    assert reasons["01"] == "is 24 × 16, and its layout is 12 × 8"
    assert reasons["02"] == "has the colour #00C800 in its layout, which is no class"
    assert reasons["03"] == "has a layout that is no PNG, BMP or TIFF"
    assert reasons["04"] == "has an empty layout"
    assert "has a damaged layout" in reasons["05"]
    assert reasons["08"] == "has the number 9 in its layout, which is no class"
    assert set(reasons) == {"01", "02", "03", "04", "05", "08"} and len(found) == 4


def test_places_without_layouts_are_sentences(tmp_path: Path, city: Path) -> None:
    with pytest.raises(WrongUse, match="Choose crop or stretch"):
        loaded(city, fit="pad")
    with pytest.raises(WrongUse, match=r"has no folder of layouts|has no folder of pictures"):
        loaded(city / "images")
    for path in (city / "layouts").iterdir():
        path.rename(path.with_name(f"x{path.name}"))
    with pytest.raises(WrongUse, match="has a layout of the same name: there are images/00.png and layouts/x00.png"):
        loaded(city)


def test_photographs_are_no_layouts(city: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (8, 12, 3), dtype=np.uint8)
    Image.fromarray(noise).save(city / "layouts" / "00.png")
    with pytest.raises(WrongUse, match="more than 64 colours.* without smoothing"):
        loaded(city)


def test_layouts_of_one_class_are_refused(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / "city", number)
        Image.new("L", (12, 8)).save(tmp_path / "city" / "layouts" / f"{number:02}.png")
    with pytest.raises(WrongUse, match="All layouts are of one class"):
        loaded(tmp_path / "city")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("classes.txt", b"", "has 0 classes; a layout has from 2 to 256"),
        ("classes.txt", b"sky\n", "has 1 classes"),
        ("classes.txt", b"sky\nsky\n", "have the name sky"),
        ("classes.txt", b"1, sky\n1, house\n", "have the number 1"),
        ("classes.csv", b"sky,#C80000\nhouse,#C80000\n", "have the colour"),
        ("classes.csv", b"sky,#C80000\nhouse\n", '"house" has no colour in .*, and others have'),
        ("classes.csv", b"sky,red\nhouse,blue\n", 'The colour of "sky" in .* cannot be read'),
        ("classes.csv", b"sky,1,2,300\nhouse,1,2,3\n", 'The colour of "sky"'),
        ("classes.csv", b",#C80000\nhouse,#C80000\n", "Class 1 of .* has no name"),
        ("classes.txt", b"\xff\xfe", "is no text"),
        ("classes.json", b"{", "is no JSON"),
        ("classes.json", b'{"a": 1}', "holds no list of classes"),
        ("classes.json", b"[1, 2]", "has a class without a name"),
        ("classes.json", b"[" * 100_000, "is no JSON"),
    ],
)  # fmt: skip
def test_a_list_of_classes_that_cannot_be_used_is_a_sentence(name: str, text: bytes, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        read_classes(text, name)


def test_two_lists_of_classes_are_one_too_many(city: Path) -> None:
    (city / "classes.txt").write_text("sky\nhouse\n")
    (city / "classes.json").write_text(json.dumps(["sky", "house"]))
    with pytest.raises(WrongUse, match="There are 2 lists of classes"):
        loaded(city)
