"""Codes of any length as places on a plane: exactly where two numbers are the code, else by what a library offers."""

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.charts import Projection
from gen_studio.core.errors import WrongUse

Numbers = NDArray[np.float64]

SEED = 20_26
FEWEST = 10
NEIGHBOURS = 30
FIRST_DIRECTIONS = 50
"""Distances between neighbours are next to the same in so many main directions, and much cheaper."""


def principal(codes: NDArray[np.floating[Any]]) -> tuple[Numbers, Numbers]:
    """Coordinates (N, K) of codes (N, D) along their main directions, and the share of variance of each (K,).

    K is the lesser of N and D, so that distances stay as they are. The farthest point of each direction is positive.
    """
    centred = np.asarray(codes, np.float64) - np.mean(codes, 0, dtype=np.float64)
    if centred.shape[1] <= len(centred):
        variances, directions = np.linalg.eigh(centred.T @ centred)
        coordinates = centred @ directions[:, ::-1]
    else:
        variances, directions = np.linalg.eigh(centred @ centred.T)
        coordinates = directions[:, ::-1] * np.sqrt(variances[::-1].clip(0))
    variances = variances[::-1].clip(0)
    farthest = coordinates[np.abs(coordinates).argmax(0), np.arange(coordinates.shape[1])]
    total = variances.sum()
    shares: Numbers = variances / total if total > 0 else np.zeros_like(variances)
    return coordinates * np.where(farthest < 0, -1.0, 1.0), shares


def projected(codes: NDArray[np.floating[Any]], projection: Projection) -> Numbers:
    """Places (N, 2) of codes (N, D); the same each time. Seconds where neighbours are looked for. Raises WrongUse."""
    coordinates, _ = principal(codes)
    if projection is Projection.PCA:
        return _two(coordinates)
    if len(codes) < FEWEST:
        raise WrongUse(f"{projection.value} looks for neighbours, and there are {len(codes)} codes. Use more pictures.")
    inputs = coordinates[:, :FIRST_DIRECTIONS].astype(np.float32)
    if projection is Projection.TSNE:
        from sklearn.manifold import TSNE

        model = TSNE(perplexity=min(float(NEIGHBOURS), (len(codes) - 1) / 3), init="pca", random_state=SEED)
    else:
        # Not one of the app's packages: it is used where it happens to be installed.
        umap = importlib.import_module("umap")
        model = umap.UMAP(n_neighbors=min(NEIGHBOURS, len(codes) - 1) // 2, random_state=SEED, n_jobs=1)
    return np.asarray(model.fit_transform(inputs), np.float64)


def steadied(points: Numbers, before: Numbers | None) -> Numbers:
    """The same places mirrored so that they lie as they did: which way a main direction points is arbitrary."""
    if before is None or before.shape != points.shape:
        return points
    against = ((points - points.mean(0)) * (before - before.mean(0))).sum(0) < 0
    return points * np.where(against, -1.0, 1.0)


def _two(coordinates: Numbers) -> Numbers:
    missing = max(0, 2 - coordinates.shape[1])
    return np.pad(coordinates[:, :2], ((0, 0), (0, missing)))
