"""The command line: every command's words and options. What they do is in `commands`, imported when it is asked for.

Those that answer pictures with pictures are in `commands.line_answering`, those that judge in `commands.line_judging`.
"""

from pathlib import Path
from typing import Annotated

import typer

from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.line_answering import answering
from gen_studio.commands.line_exploring import exploring
from gen_studio.commands.line_inpainting import inpainting
from gen_studio.commands.line_judging import judging
from gen_studio.commands.line_painting import painting
from gen_studio.commands.options import MAX_COUNT, Json, OnDevice, Root, Run, Seed, Step
from gen_studio.commands.output import Answer, give, note
from gen_studio.commands.window import open_window

app = typer.Typer(
    help="Train generative image models, watch them learn, and use what they learnt. Without a command: the window.",
    epilog="Exit status: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl+C (a run is saved and can be resumed).",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where it happened when something unexpected fails.")
    ] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        give(lambda: Answer(None, f"gen-studio {version_of('gen-studio')}"))
    if context.invoked_subcommand is None:
        raise typer.Exit(open_window(demo=False))


@app.command()
def demo(as_json: Json = False) -> None:
    """Open the window with a run on real handwritten digits under way; without a display, run it here."""
    from gen_studio.core import display

    reason = display.objection()
    if reason is None:
        raise typer.Exit(open_window(demo=True))
    note(f"{reason.split('. ')[0]}. The demo runs here instead.")
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands.demo import demo as run_demo

            return run_demo(interrupt)

        give(work, as_json)


