"""The options that several commands share, in the same words everywhere."""

from pathlib import Path
from typing import Annotated

import typer

MAX_COUNT = 10_000
MAX_SEED = 2**63 - 1

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Run = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.", show_default=False)]
Images = Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Picture files.", show_default=False)]
OutFolder = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder for the answers, named like their inputs.")
]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there already.")]
Step = Annotated[
    int | None, typer.Option("--step", metavar="S", min=0, help="The checkpoint to use; the newest if left out.")
]
Seed = Annotated[
    int, typer.Option("--seed", metavar="S", min=0, max=MAX_SEED, help="The same seed gives the same pictures.")
]
OnDevice = Annotated[str, typer.Option("--device", metavar="D", help="Where to compute: auto, cpu, cuda or mps.")]
Root = Annotated[
    Path | None, typer.Option("--root", metavar="DIR", help="Where named data sets are looked for or downloaded to.")
]
