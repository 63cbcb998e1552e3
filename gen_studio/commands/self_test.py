"""Tries everything that a run needs, in small: what fails here would fail a user in the middle of something."""

import importlib
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import torch

from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.output import Answer, table
from gen_studio.core import atomic, paths
from gen_studio.core.demo import demo_plan
from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.events import Reason
from gen_studio.core.jobs import Progress
from gen_studio.core.meter import Meter
from gen_studio.core.plan import DataPlan, PairFilter, Precision, RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.core.words import size
from gen_studio.data import catalog
from gen_studio.models import registry
from gen_studio.models.registry import Family
from gen_studio.training import checkpoint, start
from gen_studio.training.device import available_devices, has_bf16_units
from gen_studio.training.session import TrainingSession

STEPS, BATCH = 5, 8
PICTURES, SIZE = 256, 32
"""Of drawn sets, for families that need more than the digits have."""
ENOUGH_ROOM = 1e9
LIBRARIES = ("torch", "torchvision", "numpy", "PIL", "pydantic", "safetensors", "sklearn", "tensorboard")
WINDOW = ("PySide6-Essentials", "pyqtgraph")


@dataclass(frozen=True)
class Check:
    """One thing that was tried. `detail` says what was found, or what went wrong."""

    name: str
    ok: bool
    detail: str
    seconds: float


def self_test(interrupt: Interrupt) -> Answer:
    """All checks; the exit status is 1 when one of them fails."""
    checks: list[Check] = []
    with Meter() as meter, tempfile.TemporaryDirectory(prefix="gen-studio-self-test-") as folder:
        tests = list(_tests(Path(folder)))
        for place, (name, test) in enumerate(tests):
            if interrupt.requested:
                raise Cancelled
            meter.report(Progress(f"Testing {name}", place, len(tests)))
            checks.append(_tried(name, test))
    passed = all(check.ok for check in checks)
    rows = [("ok" if check.ok else "FAILED", check.name, f"{check.seconds:.1f} s", check.detail) for check in checks]
    document = {"ok": passed, "checks": [asdict(check) for check in checks]}
    return Answer(document, table(rows), 0 if passed else 1)


def _tests(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "libraries", _libraries
    yield "devices", _devices
    yield "number format", _number_format
    yield "disk", _disk
    for key, family in registry.families().items():
        yield key, lambda key=key, family=family: _family(family, folder / key)  # type: ignore[misc]


def _tried(name: str, test: Callable[[], str]) -> Check:
    started = time.perf_counter()
    try:
        ok, detail = True, test()
    except UserError as error:
        ok, detail = False, str(error)
    except Exception as error:  # a family of somebody else's may raise anything; the other checks are still of use
        ok, detail = False, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
    return Check(name, ok, detail, round(time.perf_counter() - started, 2))


def _libraries() -> str:
    for name in LIBRARIES:
        importlib.import_module(name)
    if registry.problems():
        raise UserError(" ".join(registry.problems()))
    window = [_version(name) for name in WINDOW]
    return ", ".join([f"Python {platform.python_version()}", *(_version(name) for name in ("torch", "numpy")), *window])


def _version(package: str) -> str:
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return f"no {package} (only the window needs it)"


def _devices() -> str:
    for device in available_devices():
        ones = torch.ones(64, 64, device=device.value)
        if float((ones @ ones).sum().item()) != 64.0**3:
            raise UserError(f"The {device.value} device multiplies matrices wrongly. Update its driver.")
    names = ", ".join(device.value for device in available_devices())
    return f"{names}; {torch.get_num_threads()} threads"


def _number_format() -> str:
    device = available_devices()[0]
    if not has_bf16_units(device):
        return "float32: this machine has no bf16 units"
    prepared = start.prepare(demo_plan().model_copy(update={"precision": Precision.AUTO}))
    return prepared.notes[-1]


def _disk() -> str:
    home = paths.home()
    probe = home / ".self-test"
    atomic.write_bytes(probe, b"\0" * 1024)
    probe.unlink()
    free = shutil.disk_usage(home).free
    if free < ENOUGH_ROOM:
        raise UserError(f"{home} has {size(free)} left, and runs need more. Free some, or set {paths.HOME_VARIABLE}.")
    return f"{size(free)} free in {home}"


def _family(family: Family, folder: Path) -> str:
    """A short run, its checkpoint read back, and one step more from there."""
    config = {"batch_size": BATCH}
    plan = RunPlan(
        family=family.info.key, data=data_for(family), config=config, steps=STEPS, precision=Precision.FLOAT32
    )
    session, _ = start.start(plan, folder)
    reading = _finish(session)
    checkpoint.load_shown(RunFolder.open(folder))
    _finish(start.resume(folder, steps=STEPS + 1))
    return f"{STEPS} steps, saved, read and resumed; {reading}"


def data_for(family: Family) -> DataPlan:
    """Pictures that are always there and have what the family needs: the digits, or else a drawn set."""
    pairs = PairFilter.EDGES if "pairs" in family.needs else None
    others = set(family.needs) - {"pairs", "domains"}
    for source in catalog.describe():
        divided = source.usual_domains if "domains" in family.needs else None
        if source.needs_path or source.downloadable or not others <= set(source.offers) or divided == "":
            continue
        plan = DataPlan(source=source.key, pairs=pairs, domains=divided)
        return plan.model_copy(update={"size": SIZE, "count": PICTURES}) if source.drawn else plan
    raise UserError(
        f"{family.info.title} needs {', '.join(family.needs)}, and no data set without a download has that."
    )


def _finish(session: TrainingSession) -> str:
    metric = type(session.learner.model).metrics[0]
    with session:
        while session.ended is None:
            session.advance(1.0)
        if session.ended.reason is not Reason.FINISHED:
            raise UserError(session.ended.sentence)
        _, values = session.folder.read_metrics()
    return f"{metric.title} {np.mean(values[metric.key]):.4g}"
