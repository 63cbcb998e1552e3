"""How small pictures become large ones where they leave the app: each pixel a square, or smoothly."""

import math
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gen_studio.core.errors import WrongUse

Picture = NDArray[np.uint8]
"""(H, W, C), C being 1 or 3."""
COMFORTABLE = 256
"""Pixels of a picture's height at which it can be looked at."""
LARGEST = 4096


class Scaling(Enum):
    """Squares show what the model made; smooth is easier on the eye."""

    SQUARES = "squares"
    SMOOTH = "smooth"


def comfortable(height: int) -> int:
    """The smallest multiple of a picture's height that is large enough to be looked at."""
    return height * max(1, math.ceil(COMFORTABLE / height))


def check(height: int, wanted: int, scaling: Scaling) -> None:
    """Raises WrongUse where pictures of that height cannot be made `wanted` pixels high."""
    if not height <= wanted <= LARGEST:
        raise WrongUse(f"The model's pictures are {height} pixels high. Choose a size from that to {LARGEST:,}.")
    if scaling is Scaling.SQUARES and wanted % height:
        below = wanted // height * height
        raise WrongUse(
            f"Pictures of {height} pixels whose pixels become squares can be {below} or {below + height} pixels high, "
            f"not {wanted}. Choose one of these, or scale smoothly."
        )


def enlarged(picture: Picture, height: int, scaling: Scaling) -> Picture:
    """The picture `height` pixels high, its shape kept. `check` says which heights there are."""
    if height == len(picture):
        return picture
    match scaling:
        case Scaling.SQUARES:
            factor = height // len(picture)
            return picture.repeat(factor, 0).repeat(factor, 1)
        case Scaling.SMOOTH:
            width = max(1, round(picture.shape[1] * height / len(picture)))
            grey = picture.shape[2] == 1
            image = Image.fromarray(picture[:, :, 0] if grey else picture)
            large = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
            return large[:, :, None] if grey else large
