"""Something small to test on: pictures with everything that a family may need, and tiny settings for any family."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from gen_studio.core.annotations import LayoutClass, binary, number
from gen_studio.core.config import FieldKind, fields_of
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.models.base import FamilyConfig, TrainableModel, build
from gen_studio.training.learner import Learner

Family = type[TrainableModel[FamilyConfig]]

CLASSES = ("top", "left", "right", "bottom")
ATTRIBUTES = (binary("large"), number("radius", 0.2, 0.5))
LAYOUT = (LayoutClass("ground", (0, 0, 0)), LayoutClass("spot", (255, 255, 255)))
DOMAINS = ("upright", "upside down")
PLACES = torch.tensor([[-0.5, 0.0], [0.0, -0.5], [0.0, 0.5], [0.5, 0.0]])
SMALL = {
    "width": 4,
    "hidden": 32,
    "latents": 8,
    "blocks": 1,
    "sizes": 2,
    "batch_size": 8,
    "critic_steps": 2,
    "phase_pictures": 16,
    "warm_up": 2,
    "first_phase": 0.03,
    "sample_steps": 3,
}
"""What the settings of these names become, as far as their ranges allow."""


def spec(channels: int = 1, size: int = 16, width: int | None = None) -> DataSpec:
    """Of the pictures below."""
    return DataSpec(channels, size, width or size, CLASSES, 1, ATTRIBUTES, LAYOUT, DOMAINS)


def pictures(channels: int = 1, size: int = 16, count: int = 32, width: int | None = None) -> ImageSet:
    """Soft spots whose place is their class, each with its own size and shade; the input of a pair is their outline,
    their layout what lies inside of it. The second domain has as many, upside down, without one.

    width: of the pictures, where they are not to be square.
    """
    rng = torch.Generator().manual_seed(count)
    labels = torch.arange(count) % len(CLASSES)
    radius = 0.2 + 0.3 * torch.rand(count, 1, 1, 1, generator=rng)
    shade = 0.5 + 0.5 * torch.rand(count, channels, 1, 1, generator=rng)
    centre = PLACES[labels] + 0.1 * torch.randn(count, 2, generator=rng)
    rows, columns = torch.linspace(-1, 1, size).view(-1, 1), torch.linspace(-1, 1, width or size).view(1, -1)
    distance = (rows - centre[:, 0].view(-1, 1, 1, 1)).square() + (columns - centre[:, 1].view(-1, 1, 1, 1)).square()
    images = (255 * shade * torch.exp(-distance / radius.square())).to(torch.uint8)
    outlines = (255 * ((distance.sqrt() - radius).abs() < 0.1)).to(torch.uint8)
    known = {
        "images": images,
        "labels": labels,
        "inputs": outlines,
        "attributes": torch.cat([(radius > 0.35).float(), radius], dim=1).view(count, 2),
        "layout": (distance.sqrt() < radius)[:, 0].to(torch.uint8),
    }
    return ImageSet(spec(channels, size, width), known, images[1:].flip(2))


def dataset(channels: int = 1, size: int = 16) -> Dataset:
    """The same pictures in three splits."""
    whole = pictures(channels, size, count=48)
    parts = torch.arange(48).split([32, 8, 8])
    splits = {split: whole.take(rows) for split, rows in zip(Split, parts, strict=True)}
    return Dataset(DataPlan(size=size), whole.spec, splits)


def tiny_config(family: Family, changes: Mapping[str, Any] | None = None) -> FamilyConfig:
    """Settings for networks that take milliseconds per step, and no averaging unless asked for."""
    values: dict[str, Any] = {"ema": 0.0}
    for field in fields_of(family.Config):
        if field.key in SMALL and field.kind in (FieldKind.INTEGER, FieldKind.NUMBER):
            least = field.minimum if field.minimum is not None else SMALL[field.key]
            most = field.maximum if field.maximum is not None else SMALL[field.key]
            value = min(max(SMALL[field.key], least), most)
            values[field.key] = int(value) if field.kind is FieldKind.INTEGER else value
    return family.Config.parse({**values, **(changes or {})})


def choices(family: Family) -> list[dict[str, Any]]:
    """The default settings, and one change for each other choice that a setting has and the family does not refuse."""
    fields = [field for field in fields_of(family.Config) if field.kind is FieldKind.CHOICE]
    changes = [{field.key: choice} for field in fields for choice in field.choices if choice != field.default]
    return [{}, *(change for change in changes if refusal(family, change) is None)]


def refusal(family: Family, changes: Mapping[str, Any]) -> str | None:
    """The sentence with which a family refuses settings that cannot work together, or not here, or None."""
    try:
        build(family, tiny_config(family, changes), spec(), torch.Generator()).optimizers()
    except WrongUse as error:
        return str(error)
    return None


def plan_for(family: Family, changes: Mapping[str, Any] | None = None, **other: Any) -> RunPlan:
    """A plan of a hundred steps in float32 on the CPU. `changes` are settings of the family, `other` of the plan."""
    config = tiny_config(family, changes).model_dump(mode="json")
    fixed = {"steps": 100, "device": Device.CPU, "precision": Precision.FLOAT32, "checkpoint_every": 1e6}
    return RunPlan(family=family.info.key, config=config, **{**fixed, **other})


def differences(one: Any, other: Any, name: str = "") -> list[str]:
    """Where two states differ in a single bit; empty where they are equal."""
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        same = one.dtype == other.dtype and one.shape == other.shape and torch.equal(bits(one), bits(other))
        return [] if same else [name]
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return [f"{name}: other keys"]
        return [found for key in one for found in differences(one[key], other[key], f"{name}.{key}")]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for place, (a, b) in pairs for found in differences(a, b, f"{name}.{place}")]
    return [] if type(one) is type(other) and one == other else [f"{name}: {one} and {other}"]


def bits(tensor: Tensor) -> Tensor:
    """As bytes, so that NaN equals NaN and 0 differs from -0."""
    return tensor.detach().cpu().reshape(-1).contiguous().view(torch.uint8)


def train(learner: Learner, steps: int) -> None:
    for _ in range(steps):
        learner.take_step()
