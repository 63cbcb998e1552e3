"""What lets a discriminator see a batch as a whole, against loops over its pictures."""

import math

import pytest
import torch

from gen_studio.nets.critic import (
    BatchView,
    MinibatchDeviation,
    MinibatchDiscrimination,
    make_batch_view,
)


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_minibatch_discrimination_is_the_sum_over_the_other_pictures_of_exp_of_minus_the_distance() -> None:
    view = MinibatchDiscrimination(6, kernels=3, dimensions=2)
    features = noise(5, 6)
    rows = features @ view.projection.weight.detach().T
    expected = torch.zeros(5, 3)
    for i in range(5):
        for j in range(5):
            for kernel in range(3):
                if i != j:
                    mine, other = (rows[place, 2 * kernel : 2 * kernel + 2] for place in (i, j))
                    expected[i, kernel] += math.exp(-float((mine - other).abs().sum()))
    appended = view(features)
    assert torch.equal(appended[:, :6], features)
    torch.testing.assert_close(appended[:, 6:].detach(), expected)


def test_minibatch_discrimination_tells_a_collapsed_batch_from_a_varied_one() -> None:
    view = MinibatchDiscrimination(6)
    same = view(noise(1, 6).expand(8, 6))[:, 6:]
    torch.testing.assert_close(same, torch.full_like(same, 7.0))
    assert view(10 * noise(8, 6))[:, 6:].mean() < 7


def test_minibatch_deviation_is_the_mean_over_features_of_the_deviation_within_a_group() -> None:
    features = noise(8, 3, 2, 2)
    appended = MinibatchDeviation(group=4)(features)
    assert appended.shape == (8, 4, 2, 2)
    assert torch.equal(appended[:, :3], features)
    for place in range(8):
        # Groups are every second picture: places 0, 2, 4, 6 and 1, 3, 5, 7.
        group = features[place % 2 :: 2].flatten(1)
        deviations = ((group - group.mean(0)).square().mean(0) + 1e-8).sqrt()
        torch.testing.assert_close(appended[place, 3], deviations.mean().expand(2, 2))


@pytest.mark.parametrize(("number", "groups"), [(6, 2), (7, 7), (2, 1), (1, 1)])
def test_a_batch_that_is_no_multiple_of_the_group_takes_a_smaller_one(number: int, groups: int) -> None:
    features = noise(number, 3)
    values = MinibatchDeviation(group=4)(features)[:, 3]
    assert values.isfinite().all()
    assert len(values.unique()) <= groups
    if number == 6:
        torch.testing.assert_close(values[0], features[::2].std(0, unbiased=False).mean())


@pytest.mark.parametrize("kind", BatchView)
@pytest.mark.parametrize("size", [1, 4])
def test_a_view_appends_as_many_channels_as_it_says(kind: BatchView, size: int) -> None:
    view, extra = make_batch_view(kind, 5, size)
    features = noise(4, 5, size, size)
    assert (view(features) if view else features).shape == (4, 5 + extra, size, size)
    if size == 1:
        assert (view(features.flatten(1)) if view else features.flatten(1)).shape == (4, 5 + extra)
