"""The user's own pictures, from files on the disk to splits."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.core.plan import DataPlan, PairFilter
from gen_studio.data.catalog import load, parse_source
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Split

Draw = Callable[..., Path]


def loaded(path: Path, **settings: object) -> Dataset:
    return load(parse_source(str(path), {"size": 8, **settings}))


def colours(part_of: Dataset) -> dict[tuple[int, ...], Split]:
    """Each picture's colour, which is unlike all others', and the split that it is in."""
    return {
        tuple(picture[:, 4, 4].tolist()): split for split, part in part_of.splits.items() for picture in part.images
    }


def test_sub_folders_are_classes(album: Path) -> None:
    found = loaded(album)
    assert found.spec.shape == (3, 8, 8) and found.counts() == {"cats": 12, "dogs": 8}
    assert found.notes == () and found.skipped == ()


def test_each_picture_has_its_own_label(album: Path) -> None:
    expected = {}
    for path in album.rglob("*.png"):
        with Image.open(path) as image:
            expected[image.getpixel((0, 0))] = path.parent.name
    for part in loaded(album).splits.values():
        for picture, label in zip(part.images, part.columns["labels"], strict=True):
            assert expected[tuple(picture[:, 4, 4].tolist())] == part.spec.classes[label]


def test_a_zip_loads_like_the_folder_it_was_packed_from(
    tmp_path: Path, album: Path, pack: Callable[[Path, Path], Path]
) -> None:
    folder, packed = loaded(album), loaded(pack(album, tmp_path / "album.zip"))
    for split in Split:
        assert torch.equal(folder.splits[split].images, packed.splits[split].images)
        assert torch.equal(folder.splits[split].columns["labels"], packed.splits[split].columns["labels"])


def test_64_pixels_are_the_default(album: Path) -> None:
    found = load(parse_source(str(album)))
    assert found.spec.shape == (3, 64, 64) and found.plan.size == 64
    assert found.notes == ("Smaller than asked and enlarged: all pictures.",)


def test_adding_a_picture_does_not_move_the_others(tmp_path: Path, draw: Draw) -> None:
    for number in range(60):
        draw(tmp_path / "many" / f"{number}.png")
    before = colours(loaded(tmp_path / "many"))
    draw(tmp_path / "many" / "another one.png")
    after = colours(loaded(tmp_path / "many"))
    assert len(after) == 61 and all(after[colour] is split for colour, split in before.items())


def test_pictures_without_any_colour_give_one_channel(tmp_path: Path, draw: Draw) -> None:
    for number in range(150):
        draw(tmp_path / "grey" / f"{number}.png", mode="L")
    assert loaded(tmp_path / "grey").spec.channels == 1
    draw(tmp_path / "grey" / "z.png")
    both = loaded(tmp_path / "grey")
    assert both.spec.channels == 3 and both.notes == ()
    assert loaded(tmp_path / "grey", channels="grey").spec.channels == 1


def test_a_common_folder_and_one_folder_are_no_classes(tmp_path: Path, draw: Draw, album: Path) -> None:
    shutil.move(album, tmp_path / "wrapped" / "inner" / "album")
    assert loaded(tmp_path / "wrapped").spec.classes == ("cats", "dogs")
    shutil.rmtree(tmp_path / "wrapped" / "inner" / "album" / "dogs")
    assert loaded(tmp_path / "wrapped").spec.classes == ()


def test_classes_are_sorted_as_people_count(tmp_path: Path, draw: Draw) -> None:
    for name in ("10", "9", "1"):
        draw(tmp_path / "numbers" / name / "a.png")
    assert loaded(tmp_path / "numbers").spec.classes == ("1", "9", "10")


def test_pictures_outside_of_the_class_folders_leave_the_set_without_labels(album: Path, draw: Draw) -> None:
    draw(album / "a.png")
    found = loaded(album)
    assert not found.spec.has_labels and len(found) == 21
    assert "No labels: 1 picture outside of the class folders." in found.notes


def test_folders_named_like_splits_are_the_splits(tmp_path: Path, draw: Draw) -> None:
    for split, number in (("train", 5), ("val", 3), ("test", 2)):
        for index in range(number):
            draw(tmp_path / "set" / split / ("ab"[index % 2]) / f"{split}{index}.png")
    found = loaded(tmp_path / "set")
    assert [len(part) for part in found.splits.values()] == [5, 3, 2]
    assert found.spec.classes == ("a", "b")
    assert "The folders test, train, val are taken as the splits." in found.notes
    shutil.rmtree(tmp_path / "set" / "val")
    assert [len(part) for part in loaded(tmp_path / "set").splits.values()] == [4, 1, 2]


def test_unreadable_files_are_skipped_counted_and_listed(album: Path) -> None:
    (album / "cats" / "broken.png").write_bytes(b"no picture")
    (album / "cats" / "empty.jpg").write_bytes(b"")
    found = loaded(album)
    assert len(found) == 20 and found.counts() == {"cats": 12, "dogs": 8}
    assert found.notes[0] == "2 of 22 files could not be read and were left out."
    reasons = {one.path: one.reason for one in found.skipped}
    assert reasons["cats/empty.jpg"] == "is empty" and "no picture" in reasons["cats/broken.png"]


def test_names_that_are_no_text_can_be_read_and_shown(album: Path) -> None:
    os.rename(os.fsencode(album / "cats" / "00.png"), os.fsencode(album / "cats") + b"/\xff.png")
    with open(os.fsencode(album / "cats") + b"/\xfe.png", "wb") as file:
        file.write(b"no picture")
    found = load(parse_source(str(album), {"size": 8}), keep_above=0)
    assert len(found) == 20 and found.skipped[0].path == "cats/\N{REPLACEMENT CHARACTER}.png"


def test_files_of_other_kinds_are_named_in_a_note(album: Path) -> None:
    for name in ("a.gif", "b.gif", "notes.txt", ".hidden"):
        (album / name).write_text("x")
    assert loaded(album).notes == ("Left out, being no PNG, JPEG, WebP, BMP and TIFF files: 2 .gif, 1 .txt.",)


def test_what_was_done_to_pictures_is_said(tmp_path: Path, draw: Draw) -> None:
    for number in range(4):
        draw(tmp_path / "set" / f"{number}.png", size=(8, 8))
    draw(tmp_path / "set" / "small.png", size=(4, 6))
    draw(tmp_path / "set" / "clear.png", size=(8, 8), mode="RGBA")
    notes = loaded(tmp_path / "set").notes
    assert "Smaller than asked and enlarged: 1 picture." in notes
    assert "Transparent and laid on white: 1 picture." in notes


def test_places_without_pictures_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no folder or zip at"):
        loaded(tmp_path / "no/where")
    (tmp_path / "empty" / "below").mkdir(parents=True)
    with pytest.raises(WrongUse, match="empty is empty"):
        loaded(tmp_path / "empty")
    (tmp_path / "empty" / "a.gif").write_text("x")
    with pytest.raises(WrongUse, match=r"holds no pictures, only other files \(\.gif\)"):
        loaded(tmp_path / "empty")
    for number in range(3):
        (tmp_path / "empty" / f"{number}.png").write_text("x")
    with pytest.raises(WrongUse, match=r"None of the 3 files could be read.* The first, \d\.png, is no picture"):
        loaded(tmp_path / "empty")


def test_two_pictures_are_too_few(tmp_path: Path, draw: Draw) -> None:
    for name in "ab":
        draw(tmp_path / "two" / f"{name}.png")
    with pytest.raises(WrongUse, match="only 2 pictures"):
        loaded(tmp_path / "two")


def test_a_cancel_in_the_middle_leaves_no_thread_behind(tmp_path: Path, draw: Draw) -> None:
    for number in range(300):
        draw(tmp_path / "many" / f"{number}.bmp", size=(8, 8))

    def stop(progress: Progress) -> None:
        if progress.done:
            assert progress.done < progress.total == 300
            raise Cancelled

    with pytest.raises(Cancelled):
        load(DataPlan(source="folder", path=str(tmp_path / "many"), size=8), report=stop)


@pytest.fixture
def sides(tmp_path: Path) -> Path:
    """Red questions to the left of green answers."""
    (tmp_path / "sides").mkdir()
    for number in range(6):
        image = Image.new("RGB", (32, 16), (0, 200 + number, 0))
        image.paste((200 + number, 0, 0), (0, 0, 16, 16))
        image.save(tmp_path / "sides" / f"{number}.png")
    return tmp_path / "sides"


def test_side_by_side_pairs_are_cut_in_half(sides: Path) -> None:
    found = load(parse_source(f"pairs:{sides}", {"size": 8}))
    assert found.spec.has_pairs and found.spec.input_channels == 3 and len(found) == 6
    for part in found.splits.values():
        questions, answers = part.columns["inputs"], part.images
        assert (questions[:, 0] >= 200).all() and (answers[:, 1] >= 200).all() and (answers[:, 0] == 0).all()
        assert torch.equal(questions[:, 0], answers[:, 1])  # each beside its own


def test_the_question_may_be_the_right_half(sides: Path) -> None:
    found = load(parse_source(f"pairs:{sides}", {"size": 8, "question": "right"}))
    assert (found.train.columns["inputs"][:, 1] >= 200).all() and (found.train.images[:, 0] >= 200).all()


def test_files_that_are_not_two_halves_are_skipped_with_the_reason(sides: Path, draw: Draw) -> None:
    draw(sides / "odd.png", size=(31, 16))
    found = load(parse_source(f"pairs:{sides}", {"size": 8}))
    (skipped,) = found.skipped
    assert skipped.path == "odd.png" and "odd width (31 pixels)" in skipped.reason


def test_pairs_are_made_from_photographs_by_a_filter(album: Path) -> None:
    found = loaded(album, pairs=PairFilter.GREY)
    assert found.spec.input_channels == 1
    luminance = (found.train.images.float() * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1)
    assert np.abs(found.train.columns["inputs"][:, 0].numpy() - luminance.numpy()).max() <= 1
