"""The command line's words and options for directions and edits; what they do is in `commands.teaching` and
`commands.editing`."""

from pathlib import Path
from typing import Annotated

import typer

from gen_studio.commands.options import Force, Json, OnDevice, Root, Run, Seed, Step
from gen_studio.commands.output import Answer, give

editing = typer.Typer()

Iterations = Annotated[
    int,
    typer.Option(
        metavar="N", min=0, max=10_000, help="How long to search for a picture's latent; 0 takes the encoder's answer."
    ),
]
Starts = Annotated[
    int, typer.Option(metavar="N", min=1, max=64, help="From how many latents to search, without an encoder.")
]
EveryLayer = Annotated[
    bool,
    typer.Option("--every-layer", help="A style for each layer: nearer to the picture, less free to be edited."),
]
ClassName = Annotated[str | None, typer.Option("--class", metavar="NAME", help="The class, for a conditional model.")]
Picture = Annotated[Path, typer.Option("--out", metavar="FILE.png", help="The picture to write.")]


@editing.command()
def direction(
    run: Run,
    positive: Annotated[
        str,
        typer.Option(
            metavar="P", help="Who has it: a folder of pictures, a text file of seeds, or smile=yes, class=7."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="F", help="The file to write, for example smile.direction.")],
    negative: Annotated[
        str | None, typer.Option(metavar="N", help="Who has less of it; the opposite of smile=yes if left out.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Its name; the file's if left out.")] = None,
    method: Annotated[
        str,
        typer.Option(
            metavar="M",
            help="difference of the two means, or separator: at a right angle to the best border between the piles.",
        ),
    ] = "difference",
    orthogonal_to: Annotated[
        list[Path] | None, typer.Option(metavar="F", help="Leave this direction as it is. Repeatable.")
    ] = None,
    compare: Annotated[
        list[Path] | None, typer.Option(metavar="F", help="Say how far it leads the same way as this. Repeatable.")
    ] = None,
    side_effects: Annotated[
        bool,
        typer.Option(
            "--side-effects", help="Say what else changes in samples, in the eyes of a classifier taught by the data."
        ),
    ] = False,
    seed: Seed = 0,
    step: Step = None,
    root: Root = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Learn the way from one pile of pictures to another in a model's latents."""

    def work() -> Answer:
        from gen_studio.commands import teaching
        from gen_studio.commands.looking import Look

        lesson = teaching.Lesson(
            positive=positive,
            negative=negative,
            out=out,
            name=name,
            method=method,
            orthogonal_to=tuple(orthogonal_to or ()),
            compare=tuple(compare or ()),
            side_effects=side_effects,
            root=root,
            force=force,
        )
        return teaching.direction(Look(run, seed, step, device), lesson)

    give(work, as_json)


@editing.command()
def edit(
    run: Run,
    out: Picture,
    image: Annotated[
        Path | None,
        typer.Argument(metavar="[IMAGE]", help="The picture to edit; the sample of --seed if left out."),
    ] = None,
    directions: Annotated[
        list[str] | None,
        typer.Option("--direction", metavar="F[=X]", help="A direction's file, and a strength of its own. Repeatable."),
    ] = None,
    strength: Annotated[
        float, typer.Option(metavar="X", help="How far to go where none stands behind a file; from -3 to 3 is usual.")
    ] = 1.0,
    strip: Annotated[
        bool, typer.Option("--strip", help="All strengths from -3 to 3 in one picture, side by side.")
    ] = False,
    iterations: Iterations = 300,
    starts: Starts = 4,
    every_layer: EveryLayer = False,
    class_name: ClassName = None,
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Move a picture, or a sample, along directions that were learnt."""

    def work() -> Answer:
        from gen_studio.commands import editing as work_on
        from gen_studio.commands.looking import Look

        asked = work_on.Edit(image, tuple(directions or ()), strength, out, strip, force)
        search = work_on.Search(iterations, starts, every_layer, class_name)
        return work_on.edit(Look(run, seed, step, device), asked, search)

    give(work, as_json)


@editing.command()
def project(
    run: Run,
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="A picture file.", show_default=False)],
    out: Picture,
    iterations: Iterations = 300,
    starts: Starts = 4,
    every_layer: EveryLayer = False,
    class_name: ClassName = None,
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Find the latent whose picture comes nearest to a picture of yours."""

    def work() -> Answer:
        from gen_studio.commands import editing as work_on
        from gen_studio.commands.looking import Look

        search = work_on.Search(iterations, starts, every_layer, class_name)
        return work_on.project_picture(Look(run, seed, step, device), image, out, search, force=force)

    give(work, as_json)
