"""Brings portions of pictures to the channels that the plan asks for, and gathers them into whole columns."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.plan import Channels
from gen_studio.data.source import Pictures

WIDENED_AT_ONCE = 1024
RED, GREEN, BLUE = 299, 587, 114  # thousandths; the weights of ITU-R 601, as JPEG and PIL use them


def recoloured(images: Pictures, channels: Channels) -> Pictures:
    """Grey or colour pictures as the plan asks."""
    if channels is Channels.GREY:
        return grey(images)
    if channels is Channels.COLOUR:
        return colour(images)
    return images


def grey(images: Pictures) -> Pictures:
    """(N, 1, H, W): the luminance."""
    if images.shape[1] == 1:
        return images
    red, green, blue = (images[:, index].astype(np.uint32) for index in range(3))
    luminance = (RED * red + GREEN * green + BLUE * blue + 500) // 1000
    return luminance.astype(np.uint8)[:, None]


def colour(images: Pictures) -> Pictures:
    """(N, 3, H, W); a grey picture is repeated."""
    return images if images.shape[1] == 3 else np.repeat(images, 3, axis=1)


def coloured(layouts: NDArray[np.uint8], classes: Sequence[LayoutClass]) -> Pictures:
    """(N, H, W) numbers of classes to (N, 3, H, W): each in the colour that stands for it."""
    palette = np.array([one.colour for one in classes], dtype=np.uint8)  # (K, 3)
    return np.ascontiguousarray(palette[layouts].transpose(0, 3, 1, 2))


def is_grey(images: Pictures) -> bool:
    """Whether no pixel has a colour."""
    return images.shape[1] == 1 or bool((images[:, 0] == images[:, 1]).all() and (images[:, 1] == images[:, 2]).all())


class Column(Protocol):
    """Something that takes portions of pictures one after the other and has them as a whole in the end."""

    def append(self, images: Pictures) -> None: ...


@dataclass
class InMemory:
    """A column that grows by portions. It is grey until the first coloured picture arrives."""

    portions: list[Pictures] = field(default_factory=list)

    def append(self, images: Pictures) -> None:
        self.portions.append(images)

    def whole(self) -> Pictures:
        """All portions as one array."""
        coloured = any(portion.shape[1] == 3 for portion in self.portions)
        parts = [colour(portion) if coloured else portion for portion in self.portions]
        self.portions = []
        return np.concatenate(parts)


class OnDisk:
    """The same in a file of raw bytes, for sets that are too large for the memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shape: tuple[int, ...] = (0, 1, 0, 0)

    def append(self, images: Pictures) -> None:
        number, channels, height, width = images.shape
        if self.shape[0] == 0:
            self.shape = (0, channels, height, width)
        if channels > self.shape[1]:
            self._widen()
        pictures = colour(images) if self.shape[1] == 3 else images
        with self.path.open("ab") as file:
            file.write(np.ascontiguousarray(pictures).data)
        self.shape = (self.shape[0] + number, *self.shape[1:])

    def _widen(self) -> None:
        """Makes the grey pictures so far into coloured ones."""
        number, _, height, width = self.shape
        grey_path = self.path.with_suffix(".grey")
        os.replace(self.path, grey_path)
        narrow = np.memmap(grey_path, dtype=np.uint8, mode="r", shape=self.shape)
        with self.path.open("wb") as file:
            for start in range(0, number, WIDENED_AT_ONCE):
                file.write(np.ascontiguousarray(colour(narrow[start : start + WIDENED_AT_ONCE])).data)
        del narrow
        grey_path.unlink()
        self.shape = (number, 3, height, width)
