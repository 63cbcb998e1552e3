"""The Frechet distance against its closed form."""

import pytest
import torch

from gen_studio.metrics.frechet import frechet_distance


def exact_normal(mean: torch.Tensor, cov: torch.Tensor, count: int = 400, seed: int = 0) -> torch.Tensor:
    """Rows whose own mean and covariance are exactly those."""
    rows = torch.randn(count, len(mean), generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    rows -= rows.mean(0)
    whitened = rows @ torch.linalg.inv(torch.linalg.cholesky(rows.T.cov())).T
    return whitened @ torch.linalg.cholesky(cov).T + mean


def test_a_set_is_no_distance_from_itself():
    rows = exact_normal(torch.ones(5).double(), torch.eye(5).double() * 2)
    assert frechet_distance(rows, rows.flip(0)) == pytest.approx(0, abs=1e-9)


def test_of_two_normals_that_commute_it_is_the_difference_of_deviations():
    one, other = torch.tensor([1.0, 4.0, 9.0]).double(), torch.tensor([4.0, 4.0, 1.0]).double()
    first = exact_normal(torch.tensor([0.0, 0.0, 0.0]).double(), one.diag())
    second = exact_normal(torch.tensor([3.0, 0.0, 4.0]).double(), other.diag(), seed=1)
    expected = 25 + (one.sqrt() - other.sqrt()).square().sum().item()
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-9)


def test_of_two_normals_that_do_not_commute_it_is_that_of_the_matrix_root():
    rng = torch.Generator().manual_seed(3)
    a, b = (torch.randn(4, 4, generator=rng, dtype=torch.float64) for _ in range(2))
    one, other = a @ a.T + torch.eye(4), b @ b.T + torch.eye(4)
    zero = torch.zeros(4).double()
    # The eigenvalues of a product of two positive matrices are real and positive, whatever the order.
    shared = torch.linalg.eigvals(one @ other).real.sqrt().sum()
    expected = (one.trace() + other.trace() - 2 * shared).item()
    distance = frechet_distance(exact_normal(zero, one), exact_normal(zero, other, seed=1))
    assert distance == pytest.approx(expected, rel=1e-8)


def test_features_that_never_change_are_no_trouble():
    rows = exact_normal(torch.zeros(2).double(), torch.eye(2).double())
    rows = torch.cat([rows, torch.ones(len(rows), 1)], 1)
    assert frechet_distance(rows, rows + torch.tensor([0, 0, 2.0])) == pytest.approx(4)


def test_one_row_has_no_covariance():
    with pytest.raises(ValueError, match="two rows"):
        frechet_distance(torch.zeros(1, 3), torch.zeros(5, 3))
