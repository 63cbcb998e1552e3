"""Codes as places on a plane."""

import numpy as np
import pytest

from gen_studio.core.charts import Projection
from gen_studio.core.errors import WrongUse
from gen_studio.metrics.projections import principal, projected, steadied

RNG = np.random.default_rng(0)
GROUPS = np.repeat(np.arange(3), 20)
CODES = RNG.normal(size=(60, 6)) * 0.1 + np.eye(6)[GROUPS] * 5


@pytest.mark.parametrize("shape", [(40, 5), (8, 30)], ids=["many codes", "long codes"])
def test_main_directions_keep_all_distances_and_come_by_their_variance(shape: tuple[int, int]) -> None:
    codes = RNG.normal(size=shape) * np.linspace(3, 0.1, shape[1])
    coordinates, shares = principal(codes)
    for before, after in ((codes[0] - codes[1], coordinates[0] - coordinates[1]),):
        assert np.linalg.norm(before) == pytest.approx(np.linalg.norm(after))
    variances = coordinates.var(0)
    assert np.all(np.diff(variances) <= 1e-9)
    np.testing.assert_allclose(shares, variances / variances.sum(), atol=1e-12)


def test_codes_that_are_all_alike_lie_in_one_place() -> None:
    coordinates, shares = principal(np.ones((12, 4)))
    assert np.all(coordinates == 0) and np.all(shares == 0)


def test_a_code_of_one_number_lies_on_a_line() -> None:
    points = projected(np.arange(5.0).reshape(5, 1), Projection.PCA)
    assert points.shape == (5, 2) and np.all(points[:, 1] == 0)


def test_the_nearest_neighbour_on_a_map_of_neighbours_is_of_the_same_group() -> None:
    points = projected(CODES, Projection.TSNE)
    assert points.shape == (60, 2)
    distances = np.linalg.norm(points[:, None] - points[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    assert np.all(GROUPS[distances.argmin(1)] == GROUPS)


def test_the_same_codes_lie_in_the_same_places() -> None:
    np.testing.assert_array_equal(projected(CODES, Projection.TSNE), projected(CODES, Projection.TSNE))


def test_too_few_codes_have_no_neighbours() -> None:
    with pytest.raises(WrongUse, match="there are 5 codes"):
        projected(CODES[:5], Projection.TSNE)


def test_a_map_that_turned_over_is_turned_back() -> None:
    points = RNG.normal(size=(30, 2))
    np.testing.assert_array_equal(steadied(points * [-1.0, 1.0], points), points)
    np.testing.assert_array_equal(steadied(points, None), points)
