"""The schedule against the papers' formulas, and the steps against the distributions they come from."""

import math

import numpy as np
import pytest
import torch

from gen_studio.nets import diffusion
from gen_studio.nets.diffusion import NoiseSchedule


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_linear_schedule_is_the_product_of_the_papers_betas():
    kept = diffusion.shares(NoiseSchedule.LINEAR, 1000)
    assert kept.dtype == np.float64
    product = 1.0
    for level in range(1000):
        product *= 1 - (1e-4 + (0.02 - 1e-4) * level / 999)
        assert kept[level] == pytest.approx(product, rel=1e-12)
    assert kept[-1] == pytest.approx(4.04e-5, rel=0.01)


def test_the_cosine_schedule_is_its_closed_form_up_to_the_clipped_end():
    kept = diffusion.shares(NoiseSchedule.COSINE, 1000)

    def f(time: float) -> float:
        return math.cos((time + 0.008) / 1.008 * math.pi / 2) ** 2

    for level in (0, 1, 10, 500, 990):
        assert kept[level] == pytest.approx(f((level + 1) / 1000) / f(0), rel=1e-9)
    assert 1 - kept[-1] / kept[-2] == pytest.approx(0.999)


@pytest.mark.parametrize("schedule", NoiseSchedule)
@pytest.mark.parametrize("levels", [2, 10, 1000, 4000])
def test_every_schedule_falls_from_nearly_all_to_nearly_nothing(schedule, levels):
    kept = diffusion.shares(schedule, levels)
    assert kept.shape == (levels,)
    assert (np.diff(kept) < 0).all() and 0 < kept[-1] < 0.05 and kept[0] < 1


def test_as_many_levels_end_as_noisy():
    few, many = (diffusion.shares(NoiseSchedule.LINEAR, levels)[-1] for levels in (250, 1000))
    # To first order: log(1 - 4 beta) is not quite 4 log(1 - beta).
    assert math.log(few) == pytest.approx(math.log(many), rel=0.03)


def test_weights_keep_the_variance_of_what_they_mix():
    kept = diffusion.shares(NoiseSchedule.LINEAR, 1000)
    weights = diffusion.weights(kept)
    torch.testing.assert_close(weights.square().sum(1), torch.ones(1000))
    # Taken from float32 shares, the first level's noise would be wrong in the fourth digit.
    assert float(weights[0, 1]) == pytest.approx(math.sqrt(1 - kept[0]), rel=1e-7)


def test_sampling_visits_levels_from_the_last_down_to_the_first():
    assert diffusion.visited(1000, 1000) == list(range(999, -1, -1))
    assert diffusion.visited(1000, 1) == [999]
    for steps in (2, 7, 20, 999):
        levels = diffusion.visited(1000, steps)
        assert len(set(levels)) == steps and levels[0] == 999 and levels[-1] == 0
        assert levels == sorted(levels, reverse=True)


def test_a_picture_and_its_noise_imply_each_other():
    picture, noise, share = 1.8 * torch.rand(4, 1, 3, 3) - 0.9, torch.randn(4, 1, 3, 3), 0.4
    noisy = math.sqrt(share) * picture + math.sqrt(1 - share) * noise
    torch.testing.assert_close(diffusion.picture_from(noisy, noise, share), picture)
    torch.testing.assert_close(diffusion.noise_from(noisy, picture, share), noise)


def test_a_clipped_picture_is_in_range_and_its_noise_is_derived_again():
    noisy, guess, share = torch.full((1, 1, 1, 1), 3.0), torch.zeros(1, 1, 1, 1), 0.5
    picture = diffusion.picture_from(noisy, guess, share)
    assert float(picture) == 1.0
    onwards = diffusion.ddim_step(noisy, picture, share, 0.8, 0.0, None)
    again = (3.0 - math.sqrt(0.5)) / math.sqrt(0.5)
    assert float(onwards) == pytest.approx(math.sqrt(0.8) + math.sqrt(0.2) * again, rel=1e-6)


def test_ddim_with_the_true_noise_stays_on_the_pictures_own_path():
    picture, noise = 1.8 * torch.rand(2, 1, 4, 4) - 0.9, torch.randn(2, 1, 4, 4)

    def at(share: float) -> torch.Tensor:
        return math.sqrt(share) * picture + math.sqrt(1 - share) * noise

    torch.testing.assert_close(diffusion.ddim_step(at(0.1), picture, 0.1, 0.6, 0.0, None), at(0.6))
    torch.testing.assert_close(diffusion.ddim_step(at(0.1), picture, 0.1, 1.0, 0.0, None), picture)


def test_ddim_with_eta_one_is_the_ancestral_step():
    noisy, picture = torch.randn(3, 1, 4, 4), 2 * torch.rand(3, 1, 4, 4) - 1
    for share, following in ((0.01, 0.02), (0.3, 0.9), (0.9, 1.0)):
        one = diffusion.ddim_step(noisy, picture, share, following, 1.0, rng())
        other = diffusion.ancestral_step(noisy, picture, share, following, rng())
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


def test_the_ancestral_step_draws_from_bayes_rule():
    share, following, picture, noisy = 0.3, 0.7, 0.4, -0.9
    # q(s | x_0) times q(t | s), two normal densities of s: precisions add.
    beta = 1 - share / following
    precision = 1 / (1 - following) + (1 - beta) / beta
    mean = (math.sqrt(following) * picture / (1 - following) + math.sqrt(1 - beta) * noisy / beta) / precision
    many = torch.full((200_000, 1, 1, 1), noisy)
    drawn = diffusion.ancestral_step(many, torch.full_like(many, picture), share, following, rng())
    assert float(drawn.mean()) == pytest.approx(mean, abs=0.005)
    assert float(drawn.var()) == pytest.approx(1 / precision, rel=0.02)
