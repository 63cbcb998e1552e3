"""The command line's words and options for judging: recipes, runs and this machine.

`evaluate` judges one run, `compare` several; what they do is in `commands.evaluating` and `commands.comparing`. Add a
command here like the others: its options, and an import of its work inside the function.
"""

from pathlib import Path
from typing import Annotated

import typer

from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.options import Force, Json, OnDevice, Root, Run, Seed, Step
from gen_studio.commands.output import Answer, give

MOST_WEIGHTS = 5_000
MOST_SAMPLES = 100

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
def evaluate(
    run: Run,
    metrics: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help="Which figures, for example recon,nll,fid; all that are quickly found if left out.",
        ),
    ] = None,
    step: Step = None,
    device: OnDevice = "auto",
    root: Root = None,
    samples: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            min=1,
            max=MOST_WEIGHTS,
            help="Latents weighed for each picture; 5,000 for nll and 100 for nll_bound and bpd if left out.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Judge on so many of the test pictures, not on all.")
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Latents decoded at a time for nll: less memory, the same figure."),
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch a named data set where it is missing.")] = False,
    as_json: Json = False,
) -> None:
    """Judge a run by its test pictures: likelihood, reconstructions, samples. The run stays as it is."""
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands import evaluating
            from gen_studio.commands.looking import parse_device
            from gen_studio.recipes.judgement import Question

            names = evaluating.names_in(metrics)
            asked = Question(run, names, step, parse_device(device), root, limit, samples, batch, download)
            return evaluating.evaluate(asked, interrupt)

        give(work, as_json)


@judging.command()
def compare(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="The page to write.")],
    runs: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR...", help="The folders of the runs.", show_default=False)
    ] = None,
    study: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Instead of runs: those of a study, trained where they are missing."),
    ] = None,
    samples: Annotated[int, typer.Option(metavar="N", min=1, max=MOST_SAMPLES, help="How many of each run.")] = 16,
    metrics: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...", help="Figures to show; the errors of reconstructions and answers if left out."
        ),
    ] = None,
    seed: Seed = 0,
    root: Root = None,
    folder: Annotated[
        Path | None, typer.Option("--runs", metavar="DIR", help="Where a study's runs go; by default among `runs`.")
    ] = None,
    force: Force = False,
    device: OnDevice = "auto",
    as_json: Json = False,
) -> None:
    """Set runs side by side on one HTML page: pictures, figures, loss curves, and what a sample costs."""
    with Interrupt() as interrupt:

        def work() -> Answer:
            from gen_studio.commands import comparing

            asked = comparing.Asked(
                runs=runs or (),
                out=out,
                study=study,
                folder=folder,
                samples=samples,
                seed=seed,
                metrics=metrics,
                device=device,
                root=root,
                force=force,
            )
            return comparing.compare_runs(asked, interrupt)

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
