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


def sweep(folder: Path) -> None:
    """Removes what a killed process left unfinished in a folder."""
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
def disk_errors(path: Path) -> Iterator[None]:
    """Turns the operating system's refusals into sentences."""
    try:
        yield
    except OSError as error:
        raise UserError(_disk_sentence(path, error)) from error


def _replace_folder(new: Path, path: Path) -> None:
    if not path.exists():
        os.replace(new, path)
        return
    # A folder with files in it cannot be renamed over. Between the two renames the old one still exists
    # under a swept name, and checkpoints never reuse a name unless they hold the same step.
    old = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=path.parent))
    os.replace(path, old / path.name)
    os.replace(new, path)
    shutil.rmtree(old, ignore_errors=True)


def _disk_sentence(path: Path, error: OSError) -> str:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        nearest = next(folder for folder in (path, *path.parents) if folder.exists())
        left = size(shutil.disk_usage(nearest).free)
        return f"{path} was not written: the disk has {left} left. Free some space, or choose another folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path} was not written: this folder does not allow it. Choose another folder, or change its rights."
    return f"{path} was not written: {error.strerror or error}. Choose another folder and try again."
