"""Keeps the small pictures of one followed sample through a run, within a fixed amount of memory."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from gen_studio.ui.pictures import Pixels, to_image

MOST_FRAMES = 400
LARGEST_SIDE = 96
"""Twice the strip's height: enough for a screen at 2x."""


class Frames:
    """Pictures in the order of their steps, at most `most` of them, spread evenly."""

    def __init__(self, most: int = MOST_FRAMES) -> None:
        self._most = most
        self._steps: list[int] = []
        self._images: list[QImage] = []

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def steps(self) -> tuple[int, ...]:
        return tuple(self._steps)

    @property
    def newest(self) -> int | None:
        return self._steps[-1] if self._steps else None

    def add(self, step: int, picture: Pixels) -> None:
        """Adds a picture (H, W, C), or replaces the one at that step."""
        image = _small(to_image(picture))
        place = bisect_left(self._steps, step)
        if place < len(self._steps) and self._steps[place] == step:
            self._images[place] = image
            return
        self._steps.insert(place, step)
        self._images.insert(place, image)
        if len(self._steps) > self._most:
            self._drop_one()

    def drop_after(self, step: int) -> None:
        """Forgets what a run that went back to an earlier step has undone."""
        keep = bisect_right(self._steps, step)
        del self._steps[keep:], self._images[keep:]

    def clear(self) -> None:
        self._steps.clear()
        self._images.clear()

    def nearest(self, step: float) -> int | None:
        """The step of the picture that is nearest."""
        if not self._steps:
            return None
        return min(self._steps[max(0, bisect_left(self._steps, step) - 1) :][:2], key=lambda near: abs(near - step))

    def beside(self, step: int, offset: int) -> int | None:
        """The step of the picture `offset` pictures before or after the one nearest to `step`."""
        near = self.nearest(step)
        if near is None:
            return None
        return self._steps[min(len(self) - 1, max(0, self._steps.index(near) + offset))]

    def image(self, step: int) -> QImage:
        """The picture kept for exactly that step. Raises KeyError without one."""
        place = bisect_left(self._steps, step)
        if place == len(self._steps) or self._steps[place] != step:
            raise KeyError(step)
        return self._images[place]

    def _drop_one(self) -> None:
        # The first and the newest stay; of the others goes the one that leaves the smallest hole.
        inner = range(1, len(self._steps) - 1)
        victim = min(inner, key=lambda place: self._steps[place + 1] - self._steps[place - 1])
        del self._steps[victim], self._images[victim]


def _small(image: QImage) -> QImage:
    if max(image.width(), image.height()) <= LARGEST_SIDE:
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(LARGEST_SIDE, LARGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio, smooth)
