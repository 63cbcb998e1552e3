"""The command line's words and options for filling holes; what it does is in `commands.inpainting`."""

from pathlib import Path
from typing import Annotated

import typer

from gen_studio.commands.options import Force, Json, OnDevice, Run, Seed, Step
from gen_studio.commands.output import Answer, give

inpainting = typer.Typer()


@inpainting.command()
def inpaint(
    run: Run,
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="A picture file of any size.", show_default=False)],
    mask: Annotated[
        Path, typer.Option(metavar="MASK", help="A picture of the same size; what is white in it is missing.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE.png", help="The filled picture to write.")],
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Fill the holes of a picture with a trained model. Everything else stays as it is, pixel by pixel."""

    def work() -> Answer:
        from gen_studio.commands import inpainting as filling
        from gen_studio.commands.looking import Look

        return filling.inpaint(Look(run, seed, step, device), image, mask, out, force=force)

    give(work, as_json)
