"""Each kind of noise does what its name says, with the share it is given."""

import pytest
import torch

from gen_studio.nets import corruption


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


GREY = torch.zeros(50, 3, 40, 40)


def test_gaussian_noise_has_its_deviation_and_no_bias():
    noise = corruption.gaussian(GREY, 0.3, rng())
    assert float(noise.std()) == pytest.approx(0.3, rel=0.01)
    assert float(noise.mean()) == pytest.approx(0.0, abs=0.005)


def test_masking_blackens_its_share_of_whole_pixels_and_leaves_the_rest():
    damaged = corruption.masked(GREY, 0.25, rng())
    hit = damaged == -1
    assert torch.equal(hit.any(1), hit.all(1))
    assert float(hit.float().mean()) == pytest.approx(0.25, abs=0.01)
    assert (damaged[~hit] == 0).all()


def test_salt_and_pepper_are_equally_many():
    damaged = corruption.salted(GREY, 0.2, rng())
    black, white = damaged == -1, damaged == 1
    assert float(black.float().mean()) == pytest.approx(0.1, abs=0.01)
    assert float(white.float().mean()) == pytest.approx(0.1, abs=0.01)
    assert (damaged[~(black | white)] == 0).all()
    assert torch.equal(white.any(1), white.all(1))


@pytest.mark.parametrize("damage", [corruption.gaussian, corruption.masked, corruption.salted])
def test_noise_is_fresh_each_time_none_is_none_and_the_picture_stays(damage):
    images, chance = GREY.clone(), rng()
    assert not torch.equal(damage(images, 0.5, chance), damage(images, 0.5, chance))
    assert torch.equal(damage(images, 0.0, chance), images)
    assert torch.equal(images, GREY)


def test_all_pixels_can_be_hit():
    assert (corruption.masked(GREY, 1.0, rng()) == -1).all()
    assert (corruption.salted(GREY, 1.0, rng()).abs() == 1).all()
