"""A file that says which process has something for itself, and that says nothing any more once that process is gone."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from gen_studio.core import atomic
from gen_studio.core.errors import UserError, WrongUse

CLOCK_TOLERANCE = 10.0
PATIENCE = 10.0
"""Seconds; a guard is held for as long as a small file takes to be read and written."""


def owner(path: Path) -> int | None:
    """The living process that holds a claim, or None. The start time guards against reused process numbers."""
    try:
        claim = json.loads(path.read_bytes())
        process = int(claim["process"])
        started = _started(process)
        return process if started is not None and abs(started - claim["started"]) < CLOCK_TOLERANCE else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def claimed(path: Path, refusal: Callable[[int], str]) -> Iterator[None]:
    """Holds a claim. Raises WrongUse with what the refusal says of its owner while another process does.

    A claim is taken by one process at a time, also where several find that of a dead one. Beside it stays a file that
    is empty, `path` with ".guard" behind it: removing that would let two in.
    """
    with _guarded(path.with_name(path.name + ".guard")):
        holder = owner(path)
        if holder is not None:
            raise WrongUse(refusal(holder))
        atomic.write_text(path, json.dumps({"process": os.getpid(), "started": _started(os.getpid())}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """One process at a time; the system itself lets go when one dies."""
    from filelock import FileLock, Timeout  # a tenth of a second that no list of runs needs

    guard = FileLock(path)
    with atomic.disk_errors(path):
        try:
            guard.acquire(timeout=PATIENCE)
        except Timeout as error:
            raise UserError(
                f"{path} is held by another process that does not answer. End it, and try again."
            ) from error
    try:
        yield
    finally:
        guard.release()


def _started(process: int) -> float | None:
    try:
        return float(psutil.Process(process).create_time())
    except psutil.Error:
        return None
