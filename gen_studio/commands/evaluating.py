"""How good a run's model is, for the command line: figures in a table or a document, each with its settings."""

from pathlib import Path
from typing import Any

from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.output import Answer, note, table
from gen_studio.commands.training import report_to
from gen_studio.core.errors import WrongUse
from gen_studio.core.meter import Meter
from gen_studio.metrics.subject import SEED
from gen_studio.recipes import judgement
from gen_studio.recipes.judgement import Figure, Judgement, Question

HEADS = ("FIGURE", "VALUE", "UNIT", "SETTINGS", "WHAT IT IS")


def evaluate(question: Question, interrupt: Interrupt) -> Answer:
    """Judges the run and leaves it as it is."""
    with Meter() as meter:
        found = judgement.answer(question, report_to(meter, interrupt))
    if found.on_request:
        names = ",".join(one.short or one.key for one in found.on_request)
        note(f"These take longer and are found when asked for: --metrics {names}")
    return Answer(_document(question.run, found), _text(found))


def names_in(words: str | None) -> list[str] | None:
    """What `--metrics` lists."""
    if words is None:
        return None
    names = [name.strip() for name in words.split(",") if name.strip()]
    if not names:
        raise WrongUse("No measure is named. Name some, for example --metrics recon,nll, or leave --metrics out.")
    return names


def _text(found: Judgement) -> str:
    figures = table([_cells(figure) for figure in found.figures], HEADS)
    weights = "averaged weights" if _is_averaged(found) else "weights as trained"
    part = "" if found.pictures == found.pictures_in_all else f" of {found.pictures_in_all:,}"
    facts = [
        ("model", f"{found.title}, step {found.card.step:,}, {weights}"),
        ("data", f"{found.data_title}, {found.pictures:,}{part} test pictures"),
        ("seed", str(SEED)),
        ("device", found.device),
    ]
    if found.judge is not None:
        judge = f"a classifier taught by the {found.judge.taught_by:,} training pictures"
        facts.append(("judge", f"{judge}; right on {found.judge.accuracy:.2%} of the test pictures"))
    return "\n\n".join([figures, table(facts), *found.notes])


def _cells(figure: Figure) -> tuple[str, ...]:
    error = "" if figure.error is None else f" ± {figure.error:.2g}"
    settings = ", ".join(f"{name} {_plain(value)}" for name, value in figure.settings.items())
    return (figure.name, f"{figure.value:.5g}{error}", figure.unit, settings, figure.words)


def _plain(value: int | float | str) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_averaged(found: Judgement) -> bool:
    return bool(found.card.config.get("ema"))


def _document(run: Path, found: Judgement) -> dict[str, Any]:
    judge = found.judge
    return {
        "run": str(run),
        "family": found.card.family,
        "step": found.card.step,
        "averaged_weights": _is_averaged(found),
        "data": found.data_title,
        "test_pictures": found.pictures,
        "test_pictures_in_all": found.pictures_in_all,
        "seed": SEED,
        "device": found.device,
        "judge": judge and {"training_pictures": judge.taught_by, "accuracy": judge.accuracy},
        "figures": [_figure(figure) for figure in found.figures],
        "on_request": [{"key": one.key, "words": one.words} for one in found.on_request],
        "notes": list(found.notes),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "key": figure.key,
        "words": figure.words,
        "value": figure.value,
        "standard_error": figure.error,
        "unit": figure.unit,
        "settings": dict(figure.settings),
    }
