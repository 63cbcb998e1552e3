"""What the magnifier cuts out of an answer, and of its bicubic rival."""

import numpy as np
import pytest

from gen_studio.inference.images import to_images, to_pictures
from gen_studio.nets.bicubic import enlarged
from gen_studio.ui.panels.translate_compare import SEEN, bicubic, frame_around, squares

SMALL = np.random.default_rng(0).integers(0, 256, (20, 24, 3), dtype=np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_part_enlarged_is_the_same_as_in_the_whole(channels: int) -> None:
    small = SMALL[..., :channels]
    whole = bicubic(small, 4, (0, 0, 96))
    part = bicubic(small, 4, (30, 20, 24))
    assert part.shape == (24, 24, channels)
    assert np.array_equal(part, whole[20:44, 30:54])


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_bicubic_on_the_screen_is_what_answers_are_measured_against(scale: int) -> None:
    side = scale * len(SMALL)
    measured = to_pictures(enlarged(to_images(SMALL[None]), scale))[0][:, :side]
    seen = bicubic(SMALL, scale, (0, 0, side))
    apart = np.abs(seen.astype(int) - measured)
    assert apart.max() <= 1 and (apart > 0).mean() < 0.01  # halves are rounded either way


def test_squares_are_the_pixels_that_were_given() -> None:
    whole = SMALL.repeat(4, 0).repeat(4, 1)
    assert np.array_equal(squares(SMALL, 4, (30, 20, 24)), whole[20:44, 30:54])


@pytest.mark.parametrize("point", [(0.0, 0.0), (1.0, 1.0), (0.5, 0.2)])
def test_what_is_seen_lies_within_the_answer(point: tuple[float, float]) -> None:
    for width, height in ((96, 80), (16, 30)):
        left, top, side = frame_around(point, width, height)
        assert side == min(SEEN, width, height)
        assert 0 <= left <= width - side and 0 <= top <= height - side
