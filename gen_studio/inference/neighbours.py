"""The training pictures that are nearest to others: does a model make pictures of its own, or those it was shown?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.data.spec import normalise

SIDE = 16
"""Pictures are compared at this size first: thousands of them in a moment, and a shift by a pixel counts less."""
PORTION = 1024
FINALISTS = 8
"""So many times as many as are wanted are compared again at full size."""
UNSEEN = 32
"""Pictures that tell how far away is usual."""
GREY_LEVELS = 127.5

Features = Callable[[Tensor], Tensor]
"""Pictures (N, C, H, W) in [-1, 1] -> (N, D), near where pictures look alike."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each picture asked about, the nearest first: (Q, K) rows of the data, and how far away they are.

    distances: root mean square over pixels, in grey levels; with features, how far those are apart.
    """

    rows: NDArray[np.int64]
    distances: NDArray[np.float32]


@torch.no_grad()
def nearest(
    pictures: NDArray[np.uint8], images: Tensor, count: int, features: Features | None = None, report: Report = unheard
) -> Neighbours:
    """The `count` nearest of images (N, C, H, W) uint8, any device, to each of pictures (Q, H, W, C).

    The images may be a memory map: they are read a portion at a time. Raises WrongUse where the shapes differ.
    """
    questions = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2)
    if questions.shape[1:] != images.shape[1:]:
        raise WrongUse(
            f"The pictures are {_shape(questions)}, and the data's are {_shape(images)}. Compare pictures of one shape."
        )
    count = min(count, len(images))
    if features is not None:
        return _among(questions, images, count, features, report)
    finalists = _among(questions, images, min(len(images), FINALISTS * count), _small, report)
    rows, distances = [], []
    for question, chosen in zip(normalise(questions), torch.from_numpy(finalists.rows), strict=True):
        candidates = normalise(images[chosen.to(images.device)].cpu())
        apart = (candidates - question).square().flatten(1).mean(1).sqrt() * GREY_LEVELS
        best = apart.topk(count, largest=False)
        rows.append(chosen[best.indices])
        distances.append(best.values)
    return Neighbours(torch.stack(rows).numpy(), torch.stack(distances).numpy())


def usual_distance(unseen: Tensor, images: Tensor, report: Report = unheard) -> float | None:
    """How far pictures (M, C, H, W) uint8 that no model was shown are from the nearest of the images: the median of
    a few of them. None where there are none."""
    if not len(unseen):
        return None
    few = unseen[torch.linspace(0, len(unseen) - 1, min(UNSEEN, len(unseen))).long()]
    found = nearest(few.permute(0, 2, 3, 1).cpu().numpy(), images, 1, report=report)
    return float(np.median(found.distances))


def _among(questions: Tensor, images: Tensor, count: int, features: Features, report: Report) -> Neighbours:
    """The nearest by the distance of features, a portion of the images after the other."""
    wanted = features(normalise(questions)).float()
    distances = torch.full((len(questions), 0), torch.inf)
    rows = torch.zeros((len(questions), 0), dtype=torch.int64)
    for start in range(0, len(images), PORTION):
        report(Progress("Looking through the data", start, len(images)))
        found = features(normalise(images[start : start + PORTION].cpu())).float()
        # Differences, not the quick formula of products: what is copied is at distance 0, and that formula rounds.
        apart = torch.cdist(wanted, found, compute_mode="donot_use_mm_for_euclid_dist")
        here = torch.arange(start, start + len(found)).expand(len(questions), -1)
        distances, rows = torch.cat([distances, apart], 1), torch.cat([rows, here], 1)
        best = distances.topk(min(count, distances.shape[1]), largest=False)
        distances, rows = best.values, rows.gather(1, best.indices)
    report(Progress("Looking through the data", len(images), len(images)))
    return Neighbours(rows.numpy(), distances.numpy())


def _small(images: Tensor) -> Tensor:
    height, width = (min(SIDE, side) for side in images.shape[2:])
    return F.adaptive_avg_pool2d(images, (height, width)).flatten(1)


def _shape(images: Tensor) -> str:
    return f"{images.shape[3]} × {images.shape[2]} in {'grey' if images.shape[1] == 1 else 'colour'}"
