"""Writes the page that sets runs side by side, and trains a study's runs first where they are missing."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from gen_studio.benchmarks import hardware
from gen_studio.commands import training
from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.looking import parse_device
from gen_studio.commands.output import Answer, note
from gen_studio.comparison.compare import Question, compare
from gen_studio.comparison.page import render
from gen_studio.core import atomic, paths
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.meter import Meter
from gen_studio.core.plan import Device
from gen_studio.core.runs import PLAN, RunFolder, State
from gen_studio.core.words import count, duration
from gen_studio.metrics.measures import find as find_measure
from gen_studio.recipes import study as studies
from gen_studio.recipes.study import Study, StudyRun
from gen_studio.training import start
from gen_studio.training.device import choose_device
from gen_studio.training.session import TrainingSession

SUFFIXES = (".html", ".htm")


@dataclass(frozen=True)
class Asked:
    """What `compare` was asked for, as words from the command line. metrics: keys with commas between them.

    runs: the runs to compare; or a study, whose runs are in `folder`, or in the app's own.
    """

    runs: Sequence[Path]
    out: Path
    study: str | None = None
    folder: Path | None = None
    samples: int = 16
    seed: int = 0
    metrics: str | None = None
    device: str = Device.AUTO.value
    root: Path | None = None
    force: bool = False


def compare_runs(asked: Asked, interrupt: Interrupt) -> Answer:
    """The page's path, and the figures on it."""
    if asked.study is not None and asked.runs:
        raise WrongUse("A study names its runs. Leave the runs out, or leave --study out.")
    study = None if asked.study is None else studies.find(asked.study)
    _check_out(asked.out, asked.force)
    question = _question(asked, study)
    runs = asked.runs
    if study is not None:
        status = _train(study, asked, interrupt)
        if status:
            return Answer({"study": study.name, "stopped": True}, "", status)
        runs = _folders(study, asked)
    with Meter() as meter:
        comparison = compare(runs, question, training.report_to(meter, interrupt))
    atomic.write_bytes(asked.out, render(comparison).encode())
    return Answer({"out": str(asked.out), **comparison.document()}, str(asked.out))


def _question(asked: Asked, study: Study | None) -> Question:
    """Raises WrongUse for an unknown measure or device, before anything is trained."""
    metrics = tuple(study.metrics) if study is not None and asked.metrics is None else _metrics(asked.metrics)
    device = torch.device(choose_device(parse_device(asked.device)).value)
    return Question(
        samples=asked.samples,
        seed=asked.seed,
        metrics=metrics,
        device=device,
        root=asked.root,
        title=study.title if study is not None else "",
        why=study.why if study is not None else "",
        machine=_machine(device),
    )


def _metrics(words: str | None) -> tuple[str, ...]:
    if words is None:
        return ()
    keys = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    if not keys:
        raise WrongUse("No measure is named. Write them with commas between them, or leave --metrics out.")
    return tuple(find_measure(key).key for key in keys)


def _machine(device: torch.device) -> str:
    processor = hardware.processor()
    graphics = f" and {torch.cuda.get_device_name(device)}" if device.type == "cuda" else ""
    return f"{processor}{graphics}, torch {torch.__version__}, Python {platform.python_version()}"


def _check_out(out: Path, force: bool) -> None:
    """Raises WrongUse or UserError before the work of minutes that the page is."""
    if out.suffix.lower() not in SUFFIXES:
        raise WrongUse(f"{out} is not an HTML file. Name one, for example {out.with_suffix('.html')}.")
    if out.is_dir():
        raise WrongUse(f"{out} is a folder. Name a file in it, for example {out / 'comparison.html'}.")
    if out.exists() and not force:
        raise WrongUse(f"{out} is there already. Name another file, or add --force to write over it.")
    nearest = next(folder for folder in out.absolute().parents if folder.exists())
    if not nearest.is_dir():
        raise WrongUse(f"{nearest} is a file, so {out} cannot be in it. Name a file in a folder.")
    if not os.access(nearest, os.W_OK):
        raise UserError(f"{out} cannot be written: {nearest} does not allow it. Choose another folder.")


def _folders(study: Study, asked: Asked) -> list[Path]:
    return [study.folder_of(run, asked.folder or paths.runs()) for run in study.runs]


def _train(study: Study, asked: Asked, interrupt: Interrupt) -> int:
    """Brings every run of the study to its end. Gives the exit status of the one that was stopped, else 0."""
    pairs = list(zip(study.runs, _folders(study, asked), strict=True))
    missing = [(run, path) for run, path in pairs if not _is_done(run, path, asked.root)]
    if missing:
        note(
            f"{study.title}: {count(len(missing), 'run')} to train, {len(pairs) - len(missing)} done. "
            f"All of them take about {duration(60 * study.minutes)} on one core."
        )
    for run, path in missing:
        _, status = training.run(partial(_session, run, path, asked, interrupt), interrupt)
        if status:
            note("The same command goes on from there.")
            return status
    return 0


def _is_done(run: StudyRun, path: Path, root: Path | None) -> bool:
    """Raises WrongUse where the folder holds something else, UserError where the run cannot be gone on with."""
    if not (path / PLAN).exists():
        return False
    folder = RunFolder.open(path)
    studies.check_same(run, folder, root)
    match folder.state():
        case State.FINISHED:
            return True
        case State.FAILED:
            raise UserError(f"{path}: {folder.status().sentence} Move it away to train it anew.")
        case State.RUNNING:
            raise WrongUse(f"{path} is being trained by another process. Wait for it, or stop it.")
        case State.NEW | State.INTERRUPTED | State.STOPPED:
            return False


def _session(run: StudyRun, path: Path, asked: Asked, interrupt: Interrupt, meter: Meter) -> TrainingSession:
    """A new run, or one that was interrupted."""
    report = training.report_to(meter, interrupt)
    if (path / PLAN).exists():
        return start.resume(path, report=report, root=asked.root)
    plan = run.plan_at(asked.root)
    if asked.device != Device.AUTO.value:
        plan = plan.model_copy(update={"device": parse_device(asked.device)})
    session, notes = start.start(plan, path, epochs=run.epochs, name=run.title, report=report, root=asked.root)
    for sentence in notes:
        meter.note(sentence)
    return session
