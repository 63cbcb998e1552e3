"""The command line's words and options for painting layouts; what it does is in `commands.painting`."""

from pathlib import Path
from typing import Annotated

import typer

from gen_studio.commands.options import Force, Json, OnDevice, Run, Seed, Step
from gen_studio.commands.output import Answer, give

painting = typer.Typer()


@painting.command()
def synthesise(
    run: Run,
    layout: Annotated[
        Path,
        typer.Option(
            metavar="PNG", help="The layout, in the colours that `data SOURCE` lists, or in the numbers of the classes."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="PNG", help="The painting to write.")],
    style: Annotated[
        Path | None, typer.Option(metavar="IMAGE", help="A picture to take the look from; by chance if left out.")
    ] = None,
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Paint a picture of a layout with a trained painter."""

    def work() -> Answer:
        from gen_studio.commands import painting as paint
        from gen_studio.commands.looking import Look

        return paint.synthesise(Look(run, seed, step, device), layout, out, style, force=force)

    give(work, as_json)
