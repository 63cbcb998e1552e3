"""Pictures between people's colours and a model's: three channels for the one, one or three for the other."""

import numpy as np

from gen_studio.core.looking import Picture

LUMINANCE = np.array([299, 587, 114], np.uint32)
"""Thousandths of red, green and blue; pictures of the data are made grey by the same."""


def colourful(picture: Picture) -> Picture:
    """(H, W, 1 or 3) -> (H, W, 3)."""
    return picture if picture.shape[2] == 3 else np.repeat(picture, 3, axis=2)


def luminance(picture: Picture) -> Picture:
    """(H, W, 3) -> (H, W, 1); what is grey stays as it is, bit for bit."""
    return ((picture @ LUMINANCE + 500) // 1000).astype(np.uint8)[..., None]


def without_needless_colour(picture: Picture) -> Picture:
    """(H, W, 1) where no pixel has a colour."""
    return picture[..., :1] if (picture == picture[..., :1]).all() else picture
