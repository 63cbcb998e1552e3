"""The one door for pictures: exact both ways, and nothing leaves the range."""

import numpy as np
import torch

from gen_studio.data.spec import normalise
from gen_studio.inference.images import to_images, to_pictures


def test_every_shade_survives_the_way_in_and_out() -> None:
    shades = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    assert np.array_equal(to_pictures(to_images(shades)), shades)


def test_the_door_and_the_data_agree_on_what_a_shade_is() -> None:
    shades = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    stored = normalise(torch.from_numpy(shades).permute(0, 3, 1, 2))
    torch.testing.assert_close(to_images(shades), stored, rtol=0, atol=1e-6)
    assert np.array_equal(to_pictures(stored), shades)


def test_what_is_outside_of_the_range_is_clipped() -> None:
    images = torch.tensor([-9.0, -1.0, 0.0, 1.0, 9.0]).view(1, 1, 1, 5)
    assert to_pictures(images).ravel().tolist() == [0, 0, 128, 255, 255]


def test_channels_go_last_and_come_first_again() -> None:
    images = torch.rand(2, 3, 4, 5, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pictures = to_pictures(images)
    assert pictures.shape == (2, 4, 5, 3)
    assert pictures.dtype == np.uint8
    assert pictures.flags["C_CONTIGUOUS"]
    back = to_images(pictures)
    assert back.shape == images.shape
    assert (back - images).abs().max() <= 1 / 255


def test_looking_at_a_picture_leaves_it_as_it_was() -> None:
    images = torch.zeros(1, 1, 2, 2, requires_grad=True)
    to_pictures(images)
    assert (images == 0).all()
    pictures = np.zeros((1, 2, 2, 1), np.uint8)
    to_images(pictures)
    assert (pictures == 0).all()


def test_half_precision_is_taken_too() -> None:
    assert to_pictures(torch.ones(1, 1, 1, 1, dtype=torch.bfloat16)).item() == 255
