"""Drives a training session from a terminal: the same engine as the window's, in a loop with a progress line."""

import shlex
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.output import Answer
from gen_studio.commands.runs import run_document
from gen_studio.core import paths
from gen_studio.core.config import parse_assignments
from gen_studio.core.errors import Cancelled, UserError, WrongUse
from gen_studio.core.events import Advanced, Alarmed, Charted, Ended, Event, Marked, Pictured, Reason, Saved, Warned
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.meter import Meter
from gen_studio.core.plan import DataPlan, Device, RunPlan
from gen_studio.core.runs import RunFolder, new_path
from gen_studio.core.words import one_of
from gen_studio.data import catalog
from gen_studio.models import registry
from gen_studio.recipes import recipe as recipes
from gen_studio.training import start
from gen_studio.training.session import TrainingSession

SLICE_SECONDS = 0.2
DEFAULT_SOURCE = "digits"


@dataclass(frozen=True)
class NewRun:
    """What `train` was asked for, as words from the command line. None and missing keys leave a choice open.

    What stands beside a recipe takes the place of the recipe's own.
    """

    family: str | None
    source: str | None
    settings: Sequence[str] = ()
    data_settings: Sequence[str] = ()
    data: Mapping[str, str | None] | None = None
    plan: Mapping[str, str | None] | None = None
    epochs: float | None = None
    recipe: str | None = None
    run: Path | None = None
    name: str | None = None
    download: bool = False
    root: Path | None = None


def train(asked: NewRun, interrupt: Interrupt) -> Answer:
    """A new run, to its end or to the signal."""
    plan, epochs, title = _plan(asked)
    if asked.name is not None and not asked.name.strip():
        raise WrongUse("A run needs a name. Write at least one letter, or leave --name out.")

    def open_session(meter: Meter) -> TrainingSession:
        place = asked.run or (lambda p: new_path(paths.runs(), [p.family, start.data_title(p)]))
        session, notes = start.start(
            plan,
            place,
            epochs=epochs,
            name=asked.name.strip() if asked.name else title,
            report=report_to(meter, interrupt),
            download=asked.download,
            root=asked.root,
        )
        for sentence in notes:
            meter.note(sentence)
        return session

    return _answer(*run(open_session, interrupt))


def resume(
    path: Path,
    interrupt: Interrupt,
    *,
    steps: str | None = None,
    from_step: int | None = None,
    device: str | None = None,
    root: Path | None = None,
) -> Answer:
    """Goes on with a run. Raises WrongUse where there is no step left to take."""
    folder = RunFolder.open(path)
    plan = folder.plan()
    changes = {key: value for key, value in {"steps": steps, "device": device}.items() if value is not None}
    plan = RunPlan.parse({**plan.model_dump(), **changes})
    reached = _reached(folder, from_step)
    if plan.steps <= reached:
        raise WrongUse(
            f"{path} is at step {reached:,} already, and the total to reach is {plan.steps:,}. "
            f"Name a larger one: --steps {2 * reached}."
        )

    def open_session(meter: Meter) -> TrainingSession:
        return start.resume(
            path,
            steps=plan.steps,
            from_step=from_step,
            device=Device(plan.device) if device is not None else None,
            report=report_to(meter, interrupt),
            root=root,
        )

    return _answer(*run(open_session, interrupt))


def run(open_session: Callable[[Meter], TrainingSession], interrupt: Interrupt) -> tuple[RunFolder, int]:
    """Opens a session and trains until it ends. Gives the run's folder and the exit status."""
    with Meter() as meter:
        with open_session(meter) as session:
            folder = session.folder
            # A signal that came while the data was read: there is a run now, so it is stopped like any other.
            meter.note(f"{session.folder.status().name}: {folder.path}")
            ended = _drive(session, meter, interrupt)
        match ended.reason:
            case Reason.FINISHED:
                meter.note(ended.sentence)
                return folder, 0
            case Reason.STOPPED:
                meter.note(f"{ended.sentence} To resume: {_resume(folder)}")
                return folder, interrupt.status
            case Reason.ALARM:
                # As was asked for, and yet the run is not what was planned: a script is to notice.
                meter.note(f"{ended.sentence} To resume: {_resume(folder)}")
                return folder, UserError.exit_status
            case Reason.NOT_FINITE | Reason.OUT_OF_MEMORY | Reason.FAILED:
                raise UserError(f"{ended.sentence} The run is {folder.path}")
            case _:
                assert_never(ended.reason)


def _answer(folder: RunFolder, status: int) -> Answer:
    return Answer(run_document(folder), str(folder.path), status)


def report_to(meter: Meter, interrupt: Interrupt) -> Report:
    """Shows a long job on the meter, and calls it off after a signal."""

    def report(progress: Progress) -> None:
        if interrupt.requested:
            raise Cancelled
        meter.report(progress)

    return report


