"""What a figure is before it is found: its name and unit, what it needs of a model and its data, what it costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from gen_studio.metrics.subject import Subject
from gen_studio.models.capabilities import Capability, FormsInSteps

Settings = Mapping[str, int | float | str]


class Cost(Enum):
    """Whether a figure is found unasked: in a minute or so for a data set like MNIST, or only when it is named."""

    LIGHT = "light"
    SAMPLES = "as costly as the samples are"
    HEAVY = "heavy"


def _none(subject: Subject) -> Settings:
    return {}


@dataclass(frozen=True)
class Measure:
    """One figure. `requires`: the capability that a model must have. `of_classes`: whether the data must have labels.

    beside: further figures that say what this one is worth, and are reported with it. short: a second name that
    people type. objection: why this model has none, where its type and the data do not tell. settings: what the
    number depends on. error: its standard error, where it is a mean over the test pictures.
    """

    key: str
    words: str
    compute: Callable[[Subject], float]
    requires: type[Capability] | None = None
    of_classes: bool = False
    beside: tuple[str, ...] = ()
    short: str = ""
    unit: str = ""
    cost: Cost = Cost.LIGHT
    objection: Callable[[Subject], str | None] = lambda subject: None
    settings: Callable[[Subject], Settings] = _none
    error: Callable[[Subject], float] | None = None

    def refusal(self, subject: Subject) -> str | None:
        """Why there is no such figure of this model on these data, in a sentence; None where there is."""
        if self.requires is not None and not isinstance(subject.model, self.requires):
            return f"{subject.model.info.title} has no {self.words}."
        if self.of_classes and not subject.dataset.spec.has_labels:
            return f"The {self.words} needs class labels, and this source has none. Choose a labelled source."
        return self.objection(subject)

    def is_light(self, subject: Subject) -> bool:
        match self.cost:
            case Cost.LIGHT:
                return True
            case Cost.SAMPLES:
                # Hundreds of passes of the network for each sample.
                return not isinstance(subject.model, FormsInSteps)
            case Cost.HEAVY:
                return False
