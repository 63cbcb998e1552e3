"""Long jobs tell how far they are, and are called off in the same breath."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a job is. `total` is 0 where it is not known; `what` is a few words, "Decoding pictures"."""

    what: str
    done: int = 0
    total: int = 0


Report = Callable[[Progress], None]
"""Called now and then from inside a job. It may raise Cancelled; the job then leaves nothing behind."""


def unheard(progress: Progress) -> None:
    """The Report for callers that do not listen."""
