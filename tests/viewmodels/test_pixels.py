"""Pictures between people's colours and a model's."""

import numpy as np

from gen_studio.data import columns
from gen_studio.viewmodels.pixels import colourful, luminance, without_needless_colour


def test_the_window_makes_pictures_grey_as_the_data_are() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (40, 50, 3), np.uint8)
    assert np.array_equal(luminance(picture)[..., 0], columns.grey(picture.transpose(2, 0, 1)[None])[0, 0])


def test_every_grey_survives_the_way_to_colours_and_back() -> None:
    greys = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    assert np.array_equal(luminance(colourful(greys)), greys)
    assert np.array_equal(without_needless_colour(colourful(greys)), greys)


def test_a_single_colour_keeps_a_picture_colourful() -> None:
    picture = colourful(np.full((4, 4, 1), 9, np.uint8)).copy()
    picture[2, 3, 1] = 10
    assert without_needless_colour(picture) is picture
