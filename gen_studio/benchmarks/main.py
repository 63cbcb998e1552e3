"""Runs benchmarks one after the other and gathers what came out, with the machine it came out on."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from gen_studio.benchmarks import hardware, registry
from gen_studio.benchmarks.benchmark import Benchmark, Conditions, Measured
from gen_studio.core import atomic, paths
from gen_studio.core.errors import UserError
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Report, unheard


def names() -> Mapping[str, str]:
    """Every benchmark and what it measures, in one line."""
    return {name: benchmark.summary for name, benchmark in registry.benchmarks().items()}


def run(
    names: Sequence[str],
    out: Path | None,
    *,
    conditions: Conditions | None = None,
    report: Report = unheard,
) -> dict[str, Any]:
    """Runs the named benchmarks, or all but the long ones, and gives one JSON document; `out` gets a copy.

    The document grows in `out` as benchmarks finish, so that breaking off loses only the one under way. Raises
    WrongUse for an unknown name before anything is run.
    """
    conditions = conditions or Conditions()
    chosen = [registry.find(name) for name in names] or _short_ones()
    document: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "hardware": hardware.describe(),
        "versions": hardware.versions(),
        "environment": hardware.variables(),
        "conditions": {
            "device": conditions.device.value,
            "share": conditions.share,
        },
        "benchmarks": {},
    }
    for benchmark in chosen:
        document["benchmarks"][benchmark.name] = _result(benchmark, conditions, report)
        if out is not None:
            atomic.write_text(out, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return document


def succeeded(document: Mapping[str, Any]) -> bool:
    """Whether nothing broke off. A goal that was missed is a result, not a failure."""
    return all("failed" not in result for result in document["benchmarks"].values())


def lines(document: Mapping[str, Any]) -> list[str]:
    """The document for a reader: one line per goal, then the figures."""
    said: list[str] = []
    for name, result in document["benchmarks"].items():
        said.append(name)
        for key in ("skipped", "failed"):
            if key in result:
                said.append(f"  {key}: {result[key]}")
        for goal in result.get("goals", ()):
            value = "not measured" if goal["value"] is None else f"{goal['value']:.4g}"
            verdict = {True: "met", False: "MISSED", None: "open"}[goal["met"]]
            said.append(f"  {verdict:>6}  {goal['key']}: {value} (goal {goal['bound']})")
        said += [f"          {key}: {value:.4g}" for key, value in result.get("figures", {}).items()]
        said += [f"  {note}" for note in result.get("notes", ())]
    return said


def _short_ones() -> list[Benchmark]:
    return [benchmark for benchmark in registry.benchmarks().values() if not benchmark.long]


def _result(benchmark: Benchmark, conditions: Conditions, report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {"summary": benchmark.summary}
    obstacle = benchmark.obstacle(conditions)
    if obstacle:
        return {**result, "skipped": obstacle}
    started = perf_counter()
    with TemporaryDirectory(prefix="gen-studio-bench-", ignore_cleanup_errors=True) as name:
        workspace = Path(name)
        try:
            with _home_in(workspace / "home"):
                measured = benchmark.measure(conditions, workspace, report)
        except UserError as error:
            return {**result, "failed": str(error)}
    counts = conditions.share >= 1
    return {
        **result,
        "took seconds": round(perf_counter() - started, 1),
        "goals": [_judged(goal, measured, counts) for goal in benchmark.goals],
        "figures": dict(measured.figures),
        "settings": dict(measured.settings),
        "notes": list(measured.notes),
        "repeats": [dict(repeat) for repeat in measured.repeats],
    }


@contextmanager
def _home_in(folder: Path) -> Iterator[None]:
    """Runs and decoded pictures of a benchmark do not end up among the user's. Named data sets stay where they are."""
    kept = {name: os.environ.get(name) for name in (paths.HOME_VARIABLE, paths.DATASETS_VARIABLE)}
    os.environ[paths.DATASETS_VARIABLE] = str(paths.datasets())
    os.environ[paths.HOME_VARIABLE] = str(folder)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _judged(goal: Goal, measured: Measured, counts: bool) -> dict[str, Any]:
    value = measured.figures.get(goal.key)
    met = None if value is None or not counts else goal.is_met(value)
    return {"key": goal.key, "goal": goal.words, "bound": goal.bound, "value": value, "met": met}
