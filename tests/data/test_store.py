"""The decoded copies that are kept on the disk."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from gen_studio.core import paths
from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.jobs import Progress, unheard
from gen_studio.data import kept, store
from gen_studio.data.catalog import load, parse_source
from gen_studio.data.columns import InMemory, OnDisk
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Split


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def copies() -> list[Path]:
    return sorted((paths.cache() / "pictures").glob("*"))


class Listener:
    """Counts the pictures that were decoded."""

    def __init__(self) -> None:
        self.decoded = 0

    def __call__(self, progress: Progress) -> None:
        self.decoded = max(self.decoded, progress.done)


def kept_set(album: Path, **settings: object) -> tuple[Dataset, int]:
    listener = Listener()
    found = load(parse_source(str(album), {"size": 8, **settings}), keep_above=0, report=listener)
    return found, listener.decoded


def same(one: Dataset, other: Dataset) -> bool:
    return one.spec == other.spec and all(
        one.splits[split].columns.keys() == other.splits[split].columns.keys()
        and all(
            torch.equal(column, other.splits[split].columns[name]) for name, column in one.splits[split].columns.items()
        )
        for split in Split
    )


@pytest.mark.parametrize("settings", [{}, {"pairs": "edges"}, {"channels": "grey"}, {"limit": 10}])
def test_a_kept_copy_equals_the_set_in_memory(album: Path, settings: dict[str, object]) -> None:
    (album / "cats" / "broken.png").write_bytes(b"no picture")
    in_memory = load(parse_source(str(album), {"size": 8, **settings}))
    first, decoded = kept_set(album, **settings)
    again, decoded_again = kept_set(album, **settings)
    assert decoded > 0 and decoded_again == 0
    assert same(in_memory, first) and same(first, again)
    assert first.skipped == again.skipped == in_memory.skipped
    assert first.notes == again.notes and "decoded pictures are kept in" in first.notes[-1]
    assert first.notes[:-1] == in_memory.notes


def test_side_by_side_pairs_are_kept_too(tmp_path: Path, draw: Callable[..., Path]) -> None:
    for number in range(5):
        draw(tmp_path / "sides" / f"{number}.png", size=(32, 16))
    word, settings = f"pairs:{tmp_path / 'sides'}", {"size": 8}
    assert same(load(parse_source(word, settings)), load(parse_source(word, settings), keep_above=0))


def test_small_sets_leave_nothing_on_the_disk(album: Path) -> None:
    load(parse_source(str(album), {"size": 8}))
    assert copies() == []


def test_a_changed_folder_or_plan_is_decoded_anew(album: Path) -> None:
    kept_set(album)
    os.utime(album / "cats" / "00.png", (1, 1))
    assert kept_set(album)[1] > 0
    assert kept_set(album, size=16)[1] > 0
    assert kept_set(album)[1] == 0


@pytest.mark.parametrize("name", ["images.bin", "rows.bin", "header.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_copy_is_made_anew(album: Path, name: str, damage: str) -> None:
    first, _ = kept_set(album)
    reference = first.train.images.clone()
    del first
    path = copies()[0] / name
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[:-1])
    elif damage == "changed":
        path.write_bytes(bytes([content[0] ^ 255]) + content[1:])
    else:
        path.unlink()
    again, decoded = kept_set(album)
    assert decoded > 0 and torch.equal(again.train.images, reference)
    assert any("was damaged; it has been made anew" in note for note in again.notes)


def test_a_cancel_leaves_nothing_behind(album: Path) -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        load(parse_source(str(album)), keep_above=0, report=stop)
    assert copies() == []


def test_too_little_space_is_said_before_decoding(album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("usage", (), {"free": 1000})
    monkeypatch.setattr(store.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(UserError, match=r"take up to .*, and the disk of .* has .* left. Free some space, or choose"):
        load(parse_source(str(album)), keep_above=0, report=unheard)


def test_a_change_to_a_batch_does_not_reach_the_copy(album: Path) -> None:
    found, _ = kept_set(album)
    before = (copies()[0] / "images.bin").read_bytes()
    found.train.images.zero_()
    assert (copies()[0] / "images.bin").read_bytes() == before


def test_a_column_on_the_disk_turns_coloured_with_the_first_coloured_portion(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    portions = [rng.integers(0, 256, (number, channels, 4, 4), dtype=np.uint8) for number, channels in
                ((2000, 1), (3, 1), (5, 3), (4, 1))]  # fmt: skip
    in_memory, on_disk = InMemory(), OnDisk(tmp_path / "images.bin")
    for portion in portions:
        in_memory.append(portion)
        on_disk.append(portion)
    whole = in_memory.whole()
    assert on_disk.shape == whole.shape == (2012, 3, 4, 4)
    assert (tmp_path / "images.bin").read_bytes() == whole.tobytes()
    assert [path.name for path in tmp_path.iterdir()] == ["images.bin"]


def test_opening_a_copy_counts_as_using_it(album: Path) -> None:
    kept_set(album)
    os.utime(copies()[0], (1, 1))
    kept_set(album)
    assert copies()[0].stat().st_mtime > 1000


def test_the_copies_not_used_for_longest_go_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "old", "oldest", "spared"), start=1):
        (tmp_path / name).mkdir()
        (tmp_path / name / "images.bin").write_bytes(bytes(100))
        os.utime(tmp_path / name, (10_000 - age, 10_000 - age))
    kept.prune(tmp_path, spared=tmp_path / "spared", most_bytes=250)
    assert {path.name for path in tmp_path.iterdir()} == {"new", "spared"}
    kept.prune(tmp_path, spared=tmp_path / "spared", most_bytes=50)
    assert {path.name for path in tmp_path.iterdir()} == {"spared"}
