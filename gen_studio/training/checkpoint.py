"""Checkpoints: all that a run needs to go on as if it had never stopped, and all that looking at its model needs."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from pydantic import Field
from safetensors import SafetensorError
from torch import Tensor

from gen_studio.core import atomic
from gen_studio.core.annotations import Attribute, LayoutClass
from gen_studio.core.config import Config
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.runs import RunFolder
from gen_studio.data.spec import DataSpec
from gen_studio.models import registry
from gen_studio.models.base import FamilyConfig, TrainableModel, build
from gen_studio.training import state_tree

FORMAT_VERSION = 1
CARD, SHOWN, TRAINING = "model.json", "shown.safetensors", "training"

Model = TrainableModel[FamilyConfig]


class Card(Config):
    """What is needed to build the model again: saved as plain JSON beside its weights."""

    family: str
    config: dict[str, Any]
    channels: int = Field(ge=1)
    height: int = Field(ge=1)
    width: int = Field(ge=1)
    classes: tuple[str, ...] = ()
    input_channels: int | None = None
    attributes: tuple[Attribute, ...] = ()
    layout: tuple[LayoutClass, ...] = ()
    domains: tuple[str, ...] = ()
    step: int
    score: float | None = None
    format_version: int = Field(FORMAT_VERSION, le=FORMAT_VERSION)

    @property
    def spec(self) -> DataSpec:
        return DataSpec(
            self.channels,
            self.height,
            self.width,
            self.classes,
            self.input_channels,
            self.attributes,
            self.layout,
            self.domains,
        )


@dataclass(frozen=True)
class Loaded:
    """A model as it is shown, in evaluation mode on the CPU, and its card."""

    model: Model
    card: Card


def make_card(model: Model, step: int, score: float | None) -> Card:
    return Card(
        family=model.info.key, config=model.config.model_dump(mode="json"), step=step, score=score, **asdict(model.data)
    )


def write(folder: RunFolder, card: Card, shown: Mapping[str, Tensor], training: state_tree.Tree) -> Path:
    """Writes one checkpoint in one step: it is there whole, or not at all.

    shown: the state of the model as it is shown (with averaged weights); training: everything else, see the session.
    """
    path = folder.checkpoint(card.step)
    with atomic.new_folder(path) as unfinished:
        (unfinished / CARD).write_bytes(card.model_dump_json(indent=2).encode() + b"\n")
        weights = {key: state_tree.plain(tensor) for key, tensor in shown.items()}
        state_tree.write_tensors(unfinished / SHOWN, weights, {"format": "pt", "family": card.family})
        state_tree.save(unfinished / TRAINING, training)
    return path


def read_card(folder: RunFolder, step: int) -> Card:
    path = folder.checkpoint(step) / CARD
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(_damaged(folder, step, str(error))) from error
    try:
        version = json.loads(content)["format_version"]
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise UserError(
                f"The checkpoint at step {step:,} of {folder.path} was written by a newer version of Gen Studio. "
                "Update the app to open it."
            )
        return Card.model_validate_json(content)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UserError(_damaged(folder, step, "its description is not readable")) from error


def read_training(folder: RunFolder, step: int) -> state_tree.Tree:
    """The training state of a checkpoint. Raises UserError where it is damaged."""
    try:
        return state_tree.load(folder.checkpoint(step) / TRAINING)
    except (OSError, ValueError) as error:
        raise UserError(_damaged(folder, step, first_line(error))) from error


def load_shown(folder: RunFolder, step: int | None = None) -> Loaded:
    """The model of a checkpoint, the newest unless a step is given, ready to be looked at."""
    step = pick(folder, step)
    card = read_card(folder, step)
    family = registry.find(card.family)
    try:
        model = build(family, family.Config.parse(card.config), card.spec, torch.Generator())
        model.load_state_dict(state_tree.read_tensors(folder.checkpoint(step) / SHOWN))
        model.step = step
    except (OSError, SafetensorError, RuntimeError) as error:
        raise UserError(_damaged(folder, step, first_line(error))) from error
    return Loaded(model.eval().requires_grad_(False), card)


def pick(folder: RunFolder, step: int | None) -> int:
    """The newest checkpoint, or the one asked for. Raises UserError where there is none, WrongUse for another step."""
    steps = folder.checkpoint_steps()
    if not steps:
        raise UserError(f"{folder.path} has no checkpoint yet. Train it first: gen-studio resume {folder.path}")
    if step is None:
        return steps[-1]
    if step not in steps:
        have = ", ".join(f"{s:,}" for s in steps)
        raise WrongUse(f"{folder.path} has no checkpoint at step {step:,}. It has {have}.")
    return step


def prune(folder: RunFolder, keep: int, best: int | None) -> None:
    """Removes all checkpoints but the newest `keep` and the best one."""
    steps = folder.checkpoint_steps()
    for step in steps[:-keep]:
        if step != best:
            remove(folder, step)


def remove(folder: RunFolder, step: int) -> None:
    """Deletes one checkpoint, in one step too: half of one would look like a damaged one."""
    atomic.remove_folder(folder.checkpoint(step))


def first_line(error: Exception) -> str:
    """What went wrong, short enough for a sentence; torch lists every key after the first line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".:")


def _damaged(folder: RunFolder, step: int, reason: str) -> str:
    others = [s for s in folder.checkpoint_steps() if s != step]
    way_out = f"Use the one at step {others[-1]:,} instead (--step {others[-1]})." if others else "Start a new run."
    return f"The checkpoint at step {step:,} of {folder.path} is damaged: {reason}. {way_out}"
