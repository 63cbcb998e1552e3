"""The command line's words and options for exploring latents; what it does is in `commands.exploring`.

Directions and edits along them are in `commands.line_editing`.
"""

from pathlib import Path
from typing import Annotated

import typer

from gen_studio.commands.line_editing import editing
from gen_studio.commands.options import Force, Json, OnDevice, Run, Seed, Step
from gen_studio.commands.output import Answer, give

exploring = typer.Typer()
exploring.add_typer(editing)


@exploring.command()
def walk(
    run: Run,
    keyframes: Annotated[
        int, typer.Option(metavar="N", min=2, max=1000, help="How many pictures to come through: seeds from S on.")
    ] = 4,
    seconds: Annotated[float, typer.Option(metavar="X", help="How long the walk takes.")] = 6.0,
    out: Annotated[
        Path, typer.Option(metavar="FILE.mp4", help="The film to write: an MP4, or a GIF by its name.")
    ] = Path("walk.mp4"),
    size: Annotated[
        int | None, typer.Option(metavar="N", help="Height of the film in pixels; at least 256 if left out.")
    ] = None,
    smooth: Annotated[
        bool, typer.Option("--smooth", help="Enlarge smoothly, to any size, instead of turning pixels into squares.")
    ] = False,
    fps: Annotated[int, typer.Option(metavar="N", help="Frames a second.")] = 30,
    curve: Annotated[
        str, typer.Option(metavar="C", help="How to get from latent to latent: spherical or linear.")
    ] = "spherical",
    easing: Annotated[
        str,
        typer.Option(
            metavar="E", help="smooth slows down at pictures, steady does not, flowing takes no corner either."
        ),
    ] = "smooth",
    stay: Annotated[
        bool, typer.Option("--open", help="End at the last picture instead of going back to the first.")
    ] = False,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="NAME", help="A class to come through; several are taken in turn. Repeatable."),
    ] = None,
    truncation: Annotated[
        float, typer.Option(metavar="X", help="How far from the mean style: 0 to 2, 1 for as far as it is drawn.")
    ] = 1.0,
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Film a walk through a model's latents: from picture to picture, and back to the first."""

    def work() -> Answer:
        from gen_studio.commands import exploring as explore
        from gen_studio.commands.looking import Look

        asked = explore.WalkOptions(keyframes, seconds, curve, easing, not stay, tuple(classes or ()), truncation)
        film = explore.FilmOptions(out, size, smooth, fps, force)
        return explore.walk(Look(run, seed, step, device), asked, film)

    give(work, as_json)
