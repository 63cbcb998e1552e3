"""PSNR and SSIM against their formulas, worked out place by place, and where they are known in closed form."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.metrics.likeness import psnr, ssim


def shades(*shape: int, seed: int = 0) -> Tensor:
    return torch.randint(0, 256, shape, generator=torch.Generator().manual_seed(seed)).float()


def image(values: Tensor) -> Tensor:
    return values / 127.5 - 1


def test_psnr_is_that_of_the_formula_for_each_picture() -> None:
    one, other = shades(3, 3, 8, 9), shades(3, 3, 8, 9, seed=1)
    found = psnr(image(one), image(other))
    for place in range(3):
        pairs = zip(one[place].flatten().tolist(), other[place].flatten().tolist(), strict=True)
        error = sum((a - b) ** 2 for a, b in pairs)
        assert float(found[place]) == pytest.approx(10 * math.log10(255**2 / (error / 216)), rel=1e-6)


def test_an_error_of_one_shade_everywhere_is_48_db() -> None:
    grey = torch.full((1, 1, 4, 4), 100.0)
    assert float(psnr(image(grey), image(grey + 1))) == pytest.approx(20 * math.log10(255))


def test_a_perfect_picture_counts_as_one_with_the_error_of_rounding() -> None:
    picture = image(shades(1, 3, 8, 8))
    assert float(psnr(picture, picture)) == pytest.approx(10 * math.log10(12 * 255**2))
    # Less than half a shade is lost when a file is written.
    assert psnr(picture + 0.4 / 127.5, picture) == psnr(picture, picture)


def test_what_is_beyond_black_and_white_is_no_error() -> None:
    white = torch.ones(1, 1, 4, 4)
    assert psnr(2 * white, white) == psnr(white, white)


def test_ssim_is_that_of_the_formula_at_every_place() -> None:
    one, other = shades(1, 1, 13, 12), shades(1, 1, 13, 12, seed=1)
    x, y = one[0, 0].double().numpy(), other[0, 0].double().numpy()
    place = np.arange(-5, 6)
    window = np.exp(-(place[:, None] ** 2 + place[None] ** 2) / (2 * 1.5**2))
    window /= window.sum()
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    values = []
    for row in range(3):
        for column in range(2):
            a, b = x[row : row + 11, column : column + 11], y[row : row + 11, column : column + 11]
            mean_a, mean_b = (window * a).sum(), (window * b).sum()
            variance_a, variance_b = (window * (a - mean_a) ** 2).sum(), (window * (b - mean_b) ** 2).sum()
            covariance = (window * (a - mean_a) * (b - mean_b)).sum()
            alike = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
            values.append(alike * (2 * covariance + c2) / (variance_a + variance_b + c2))
    assert float(ssim(image(one), image(other))) == pytest.approx(float(np.mean(values)), abs=1e-6)


def test_equal_pictures_have_an_ssim_of_one() -> None:
    picture = image(shades(2, 3, 16, 16))
    torch.testing.assert_close(ssim(picture, picture), torch.ones(2, dtype=torch.float64))


def test_flat_pictures_are_compared_by_their_luminance_alone() -> None:
    dark, bright = torch.full((1, 1, 11, 11), 50.0), torch.full((1, 1, 11, 11), 100.0)
    c1 = (0.01 * 255) ** 2
    wanted = (2 * 50 * 100 + c1) / (50**2 + 100**2 + c1)
    assert float(ssim(image(dark), image(bright))) == pytest.approx(wanted)


def test_ssim_of_a_coloured_picture_is_that_of_its_luminance() -> None:
    one, other = shades(1, 1, 12, 12), shades(1, 1, 12, 12, seed=1)
    grey = ssim(image(one), image(other))
    torch.testing.assert_close(ssim(image(one).repeat(1, 3, 1, 1), image(other).repeat(1, 3, 1, 1)), grey)
    red, green = (torch.zeros(1, 3, 12, 12) for _ in range(2))
    red[:, 0], green[:, 1] = one[:, 0], one[:, 0]
    assert float(ssim(image(red), image(green))) < 1