def _drive(session: TrainingSession, meter: Meter, interrupt: Interrupt) -> Ended:
    try:
        while session.ended is None:
            if interrupt.requested:
                meter.note("Stopping after this step, and saving.")
            for event in session.stop() if interrupt.requested else session.advance(SLICE_SECONDS):
                _tell(event, session, meter)
    except UserError as error:
        _break_off(session, str(error), "")
        raise UserError(f"{error} {_what_stands(session.folder)}") from error
    except Exception:
        sentence = f"Training broke off at step {session.step:,}. {_what_stands(session.folder)}"
        _break_off(session, sentence, traceback.format_exc())
        meter.note(sentence)
        raise
    return session.ended


def _tell(event: Event, session: TrainingSession, meter: Meter) -> None:
    match event:
        case Advanced():
            meter.train(event, type(session.learner.model).metrics)
        case Marked(step, _, label, explanation):
            meter.note(f"Step {step:,}: {label}. {explanation}".rstrip())
        case Alarmed():
            meter.note(event.sentence)
        case Warned(sentence):
            meter.note(sentence)
        case Pictured() | Charted() | Saved() | Ended():
            pass


def _break_off(session: TrainingSession, sentence: str, details: str) -> None:
    # The disk may be what failed; then the last checkpoint stands without a word about why.
    with suppress(UserError):
        session.fail(sentence, details)


def _what_stands(folder: RunFolder) -> str:
    steps = folder.checkpoint_steps()
    if not steps:
        return f"No step was saved before. To start it over: {_resume(folder)}"
    return f"The checkpoint at step {steps[-1]:,} stands. To go on from it: {_resume(folder)}"


def _resume(folder: RunFolder) -> str:
    return f"gen-studio resume {shlex.quote(str(folder.path))}"


def _plan(asked: NewRun) -> tuple[RunPlan, float | None, str | None]:
    """The plan, the epochs that take the place of its steps, and a name for the run; None where nobody named any."""
    given = _given(asked.plan)
    if asked.epochs is not None and "steps" in given:
        raise WrongUse("Steps and epochs are both given. Keep --steps or --epochs.")
    if asked.epochs is not None and not 0 < asked.epochs < float("inf"):
        raise WrongUse(f"Epochs cannot be {asked.epochs:g}. It takes a number above 0.")
    settings = parse_assignments(asked.settings)
    data = _merged(_given(asked.data), parse_assignments(asked.data_settings))
    if asked.recipe is not None:
        return _from_recipe(asked.recipe, asked, settings, data, given)
    if asked.family is None:
        raise WrongUse("No model is named. Name one, as gen-studio models lists them, or a recipe with --recipe.")
    values = {
        "family": asked.family,
        "data": catalog.parse_source(asked.source or DEFAULT_SOURCE, data),
        "config": settings,
        "steps": registry.find(asked.family).default_steps,
        **given,
    }
    return RunPlan.parse(values), asked.epochs, None


def _from_recipe(
    name: str, asked: NewRun, settings: dict[str, str], data: dict[str, str], given: dict[str, str]
) -> tuple[RunPlan, float | None, str | None]:
    if asked.family is not None:
        raise WrongUse(f"The recipe names its model. Leave {asked.family} out, or leave --recipe out.")
    recipe = recipes.find(name)
    plan = recipe.plan_at(asked.root)
    values = {
        **plan.model_dump(),
        "data": (
            catalog.parse_source(asked.source, data)
            if asked.source is not None
            else DataPlan.parse({**plan.data.model_dump(), **data})
        ),
        "config": {**plan.config, **settings},
        **given,
    }
    epochs = asked.epochs if asked.epochs is not None or "steps" in given else recipe.epochs
    return RunPlan.parse(values), epochs, recipe.title


def _given(words: Mapping[str, str | None] | None) -> dict[str, str]:
    return {key: word for key, word in (words or {}).items() if word is not None}


def _merged(options: dict[str, str], assignments: dict[str, str]) -> dict[str, str]:
    twice = options.keys() & assignments.keys()
    if twice:
        raise WrongUse(f'The data setting "{min(twice)}" is given twice. Keep one of the two.')
    for key in ("source", "path"):
        if key in assignments:
            raise WrongUse(f'The data setting "{key}" is not for --data-set. Write it into --data, as source:path.')
    return {**options, **assignments}


def _reached(folder: RunFolder, from_step: int | None) -> int:
    steps = folder.checkpoint_steps()
    if from_step is None:
        return max(steps, default=0)
    if from_step not in steps:
        kept = [str(step) for step in steps]
        way_out = one_of("Checkpoints", kept) if kept else "It has no checkpoint yet; leave the step out."
        raise WrongUse(f"{folder.path} has no checkpoint at step {from_step:,}. {way_out}")
    return from_step
