"""Augmentation of what a discriminator sees: its ranges, its gradient, and the strength that finds itself."""

import pytest
import torch
from torch import Tensor

from gen_studio.nets import augment
from gen_studio.nets.augment import Augmentation


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 64, channels: int = 3, size: int = 16) -> Tensor:
    return 2 * torch.rand((count, channels, size, size), generator=chance(1)) - 1


def test_strength_0_is_the_identity() -> None:
    images = pictures()
    assert torch.equal(Augmentation(0.0)(images, chance()), images)


def test_strength_1_changes_every_picture_and_a_half_about_half_of_them() -> None:
    images = pictures(400, size=8)
    for strength, operations in ((1.0, 5), (0.5, 5)):
        changed = (Augmentation(strength)(images, chance()) != images).flatten(1).any(1).float().mean()
        unchanged = (1 - strength) ** operations
        assert float(changed) == pytest.approx(1 - unchanged, abs=0.04)


def test_each_picture_has_a_fate_of_its_own_and_the_same_chance_the_same_one() -> None:
    same = pictures(1).expand(8, -1, -1, -1)
    seen = Augmentation(1.0)(same, chance())
    assert len({picture.numpy().tobytes() for picture in seen}) == 8
    assert torch.equal(seen, Augmentation(1.0)(same, chance()))


def test_brightness_moves_all_of_a_picture_alike_by_at_most_a_half() -> None:
    images = pictures(200)
    shift = (augment._brightness(images, chance()) - images).flatten(1)
    torch.testing.assert_close(shift, shift[:, :1].expand_as(shift), atol=1e-5, rtol=0)
    assert 0.45 < float(shift.abs().max()) <= 0.5


def test_contrast_scales_about_the_pictures_mean_by_a_half_to_one_and_a_half() -> None:
    images = pictures(200)
    means = images.mean((1, 2, 3), keepdim=True)
    factors = ((augment._contrast(images, chance()) - means) / (images - means)).flatten(1).median(1).values
    assert 0.5 <= float(factors.min()) < 0.6
    assert 1.4 < float(factors.max()) <= 1.5


def test_saturation_scales_about_each_pixels_grey_by_0_to_2_and_leaves_grey_pictures() -> None:
    images = pictures(200)
    grey = images.mean(1, keepdim=True)
    factors = ((augment._saturation(images, chance()) - grey) / (images - grey)).flatten(1).median(1).values
    assert 0 <= float(factors.min()) < 0.2
    assert 1.8 < float(factors.max()) <= 2
    single = pictures(channels=1)
    torch.testing.assert_close(augment._saturation(single, chance()), single)


def test_shift_moves_by_whole_pixels_up_to_an_eighth_and_brings_in_grey() -> None:
    images = pictures(100, channels=1) + 3  # no pixel is grey
    moved = augment._shift(images, chance())
    seen = set()
    for before, after in zip(images, moved, strict=True):
        matches = []
        for down in range(-2, 3):
            for right in range(-2, 3):
                expected = torch.zeros_like(before)
                rows, columns = slice(max(0, down), 16 + min(0, down)), slice(max(0, right), 16 + min(0, right))
                from_rows, from_columns = (
                    slice(max(0, -down), 16 - max(0, down)),
                    slice(max(0, -right), 16 - max(0, right)),
                )
                expected[:, rows, columns] = before[:, from_rows, from_columns]
                if torch.equal(expected, after):
                    matches.append((down, right))
        assert len(matches) == 1
        seen.add(matches[0])
    assert len(seen) > 15


def test_cutout_greys_one_square_of_half_the_side_cut_at_the_border() -> None:
    images = torch.ones(200, 1, 16, 16)
    holes = augment._cutout(images, chance()) == 0
    heights, widths = holes.any(3).sum(2).flatten(), holes.any(2).sum(2).flatten()
    assert int(heights.max()) == int(widths.max()) == 8
    assert int(heights.min()) >= 4
    assert torch.equal(holes.sum((1, 2, 3)), heights * widths), "a rectangle without gaps"


def test_the_gradient_flows_back_to_the_pictures() -> None:
    images = pictures(8).requires_grad_()
    Augmentation(0.5)(images, chance()).square().sum().backward()
    assert images.grad is not None
    assert images.grad.isfinite().all()
    assert all(gradient.abs().sum() > 0 for gradient in images.grad)


@pytest.mark.parametrize(("scores", "direction"), [([1.0] * 10, 1), ([1.0] * 9 + [-1.0], 1), ([1.0, -1.0] * 5, -1)])
def test_the_strength_goes_from_0_to_1_in_500_000_pictures_where_d_is_too_sure(
    scores: list[float], direction: int
) -> None:
    augmentation = Augmentation(0.7, target=0.6)
    assert augmentation.strength.item() == 0, "it starts from nothing"
    augmentation.strength.fill_(0.5)
    augmentation.adapt(torch.tensor(scores))
    assert augmentation.strength.item() == pytest.approx(0.5 + direction * 10 / 500_000, abs=1e-7)


def test_the_strength_stays_between_0_and_1() -> None:
    augmentation = Augmentation(0.0, target=0.6, ramp_pictures=10)
    for sign in (-1.0, 1.0):
        for _ in range(3):
            augmentation.adapt(torch.full((8,), sign))
        assert augmentation.strength.item() == (sign > 0)


def test_a_fixed_strength_does_not_adapt_and_an_adapted_one_is_saved() -> None:
    fixed, adaptive = Augmentation(0.3), Augmentation(0.0, target=0.6)
    for augmentation in (fixed, adaptive):
        augmentation.adapt(torch.ones(100))
    assert fixed.strength.item() == pytest.approx(0.3)
    assert adaptive.state_dict()["strength"].item() == pytest.approx(100 / 500_000)
