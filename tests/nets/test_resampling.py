"""Resampling filters: what is constant stays, sizes double and halve, and a straight line stays straight."""

import copy

import pytest
import torch
import torch.nn.functional as F

from gen_studio.nets.resampling import (
    BINOMIAL_2,
    BINOMIAL_3,
    Blur,
    SmoothDouble,
    at_size,
    binomial,
    double,
    halve,
    smooth_halve,
)

HALVES = {"smooth": smooth_halve(), "mean": halve}
DOUBLES = {"smooth": SmoothDouble(), "nearest": double}


def inner(images: torch.Tensor, margin: int = 2) -> torch.Tensor:
    return images[..., margin:-margin, margin:-margin]


@pytest.mark.parametrize("resample", [*HALVES.values(), *DOUBLES.values(), Blur(BINOMIAL_2, 1)])
def test_what_is_constant_stays_so_away_from_the_border(resample) -> None:
    values = torch.tensor([0.7, -1.3, 4.0]).view(1, 3, 1, 1)
    resampled = inner(resample(values.expand(2, 3, 16, 16)))
    torch.testing.assert_close(resampled, values.expand_as(resampled))


def test_filters_sum_to_one_and_are_separable() -> None:
    for taps in (BINOMIAL_2, BINOMIAL_3):
        kernel = binomial(taps)
        assert kernel.sum().item() == pytest.approx(1)
        assert torch.linalg.matrix_rank(kernel) == 1
    torch.testing.assert_close(binomial(BINOMIAL_2) * 16, torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]))


@pytest.mark.parametrize("kind", HALVES)
def test_halving_makes_half_the_size(kind: str) -> None:
    assert HALVES[kind](torch.zeros(2, 3, 16, 8)).shape == (2, 3, 8, 4)


@pytest.mark.parametrize("kind", DOUBLES)
def test_doubling_makes_twice_the_size(kind: str) -> None:
    assert DOUBLES[kind](torch.zeros(2, 3, 4, 8)).shape == (2, 3, 8, 16)


def test_a_smooth_doubling_interpolates_linearly() -> None:
    ramp = torch.arange(8.0).expand(1, 1, 8, 8)
    doubled = inner(SmoothDouble()(ramp))[0, 0, 0]
    torch.testing.assert_close(doubled, torch.arange(8.0).repeat_interleave(2)[2:-2] + torch.tensor([-0.25, 0.25] * 6))


def test_the_finest_pattern_is_gone_after_a_blur() -> None:
    # Every other pixel: what would come back as an alias after a halving.
    pattern = (-1.0) ** torch.arange(16).expand(1, 1, 16, 16)
    assert inner(Blur(BINOMIAL_2, 1)(pattern)).abs().max() < 1e-6
    assert inner(smooth_halve()(pattern)).abs().max() < 1e-6


def test_a_size_several_powers_away() -> None:
    images = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(at_size(images, 4), halve(halve(images)))
    assert torch.equal(at_size(images, 64), double(double(images)))
    assert at_size(images, 16) is images


@pytest.mark.parametrize(
    "resample", [Blur(BINOMIAL_2, 1), Blur(BINOMIAL_3, 2), Blur(BINOMIAL_3, 1, gain=4.0), smooth_halve()]
)
def test_gradients_and_their_gradients_are_those_of_a_plain_convolution(resample: Blur) -> None:
    images = torch.randn(2, 3, 8, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    resample = copy.deepcopy(resample).double()

    def plain(features: torch.Tensor) -> torch.Tensor:
        kernel = resample.kernel.expand(3, 1, -1, -1)
        return F.conv2d(features, kernel, stride=resample.stride, padding=resample.padding, groups=3)

    found = [derivatives(function, images) for function in (resample, plain)]
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_a_doublings_gradients_are_those_of_a_plain_transposed_convolution() -> None:
    images = torch.randn(2, 3, 4, 6, generator=torch.Generator().manual_seed(0))

    def plain(features: torch.Tensor) -> torch.Tensor:
        return F.conv_transpose2d(features, SmoothDouble().kernel.expand(3, 1, 4, 4), stride=2, padding=1, groups=3)

    for ours, theirs in zip(derivatives(SmoothDouble(), images), derivatives(plain, images), strict=True):
        torch.testing.assert_close(ours, theirs)


def derivatives(function, images: torch.Tensor) -> list[torch.Tensor]:
    """The output, its gradient under a bent loss, and the gradient of that one's length."""
    images = images.clone().requires_grad_()
    output = function(images)
    gradient = torch.autograd.grad(output.pow(3).sum(), images, create_graph=True)[0]
    return [output, gradient, torch.autograd.grad(gradient.square().sum(), images)[0]]


@pytest.mark.parametrize("resample", [Blur(BINOMIAL_2, 1), smooth_halve()])
def test_autocast_filters_in_bf16_and_gives_gradients_back_in_float32(resample: Blur) -> None:
    images = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)).requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        output = resample(images)
    assert output.dtype == torch.bfloat16
    output.float().square().sum().backward()
    assert images.grad is not None
    assert images.grad.dtype == torch.float32


def test_filters_are_no_part_of_what_is_saved() -> None:
    assert not Blur(BINOMIAL_2, 1).state_dict()
    assert not SmoothDouble().state_dict()
