"""What may be known of a picture beside its pixels, as plain values: attributes, and the classes of its regions."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class AttributeKind(Enum):
    BINARY = "binary"
    CATEGORY = "category"
    NUMBER = "number"


@dataclass(frozen=True)
class Attribute:
    """One named column of facts about pictures.

    BINARY is 0 or 1, and `values` are the words for both. CATEGORY is a whole number, the place in `values`. NUMBER
    lies between `low` and `high`; where `steps` is not 0 it takes so many evenly spaced values and no others.
    """

    name: str
    kind: AttributeKind
    values: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    steps: int = 0

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


def binary(name: str, without: str = "", having: str = "") -> Attribute:
    """A yes-or-no attribute, with the words for no and yes."""
    return Attribute(name, AttributeKind.BINARY, (without or f"not {name}", having or name))


def category(name: str, values: Sequence[str]) -> Attribute:
    return Attribute(name, AttributeKind.CATEGORY, tuple(values), high=float(len(values) - 1))


def number(name: str, low: float, high: float, steps: int = 0) -> Attribute:
    return Attribute(name, AttributeKind.NUMBER, low=low, high=high, steps=steps)


@dataclass(frozen=True)
class LayoutClass:
    """What a region of a picture is, and the colour (red, green, blue) that stands for it in a layout."""

    name: str
    colour: tuple[int, int, int]

    @property
    def code(self) -> str:
        """The colour as "#8CC8F0"."""
        return "#{:02X}{:02X}{:02X}".format(*self.colour)
