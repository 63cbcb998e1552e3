"""Tests that any family has to pass, to be run on one's own. Needs pytest, which the app itself does without."""

import pytest

# The checks are in ordinary modules; without this a failed assert would not show its values.
pytest.register_assert_rewrite(
    "gen_studio.testing.answering",
    "gen_studio.testing.contract",
    "gen_studio.testing.declarations",
    "gen_studio.testing.looking",
    "gen_studio.testing.training",
)
