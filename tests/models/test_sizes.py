"""Sizes that networks of halvings can make, and the sentence for those they cannot."""

import pytest

from gen_studio.data.spec import DataSpec
from gen_studio.models.sizes import POWERS, next_side, side_objection


@pytest.mark.parametrize(("size", "power"), [(8, 16), (16, 16), (28, 32), (33, 64), (178, 256), (256, 256), (300, 256)])
def test_the_next_power_is_not_below_unless_it_is_the_largest(size: int, power: int) -> None:
    assert next_side(POWERS, size) == power


def test_squares_of_a_power_are_fine() -> None:
    assert side_objection("Net", POWERS, DataSpec(3, 64, 64)) is None


@pytest.mark.parametrize("shape", [(28, 28), (32, 64), (8, 8), (512, 512)])
def test_other_shapes_are_a_sentence_with_the_size_to_take(shape: tuple[int, int]) -> None:
    objection = side_objection("Net", POWERS, DataSpec(1, *shape))
    assert objection is not None
    assert objection.startswith("Net makes square pictures of 16, 32, 64, 128 or 256 pixels")
    assert f"{shape[1]} × {shape[0]}" in objection
    assert f"Set the size to {next_side(POWERS, max(shape))}" in objection
