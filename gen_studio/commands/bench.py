"""The measurements behind the app's promises, for the command line."""

from collections.abc import Sequence
from pathlib import Path

from gen_studio.benchmarks import main as benchmarks
from gen_studio.benchmarks.benchmark import Conditions
from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.looking import parse_device
from gen_studio.commands.output import Answer, as_document, note, table
from gen_studio.commands.training import report_to
from gen_studio.core.meter import Meter
from gen_studio.training.device import choose_device


def listing() -> Answer:
    """Every benchmark and what it measures."""
    names = benchmarks.names()
    return Answer(dict(names), table(list(names.items()), ("NAME", "WHAT IT MEASURES")))


def bench(names: Sequence[str], out: Path | None, interrupt: Interrupt, device: str, root: Path | None) -> Answer:
    """Runs the named benchmarks, or all but the long ones; `out` is "-" for the document on stdout instead of text."""
    to_stdout = out == Path("-")
    conditions = Conditions(device=choose_device(parse_device(device)), root=root)
    with Meter() as meter:
        report = report_to(meter, interrupt)
        document = benchmarks.run(names, None if to_stdout else out, conditions=conditions, report=report)
    if out is not None and not to_stdout:
        note(f"Written to {out}.")
    text = as_document(document) if to_stdout else "\n".join(benchmarks.lines(document))
    return Answer(document, text, 0 if benchmarks.succeeded(document) else 1)
