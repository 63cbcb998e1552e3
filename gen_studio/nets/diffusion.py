"""The arithmetic of diffusion: how much of a picture is left at each level of noise, and the steps back.

Ho, Jain & Abbeel 2020 (arXiv:2006.11239), Nichol & Dhariwal 2021 (arXiv:2102.09672, the cosine schedule), Song, Meng &
Ermon 2021 (arXiv:2010.02502, DDIM). A "share" is the paper's alpha bar: x_t = sqrt(share) x_0 + sqrt(1 - share) eps.
Shares are Python's or NumPy's float64 throughout; only their products with pictures are in the pictures' own type.
"""

import math
from enum import Enum
from typing import assert_never

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.nets.noise import normal_like

FIRST_BETA, LAST_BETA, PAPER_LEVELS = 1e-4, 0.02, 1000
LARGEST_BETA = 0.999
COSINE_OFFSET = 0.008
CLEAN = 1.0
"""The share of a picture without noise."""


class NoiseSchedule(Enum):
    LINEAR = "linear"
    COSINE = "cosine"


def shares(schedule: NoiseSchedule, levels: int) -> NDArray[np.float64]:
    """(levels,), falling: the share of the picture left after 1, 2, ... steps of noise.

    The linear schedule is the paper's at 1,000 levels; at others its betas are scaled so as to end as noisy.
    """
    match schedule:
        case NoiseSchedule.LINEAR:
            betas = np.linspace(FIRST_BETA, LAST_BETA, levels) * (PAPER_LEVELS / levels)
        case NoiseSchedule.COSINE:
            times = (np.arange(levels + 1) / levels + COSINE_OFFSET) / (1 + COSINE_OFFSET)
            left = np.cos(times * math.pi / 2) ** 2
            betas = 1 - left[1:] / left[:-1]
        case _:
            assert_never(schedule)
    kept: NDArray[np.float64] = np.cumprod(1 - np.minimum(betas, LARGEST_BETA))
    return kept


def visited(levels: int, steps: int) -> list[int]:
    """The levels that sampling goes through, evenly spread from the highest down to 0; one step starts at the highest.

    steps: from 1 to `levels`.
    """
    places = np.linspace(levels - 1, 0, steps)
    return [int(level) for level in np.round(places)]


def weights(kept: NDArray[np.float64]) -> Tensor:
    """(levels, 2) float32: what picture and noise are multiplied by at each level, rounded at the very end."""
    return torch.tensor(np.sqrt(np.stack([kept, 1 - kept], 1)), dtype=torch.float32)


def picture_from(noisy: Tensor, noise: Tensor, share: float) -> Tensor:
    """x_0 as the predicted noise implies it, clipped to the pictures' range."""
    return ((noisy - math.sqrt(1 - share) * noise) / math.sqrt(share)).clamp(-1, 1)


def noise_from(noisy: Tensor, picture: Tensor, share: float) -> Tensor:
    """eps as x_0 implies it: where x_0 was clipped, the predicted noise no longer fits to it."""
    return (noisy - math.sqrt(share) * picture) / math.sqrt(1 - share)


def posterior_deviation(share: float, next_share: float) -> float:
    """The standard deviation of q(x_s | x_t, x_0), the square root of the paper's beta tilde."""
    return math.sqrt((1 - next_share) / (1 - share) * (1 - share / next_share))


def ddim_step(
    noisy: Tensor, picture: Tensor, share: float, next_share: float, eta: float, rng: torch.Generator | None
) -> Tensor:
    """From x_t and a prediction of x_0 to the x_s of a larger share. Equation 12 of the DDIM paper.

    eta: 0 is deterministic and needs no generator, 1 has all the chance of the ancestral step.
    """
    deviation = eta * posterior_deviation(share, next_share)
    direction = math.sqrt(max(0.0, 1 - next_share - deviation**2))
    onwards = math.sqrt(next_share) * picture + direction * noise_from(noisy, picture, share)
    if deviation == 0:
        return onwards
    assert rng is not None
    return onwards + deviation * normal_like(noisy, rng)


def ancestral_step(noisy: Tensor, picture: Tensor, share: float, next_share: float, rng: torch.Generator) -> Tensor:
    """A draw from q(x_s | x_t, x_0), equations 6 and 7 of the DDPM paper; beta spans all levels stepped over."""
    beta = 1 - share / next_share
    of_picture = math.sqrt(next_share) * beta / (1 - share)
    of_noisy = math.sqrt(1 - beta) * (1 - next_share) / (1 - share)
    mean = of_picture * picture + of_noisy * noisy
    deviation = posterior_deviation(share, next_share)
    return mean if deviation == 0 else mean + deviation * normal_like(noisy, rng)
