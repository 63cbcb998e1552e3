"""A recipe: a whole run as a file, with the goals that it has to reach, written down before it was run."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import Field, field_validator

from gen_studio.core import paths
from gen_studio.core.config import Config
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.goal import Goal
from gen_studio.core.plan import Device, RunPlan
from gen_studio.core.words import one_of

FOLDER = "recipes"


class PlannedRun(Config):
    """A run as a file plans it. epochs: takes the place of the plan's steps.

    Paths of the plan that are not absolute are looked for in the folder of data sets.
    """

    name: str
    title: str
    plan: RunPlan
    epochs: float | None = None

    def plan_at(self, root: Path | None) -> RunPlan:
        """The plan with its data's paths completed. root: the folder of data sets; None for the one always used."""
        data = self.plan.data
        folder = paths.datasets(root)
        # An absolute path stays what it is.
        wanted = {"path": data.path, "other_path": data.other_path}
        whole = {key: str(folder / path) for key, path in wanted.items() if path is not None}
        return self.plan.model_copy(update={"data": data.model_copy(update=whole)})


class Recipe(PlannedRun):
    """One file of `resources/recipes`; its name is the file's.

    minutes: what it may take, on two CPU cores unless the plan names another device. departs: where it departs from
    its paper on purpose, in a sentence.
    """

    goals: tuple[Goal, ...]
    minutes: float = Field(gt=0)
    departs: str = ""

    @field_validator("goals")
    @classmethod
    def _can_be_missed(cls, goals: tuple[Goal, ...]) -> tuple[Goal, ...]:
        if not goals or any(goal.at_least is None and goal.at_most is None for goal in goals):
            raise ValueError("A recipe needs goals, each with at_least or at_most.")
        return goals

    @property
    def wants_accelerator(self) -> bool:
        return self.plan.device not in (Device.AUTO, Device.CPU)

    def shortened(self, share: float) -> "Recipe":
        """So much of the training, to try the machinery out; no goal counts then."""
        if share >= 1:
            return self
        plan = self.plan.model_copy(update={"steps": max(1, round(self.plan.steps * share))})
        return self.model_copy(update={"plan": plan, "epochs": self.epochs and self.epochs * share})


def recipes() -> Mapping[str, Recipe]:
    """The app's own, by name: those for two CPU cores first."""
    found = [_read(file) for file in sorted((paths.resources() / FOLDER).glob("*.json"))]
    found.sort(key=lambda recipe: recipe.wants_accelerator)
    return MappingProxyType({recipe.name: recipe for recipe in found})


def find(word: str) -> Recipe:
    """The recipe of that name, or in that file. Raises WrongUse with a suggestion, UserError for a damaged file."""
    path = Path(word).expanduser()
    if path.suffix == ".json" or os.sep in word:
        if not path.is_file():
            raise WrongUse(f"There is no recipe at {path}. Check the path, or list recipes with gen-studio recipes.")
        return _read(path)
    known = recipes()
    if word not in known:
        raise WrongUse(f'There is no recipe "{word}". {one_of("Recipes", list(known), wrong=word)}')
    return known[word]


def read_json(file: Path, noun: str) -> dict[str, Any]:
    """The settings in a file, with the file's name as theirs. Raises UserError where it is damaged."""
    try:
        content: Any = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"The {noun} {file} cannot be read: {error}. Write it again, or choose another.") from error
    if not isinstance(content, dict):
        raise UserError(f"{file} is not a {noun}: it holds no settings. Choose another file.")
    return {"name": file.stem, **content}


def _read(file: Path) -> Recipe:
    content = read_json(file, "recipe")
    try:
        return Recipe.parse(content)
    except WrongUse as error:
        raise UserError(f"{file} is not a recipe: {error}") from error
