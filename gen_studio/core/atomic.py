"""Files that are either the old one or the new one, never half of each, whenever the power goes."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gen_studio.core.errors import UserError
from gen_studio.core.words import size

UNFINISHED = ".unfinished-"
REPLACED = ".replaced-"


def write_text(path: Path, text: str) -> None:
    """Replaces a text file in one step. Raises UserError when the disk does not take it."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Replaces a file in one step. Raises UserError when the disk does not take it; the old file then stands."""
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync(path.parent)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Gives a file to fill, of the same suffix; on leaving the block it is synced and takes the name `path` in one
    step. After an error nothing remains and the old file stands."""
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=UNFINISHED, suffix=path.suffix, dir=path.parent)
        os.close(handle)
        unfinished = Path(name)
        try:
            yield unfinished
            sync(unfinished)
            os.chmod(unfinished, 0o644)
            os.replace(unfinished, path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        sync(path.parent)


def append_text(path: Path, text: str) -> None:
    """Adds to the end of a text file. When the disk does not take all of it, none of it stays: no line is cut short."""
    content = text.encode()
    with disk_errors(path), path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            while content:
                content = content[file.write(content) :]
        except BaseException:
            file.truncate(before)
            raise


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Gives a folder to fill; on leaving the block all of it is synced and takes the name `path` in one step.

    A folder that already has that name is replaced. After an error nothing remains and the old folder stands.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=path.parent))
        try:
            yield unfinished
            for file in unfinished.rglob("*"):
                sync(file)
            sync(unfinished)
            os.chmod(unfinished, 0o755)
            _replace_folder(unfinished, path)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        sync(path.parent)


def remove_folder(path: Path) -> None:
    """Deletes a folder in one step: a kill leaves no half of it under its name. One that is not there is no error."""
    if path.exists():
        with disk_errors(path, "removed"):
            doomed = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=path.parent))
            os.replace(path, doomed / path.name)
        shutil.rmtree(doomed, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Removes what a killed process left unfinished in a folder, and puts back what it had only half replaced."""
    for aside in folder.glob(REPLACED + "*"):
        for old in aside.iterdir():
            if not (folder / old.name).exists():
                os.replace(old, folder / old.name)
        shutil.rmtree(aside, ignore_errors=True)
    for leftover in folder.glob(UNFINISHED + "*"):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Makes sure that a file, or a folder's list of names, is on the disk. Folders cannot be synced on Windows."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def disk_errors(path: Path, action: str = "written") -> Iterator[None]:
    """Turns the operating system's refusals into sentences: the path "was not written", or what `action` says."""
    try:
        yield
    except OSError as error:
        raise UserError(_disk_sentence(path, error, action)) from error


def _replace_folder(new: Path, path: Path) -> None:
    if not path.exists():
        os.replace(new, path)
        return
    # A folder with files in it cannot be renamed over. After a kill between the two renames, sweep puts the old one
    # back; so it does after an error.
    aside = Path(tempfile.mkdtemp(prefix=REPLACED, dir=path.parent))
    os.replace(path, aside / path.name)
    try:
        os.replace(new, path)
    except BaseException:
        os.replace(aside / path.name, path)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _disk_sentence(path: Path, error: OSError, action: str) -> str:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        nearest = next(folder for folder in (path, *path.parents) if folder.exists())
        left = size(shutil.disk_usage(nearest).free)
        return f"{path} was not {action}: the disk has {left} left. Free some space, or choose another folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path} was not {action}: this folder does not allow it. Choose another folder, or change its rights."
    return f"{path} was not {action}: {error.strerror or error}. Choose another folder and try again."
