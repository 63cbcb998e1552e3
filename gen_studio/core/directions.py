"""How a direction is learnt and how good it is, as plain values: the same for tasks, files, commands and the window."""

from dataclasses import dataclass
from enum import Enum


class Method(Enum):
    """DIFFERENCE leads from one mean to the other. SEPARATOR is at a right angle to the best border between the piles:
    it leaves alone what merely tends to go along, and needs more examples."""

    DIFFERENCE = "difference of means"
    SEPARATOR = "linear separator"


@dataclass(frozen=True)
class Quality:
    """How well a direction tells pictures that it was not learnt from, by cross-validation.

    accuracy: the mean over both piles, so that 0.5 is chance however unequal they are. area: under the ROC curve, the
    chance that a picture of the positive pile lies further along than one of the other.
    """

    accuracy: float
    area: float
    folds: int
    positive: int
    negative: int
