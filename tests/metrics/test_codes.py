"""Readings of codes whose right values are known."""

import math

import pytest
import torch

from gen_studio.metrics.codes import active_units, gaussian_total_correlation, kl_by_dimension
from gen_studio.nets.posterior import DiagonalGaussian


def test_the_total_correlation_of_a_known_gaussian() -> None:
    drawn = torch.randn(50_000, 3, generator=torch.Generator().manual_seed(0))
    assert gaussian_total_correlation(drawn) == pytest.approx(0, abs=1e-3)
    drawn[:, 1] = 0.8 * drawn[:, 0] + 0.6 * drawn[:, 1]
    exact = -0.5 * math.log(1 - 0.8**2)
    assert gaussian_total_correlation(drawn) == pytest.approx(exact, abs=0.01)
    assert gaussian_total_correlation(drawn * torch.tensor([5.0, 0.1, 3.0]) + 2) == pytest.approx(exact, abs=0.01)


def test_kl_by_dimension_and_active_units_by_hand() -> None:
    means = torch.tensor([[1.0, 0.0], [-1.0, 0.02]])
    posterior = DiagonalGaussian(means, torch.zeros(2, 2))
    torch.testing.assert_close(kl_by_dimension(posterior), torch.tensor([0.5, 0.0001]))
    assert active_units(posterior) == 1
