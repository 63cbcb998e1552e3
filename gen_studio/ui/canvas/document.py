"""What is painted, as an array, with undo and redo of every edit. Knows nothing of Qt.

An edit keeps what was under it in tiles that it copies as it first touches them; once it is finished, only the tiles
that differ remain, as the exclusive or of before and after, packed a moment later. The same patch takes an edit back
and does it again, and a thousand strokes cost about as much as the pixels that they changed.
"""

import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gen_studio.ui.canvas.box import Box, whole

TILE = 64
MOST_BYTES = 1 << 29
"""Of packed patches; what is older is forgotten. Strokes take about a kilobyte each."""

MOST_LOOSE = 16
"""Patches that wait to be packed: nobody paints more strokes without a pause."""

Pixels = NDArray[Any]
"""(H, W) bool for a mask, (H, W) uint8 for a layout, (H, W, 1 or 3) uint8 for a sketch."""


@dataclass
class Patch:
    """The difference that one edit made. tiles: (K, 2) their rows and columns in the grid of tiles."""

    tiles: NDArray[np.int32]
    content: bytes
    is_packed: bool = False
    is_joint: bool = False
    """Another document changed with it, and is to be taken back and done again with it."""

    def pack(self) -> None:
        if not self.is_packed:
            self.content, self.is_packed = zlib.compress(self.content, 1), True

    def unpacked(self) -> bytes:
        return zlib.decompress(self.content) if self.is_packed else self.content

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.content) + self.tiles.nbytes


class Document:
    """An array of pixels. `version` grows with each change of it, so that answers to older ones can be told."""

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = np.array(pixels, order="C")
        self.version = 0
        self._done: deque[Patch] = deque()
        self._undone: list[Patch] = []
        self._loose: list[Patch] = []
        """Not yet packed."""
        self._open: Edit | None = None

    @property
    def box(self) -> Box:
        return whole(self.pixels.shape)

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    @property
    def newest(self) -> Patch | None:
        """What undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def history_bytes(self) -> int:
        return sum(patch.size for patch in (*self._done, *self._undone))

    def begin(self) -> "Edit":
        """An edit to paint with. Only one is open at a time: the one before it is finished."""
        if self._open is not None:
            self._open.finish()
        self._open = Edit(self)
        return self._open

    def undo(self) -> list[Box]:
        """Takes the last edit back. Returns what changed."""
        return self._move(self._done, self._undone)

    def redo(self) -> list[Box]:
        return self._move(self._undone, self._done)

    def settle(self) -> None:
        """Packs what the last edits left, which takes longer than a hand that paints should wait: when it rests."""
        for patch in self._loose:
            patch.pack()
        self._loose.clear()
        while len(self._done) > 1 and self.history_bytes > MOST_BYTES:
            self._done.popleft()

    def replace(self, pixels: Pixels) -> list[Box]:
        """Other pixels of the same shape, as one edit. Returns what changed."""
        if pixels.shape != self.pixels.shape:
            raise ValueError(f"{pixels.shape} does not fit a document of {self.pixels.shape}")
        edit = self.begin()
        edit.touch(self.box)
        np.copyto(self.pixels, pixels)
        return edit.finish()

    def _move(self, source: "deque[Patch] | list[Patch]", target: "deque[Patch] | list[Patch]") -> list[Box]:
        if self._open is not None:
            self._open.finish()
        if not source:
            return []
        patch = source.pop()
        target.append(patch)
        self.version += 1
        return self._apply(patch)

    def _apply(self, patch: Patch) -> list[Box]:
        content = np.frombuffer(patch.unpacked(), self.pixels.dtype)
        boxes, start = [], 0
        for row, column in patch.tiles.tolist():
            box = tile_box(row, column, self.box)
            part = self.pixels[box.slices]
            part ^= content[start : start + part.size].reshape(part.shape)
            start += part.size
            boxes.append(box)
        return boxes

    def _close(self, patch: Patch | None) -> None:
        self._open = None
        if patch is None:
            return
        self._done.append(patch)
        self._undone.clear()
        self._loose.append(patch)
        if len(self._loose) > MOST_LOOSE:
            self.settle()


class Edit:
    """One change under way. Whoever writes into `document.pixels` touches the box first."""

    def __init__(self, document: Document) -> None:
        self.document = document
        height, width = document.pixels.shape[:2]
        self._saved = np.zeros((-(-height // TILE), -(-width // TILE)), bool)
        # Neither array takes memory before it is written to.
        self._before = np.empty_like(document.pixels)
        self._is_open = True

    @cached_property
    def coverage(self) -> NDArray[np.uint8]:
        """(H, W), how much of each pixel a soft brush has covered so far in this edit."""
        return np.zeros(self.document.pixels.shape[:2], np.uint8)

    def touch(self, box: Box) -> None:
        """Keeps what is in the box, which lies within the document, before it is painted over."""
        rows = slice(box.top // TILE, -(-box.bottom // TILE))
        columns = slice(box.left // TILE, -(-box.right // TILE))
        self.document.version += 1
        if self._saved[rows, columns].all():
            return
        for row, column in np.argwhere(~self._saved[rows, columns]).tolist():
            place = tile_box(row + rows.start, column + columns.start, self.document.box).slices
            self._before[place] = self.document.pixels[place]
        self._saved[rows, columns] = True

    def before(self, box: Box) -> Pixels:
        """What a touched box held when the edit began."""
        return self._before[box.slices]

    def finish(self) -> list[Box]:
        """Makes it a step that can be undone, unless nothing changed. Returns the tiles that did."""
        if not self._is_open:
            return []
        self._is_open = False
        tiles, parts = list[list[int]](), list[bytes]()
        for row, first, difference in self._differences():
            starts = np.arange(0, difference.shape[1], TILE)
            changed = np.logical_or.reduceat(
                difference.any(axis=0).reshape(difference.shape[1], -1).any(axis=1), starts
            )
            for place in np.flatnonzero(changed).tolist():
                tiles.append([row, first + place])
                parts.append(difference[:, place * TILE : (place + 1) * TILE].tobytes())
        self.document._close(Patch(np.array(tiles, np.int32), b"".join(parts)) if tiles else None)
        return [tile_box(row, column, self.document.box) for row, column in tiles]

    def _differences(self) -> Iterator[tuple[int, int, Pixels]]:
        """Row and first column of each run of tiles that were touched, and how it differs from before."""
        for row in np.flatnonzero(self._saved.any(axis=1)).tolist():
            columns = np.flatnonzero(self._saved[row])
            for run in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1):
                first, last = int(run[0]), int(run[-1])
                left = tile_box(row, first, self.document.box)
                right = tile_box(row, last, self.document.box)
                place = Box(left.left, left.top, right.right, right.bottom).slices
                yield row, first, self._before[place] ^ self.document.pixels[place]

    def cancel(self) -> list[Box]:
        """Puts everything back as it was. Returns what may have changed."""
        if not self._is_open:
            return []
        self._is_open = False
        boxes = [tile_box(row, column, self.document.box) for row, column in np.argwhere(self._saved).tolist()]
        for box in boxes:
            self.document.pixels[box.slices] = self._before[box.slices]
        self.document.version += 1
        self.document._close(None)
        return boxes


def tile_box(row: int, column: int, document: Box) -> Box:
    """A tile of the grid, cut off where the document ends."""
    return Box(column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE).within(document)
