"""Polygons, floods, growing and shrinking, each against the plainest way to compute it."""

import numpy as np
import pytest

from gen_studio.ui.canvas.box import Box
from gen_studio.ui.canvas.regions import bounds, flooded, grown, polygon, shrunk


def blobs(seed: int, shape: tuple[int, int] = (40, 53), share: float = 0.03) -> np.ndarray:
    return np.random.default_rng(seed).random(shape) < share


def grown_plainly(mask: np.ndarray, radius: int) -> np.ndarray:
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]]
    result = np.zeros_like(mask)
    for row, column in np.argwhere(mask):
        result |= (y - row) ** 2 + (x - column) ** 2 <= radius * radius
    return result


@pytest.mark.parametrize("radius", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_mask_grows_by_a_disc(radius: int, seed: int) -> None:
    mask = blobs(seed, share=0.01)
    np.testing.assert_array_equal(grown(mask, radius), grown_plainly(mask, radius))


@pytest.mark.parametrize("radius", [1, 2, 5])
def test_a_mask_shrinks_by_a_disc_but_not_from_the_border_of_the_picture(radius: int) -> None:
    mask = ~blobs(3, share=0.01)
    np.testing.assert_array_equal(shrunk(mask, radius), ~grown_plainly(~mask, radius))
    assert shrunk(np.ones((9, 9), bool), radius).all()


def test_nothing_grows_to_nothing_and_by_nothing() -> None:
    nothing = np.zeros((5, 7), bool)
    assert not grown(nothing, 3).any() and bounds(nothing) is None
    np.testing.assert_array_equal(grown(blobs(0), 0), blobs(0))


def test_bounds_are_the_tightest() -> None:
    mask = np.zeros((20, 30), bool)
    mask[4, 7] = mask[11, 3] = True
    assert bounds(mask) == Box(3, 4, 8, 12)


def flooded_plainly(pixels: np.ndarray, seed: tuple[int, int]) -> np.ndarray:
    result, waiting = np.zeros(pixels.shape, bool), [seed[::-1]]
    value = pixels[seed[::-1]]
    while waiting:
        row, column = waiting.pop()
        inside = 0 <= row < pixels.shape[0] and 0 <= column < pixels.shape[1]
        if inside and not result[row, column] and pixels[row, column] == value:
            result[row, column] = True
            waiting += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
    return result


@pytest.mark.parametrize("seed", range(6))
def test_a_flood_reaches_what_hangs_together_by_its_sides(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = (rng.random((33, 41)) < 0.42).astype(np.uint8)
    start = (int(rng.integers(41)), int(rng.integers(33)))
    np.testing.assert_array_equal(flooded(pixels, start), flooded_plainly(pixels, start))


def winds_plainly(points: list[tuple[float, float]], x: float, y: float) -> bool:
    turns = 0
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        if y0 <= y < y1 and side > 0:
            turns += 1
        elif y1 <= y < y0 and side < 0:
            turns -= 1
    return turns != 0


@pytest.mark.parametrize("seed", range(5))
def test_a_polygon_holds_the_pixels_whose_middles_it_goes_around(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = [(float(x), float(y)) for x, y in rng.uniform(-8, 48, (7, 2))]
    limits = Box(0, 0, 40, 36)
    box, inside = polygon(points, limits)
    found = np.zeros((36, 40), bool)
    found[box.slices] = inside
    expected = [[winds_plainly(points, x + 0.5, y + 0.5) for x in range(40)] for y in range(36)]
    np.testing.assert_array_equal(found, expected)


def test_a_polygon_beyond_the_picture_holds_nothing() -> None:
    box, inside = polygon([(50, 50), (60, 50), (55, 60)], Box(0, 0, 40, 40))
    assert box.is_empty and not inside.any()
