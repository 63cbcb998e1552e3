"""The command line's words and options for judging: recipes, runs and this machine.

`evaluate` judges one run, `compare` several; what they do is in `commands.evaluating` and `commands.comparing`. Add a
command here like the others: its options, and an import of its work inside the function.
"""

from pathlib import Path
from typing import Annotated

import typer

from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.options import Json, Root
from gen_studio.commands.output import Answer, give

judging = typer.Typer()


@judging.command()
def recipes(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Which ones; all for this device if left out.", show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Train them to their end, and say whether they reach their goals.")
    ] = False,
    device: Annotated[
        str | None, typer.Option(metavar="D", help="Where to train: auto, cpu, cuda or mps; the recipe's if left out.")
    ] = None,
    root: Root = None,
    runs: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where their runs go; by default among `runs`.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the recipes: whole runs with goals, or train and judge them. Ends with status 1 where a goal is missed."""
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands import recipes as cooking

            if not check:
                return cooking.listing(names or ())
            return cooking.check(names or (), interrupt, device=device, root=root, runs=runs)

        give(work, as_json)


@judging.command()
def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...", help="What to measure; all but the long ones if left out.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write one JSON document there; - for stdout.")
    ] = None,
    device: Annotated[str, typer.Option(metavar="D", help="Where to measure: cpu, cuda or mps.")] = "cpu",
    root: Root = None,
    list_them: Annotated[bool, typer.Option("--list", help="List what there is to measure.")] = False,
) -> None:
    """Measure how fast and how good training is on this machine."""
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands import bench as measuring

            return measuring.listing() if list_them else measuring.bench(names or (), out, interrupt, device, root)

        give(work)
