"""The questions that are made from pictures."""

import numpy as np
import pytest

from gen_studio.core.plan import PairFilter
from gen_studio.data import filters

SIDE = 32


def photographs(number: int = 3, channels: int = 3) -> np.ndarray:
    """Noise over slow waves: some of everything that a filter could trip over."""
    rng = np.random.default_rng(1)
    wave = 100 + 80 * np.sin(np.arange(SIDE) / 5)[None, None, None]
    return np.clip(wave + rng.normal(0, 20, (number, channels, SIDE, SIDE)), 0, 255).astype(np.uint8)


def halves(dark: int, bright: int) -> np.ndarray:
    picture = np.full((1, 1, SIDE, SIDE), dark, dtype=np.uint8)
    picture[..., SIDE // 2 :] = bright
    return picture


@pytest.mark.parametrize("pair_filter", list(PairFilter))
@pytest.mark.parametrize("channels", [1, 3])
def test_every_filter_keeps_number_and_size(pair_filter: PairFilter, channels: int) -> None:
    questions = filters.apply(pair_filter, photographs(channels=channels))
    grey = pair_filter in (PairFilter.EDGES, PairFilter.GREY)
    assert questions.shape == (3, 1 if grey else channels, SIDE, SIDE) and questions.dtype == np.uint8


@pytest.mark.parametrize("pair_filter", list(PairFilter))
def test_a_picture_has_the_same_question_in_any_company(pair_filter: PairFilter) -> None:
    pictures = np.concatenate([photographs(70), photographs(1)])
    together = filters.apply(pair_filter, pictures)
    assert np.array_equal(together[5:6], filters.apply(pair_filter, pictures[5:6]))


def test_a_step_gives_one_black_line_one_pixel_wide_on_white() -> None:
    lines = filters.edges(halves(40, 200))
    assert set(np.unique(lines)) == {0, 255}
    assert ((lines == 0).sum(axis=3) == 1).all()


def test_lines_are_thin_in_every_direction() -> None:
    down, right = np.mgrid[:SIDE, :SIDE]
    for angle in np.linspace(0, np.pi, 12, endpoint=False):
        side = np.cos(angle) * (right - 15.5) + np.sin(angle) * (down - 15.5)
        lines = filters.edges(np.where(side > 0, 200, 40).astype(np.uint8)[None, None])
        assert 20 <= (lines == 0).sum() <= 2 * SIDE  # on the diagonal the line is a staircase


def test_a_pale_picture_has_its_outline_too_and_an_even_one_none() -> None:
    assert (filters.edges(halves(100, 125)) == 0).sum() >= SIDE
    assert (filters.edges(halves(100, 100)) == 255).all()


def test_colours_of_equal_brightness_have_an_edge_between_them() -> None:
    picture = np.zeros((1, 3, SIDE, SIDE), dtype=np.uint8)
    picture[:, 1, :, : SIDE // 2] = 200
    picture[:, 2, :, SIDE // 2 :] = 200
    assert (filters.edges(picture) == 0).sum() >= SIDE


def test_a_weak_edge_counts_only_where_it_continues_a_strong_one() -> None:
    apart = halves(100, 135)
    apart[:, :, :, :4] = 250
    apart[:, :, :, 4:8] = 0
    assert (filters.edges(apart)[:, :, :, 14:18] == 255).all()
    fading = apart.copy()
    fading[:, :, :16, 16:] = np.linspace(250, 135, 16).astype(np.uint8)[:, None]
    assert (filters.edges(fading)[:, :, 17:19, 14:18] == 0).any()


def test_blur_and_low_resolution_lose_detail_but_not_brightness() -> None:
    pictures = photographs()
    for pair_filter in (PairFilter.BLUR, PairFilter.LOW_RESOLUTION):
        questions = filters.apply(pair_filter, pictures).astype(float)
        assert np.abs(np.diff(questions, axis=2)).mean() < 0.3 * np.abs(np.diff(pictures.astype(float), axis=2)).mean()
        assert questions.mean() == pytest.approx(pictures.mean(), abs=1)


def test_grey_is_the_luminance_that_pil_computes() -> None:
    from PIL import Image

    pictures = photographs(1)
    expected = np.asarray(Image.fromarray(pictures[0].transpose(1, 2, 0)).convert("L")).astype(int)
    assert np.abs(filters.apply(PairFilter.GREY, pictures)[0, 0].astype(int) - expected).max() <= 1
