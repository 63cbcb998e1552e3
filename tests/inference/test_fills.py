"""Fills without a model: the mean, and the solution of Laplace's equation."""

import numpy as np
import torch
from torch import Tensor

from gen_studio.inference.fills import diffusion_fill, mean_fill


def scene(seed: int = 0) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(seed)
    images = torch.rand(2, 3, 7, 6, generator=rng) * 2 - 1
    holes = (torch.rand(2, 1, 7, 6, generator=rng) < 0.5).float()
    return images, holes


def harmonic(picture: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Every missing pixel the mean of its neighbours in the picture, by solving all equations at once."""
    places = {place: number for number, place in enumerate(zip(*np.nonzero(hole), strict=True))}
    matrix, right = np.zeros((len(places), len(places))), np.zeros(len(places))
    for (row, column), number in places.items():
        for place in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if 0 <= place[0] < hole.shape[0] and 0 <= place[1] < hole.shape[1]:
                matrix[number, number] += 1
                if place in places:
                    matrix[number, places[place]] -= 1
                else:
                    right[number] += picture[place]
    filled = picture.copy()
    filled[np.nonzero(hole)] = np.linalg.solve(matrix, right)
    return filled


def test_a_hole_is_filled_with_the_mean_of_what_is_known() -> None:
    images, holes = scene()
    filled = mean_fill(images, holes)
    known = holes[1, 0] == 0
    torch.testing.assert_close(filled[1, 2][~known], images[1, 2][known].mean().expand(int((~known).sum())))
    assert torch.equal(filled[1, 2][known], images[1, 2][known])


def test_diffusion_solves_laplaces_equation_and_keeps_what_is_known() -> None:
    images, holes = scene()
    filled = diffusion_fill(images, holes)
    known = (holes == 0).expand_as(images)
    assert torch.equal(filled[known], images[known])
    for picture in range(2):
        for channel in range(3):
            wanted = harmonic(images[picture, channel].double().numpy(), holes[picture, 0].numpy())
            np.testing.assert_allclose(filled[picture, channel], wanted, atol=1e-3)


def test_what_is_under_a_hole_does_not_matter() -> None:
    images, holes = scene()
    for fill in (mean_fill, diffusion_fill):
        assert torch.equal(fill(images, holes), fill(images.masked_fill(holes > 0, torch.nan), holes))


def test_a_ramp_is_filled_as_a_ramp_and_nothing_known_is_grey() -> None:
    ramp = torch.linspace(-1, 1, 16).expand(1, 1, 16, 16)
    holes = torch.zeros(1, 1, 16, 16)
    holes[..., :, 4:12] = 1
    torch.testing.assert_close(diffusion_fill(ramp, holes), ramp, atol=1e-3, rtol=0)
    for fill in (mean_fill, diffusion_fill):
        assert torch.all(fill(ramp, torch.ones(1, 1, 16, 16)) == 0)
