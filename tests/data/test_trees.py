"""Folders and zips as lists of files, and the zips that are refused."""

import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gen_studio.core.errors import WrongUse
from gen_studio.data.pictures import Unreadable
from gen_studio.data.trees import ZipLimits, tree_at


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_folder_and_a_zip_of_it_have_the_same_files(
    tmp_path: Path, album: Path, pack: Callable[[Path, Path], Path]
) -> None:
    folder, packed = tree_at(album), tree_at(pack(album, tmp_path / "album.zip"))
    assert [entry.name for entry in folder.entries] == [entry.name for entry in packed.entries]
    with folder.opened() as one, packed.opened() as other:
        assert one("cats/00.png") == other("cats/00.png")


def test_hidden_files_and_what_macos_adds_are_left_out(tmp_path: Path) -> None:
    packed = zip_of(tmp_path / "a.zip", {"a.png": b"1", "__MACOSX/a.png": b"2", ".thumbs/b.png": b"3", ".c.png": b"4"})
    assert [entry.name for entry in tree_at(packed).entries] == ["a.png"]


@pytest.mark.parametrize("name", ["/etc/a.png", "../a.png", "b/../../a.png", "C:\\a.png", "..\\a.png"])
def test_a_zip_whose_files_lie_outside_of_it_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUse, match="would lie outside of it"):
        tree_at(zip_of(tmp_path / "a.zip", {"good.png": b"1", name: b"2"}))


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        link = zipfile.ZipInfo("a.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(WrongUse, match="would lie outside of it"):
        tree_at(tmp_path / "a.zip")


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"a.png": b"1"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the list of contents
    path.write_bytes(content)
    with pytest.raises(WrongUse, match=r"is encrypted. Unpack it"):
        tree_at(path)


def test_a_zip_that_unfolds_into_far_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    limits = ZipLimits(ratio=100, harmless=50_000)
    one = zip_of(tmp_path / "one.zip", {"a.png": bytes(200_000)})
    many = zip_of(tmp_path / "many.zip", {f"{number}.png": bytes(40_000) for number in range(20)})
    hidden = zip_of(tmp_path / "hidden.zip", {"a.png": bytes(200_000), "b.png": os.urandom(50_000)})
    for path in (one, many, hidden):
        with pytest.raises(WrongUse, match=r"it would unfold from .* to .* as no zip of pictures does"):
            tree_at(path, limits)
    with pytest.raises(WrongUse, match="it would unfold"):
        tree_at(zip_of(tmp_path / "huge.zip", {"a.png": os.urandom(3000)}), ZipLimits(total=2000))
    assert tree_at(zip_of(tmp_path / "fine.zip", {"a.png": bytes(40_000)}), limits).entries


def test_a_zip_that_understates_its_size_gives_no_more_than_it_said(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"a.png": bytes(100_000)})
    content = path.read_bytes().replace((100_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(content)
    with tree_at(path).opened() as read, pytest.raises(Unreadable, match="cannot be unpacked"):
        read("a.png")


def test_a_damaged_zip_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(WrongUse, match="is damaged, or is no zip"):
        tree_at(tmp_path / "a.zip")


def test_a_zip_needs_no_ending(tmp_path: Path) -> None:
    assert tree_at(zip_of(tmp_path / "album", {"a.png": b"1"})).entries


def test_missing_places_and_other_files_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no folder or zip at"):
        tree_at(tmp_path / "none")
    (tmp_path / "text.txt").write_text("x")
    with pytest.raises(WrongUse, match="neither a folder nor a zip"):
        tree_at(tmp_path / "text.txt")


def test_linked_folders_are_followed_once(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a.png").write_bytes(b"1")
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "link").symlink_to(tmp_path / "far")
    (tmp_path / "far" / "back").symlink_to(tmp_path / "near")
    assert [entry.name for entry in tree_at(tmp_path / "near").entries] == ["link/a.png"]
