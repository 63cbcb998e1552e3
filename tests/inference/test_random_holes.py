"""Holes by chance, for pictures of any size."""

import numpy as np
import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.inference.random_holes import drawn


def holes(height: int, width: int, coverage: float, seed: int = 0) -> np.ndarray:
    return drawn(height, width, coverage, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("height", "width"), [(16, 16), (64, 48), (900, 1400)])
@pytest.mark.parametrize("coverage", [0.1, 0.4])
def test_holes_cover_the_share_asked_for_at_any_size(height: int, width: int, coverage: float) -> None:
    found = holes(height, width, coverage)
    assert found.shape == (height, width) and found.dtype == bool
    assert found.mean() == pytest.approx(coverage, abs=0.02)


def test_the_seed_decides_where_they_are() -> None:
    assert np.array_equal(holes(64, 64, 0.2), holes(64, 64, 0.2))
    assert not np.array_equal(holes(64, 64, 0.2), holes(64, 64, 0.2, seed=1))


@pytest.mark.parametrize("coverage", [0.0, 1.0, -1.0])
def test_a_share_that_leaves_nothing_to_fill_or_to_go_by_is_refused(coverage: float) -> None:
    with pytest.raises(WrongUse, match="between 1 and 99 %"):
        holes(16, 16, coverage)
