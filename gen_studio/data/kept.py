"""Decoded pictures as a folder on the disk: written once, checked and memory-mapped when they are opened again."""

import json
import math
import os
import shutil
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.atomic import UNFINISHED
from gen_studio.data.source import Skipped

HEADER = "header.json"
ROWS = "rows.bin"
SAMPLES, SAMPLE = 64, 1 << 16  # so many stretches of so many bytes of each file are checked
MOST_BYTES = 30_000_000_000  # of all kept copies together; above, those not used for longest go
ABANDONED = 24 * 3600.0  # seconds after which an unfinished copy belongs to no living process


@dataclass(frozen=True)
class Contents:
    """What a decoded set holds beside its pictures.

    lengths: of the three splits, or of those of each of two domains. rows: (N,) of the gallery, as they are stored.
    """

    lengths: tuple[int, ...]
    rows: NDArray[np.int64]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]

    def with_note(self, note: str) -> "Contents":
        return replace(self, notes=(*self.notes, note))


@dataclass(frozen=True)
class Kept:
    """An opened copy; `pictures` are memory-mapped."""

    pictures: dict[str, torch.Tensor]
    contents: Contents

    @property
    def bytes(self) -> int:
        return sum(column.numel() for column in self.pictures.values())


def write_header(folder: Path, shapes: Mapping[str, tuple[int, ...]], contents: Contents) -> None:
    """Completes a folder that holds a file of raw bytes for each column."""
    (folder / ROWS).write_bytes(contents.rows.astype("<i8").tobytes())
    header = {
        "shapes": {name: list(shape) for name, shape in shapes.items()},
        "checks": {path.name: _check(path) for path in sorted(folder.glob("*.bin"))},
        "lengths": contents.lengths,
        "skipped": [[one.path, one.reason] for one in contents.skipped],
        "notes": contents.notes,
    }
    # Names of files may hold bytes that are no text; JSON's escapes carry them.
    (folder / HEADER).write_text(json.dumps(header), encoding="ascii")


def open_folder(folder: Path) -> Kept | None:
    """The copy in a folder, None when there is none or when it is damaged."""
    try:
        header = json.loads((folder / HEADER).read_text(encoding="ascii"))
        if any(_check(folder / name) != check for name, check in header["checks"].items()):
            return None
        rows = np.frombuffer((folder / ROWS).read_bytes(), dtype="<i8").astype(np.int64)
        shapes = {name: tuple(int(side) for side in shape) for name, shape in header["shapes"].items()}
        pictures = {name: _mapped(folder / f"{name}.bin", shape) for name, shape in shapes.items()}
        contents = Contents(
            lengths=tuple(header["lengths"]),
            rows=rows,
            skipped=tuple(Skipped(path, reason) for path, reason in header["skipped"]),
            notes=tuple(header["notes"]),
        )
        if {len(rows), *map(len, pictures.values())} != {sum(contents.lengths)}:
            return None
        os.utime(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Kept(pictures, contents)


def prune(folder: Path, spared: Path, most_bytes: int = MOST_BYTES) -> None:
    """Removes the copies not used for longest, and what killed processes left behind."""
    copies = []
    for copy in folder.iterdir():
        age = time.time() - copy.stat().st_mtime
        if not copy.name.startswith(UNFINISHED):
            copies.append((age, copy))
        elif age > ABANDONED:
            shutil.rmtree(copy, ignore_errors=True)
    total = 0
    for _, copy in sorted(copies, key=lambda item: (item[1] != spared, item[0])):
        total += sum(path.stat().st_size for path in copy.iterdir())
        if total > most_bytes and copy != spared:
            shutil.rmtree(copy, ignore_errors=True)


def _mapped(path: Path, shape: tuple[int, ...]) -> torch.Tensor:
    length = math.prod(shape)
    if path.stat().st_size != length:
        raise ValueError(f"{path} is {path.stat().st_size} bytes long, not {length}")
    # Not shared: the file is opened for reading only, and no change to the tensor reaches it.
    return torch.from_file(str(path), shared=False, size=length, dtype=torch.uint8).view(shape)


def _check(path: Path) -> list[int]:
    """Length and a checksum over stretches all through a file; a whole one would take longer than to start training."""
    length = path.stat().st_size
    checksum = 0
    with path.open("rb") as file:
        for start in np.linspace(0, max(0, length - SAMPLE), SAMPLES, dtype=np.int64).tolist():
            file.seek(start)
            checksum = zlib.crc32(file.read(SAMPLE), checksum)
    return [length, checksum]
