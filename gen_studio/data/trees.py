"""Folders and zips seen alike: files with stable names, read from several threads. A zip is never unpacked."""

import os
import re
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gen_studio.core.errors import WrongUse
from gen_studio.core.words import size as in_words
from gen_studio.data.pictures import LARGEST_FILE, Unreadable

ReadFile = Callable[[str], bytes]
"""Gives the content of the file with a name; raises Unreadable."""


@dataclass(frozen=True)
class Entry:
    """A file. `name` is its path inside the tree with forward slashes; `stamp` changes when its content does."""

    name: str
    size: int
    stamp: int


@dataclass(frozen=True)
class ZipLimits:
    """Bounds against zips that unfold into all of the memory.

    A ratio counts only above `harmless` bytes: a white BMP packs a thousandfold and does no harm.
    """

    total: int = 1_000_000_000_000
    ratio: float = 100.0
    harmless: int = 256_000_000


class Tree(ABC):
    """The files below one place, without the hidden ones."""

    def __init__(self, path: Path, entries: list[Entry]) -> None:
        self.path = path
        self.entries = tuple(sorted((entry for entry in entries if not _hidden(entry.name)), key=lambda e: e.name))

    @abstractmethod
    def opened(self) -> AbstractContextManager[ReadFile]:
        """Opens the place for reading; the function it gives may be called from several threads at once."""


class JoinedTree(Tree):
    """Several places as one: the files of each below a folder of its own, named as the place is."""

    def __init__(self, trees: Mapping[str, Tree]) -> None:
        self._trees = dict(trees)
        entries = [
            replace(entry, name=f"{folder}/{entry.name}") for folder, tree in trees.items() for entry in tree.entries
        ]
        super().__init__(next(iter(trees.values())).path, entries)

    @contextmanager
    def opened(self) -> Iterator[ReadFile]:
        with ExitStack() as stack:
            readers = {folder: stack.enter_context(tree.opened()) for folder, tree in self._trees.items()}

            def read(name: str) -> bytes:
                folder, _, below = name.partition("/")
                return readers[folder](below)

            yield read


def tree_at(path: Path, limits: ZipLimits = ZipLimits()) -> Tree:
    """The folder or zip at a path. Raises WrongUse with a sentence when there is none, or when it is refused."""
    if path.is_dir():
        return FolderTree(path)
    if not path.exists():
        raise WrongUse(f"There is no folder or zip at {path}. Check the path, or choose another.")
    if path.suffix.lower() != ".zip" and not zipfile.is_zipfile(path):
        raise WrongUse(f"{path} is neither a folder nor a zip. Name the folder that the pictures are in.")
    return ZipTree(path, limits)


class FolderTree(Tree):
    """A folder with all its sub-folders; links to folders are followed once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, list(_walk(path)))

    @contextmanager
    def opened(self) -> Iterator[ReadFile]:
        yield self._read

    def _read(self, name: str) -> bytes:
        try:
            path = self.path / name
            if path.stat().st_size > LARGEST_FILE:
                raise Unreadable(_too_large())
            return path.read_bytes()
        except OSError as error:
            raise Unreadable(f"cannot be read ({error.strerror or error})") from error


class ZipTree(Tree):
    """A zip, judged by its list of contents before anything in it is read."""

    def __init__(self, path: Path, limits: ZipLimits) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise WrongUse(f"{path} is damaged, or is no zip ({error}). Pack it again, or name a folder.") from error
        _refuse(path, members, limits)
        # Of two members with one name the last counts, as it does when a zip is unpacked.
        named = {member.filename: Entry(member.filename, member.file_size, member.CRC) for member in members}
        super().__init__(path, list(named.values()))

    @contextmanager
    def opened(self) -> Iterator[ReadFile]:
        with zipfile.ZipFile(self.path) as archive:

            def read(name: str) -> bytes:
                member = archive.getinfo(name)
                if member.file_size > LARGEST_FILE:
                    raise Unreadable(_too_large())
                try:
                    return archive.read(member)  # never more than the size that was judged
                except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as error:
                    raise Unreadable(f"cannot be unpacked ({error})") from error

            yield read


def _walk(root: Path) -> Iterator[Entry]:
    seen = {os.path.realpath(root)}
    refused: list[OSError] = []
    for folder, below, files in os.walk(root, followlinks=True, onerror=refused.append):
        kept = []
        for name in sorted(below):
            real = os.path.realpath(os.path.join(folder, name))
            if real not in seen:
                seen.add(real)
                kept.append(name)
        below[:] = kept
        for name in files:
            path = os.path.join(folder, name)
            try:
                status = os.stat(path)
            except OSError:
                continue  # a link to nothing
            if stat.S_ISREG(status.st_mode):
                yield Entry(Path(path).relative_to(root).as_posix(), status.st_size, status.st_mtime_ns)
    if refused:
        raise WrongUse(f"{refused[0].filename} cannot be read: {refused[0].strerror}. Change its rights.")


def _refuse(path: Path, members: list[zipfile.ZipInfo], limits: ZipLimits) -> None:
    for member in members:
        if _leaves(member):
            raise WrongUse(
                f'{path} is refused: its file "{member.filename}" would lie outside of it. Pack it again from a folder.'
            )
        if member.flag_bits & 1:
            raise WrongUse(f"{path} is encrypted. Unpack it with its password and name the folder instead.")
        if member.file_size > limits.harmless and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise _bomb(path, member.file_size)
    total = sum(member.file_size for member in members)
    packed = path.stat().st_size
    if total > limits.total or (total > limits.harmless and total > limits.ratio * packed):
        raise _bomb(path, total)


def _bomb(path: Path, unfolded: int) -> WrongUse:
    packed = in_words(path.stat().st_size)
    return WrongUse(
        f"{path} is refused: it would unfold from {packed} to {in_words(unfolded)}, as no zip of "
        "pictures does. If you trust it, unpack it yourself and name the folder."
    )


def _leaves(member: zipfile.ZipInfo) -> bool:
    # The name as it was written: ZipInfo cuts it at a zero byte and turns backslashes on Windows.
    name = member.orig_filename.replace("\\", "/")
    return (
        name.startswith("/")
        or re.match(r"[A-Za-z]:", name) is not None
        or ".." in name.split("/")
        or "\0" in name
        or stat.S_ISLNK(member.external_attr >> 16)
    )


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.replace("\\", "/").split("/"))


def _too_large() -> str:
    return f"is larger than {in_words(LARGEST_FILE)}"
