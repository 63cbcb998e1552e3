"""Measures a variant in a process of its own: what one imported, allocated or left running does not touch the next."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gen_studio.benchmarks.benchmark import Conditions
from gen_studio.core import paths
from gen_studio.core.cores import usable_cores
from gen_studio.core.errors import UserError
from gen_studio.core.plan import Device

TIMEOUT_SECONDS = 900.0
LAST_LINES = 12


@dataclass(frozen=True)
class Errand:
    """Which variant of which benchmark the process is to measure, and where it says what came out."""

    benchmark: str
    variant: str
    conditions: Conditions
    workspace: Path
    answer: Path

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=_plain)

    @classmethod
    def from_json(cls, text: str) -> "Errand":
        values = json.loads(text)
        given = values["conditions"]
        root = Path(given["root"]) if given["root"] else None
        conditions = Conditions(**{**given, "device": Device(given["device"]), "root": root})
        return cls(
            values["benchmark"], values["variant"], conditions, Path(values["workspace"]), Path(values["answer"])
        )


def measured_apart(errand: Errand, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Runs an errand in a new process and gives its answer. Raises UserError with the end of what it said."""
    errand.workspace.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gen_studio.benchmarks.variant", errand.to_json()]
    surroundings = {
        **os.environ,
        "OMP_NUM_THREADS": str(errand.conditions.threads or usable_cores()),
        paths.HOME_VARIABLE: str(errand.workspace / "home"),
        **(environment or {}),
    }
    done = subprocess.run(
        command, env=surroundings, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    if done.returncode != 0 or not errand.answer.exists():
        end = "\n".join((done.stderr or done.stdout).strip().splitlines()[-LAST_LINES:])
        raise UserError(
            f'The variant "{errand.variant}" of {errand.benchmark} broke off. The end of what it said:\n{end}'
        )
    answer: dict[str, float] = json.loads(errand.answer.read_text())
    errand.answer.unlink()
    return answer


def _plain(value: Any) -> str:
    return str(value.value) if isinstance(value, Device) else str(value)
