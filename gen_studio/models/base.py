"""What a family promises. Everything else in the app (trainer, plots, forms, checkpoints, commands) knows only this."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Generic, Protocol, Self, TypeVar

import torch
from pydantic import model_validator
from torch import Tensor, nn
from torch.optim import Optimizer

from gen_studio.core.config import Config, FieldSpec, fields_of, setting
from gen_studio.core.description import FamilyDescription, Info, Metric
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.capabilities import capabilities_of
from gen_studio.models.sizes import next_side, side_objection


class Update(Protocol):
    """One optimizer, held by whoever trains. The one place where a gradient becomes a step."""

    def minimise(self, loss: Tensor) -> None:
        """Steps this optimizer's parameters down the gradient of `loss`, a scalar. Frees the graph."""


class FamilyConfig(Config):
    """Settings every family has. A subclass adds its own, with its paper's defaults."""

    batch_size: int = setting(64, "Batch size", "Pictures per training step.", ge=1, le=4096)
    ema: float = setting(
        0.0,
        "Weight averaging",
        "Decay of the running average of weights that is shown and saved beside the trained ones; 0 switches it off.",
        ge=0,
        lt=1,
        advanced=True,
    )
    ema_ramp: float = setting(
        0.0,
        "Averaging ramp",
        "Half-life of the average as the largest share of the steps so far; 0 only forgets the first steps sooner.",
        ge=0,
        le=1,
        advanced=True,
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        objection = self.objection()
        if objection:
            raise ValueError(objection)
        return self

    def objection(self) -> str | None:
        """Why these settings cannot work together, in a sentence with a way out."""
        return None


C = TypeVar("C", bound=FamilyConfig, covariant=True)


class TrainableModel(nn.Module, ABC, Generic[C]):
    """A generative model that brings its own training step.

    A family is one subclass in one file of `gen_studio.models.families`, decorated with `@family`. It knows nothing
    of devices, precision, threads, files or windows. It never draws from torch's global random state.
    """

    info: ClassVar[Info]
    metrics: ClassVar[tuple[Metric, ...]]
    """What `training_step` returns, declared, so that plots exist before step 1."""
    Config: ClassVar[type[FamilyConfig]]
    needs: ClassVar[tuple[str, ...]] = ()
    """What the data must offer besides pictures, in the words of `SourceInfo.offers`: "labels", "pairs", "attributes",
    "layouts", "domains"."""
    sides: ClassVar[tuple[int, ...]] = ()
    """Of the square pictures that the networks can make, in rising order; () where they make any."""
    averaged: ClassVar[tuple[str, ...]] = ()
    """Submodules whose weights are averaged when config.ema is above 0; they are what is shown."""
    score: ClassVar[Metric | None] = None
    """What `validate` returns under this key decides which checkpoint is best; lower is better."""
    default_steps: ClassVar[int] = 2000

    def __init__(self, config: C, data: DataSpec) -> None:
        super().__init__()
        self.config = config
        self.data = data
        self.step = 0
        """How many steps were taken before this one; whoever trains or loads the model keeps it up to date."""
        self.progress = 0.0
        """Which share of the planned steps that is, from 0 to 1; whoever trains keeps it up to date."""

    @classmethod
    def objection(cls, data: DataSpec) -> str | None:
        """Why this family cannot learn such data, as a sentence with a way out; None where it can."""
        if "pairs" in cls.needs and not data.has_pairs:
            return (
                f"{cls.info.title} needs paired pictures, and this source has none. "
                "Choose a paired source, or make pairs from any source with a filter, for example edges."
            )
        if "labels" in cls.needs and not data.has_labels:
            return (
                f"{cls.info.title} needs class labels, and this source has none. "
                "Choose a labelled source, or sort the pictures into one folder per class."
            )
        if "attributes" in cls.needs and not data.has_attributes:
            return (
                f"{cls.info.title} needs attributes of the pictures, and this source has none. "
                "Choose a source with attributes, for example toy faces, or pictures with a table."
            )
        if "layouts" in cls.needs and not data.has_layouts:
            return (
                f"{cls.info.title} needs class layouts, and this source has none. "
                "Choose a source with layouts, for example scenes, or a folder of pictures with one of layouts."
            )
        if "domains" in cls.needs and not data.has_domains:
            return (
                f"{cls.info.title} needs two domains of pictures, and this source has one. "
                "Choose two folders, or name two classes or a yes-or-no attribute as the two domains."
            )
        return side_objection(cls.info.title, cls.sides, data) if cls.sides else None

    @classmethod
    def fitting_size(cls, size: int) -> int:
        """The picture size to use where the user named none and the source's own is `size` pixels."""
        return next_side(cls.sides, size) if cls.sides else size

    @abstractmethod
    def optimizers(self) -> Mapping[str, Optimizer]:
        """New optimizers by player name, in the order in which they step. Each parameter belongs to exactly one."""

    @abstractmethod
    def training_step(self, batch: Batch, update: Mapping[str, Update], rng: torch.Generator) -> Mapping[str, Tensor]:
        """Learns from one batch. Returns the declared metrics as detached scalars on the device."""

    @property
    def pictures_per_step(self) -> int:
        """How many pictures a batch for one training step holds."""
        return self.config.batch_size

    @property
    def verdicts_have_scale(self) -> bool:
        """Whether the readings on the verdicts' axes, if there are any, are beliefs from 0 to 1."""
        return True

    @property
    def meaningless(self) -> frozenset[str]:
        """Keys of metrics that say nothing with these settings. They are finite all the same; no alarm heeds them."""
        return frozenset()

    @property
    def stops_at(self) -> frozenset[str]:
        """Keys of the alarms at which a run is to end, so that it can be resumed; at all others it goes on."""
        return frozenset()

    def rate_factor(self, player: str, progress: float) -> float:
        """Factor on a player's learning rate at `progress` (0 to 1) through the planned steps."""
        return 1.0

    def validate(self, batch: Batch, rng: torch.Generator) -> Mapping[str, Tensor]:
        """Means over a held-out batch; contains `score` where the class declares one. Only looks."""
        return {}

    @classmethod
    def describe(cls, source: str = "gen_studio") -> FamilyDescription:
        return FamilyDescription(
            info=cls.info,
            metrics=cls.metrics,
            fields=_own_first(cls.Config),
            capabilities=capabilities_of(cls),
            needs=cls.needs,
            default_steps=cls.default_steps,
            source=source,
        )


def _own_first(config: type[FamilyConfig]) -> tuple[FieldSpec, ...]:
    """A family's own settings before those that all families have: what is special comes first in a form."""
    return tuple(sorted(fields_of(config), key=lambda spec: spec.key in FamilyConfig.model_fields))


def build(
    family: type[TrainableModel[FamilyConfig]], config: FamilyConfig, data: DataSpec, rng: torch.Generator
) -> TrainableModel[FamilyConfig]:
    """A new model on the CPU whose first weights depend on `rng` alone.

    Raises WrongUse with the family's objection. torch's initialisers draw from the global random state, so it is
    seeded here for the length of the construction and then put back: the only place that touches it.
    """
    objection = family.objection(data)
    if objection:
        raise WrongUse(objection)
    seed = int(torch.randint(2**62, (1,), generator=rng, device=rng.device).item())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return family(config, data)
