"""How long the app takes to show itself, and until a run can be started."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import ClassVar

from gen_studio.benchmarks.benchmark import Benchmark, Conditions, Measured
from gen_studio.benchmarks.display import NO_DISPLAY, has_screen, missing_window, screen
from gen_studio.core import paths
from gen_studio.core.errors import UserError
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Progress, Report

REPEATS = 7
TIMEOUT_SECONDS = 180.0
# As the script that pip installs, which imports the command line first.
PROGRAM = (
    "import sys, gen_studio.cli; from gen_studio.benchmarks.window_opening import open_and_tell; "
    "open_and_tell(float(sys.argv[1]), sys.argv[2])"
)


class StartUp(Benchmark):
    """From just before the process is started, with the imports of the `gen-studio` command.

    The first start, which compiles everything and fills the disk's cache, does not count.
    """

    name = "start-up"
    summary = "From process start to a painted window, and until a run can start."
    goals: ClassVar = (
        Goal("visible s", "the window is painted", at_most=0.4),
        Goal("ready s", "torch and the models are loaded: Start works", at_most=6.0),
    )

    def obstacle(self, conditions: Conditions) -> str | None:
        return missing_window() or (None if has_screen() else NO_DISPLAY)

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        repeats = conditions.repeats or REPEATS
        with screen() as variables:
            rounds = []
            for number in range(repeats + 1):
                report(Progress(self.name, number, repeats + 1))
                rounds.append(_opened(workspace, variables))
        warm = rounds[1:]
        figures = {key: median(r[key] for r in warm) for key in warm[0]}
        figures |= {f"first {key}": value for key, value in rounds[0].items()}
        return Measured(figures=figures, settings={"repeats": repeats, "screen": "X11"}, repeats=tuple(warm))


def _opened(workspace: Path, variables: dict[str, str]) -> dict[str, float]:
    answer = workspace / "opened.json"
    surroundings = {**os.environ, **variables, paths.HOME_VARIABLE: str(workspace / "home")}
    # An installed app is byte-compiled; a checkout need not be, and is to stay as it is.
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    surroundings["PYTHONPYCACHEPREFIX"] = str(workspace / "compiled")
    started = time.time()
    command = [sys.executable, "-c", PROGRAM, repr(started), str(answer)]
    done = subprocess.run(
        command, env=surroundings, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    if done.returncode != 0 or not answer.exists():
        raise UserError(f"The app did not open (exit status {done.returncode}): {done.stderr.strip()[-800:]}")
    readings: dict[str, float] = json.loads(answer.read_text())
    answer.unlink()
    if "ready s" not in readings:
        raise UserError("The app opened, but its models were not loaded in two minutes. See whether it opens at all.")
    return readings
