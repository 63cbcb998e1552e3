"""Saves pictures of latents, one or many in rows, each to be had again from the file to the last bit."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core import enlarging, origins
from gen_studio.core.enlarging import Scaling, enlarged
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.latents import LatentPicture
from gen_studio.core.origins import Origin
from gen_studio.inference.exploring import explore
from gen_studio.models.capabilities import HasCode


@dataclass(frozen=True)
class Sheet:
    """Where pictures go: in rows of `columns`. height: of each, None for the model's own."""

    path: Path
    columns: int = 1
    height: int | None = None
    scaling: Scaling = Scaling.SQUARES


def check(path: Path) -> None:
    """Raises WrongUse where no picture can be written to such a path."""
    if path.suffix.lower() != ".png":
        raise WrongUse(f"{path} is not a PNG file. Name one, for example {path.with_suffix('.png')}.")
    if path.is_dir():
        raise WrongUse(f"{path} is a folder. Name a file in it, for example {path / 'picture.png'}.")


def save(
    model: HasCode, origin: Origin, sheet: Sheet, device: torch.device | str = "cpu", report: Report = unheard
) -> None:
    """Writes the pictures of `origin`, which goes into the file. The model is in evaluation mode on the device.

    Raises WrongUse where they cannot be made or written so.
    """
    check(sheet.path)
    made = []
    for number, picture in enumerate(origin.pictures):
        report(Progress("Making pictures", number, len(origin.pictures)))
        made.append(_made(model, picture, sheet, device))
    origins.write(sheet.path, np.stack(made), origin.model_copy(update={"columns": sheet.columns}))


def _made(model: HasCode, picture: LatentPicture, sheet: Sheet, device: torch.device | str) -> NDArray[np.uint8]:
    # One by one: in a batch the last bits of a picture depend on how many stand beside it.
    pictures, _ = explore(model, [picture], device)
    own: NDArray[np.uint8] = pictures[0]
    if sheet.height is None:
        return own
    enlarging.check(len(own), sheet.height, sheet.scaling)
    return enlarged(own, sheet.height, sheet.scaling)
