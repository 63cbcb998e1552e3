"""Goals: bounds that were written down first."""

import math

import pytest

from gen_studio.core.goal import Goal


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal("x", at_least=2), 2.0, True),
        (Goal("x", at_least=2), 1.99, False),
        (Goal("x", at_most=2), 2.0, True),
        (Goal("x", at_most=2), 2.01, False),
        (Goal("x", at_least=1, at_most=2), 1.5, True),
        (Goal("x", at_least=1, at_most=2), 0.5, False),
        (Goal("x", at_least=1), math.nan, False),
        (Goal("x", at_most=1), math.nan, False),
    ],
)
def test_a_bound_is_met_at_itself_and_never_by_nan(goal, value, met):
    assert goal.is_met(value) is met


def test_bounds_read_as_people_write_them():
    assert Goal("x", at_least=0.95).bound == "≥ 0.95"
    assert Goal("x", at_least=1, at_most=2).bound == "≥ 1 and ≤ 2"
