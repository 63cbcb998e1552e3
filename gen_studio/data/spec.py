"""What a data set offers and what one batch of it holds. The project's conventions for tensors are stated here, once.

Pictures are NCHW float in [-1, 1] in the mathematics and NHWC uint8 in [0, 255] outside of it; channels are
1 (grey) or 3 (RGB). Labels are int64 class numbers. A hole mask is 1 where pixels are missing. Latents are (N, ...).
A layout has the number of a class for each pixel, attributes are one number each (see `core/annotations.py`).
`Batch` and the columns of an `ImageSet` carry the same names: a new kind of data adds a field here, not a branch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum

import torch
from torch import Tensor

from gen_studio.core.annotations import Attribute, LayoutClass


class Split(Enum):
    """The three parts of every source; a picture never changes its part."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True)
class DataSpec:
    """The shape of what a source offers, as a family needs it to build its networks or to object.

    `classes` are the names of the labels, empty without labels. `input_channels` is the number of channels of the
    picture that each picture is paired with (an edge map, say), None without pairs. `attributes` describe the columns
    of numbers that are known of each picture. `layout` are the classes of its pixels, by number. `domains` are the
    names of two kinds of pictures that are in no pairs: the pictures, and the others.
    """

    channels: int
    height: int
    width: int
    classes: tuple[str, ...] = ()
    input_channels: int | None = None
    attributes: tuple[Attribute, ...] = ()
    layout: tuple[LayoutClass, ...] = ()
    domains: tuple[str, ...] = ()

    @property
    def has_labels(self) -> bool:
        return bool(self.classes)

    @property
    def has_pairs(self) -> bool:
        return self.input_channels is not None

    @property
    def has_attributes(self) -> bool:
        return bool(self.attributes)

    @property
    def has_layouts(self) -> bool:
        return bool(self.layout)

    @property
    def has_domains(self) -> bool:
        return bool(self.domains)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one picture."""
        return (self.channels, self.height, self.width)


@dataclass(frozen=True)
class Batch:
    """N examples on one device. Fields that the source does not offer are None.

    images: (N, C, H, W) float32 in [-1, 1], the pictures to learn; for pairs, the answers.
    labels: (N,) int64.
    inputs: (N, input_channels, H, W) float32 in [-1, 1], the questions of pairs.
    attributes: (N, A) float32, as they are: 0 or 1, the number of a category, or a number of any size.
    layout: (N, H, W) int64, the class of each pixel.
    others: (N, C, H, W) float32 in [-1, 1], as many pictures of the second domain, drawn on their own.
    """

    images: Tensor
    labels: Tensor | None = None
    inputs: Tensor | None = None
    attributes: Tensor | None = None
    layout: Tensor | None = None
    others: Tensor | None = None

    def __len__(self) -> int:
        return len(self.images)

    def map(self, function: Callable[[Tensor], Tensor]) -> "Batch":
        """Applies a function to every tensor that is present."""
        return Batch(**{name: function(column) for name, column in self.columns().items()})

    def split(self, size: int) -> "list[Batch]":
        """Smaller batches, each of `size` but the last."""
        parts = {name: column.split(size) for name, column in self.columns().items()}
        return [Batch(**{name: part[place] for name, part in parts.items()}) for place in range(len(parts["images"]))]

    def columns(self) -> dict[str, Tensor]:
        """The tensors that are present, by field name."""
        present = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: column for name, column in present.items() if column is not None}


@dataclass(frozen=True)
class ImageSet:
    """A whole split in memory or in a memory-mapped cache: columns of equal length, pictures as uint8.

    columns: "images" (N, C, H, W) uint8 and, where offered, "labels" (N,) int64, "inputs" (N, C', H, W) uint8,
    "attributes" (N, A) float32 and "layout" (N, H, W) uint8. others: (M, C, H, W) uint8, the second of two domains.
    Batches are cut by index and normalised on the device, so that no picture is decoded twice.
    """

    spec: DataSpec
    columns: Mapping[str, Tensor]
    others: Tensor | None = None

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns.items()}
        if len(set(lengths.values())) != 1:
            raise ValueError(f"columns differ in length: {lengths}")
        shape = tuple(self.columns["images"].shape[1:])
        if shape != self.spec.shape:
            raise ValueError(f"images of shape {shape} do not fit the spec {self.spec.shape}")
        if (self.others is not None) is not self.spec.has_domains:
            raise ValueError("two domains need a second set of pictures, and it needs them")

    def __len__(self) -> int:
        return len(self.columns["images"])

    @property
    def images(self) -> Tensor:
        """(N, C, H, W) uint8."""
        return self.columns["images"]

    def take(self, indices: Tensor) -> "ImageSet":
        """A smaller set with the given rows, in that order; of two domains the second stays whole."""
        return replace(self, columns={name: column.index_select(0, indices) for name, column in self.columns.items()})

    def batch(self, indices: Tensor, device: torch.device | str = "cpu", others: Tensor | None = None) -> Batch:
        """The given rows as a batch on a device. indices: (N,) int64 on the CPU.

        others: (N,) rows of the second domain; where there is one and none are given, the same rows, counted round.
        """
        parts = {name: column.index_select(0, indices) for name, column in self.columns.items()}
        if self.others is not None:
            parts["others"] = self.others.index_select(0, indices % len(self.others) if others is None else others)
        return Batch(**{name: to_device(part, torch.device(device)) for name, part in parts.items()})


def to_device(column: Tensor, device: torch.device) -> Tensor:
    """Moves a column to the device, where uint8 pictures (N, C, H, W) are normalised and layouts (N, H, W) become
    int64: a fraction of the bytes on the way."""
    moved = column.to(device, non_blocking=True)
    if column.dtype != torch.uint8:
        return moved
    return normalise(moved) if column.ndim == 4 else moved.long()


def normalise(pictures: Tensor) -> Tensor:
    """uint8 in [0, 255] to float32 in [-1, 1], any shape."""
    return pictures.to(torch.float32).mul_(1 / 127.5).sub_(1)
