"""Holes cover what they should, differ, and come from their generator alone."""

import pytest
import torch

from gen_studio.nets.holes import HoleShape, draw_holes

DRAWN = [HoleShape.RECTANGLES, HoleShape.STROKES, HoleShape.BRUSH]


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("shape", DRAWN)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_holes_cover_what_is_asked_for(shape: HoleShape, share: float) -> None:
    holes = draw_holes(shape, 8, (32, 24), (share, share), rng())
    assert holes.shape == (8, 1, 32, 24)
    assert set(holes.unique().tolist()) == {0.0, 1.0}
    covered = holes.mean((1, 2, 3))
    # Half a pixel at the side of a rectangle is much more than half a pixel.
    tolerance = 0.5 / 768 if shape is not HoleShape.RECTANGLES else 0.03
    assert (covered - share).abs().max() <= tolerance + 1e-6


@pytest.mark.parametrize("shape", list(HoleShape))
def test_every_picture_has_its_own_share_within_the_bounds_and_its_own_hole(shape: HoleShape) -> None:
    holes = draw_holes(shape, 64, (32, 32), (0.1, 0.4), rng())
    covered = holes.mean((1, 2, 3))
    assert covered.min() > 0.08 and covered.max() < 0.42
    assert covered.min() < 0.15 and covered.max() > 0.35
    assert len({hole.numpy().tobytes() for hole in holes}) == 64


@pytest.mark.parametrize("shape", list(HoleShape))
def test_a_seed_is_the_same_holes_and_another_seed_others(shape: HoleShape) -> None:
    one, same, other = (draw_holes(shape, 4, (16, 16), (0.1, 0.4), rng(seed)) for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_no_place_is_spared() -> None:
    for shape in DRAWN:
        holes = draw_holes(shape, 300, (16, 16), (0.2, 0.4), rng())
        assert holes.amax(0).min() == 1, shape


def test_a_rectangle_is_one_and_a_mixture_has_other_shapes_too() -> None:
    def rectangular(holes: torch.Tensor) -> list[bool]:
        rows, columns = holes[:, 0].amax(2).sum(1), holes[:, 0].amax(1).sum(1)
        return (rows * columns == holes.sum((1, 2, 3))).tolist()

    assert all(rectangular(draw_holes(HoleShape.RECTANGLES, 50, (32, 32), (0.1, 0.4), rng())))
    mixed = rectangular(draw_holes(HoleShape.ANY, 150, (32, 32), (0.1, 0.4), rng()))
    assert 25 <= sum(mixed) <= 75
