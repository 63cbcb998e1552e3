"""Models that are looked at while others train: each stays as it is for good, and newer weights make a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.nets.twins import twin

M = TypeVar("M", bound=TrainableModel[FamilyConfig])


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The weights that a model is shown with at a step, kept apart from those that train on."""

    step: int
    progress: float
    weights: Mapping[str, Tensor]


def snapshot(model: TrainableModel[FamilyConfig], shown: Mapping[str, Tensor]) -> Snapshot:
    """Copies of the weights `shown` of a model that is at its step."""
    with torch.no_grad():
        return Snapshot(model.step, model.progress, {name: tensor.detach().clone() for name, tensor in shown.items()})


def renewed(model: M, weights: Snapshot) -> M:
    """A model like this one with the weights of a snapshot, which are not copied again. `model` stays as it is."""
    newer = twin(model)
    newer.load_state_dict(weights.weights, strict=False, assign=True)
    newer.step, newer.progress = weights.step, weights.progress
    return newer
