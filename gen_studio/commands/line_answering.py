"""The command line's words and options for pictures that answer pictures: translations, enlargements, reconstructions.

What they do is in `commands.looking`, imported when it is asked for.
"""

from typing import Annotated

import typer

from gen_studio.commands.options import Force, Images, Json, OnDevice, OutFolder, Run, Seed, Step
from gen_studio.commands.output import Answer, give

answering = typer.Typer()


@answering.command()
def translate(
    run: Run,
    images: Images,
    out: OutFolder,
    use_filter: Annotated[
        bool,
        typer.Option("--filter", help="Make the question from a photograph by the filter the run was trained with."),
    ] = False,
    at_model_size: Annotated[
        bool,
        typer.Option("--model-size", help="Bring pictures to the size that the model was trained on, first."),
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="From the second of two domains to the first, with a run that learnt both.")
    ] = False,
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Turn pictures into others with a trained translator. They keep their size wherever the model allows it."""

    def work() -> Answer:
        from gen_studio.commands import looking

        look = looking.Look(run, seed, step, device)
        return looking.translate(
            look, images, out, force=force, use_filter=use_filter, at_model_size=at_model_size, back=back
        )

    give(work, as_json)


@answering.command()
def reconstruct(
    run: Run,
    images: Images,
    out: OutFolder,
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Show what a trained model keeps of pictures: encoded and decoded again."""

    def work() -> Answer:
        from gen_studio.commands import looking

        return looking.reconstruct(looking.Look(run, seed, step, device), images, out, force=force)

    give(work, as_json)


@answering.command()
def upscale(
    run: Run,
    images: Images,
    out: OutFolder,
    seed: Seed = 0,
    step: Step = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Make pictures of any size two or four times as large with a trained model."""

    def work() -> Answer:
        from gen_studio.commands import looking

        return looking.upscale(looking.Look(run, seed, step, device), images, out, force=force)

    give(work, as_json)
