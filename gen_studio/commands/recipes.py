"""The recipes: what there is, and whether they still reach their goals."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.looking import parse_device
from gen_studio.commands.output import Answer, table
from gen_studio.commands.training import report_to
from gen_studio.core import paths
from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.meter import Meter
from gen_studio.core.runs import new_path
from gen_studio.core.words import duration
from gen_studio.metrics.measures import find as find_measure
from gen_studio.recipes import recipe as cookbook
from gen_studio.recipes.check import Kitchen, Outcome
from gen_studio.recipes.recipe import Recipe

STOPPED = "Stopped before it was judged."
HEADS = ("RECIPE", "GOAL", "RESULT", "", "TRAINED FOR")


def listing(names: Sequence[str]) -> Answer:
    """The recipes named, or all."""
    chosen = [cookbook.find(name) for name in names] or list(cookbook.recipes().values())
    rows = [(recipe.name, recipe.title, _goals(recipe), f"{recipe.minutes:g} min") for recipe in chosen]
    return Answer([_recipe(recipe) for recipe in chosen], table(rows, ("NAME", "WHAT IT TRAINS", "GOALS", "WITHIN")))


def check(
    names: Sequence[str], interrupt: Interrupt, *, device: str | None, root: Path | None, runs: Path | None
) -> Answer:
    """Trains and judges the recipes named, or all that do not ask for an accelerator, one after the other.

    One that cannot be run is said and does not keep the others from being run. After a signal it is said what came of
    those that were judged by then.
    """
    chosen = [cookbook.find(name) for name in names] or [
        recipe for recipe in cookbook.recipes().values() if not recipe.wants_accelerator
    ]
    place = None if device is None else parse_device(device)
    folder = runs or paths.runs()
    documents: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    with Meter() as meter:
        kitchen = Kitchen(root, place, report_to(meter, interrupt), meter.note)
        for recipe in chosen:
            path = new_path(folder, ["recipe", recipe.name])
            try:
                outcome = kitchen.run(recipe, path)
            except UserError as error:
                meter.note(f"{recipe.name}: {error}")
                documents.append({"recipe": recipe.name, "error": str(error)})
                rows.append((recipe.name, "", "not run", "", ""))
                continue
            except Cancelled:
                where = {"run": str(path)} if path.exists() else {}
                documents.append({"recipe": recipe.name, "error": STOPPED, **where})
                rows.append((recipe.name, "", "stopped", "", ""))
                return Answer(documents, table(rows, HEADS), interrupt.status)
            documents.append({**_outcome(outcome), "run": str(path)})
            for row in _rows(outcome):
                meter.note("  ".join(row))
                rows.append(row)
    done = all(document.get("reached") and document.get("in_time") for document in documents)
    return Answer(documents, table(rows, HEADS), 0 if done else 1)


def _goals(recipe: Recipe) -> str:
    return ", ".join(f"{goal.key} {goal.bound}" for goal in recipe.goals)


def _rows(outcome: Outcome) -> list[tuple[str, ...]]:
    recipe = outcome.recipe
    rows: list[tuple[str, ...]] = [
        (
            recipe.name,
            f"{goal.key} {goal.bound}",
            f"{outcome.figures[goal.key]:.4g}",
            "met" if goal.is_met(outcome.figures[goal.key]) else "MISSED",
            duration(outcome.seconds),
        )
        for goal in recipe.goals
    ]
    if not outcome.in_time:
        rows.append((recipe.name, f"within {recipe.minutes:g} min", duration(outcome.seconds), "MISSED", ""))
    return rows


def _recipe(recipe: Recipe) -> dict[str, Any]:
    goals = [
        {"key": g.key, "words": find_measure(g.key).words, "at_least": g.at_least, "at_most": g.at_most}
        for g in recipe.goals
    ]
    return {**recipe.model_dump(mode="json"), "goals": goals}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    recipe = outcome.recipe
    goals = [
        {"key": g.key, "bound": g.bound, "value": outcome.figures[g.key], "met": g.is_met(outcome.figures[g.key])}
        for g in recipe.goals
    ]
    return {
        "recipe": recipe.name,
        "reached": outcome.reached,
        "in_time": outcome.in_time,
        "goals": goals,
        "figures": dict(outcome.figures),
        "seconds": outcome.seconds,
        "minutes_allowed": recipe.minutes,
        "images_per_second": outcome.pictures_per_second,
        "plan": outcome.plan.model_dump(mode="json"),
    }
