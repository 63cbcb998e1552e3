"""Where a command writes its one picture: refused before any work is done where something would be lost."""

from collections.abc import Sequence
from pathlib import Path

from gen_studio.core.errors import WrongUse


def check_target(out: Path, sources: Sequence[Path], example: str, force: bool) -> None:
    """Raises WrongUse for a file that cannot be written, or is one of those that the picture is made from.

    example: a file name to propose in place of a folder.
    """
    if out.suffix.lower() != ".png":
        raise WrongUse(
            f"{out} is not a PNG file, and other kinds may change pixels. Name one, for example "
            f"{out.with_suffix('.png')}."
        )
    if out.is_dir():
        raise WrongUse(f"{out} is a folder. Name a file in it, for example {out / example}.")
    if out.exists() and any(one.exists() and out.samefile(one) for one in sources):
        raise WrongUse(f"{out} would be written over the picture it is made from. Name another file.")
    if out.exists() and not force:
        raise WrongUse(f"{out} is there already. Name another file, or add --force to write over it.")
