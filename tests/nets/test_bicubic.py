"""Small pictures as files would hold them, and enlarging them again."""

import torch

from gen_studio.nets.bicubic import enlarged, shrunk


def pictures() -> torch.Tensor:
    return torch.rand(2, 3, 16, 24, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_sides_are_divided_and_multiplied_again() -> None:
    small = shrunk(pictures(), 4)
    assert small.shape == (2, 3, 4, 6)
    assert enlarged(small, 4).shape == pictures().shape


def test_a_flat_picture_stays_what_it_is() -> None:
    flat = torch.full((1, 1, 16, 16), 51 / 127.5 - 1)
    torch.testing.assert_close(enlarged(shrunk(flat, 4), 4), flat)


def test_what_is_left_are_shades_of_a_file() -> None:
    shades = (shrunk(pictures(), 2) + 1) * 127.5
    torch.testing.assert_close(shades, shades.round(), atol=1e-4, rtol=0)


def test_every_pixel_is_heeded() -> None:
    dot = torch.full((1, 1, 16, 16), -1.0)
    for row in range(4, 8):
        for column in range(4, 8):
            changed = dot.clone()
            changed[0, 0, row, column] = 1
            assert not torch.equal(shrunk(changed, 4), shrunk(dot, 4))


def test_both_stay_in_range_at_steep_edges() -> None:
    steps = torch.ones(1, 1, 16, 16)
    steps[..., ::2] = -1
    steps[:, :, :8] = -1
    for made in (shrunk(steps, 2), enlarged(steps, 2)):
        assert made.min() >= -1 and made.max() <= 1
