"""From a plan with open ends to a session under way: what was left open is decided here, once, and written down."""

import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from gen_studio.core.config import FieldKind, FieldSpec, fields_of
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.plan import Device, Precision, RunPlan
from gen_studio.core.runs import RunFolder, Status, check_free
from gen_studio.data import catalog
from gen_studio.data.dataset import Dataset
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.training import checkpoint
from gen_studio.training.device import bf16_gain, choose_device, has_bf16_units, is_out_of_memory, synchronise
from gen_studio.training.learner import Learner
from gen_studio.training.session import TrainingSession

WORTH_IT = 1.1


@dataclass(frozen=True)
class Prepared:
    """A plan with nothing left open, and its data. `notes` say what was decided, in sentences for the user."""

    plan: RunPlan
    dataset: Dataset
    notes: tuple[str, ...]
    pictures_per_step: int


@contextmanager
def _enough_memory() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise UserError(
            "Memory ran out before the first step. Choose a smaller model, smaller pictures or fewer of them per step."
        ) from error


@_enough_memory()
def prepare(plan: RunPlan, *, report: Report = unheard, download: bool = False, root: Path | None = None) -> Prepared:
    """Loads the data and decides size, device and precision. Raises WrongUse before anything is written."""
    family = registry.find(plan.family)
    config = family.Config.parse(plan.config)
    device = choose_device(plan.device)
    data = plan.data
    if data.size is None:
        data = data.model_copy(update={"size": family.fitting_size(catalog.source_of(data.source).info.default_size)})
    dataset = catalog.load(data, report=report, download=download, root=root)
    with torch.device("meta"):
        # Built for nothing but its objections, without memory or time, before a folder is made.
        unweighted = build(family, config, dataset.spec, torch.Generator(device="cpu"))
    plan = plan.model_copy(
        update={
            "data": dataset.plan,
            "config": config.model_dump(mode="json"),
            "device": device,
        }
    )
    report(Progress("Choosing the number format"))
    plan, note = _with_precision(plan, dataset)
    return Prepared(plan, dataset, (*dataset.notes, *note), unweighted.pictures_per_step)


@_enough_memory()
def start(
    plan: RunPlan,
    path: Path | Callable[[RunPlan], Path],
    *,
    epochs: float | None = None,
    name: str | None = None,
    report: Report = unheard,
    download: bool = False,
    root: Path | None = None,
) -> tuple[TrainingSession, tuple[str, ...]]:
    """A new run in a new or empty folder, and the notes on what was decided. After an error there is no such folder.

    path: the folder, or a function that names one once the plan is complete. epochs: how often each training picture
    is to be seen; it takes the place of the plan's steps. name: what the run is called in lists.
    """
    if isinstance(path, Path):
        check_free(path)  # before the data is read, which may take minutes
    prepared = prepare(plan, report=report, download=download, root=root)
    plan = prepared.plan if epochs is None else _with_epochs(prepared, epochs)
    status = Status(name=name or run_name(plan), data_title=data_title(plan))
    place = path(plan) if callable(path) else path
    is_ours = not place.exists() or (place.is_dir() and not any(place.iterdir()))
    try:
        session = TrainingSession(plan, prepared.dataset, RunFolder.create(place, plan, status))
    except BaseException:
        # A run that never began would stand in the list of runs.
        if is_ours:
            shutil.rmtree(place, ignore_errors=True)
        raise
    return session, prepared.notes


@_enough_memory()
def resume(
    path: Path,
    *,
    steps: int | None = None,
    from_step: int | None = None,
    device: Device | None = None,
    report: Report = unheard,
    root: Path | None = None,
) -> TrainingSession:
    """Goes on with a run from its newest checkpoint, or the one named. `steps` is the new total to reach.

    Raises WrongUse for a total that is behind it already; the run is then as it was.
    """
    folder = RunFolder.open(path)
    plan = folder.plan()
    if steps is not None:
        plan = RunPlan.parse({**plan.model_dump(), "steps": steps})
        reached = checkpoint.pick(folder, from_step) if folder.checkpoint_steps() else 0
        if steps < reached:
            raise WrongUse(
                f"{path} is at step {reached:,} already, and {steps:,} is the total to reach. Name a larger one."
            )
    plan = plan.model_copy(update={"device": choose_device(device or plan.device)})
    dataset = catalog.load(plan.data, report=report, root=root)
    session = TrainingSession(plan, dataset, folder, from_step)
    try:
        folder.write_plan(plan)
    except BaseException:
        session.close()
        raise
    return session


def run_name(plan: RunPlan) -> str:
    """The family's title and the settings that were changed, as far as they fit: "DCGAN, hinge"."""
    family = registry.find(plan.family)
    changed = [
        _in_words(spec, plan.config[spec.key])
        for spec in fields_of(family.Config)
        if spec.key in plan.config and plan.config[spec.key] != spec.default
    ]
    return ", ".join([family.info.title, *changed[:2]])


def data_title(plan: RunPlan) -> str:
    """The source in a word or two: its title, or the name of the folder."""
    info = catalog.source_of(plan.data.source).info
    title = Path(plan.data.path).stem if plan.data.path and info.needs_path else info.title
    paired = plan.data.pairs or plan.data.counterpart
    return ", ".join(word for word in (title, paired.value if paired else plan.data.domains) if word)


def _with_epochs(prepared: Prepared, epochs: float) -> RunPlan:
    steps = math.ceil(epochs * len(prepared.dataset.train) / prepared.pictures_per_step)
    return RunPlan.parse({**prepared.plan.model_dump(), "steps": steps})


def _in_words(spec: FieldSpec, value: object) -> str:
    match spec.kind:
        case FieldKind.CHOICE | FieldKind.TEXT:
            return str(value)
        case FieldKind.SWITCH:
            return spec.title.lower() if value else f"no {spec.title.lower()}"
        case FieldKind.INTEGER | FieldKind.NUMBER:
            return f"{spec.title.lower()} {value:g}" if isinstance(value, int | float) else spec.title.lower()


def _with_precision(plan: RunPlan, dataset: Dataset) -> tuple[RunPlan, tuple[str, ...]]:
    if plan.precision is not Precision.AUTO:
        return plan, ()
    if not has_bf16_units(plan.device):
        return plan.model_copy(update={"precision": Precision.FLOAT32}), ()
    trial = Learner(plan, dataset.train)

    def step(precision: Precision) -> None:
        trial.take_step(precision=precision)
        synchronise(plan.device)

    gain = bf16_gain(step, plan.device)
    chosen = Precision.BF16 if gain >= WORTH_IT else Precision.FLOAT32
    note = f"Trains in {chosen.value}: a step in bf16 is {gain:.2f} times as fast as in float32 here."
    return plan.model_copy(update={"precision": chosen}), (note,)
