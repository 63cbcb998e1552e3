"""The list of runs, and one run in full: read from their folders without torch."""

import time
from pathlib import Path
from typing import Any

from gen_studio.commands.output import Answer, note, table
from gen_studio.core import paths
from gen_studio.core.runs import RunFolder, RunSummary, list_runs


def runs() -> Answer:
    """All runs in the app's folder, the newest first."""
    found = list_runs(paths.runs())
    if not found:
        note(f"There are no runs in {paths.runs()} yet. Start one with gen-studio train.")
    return Answer([_row(run) for run in found], table([_cells(run) for run in found], HEADS) if found else "")


HEADS = ("NAME", "DATA", "STATE", "STEP", "CHANGED", "FOLDER")


def show(path: Path) -> Answer:
    """One run: its plan, how it stands, its last readings and its checkpoints."""
    document = run_document(RunFolder.open(path))
    return Answer(document, table([(key.replace("_", " "), _words(value)) for key, value in document.items()]))


def run_document(folder: RunFolder) -> dict[str, Any]:
    """A run in plain values."""
    run, status = folder.summary(), folder.status()
    steps, values = folder.read_metrics()
    return {
        **_row(run),
        "sentence": status.sentence,
        "score": status.score,
        "best_step": status.best_step,
        "seconds": round(status.seconds, 1),
        "checkpoints": folder.checkpoint_steps(),
        "readings": {key: float(column[-1]) for key, column in values.items() if len(steps)},
        "plan": run.plan.model_dump(mode="json"),
    }


def _row(run: RunSummary) -> dict[str, Any]:
    return {
        "run": str(run.path),
        "name": run.name,
        "family": run.plan.family,
        "data": run.data_title,
        "state": run.state.value,
        "step": run.step,
        "steps": run.plan.steps,
        "changed": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(run.changed)),
    }


def _cells(run: RunSummary) -> tuple[str, ...]:
    changed = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.changed))
    return (run.name, run.data_title, run.state.value, f"{run.step:,} of {run.plan.steps:,}", changed, str(run.path))


def _words(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(f"{key} {_words(item)}" for key, item in value.items() if item not in (None, {}))
        case list():
            return ", ".join(_words(item) for item in value) or "none yet"
        case None:
            return "–"
        case float():
            return f"{value:.4g}"
        case _:
            return str(value)