@app.command()
def models(
    model: Annotated[
        str | None, typer.Argument(metavar="[FAMILY]", help="Show this model and its settings.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """List the models, or the settings of one."""

    def work() -> Answer:
        from gen_studio.commands import library

        return library.models(model)

    give(work, as_json)


@app.command()
def data(
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="Show what is known of its pictures.", show_default=False),
    ] = None,
    data_settings: Annotated[
        list[str] | None,
        typer.Option("--data-set", metavar="KEY=VALUE", help="A setting of the data, e.g. other_path=layouts."),
    ] = None,
    root: Root = None,
    as_json: Json = False,
) -> None:
    """List the sources of pictures, or the classes, attributes and layouts of one."""

    def work() -> Answer:
        from gen_studio.commands import library

        return library.data(source, data_settings or (), root)

    give(work, as_json)


@app.command()
def train(
    family: Annotated[
        str | None, typer.Argument(metavar="FAMILY", help="A model, as `models` lists it.", show_default=False)
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--data",
            metavar="SOURCE",
            help="A source, as `data` lists it, or a folder or zip of pictures; the digits if left out.",
        ),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Instead of a model: a whole run, as `recipes` lists it, or its file."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="A setting of the model, as `models FAMILY` lists it. Repeatable."
        ),
    ] = None,
    steps: Annotated[str | None, typer.Option(metavar="N", help="How many training steps in all.")] = None,
    epochs: Annotated[
        float | None, typer.Option(metavar="N", help="Instead of steps: how often to see each picture.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="S", help="The same seed gives the same run; 0 if left out.")
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="D", help="Where to train: auto, cpu, cuda or mps.")] = None,
    precision: Annotated[str | None, typer.Option(metavar="P", help="Number format: auto, float32 or bf16.")] = None,
    run: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A new folder for the run; by default among `runs`.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What the run is called in lists.")] = None,
    size: Annotated[str | None, typer.Option(metavar="N", help="Side of the square pictures in pixels.")] = None,
    channels: Annotated[
        str | None, typer.Option(metavar="C", help='Turn pictures into "grey" or "colour", or keep them "as they are".')
    ] = None,
    fit: Annotated[
        str | None, typer.Option(metavar="F", help="How other shapes become squares: crop, pad or stretch.")
    ] = None,
    pairs: Annotated[
        str | None,
        typer.Option(metavar="FILTER", help='Make pairs by a filter: edges, grey, blur or "low resolution".'),
    ] = None,
    limit: Annotated[str | None, typer.Option(metavar="N", help="Use at most so many pictures.")] = None,
    data_settings: Annotated[
        list[str] | None,
        typer.Option("--data-set", metavar="KEY=VALUE", help="A further setting of the data, e.g. question=right."),
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch a named data set where it is missing.")] = False,
    root: Root = None,
    checkpoint_every: Annotated[
        str | None, typer.Option(metavar="SECONDS", help="Seconds between automatic checkpoints; 120 if left out.")
    ] = None,
    keep_checkpoints: Annotated[
        str | None, typer.Option(metavar="N", help="How many of the newest checkpoints to keep; 3 if left out.")
    ] = None,
    clip_gradient: Annotated[str | None, typer.Option(metavar="X", help="Largest norm of a gradient.")] = None,
    as_json: Json = False,
) -> None:
    """Train a model. Ctrl+C saves the run so that it can be resumed, and ends with status 130."""
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands import training

            asked = training.NewRun(
                family=family,
                source=source,
                settings=settings or (),
                data={"size": size, "channels": channels, "fit": fit, "pairs": pairs, "limit": limit},
                data_settings=data_settings or (),
                plan={
                    "steps": steps,
                    "seed": seed,
                    "device": device,
                    "precision": precision,
                    "checkpoint_every": checkpoint_every,
                    "keep_checkpoints": keep_checkpoints,
                    "clip_gradient": clip_gradient,
                },
                epochs=epochs,
                recipe=recipe,
                run=run,
                name=name,
                download=download,
                root=root,
            )
            return training.train(asked, interrupt)

        give(work, as_json)


@app.command()
def resume(
    run: Run,
    steps: Annotated[
        str | None, typer.Option(metavar="N", help="The total to reach; the run's own if left out.")
    ] = None,
    from_step: Annotated[
        int | None,
        typer.Option(
            "--from-step", "--step", metavar="S", min=0, help="Go back to this checkpoint; later ones are dropped."
        ),
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="D", help="Go on elsewhere: auto, cpu, cuda or mps.")] = None,
    root: Root = None,
    as_json: Json = False,
) -> None:
    """Go on with a run. Ctrl+C saves it and ends with status 130."""
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands import training

            return training.resume(run, interrupt, steps=steps, from_step=from_step, device=device, root=root)

        give(work, as_json)


@app.command()
def runs(as_json: Json = False) -> None:
    """List the runs in the app's folder, the newest first."""

    def work() -> Answer:
        from gen_studio.commands import runs as listing

        return listing.runs()

    give(work, as_json)


@app.command()
def show(run: Run, as_json: Json = False) -> None:
    """Show one run: its plan, how it stands, its last readings and its checkpoints."""

    def work() -> Answer:
        from gen_studio.commands import runs as listing

        return listing.show(run)

    give(work, as_json)


@app.command()
def sample(
    run: Run,
    count: Annotated[int, typer.Option(metavar="N", min=1, max=MAX_COUNT, help="How many pictures.")] = 64,
    seed: Seed = 0,
    out: Annotated[Path, typer.Option(metavar="FILE.png", help="The sheet to write; an older one is replaced.")] = Path(
        "samples.png"
    ),
    step: Step = None,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Make new pictures with a trained model. More of them do not change the first."""

    def work() -> Answer:
        from gen_studio.commands import looking

        return looking.sample(looking.Look(run, seed, step, device), count, out)

    give(work, as_json)


@app.command("self-test")
def self_test(as_json: Json = False) -> None:
    """Try libraries, devices, disk and every model in small. Ends with status 1 where something fails."""
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands import self_test as testing

            return testing.self_test(interrupt)

        give(work, as_json)


app.add_typer(answering)
app.add_typer(exploring)
app.add_typer(inpainting)
app.add_typer(judging)
app.add_typer(painting)
