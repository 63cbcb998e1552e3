"""The Frechet distance between two sets of features, of Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter,
"GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", 2017."""

import torch
from torch import Tensor

FEWEST = 2
"""Rows that a covariance needs; it is worth something from many more on."""


def frechet_distance(first: Tensor, second: Tensor) -> float:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of the normal distributions fitted to two sets, (N, F) and (M, F).

    It is 0 for equal means and covariances, and falls with more features than pictures: take sets of equal size, of
    many more than F. Raises ValueError for fewer than two rows.
    """
    if min(len(first), len(second)) < FEWEST:
        raise ValueError("a covariance needs at least two rows")
    (mean1, cov1), (mean2, cov2) = _moments(first), _moments(second)
    # The eigenvalues of C1 C2 are those of the symmetric C1^(1/2) C2 C1^(1/2), and there they cannot be complex.
    root = _square_root(cov1)
    shared = torch.linalg.eigvalsh(root @ cov2 @ root).clamp_min(0).sqrt().sum()
    distance = (mean1 - mean2).square().sum() + cov1.trace() + cov2.trace() - 2 * shared
    return max(0.0, float(distance))


def _moments(features: Tensor) -> tuple[Tensor, Tensor]:
    features = features.double().cpu()
    return features.mean(0), features.T.cov().reshape(features.shape[1], features.shape[1])


def _square_root(matrix: Tensor) -> Tensor:
    """Of a symmetric matrix without negative eigenvalues."""
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = (vectors * values.clamp_min(0).sqrt()) @ vectors.T
    return root
