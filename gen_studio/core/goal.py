"""A bound on a figure, written down before the figure is known: for recipes and for benchmarks."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Goal:
    """A bound on one figure. `key` names the figure, `words` say what it is."""

    # Read by pydantic where goals stand in a file: a mistyped bound would otherwise be a goal that nothing can miss.
    __pydantic_config__: ClassVar = {"extra": "forbid", "allow_inf_nan": False}

    key: str
    words: str = ""
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, value: float) -> bool:
        """Never by NaN."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    @property
    def bound(self) -> str:
        """For example "≥ 2", "≤ 16"."""
        low = "" if self.at_least is None else f"≥ {self.at_least:g}"
        high = "" if self.at_most is None else f"≤ {self.at_most:g}"
        return " and ".join(part for part in (low, high) if part)
