"""Files that are the old or the new one whatever happens in between, and the sentences for a disk that refuses."""

import errno
import os
from pathlib import Path

import pytest

from gen_studio.core import atomic
from gen_studio.core.errors import UserError


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_its_folder_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    atomic.write_text(path, "one")
    atomic.write_text(path, "twö")
    assert path.read_text(encoding="utf-8") == "twö"
    assert names(path.parent) == ["file.txt"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_the_old_file_stands_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    path = tmp_path / "file.txt"
    atomic.write_text(path, "old")
    monkeypatch.setattr(os, call, full_disk)
    with pytest.raises(UserError, match=r"was not written: the disk has .* left\. Free some space"):
        atomic.write_text(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file.txt"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "left. Free some space, or choose another folder."),
        (errno.EDQUOT, "left. Free some space, or choose another folder."),
        (errno.EACCES, "this folder does not allow it"),
        (errno.EROFS, "this folder does not allow it"),
        (errno.EIO, "Choose another folder and try again."),
    ],
)
def test_what_the_disk_refuses_is_a_sentence(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(UserError) as caught, atomic.disk_errors(tmp_path / "not" / "there"):
        raise OSError(number, os.strerror(number))
    assert words in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_text_grows_at_its_end(tmp_path: Path) -> None:
    for line in ("one\n", "two\n"):
        atomic.append_text(tmp_path / "log", line)
    assert (tmp_path / "log").read_text() == "one\ntwo\n"


def test_no_line_is_cut_short_by_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    atomic.append_text(path, "one\n")
    opened = Path.open

    class Filling:
        """A file on a disk that takes three more bytes."""

        def __init__(self, *arguments: object, **options: object) -> None:
            self.file = opened(*arguments, **options)
            self.room = 3

        def __enter__(self) -> "Filling":
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def __getattr__(self, name: str) -> object:
            return getattr(self.file, name)

        def write(self, content: bytes) -> int:
            if not self.room:
                full_disk()
            part, self.room = content[: self.room], 0
            return self.file.write(part)

    monkeypatch.setattr(Path, "open", lambda path, *modes, **options: Filling(path, *modes, **options))
    with pytest.raises(UserError, match="Free some space"):
        atomic.append_text(path, "two\n")
    monkeypatch.undo()
    assert path.read_text() == "one\n"


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    with atomic.new_folder(path) as unfinished:
        (unfinished / "a").write_text("1")
        assert not path.exists()
    assert (path / "a").read_text() == "1"
    with pytest.raises(ZeroDivisionError), atomic.new_folder(tmp_path / "other") as unfinished:
        (unfinished / "a").write_text("1")
        raise ZeroDivisionError
    assert names(tmp_path) == ["folder"]


def test_the_old_folder_stands_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    with atomic.new_folder(path) as unfinished:
        (unfinished / "a").write_text("old")
    with pytest.raises(UserError, match="Free some space"), atomic.new_folder(path) as unfinished:
        (unfinished / "a").write_text("new")
        full_disk()
    assert (path / "a").read_text() == "old"
    with atomic.new_folder(path) as unfinished:
        (unfinished / "b").write_text("new")
    assert names(path) == ["b"]
    assert names(tmp_path) == ["folder"]


@pytest.mark.parametrize("rename", [0, 1, 2, 3])
def test_a_kill_at_any_rename_leaves_the_old_folder_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rename: int
) -> None:
    path, taken = tmp_path / "folder", 0
    with atomic.new_folder(path) as unfinished:
        (unfinished / "a").write_text("old")
    replace, rmtree = os.replace, atomic.shutil.rmtree

    def dying(source: Path, target: Path) -> None:
        nonlocal taken
        if taken >= rename:  # a dead process does nothing more, not even clean up
            raise Killed
        taken += 1
        replace(source, target)

    def not_any_more(folder: Path, ignore_errors: bool = False) -> None:
        if taken < rename:
            rmtree(folder, ignore_errors=ignore_errors)

    monkeypatch.setattr(os, "replace", dying)
    monkeypatch.setattr(atomic.shutil, "rmtree", not_any_more)
    try:
        with atomic.new_folder(path) as unfinished:
            (unfinished / "a").write_text("new")
    except Killed:
        assert rename < 2
    monkeypatch.undo()
    atomic.sweep(tmp_path)
    assert (path / "a").read_text() == ("new" if rename >= 2 else "old")
    assert names(tmp_path) == ["folder"]


def test_an_error_between_the_renames_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder"
    with atomic.new_folder(path) as unfinished:
        (unfinished / "a").write_text("old")
    replace = os.replace

    def refusing(source: Path, target: Path) -> None:
        if Path(target) == path and atomic.UNFINISHED in str(source):
            full_disk()
        replace(source, target)

    monkeypatch.setattr(os, "replace", refusing)
    with pytest.raises(UserError), atomic.new_folder(path) as unfinished:
        (unfinished / "a").write_text("new")
    assert (path / "a").read_text() == "old"
    assert names(tmp_path) == ["folder"]


def test_a_removed_folder_is_gone_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    (path / "a").touch()
    monkeypatch.setattr(atomic.shutil, "rmtree", lambda *_, **__: None)  # killed before anything is deleted
    atomic.remove_folder(path)
    assert not path.exists()
    monkeypatch.undo()
    atomic.sweep(tmp_path)
    assert names(tmp_path) == []
    atomic.remove_folder(path)


def test_sweeping_leaves_everything_else(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept.txt").touch()
    (tmp_path / f"{atomic.UNFINISHED}x").mkdir()
    (tmp_path / f"{atomic.UNFINISHED}y").touch()
    atomic.sweep(tmp_path)
    assert names(tmp_path) == ["kept", "kept.txt"]
    atomic.sweep(tmp_path / "not there")


def test_a_file_that_is_filled_bit_by_bit_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "film.mp4"
    with atomic.new_file(path) as unfinished:
        assert unfinished.suffix == ".mp4" and not path.exists()
        unfinished.write_bytes(b"one")
    with pytest.raises(Killed), atomic.new_file(path) as unfinished:
        unfinished.write_bytes(b"half of the ")
        raise Killed
    with pytest.raises(UserError, match="Free some space"), atomic.new_file(path) as unfinished:
        full_disk()
    assert path.read_bytes() == b"one"
    assert names(path.parent) == ["film.mp4"]
