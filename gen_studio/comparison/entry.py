"""The runs that are compared, opened: each with its model as it is shown and what its folder says of its training."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from gen_studio.core.description import Metric
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan, RunPlan
from gen_studio.core.runs import RunFolder, Status
from gen_studio.data import catalog
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.training import checkpoint

CURVES = "loss"
"""The key of the axes whose curves are shown."""


@dataclass(frozen=True)
class Entry:
    """One run. `model` is in evaluation mode on the device; `step` is the checkpoint's."""

    folder: RunFolder
    plan: RunPlan
    status: Status
    model: TrainableModel[FamilyConfig]
    step: int

    @property
    def name(self) -> str:
        return self.status.name

    @property
    def family(self) -> type[TrainableModel[FamilyConfig]]:
        return type(self.model)

    @property
    def config(self) -> dict[str, Any]:
        return self.model.config.model_dump(mode="json")

    @property
    def data(self) -> DataPlan:
        """The data without what does not change its pictures: named sets are the same wherever they lie."""
        needs_path = catalog.source_of(self.plan.data.source).info.needs_path
        return self.plan.data if needs_path else self.plan.data.model_copy(update={"path": None})

    @cached_property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.model.parameters())

    @property
    def images_per_second(self) -> float | None:
        """Over all of its training, None where the time was not written down."""
        seen = self.status.step * self.model.pictures_per_step
        return seen / self.status.seconds if self.status.seconds > 0 else None

    @property
    def curves(self) -> tuple[Metric, ...]:
        """Its losses; the readings of its first axes where none of them is a loss that says something."""
        telling = [metric for metric in self.family.metrics if metric.key not in self.model.meaningless]
        losses = tuple(metric for metric in telling if metric.plot.key == CURVES)
        return losses or tuple(metric for metric in telling if metric.plot == telling[0].plot)


def open_entries(paths: Sequence[Path], device: torch.device) -> tuple[Entry, ...]:
    """Raises WrongUse for no run at all, for what is no run and for one named twice, UserError without a checkpoint."""
    if not paths:
        raise WrongUse("No run is named. Name the folders of the runs to compare, as gen-studio runs lists them.")
    seen: dict[Path, Path] = {}
    for path in paths:
        first = seen.setdefault(path.resolve(), path)
        if first is not path:
            raise WrongUse(f"{path} is named twice. Name each run once.")
    # What one of them lacks is said before the work on the others begins.
    folders = [RunFolder.open(path) for path in paths]
    steps = [checkpoint.pick(folder, None) for folder in folders]
    return tuple(_opened(folder, step, device) for folder, step in zip(folders, steps, strict=True))


def _opened(folder: RunFolder, step: int, device: torch.device) -> Entry:
    loaded = checkpoint.load_shown(folder, step)
    return Entry(folder, folder.plan(), folder.status(), loaded.model.to(device), step)
