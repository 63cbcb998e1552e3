"""A recipe as a benchmark: long, and without a clock that counts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import torch

from gen_studio.benchmarks.benchmark import Benchmark, Conditions, Measured, missing_data
from gen_studio.core.cores import usable_cores
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Report
from gen_studio.core.plan import RunPlan
from gen_studio.metrics.measures import find
from gen_studio.recipes import recipe
from gen_studio.recipes.check import Kitchen


class Evidence(Benchmark):
    """A definition names the recipe; the recipe brings the plan and the goals."""

    long: ClassVar[bool] = True
    recipe_name: ClassVar[str]

    def obstacle(self, conditions: Conditions) -> str | None:
        return missing_data(recipe.find(self.recipe_name).plan_at(conditions.root).data, conditions)

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        torch.set_num_threads(conditions.threads or usable_cores())
        notes: list[str] = []
        kitchen = Kitchen(conditions.root, conditions.device, report, notes.append)
        outcome = kitchen.run(recipe.find(self.recipe_name).shortened(conditions.share), workspace / "run")
        figures = {
            **outcome.figures,
            "training seconds": outcome.seconds,
            "images/s": outcome.pictures_per_second,
        }
        return Measured(figures=figures, settings=_settings(outcome.plan), notes=tuple(notes))


def goals_of(name: str) -> tuple[Goal, ...]:
    """A recipe's goals, each with what its figure is."""
    goals = recipe.find(name).goals
    return tuple(Goal(goal.key, find(goal.key).words, goal.at_least, goal.at_most) for goal in goals)


def _settings(plan: RunPlan) -> Mapping[str, Any]:
    settings = plan.model_dump(mode="json", exclude={"format_version", "checkpoint_every", "keep_checkpoints"})
    settings["data"] = {key: value for key, value in settings["data"].items() if value is not None and key != "path"}
    return settings
