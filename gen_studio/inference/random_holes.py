"""Irregular holes by chance in a picture of any size, such as one tries an inpainter on."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from gen_studio.core.errors import WrongUse
from gen_studio.nets.holes import HoleShape, draw_holes

LONGEST = 512
"""Larger pictures get holes of this size enlarged: they look the same, and drawing them takes no time to speak of."""


def drawn(height: int, width: int, coverage: float, rng: torch.Generator) -> NDArray[np.bool_]:
    """(H, W) bool, true for about this share of all pixels, the marks of a brush. Raises WrongUse."""
    if not 0 < coverage < 1:
        raise WrongUse(f"Holes cannot cover {100 * coverage:g} % of a picture. Choose between 1 and 99 %.")
    shrinking = min(1.0, LONGEST / max(height, width))
    size = max(1, round(height * shrinking)), max(1, round(width * shrinking))
    marks = draw_holes(HoleShape.BRUSH, 1, size, (coverage, coverage), rng)
    if size != (height, width):
        marks = F.interpolate(marks, (height, width), mode="bilinear", align_corners=False)
    holes: NDArray[np.bool_] = (marks[0, 0] > 0.5).numpy()
    return holes
