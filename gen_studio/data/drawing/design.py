"""What a drawn set is: its attributes, its layout, and how one picture of it is painted. Its pictures are endless."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import Attribute, AttributeKind, LayoutClass
from gen_studio.core.plan import Counterpart
from gen_studio.data.drawing.canvas import Canvas
from gen_studio.data.drawing.chance import uniforms

Values = Sequence[float]
"""One number for each attribute."""

Table = NDArray[np.float32]
"""(N, number of attributes)."""


@dataclass(frozen=True)
class Design:
    """One drawn set.

    details: how many numbers from 0 to 1 decide what no attribute tells. paint: puts one picture on an empty canvas,
    from its attributes and its details. change: which attribute a counterpart changes, the question having 0 and the
    answer 1. version: another one where the same numbers give another picture.
    """

    key: str
    attributes: tuple[Attribute, ...]
    layout: tuple[LayoutClass, ...]
    details: int
    paint: Callable[[Canvas, Values, Values], None]
    change: tuple[tuple[Counterpart, str], ...] = ()
    version: int = 1

    def place(self, name: str) -> int:
        """The column of an attribute."""
        return next(place for place, attribute in enumerate(self.attributes) if attribute.name == name)

    def table(self, seed: int, rows: NDArray[np.int64]) -> Table:
        """The attributes of the pictures with these numbers."""
        chances = uniforms(seed, f"{self.key} attributes", rows, len(self.attributes))
        columns = [_drawn(attribute, chances[:, place]) for place, attribute in enumerate(self.attributes)]
        return np.stack(columns, axis=1).astype(np.float32)

    def rest(self, seed: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """(N, details), whatever else decides these pictures."""
        return uniforms(seed, f"{self.key} details", rows, self.details)

    def canvas(self, values: Values, details: Values, size: int) -> Canvas:
        """One picture with its layout. The same numbers give the same picture, whichever others are drawn."""
        canvas = Canvas(size)
        self.paint(canvas, [float(value) for value in values], [float(detail) for detail in details])
        return canvas

    def counterpart(self, values: Values, kind: Counterpart) -> tuple[list[float], list[float]]:
        """The attributes of a question and of its answer."""
        column = self.place(dict(self.change)[kind])
        question, answer = list(values), list(values)
        question[column], answer[column] = 0.0, 1.0
        return question, answer


def _drawn(attribute: Attribute, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of an attribute, all equally likely, from numbers in [0, 1)."""
    match attribute.kind:
        case AttributeKind.BINARY:
            return (chances < 0.5).astype(np.float64)
        case AttributeKind.CATEGORY:
            return np.floor(chances * len(attribute.values))
        case AttributeKind.NUMBER:
            if attribute.steps:
                chances = np.floor(chances * attribute.steps) / (attribute.steps - 1)
            return attribute.low + chances * (attribute.high - attribute.low)
        case _:
            assert_never(attribute.kind)
