"""What a source of pictures promises, so that a new one is one file in `data/sources` and nothing else."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import Attribute, LayoutClass
from gen_studio.core.description import SourceInfo
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan
from gen_studio.data.layout import Layout
from gen_studio.data.spec import Split

Pictures = NDArray[np.uint8]
"""(N, C, H, W), C is 1 or 3."""

Rows = NDArray[np.int64]
"""(N,) positions in a gallery."""


class Remark(Enum):
    """What had to be done to some pictures; the value is said to the user, with how many they were."""

    ENLARGED = "Smaller than asked and enlarged"
    ON_WHITE = "Transparent and laid on white"
    UPRIGHT = "Turned upright as their EXIF data says"
    REDUCED = "Brought from 16 to 8 bits"
    FRAMED = "Framed in black by two pixels on each side, not stretched"
    NOT_SQUARE = "Halves that are no squares, fitted like any other picture"


@dataclass(frozen=True)
class Skipped:
    """A file that gave no picture. `path` is relative to the folder or zip."""

    path: str
    reason: str


@dataclass(frozen=True)
class Portion:
    """Some decoded pictures, in the order asked for. `rows` are those that could be read; `inputs` stand in pairs;
    `layouts` (N, H, W) have the class of each pixel."""

    rows: Rows
    images: Pictures
    inputs: Pictures | None = None
    layouts: NDArray[np.uint8] | None = None
    skipped: tuple[Skipped, ...] = ()
    remarks: Counter[Remark] = field(default_factory=Counter)


@dataclass(frozen=True)
class Gallery:
    """The pictures of an opened source: what is known of them, and how to read them.

    names: never change for a picture, whatever is added beside it; they decide its split.
    labels: (N,) int64 in range(len(classes)), None without classes.
    official: the split that the publisher fixed for each picture, None where he left it open.
    channels: 1 or 3 where all pictures are known to have so many, None where it shows in decoding.
    has_inputs: whether each portion brings the questions of pairs.
    table: (N, number of attributes) float32, what `attributes` say of each picture.
    layout: the classes of the pixels, where each portion brings layouts.
    domain: (N,) int64, 0 or 1 for the two `domains`, -1 for pictures that are in neither and stay out.
    skipped: files that were left out before anything was decoded.
    fingerprint: changes whenever a picture or its treatment changes.
    read: decodes the given rows a portion at a time. It is told the plan with its size filled in.
    keep_above: bytes of the decoded whole above which it is kept in a memory-mapped file.
    """

    names: Sequence[str]
    read: Callable[[Rows, DataPlan], Generator[Portion, None, None]]
    fingerprint: str
    keep_above: int
    labels: NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()
    official: Sequence[Split | None] | None = None
    channels: int | None = None
    has_inputs: bool = False
    attributes: tuple[Attribute, ...] = ()
    table: NDArray[np.float32] | None = None
    layout: tuple[LayoutClass, ...] = ()
    domain: NDArray[np.int64] | None = None
    domains: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()

    def labelled(self, labels: NDArray[np.int64], classes: tuple[str, ...]) -> "Gallery":
        return replace(self, labels=labels, classes=classes)

    def laid_out(self, found: Layout) -> "Gallery":
        """With what its folders say."""
        notes = (*self.notes, *found.notes)
        return replace(self, labels=found.labels, classes=found.classes, official=found.official, notes=notes)

    def published(self, official: Sequence[Split | None]) -> "Gallery":
        return replace(self, official=official)


@dataclass(frozen=True)
class Request:
    """What a source is opened with. `root` holds the named data sets; nothing is fetched unless `download`."""

    plan: DataPlan
    root: Path
    download: bool
    report: Report


class Source(ABC):
    """A kind of data. Its subclasses are found by themselves in `data/sources`."""

    info: ClassVar[SourceInfo]

    @abstractmethod
    def open(self, request: Request) -> Gallery:
        """Finds the pictures without decoding more than it must.

        Raises WrongUse with a sentence when they are not there, UserError when a download fails.
        """
