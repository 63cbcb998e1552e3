"""Enlarged pictures: squares exactly, smoothly to any size, and sizes that cannot be are refused."""

import numpy as np
import pytest

from gen_studio.core.enlarging import Scaling, check, comfortable, enlarged
from gen_studio.core.errors import WrongUse


@pytest.mark.parametrize("channels", [1, 3])
def test_squares_repeat_each_pixel(channels: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (4, 6, channels), np.uint8)
    large = enlarged(picture, 12, Scaling.SQUARES)
    assert large.shape == (12, 18, channels)
    assert np.array_equal(large[1::3, 2::3], picture)
    assert all(np.array_equal(large[row::3, cell::3], picture) for row in range(3) for cell in range(3))


@pytest.mark.parametrize("channels", [1, 3])
def test_smooth_goes_to_any_size_and_keeps_the_shape(channels: int) -> None:
    picture = np.full((4, 6, channels), 77, np.uint8)
    large = enlarged(picture, 10, Scaling.SMOOTH)
    assert large.shape == (10, 15, channels) and (large == 77).all()


def test_its_own_size_is_the_picture_itself() -> None:
    picture = np.zeros((4, 6, 1), np.uint8)
    assert all(enlarged(picture, 4, scaling) is picture for scaling in Scaling)


def test_a_comfortable_size_is_a_multiple_of_at_least_256_pixels() -> None:
    assert [comfortable(side) for side in (28, 64, 256, 300)] == [280, 256, 256, 300]


def test_sizes_that_cannot_be_are_sentences_with_those_that_can() -> None:
    check(28, 56, Scaling.SQUARES)
    check(28, 60, Scaling.SMOOTH)
    with pytest.raises(WrongUse, match="56 or 84 pixels high, not 60"):
        check(28, 60, Scaling.SQUARES)
    for wanted in (27, 5000):
        with pytest.raises(WrongUse, match="from that to 4,096"):
            check(28, wanted, Scaling.SMOOTH)
