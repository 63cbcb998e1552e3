"""Fills holes in a picture file with what a run has learnt."""

from pathlib import Path

import numpy as np

from gen_studio.commands.looking import Look, open_model
from gen_studio.commands.output import Answer
from gen_studio.commands.target import check_target
from gen_studio.core import sheets
from gen_studio.core.errors import WrongUse
from gen_studio.core.looking import Picture
from gen_studio.core.meter import Meter
from gen_studio.data import given
from gen_studio.inference import inpainting
from gen_studio.models.capabilities import CanInpaint


def inpaint(look: Look, image: Path, mask: Path, out: Path, *, force: bool = False) -> Answer:
    """The picture as a PNG in its own size, with what the mask has white filled."""
    check_target(out, [image, mask], "filled.png", force)
    opened = open_model(look, CanInpaint, "fill holes")
    found = given.picture(image)
    holes = given.mask(mask, *found.pixels.shape[:2])
    inpainting.check(holes, *found.pixels.shape[:2])
    picture = _in_colours_of_model(image, found.pixels, opened.card.channels)
    size, device = opened.card.height, opened.device
    with Meter() as meter:
        for remark in found.remarks:
            meter.note(f"{image}: {remark}")
        filled = inpainting.inpainted(opened.model, size, picture, holes, look.seed, device, meter.report)
    sheets.write(out, filled[None])
    document = {"out": str(out), "input": str(image), "mask": str(mask), "filled_pixels": int(holes.sum())}
    return Answer({**document, "seed": look.seed, "step": opened.card.step}, str(out))


def _in_colours_of_model(file: Path, pixels: Picture, channels: int) -> Picture:
    """(H, W, channels). Raises WrongUse where known pixels would have to change for it."""
    if channels == 1 and pixels.shape[2] == 3:
        raise WrongUse(
            f"{file} has colours and this run learnt grey pictures, so its known pixels could not stay as they are. "
            "Turn the picture grey first, or use a run on coloured ones."
        )
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], channels)))
