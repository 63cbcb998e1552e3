"""Unrolling against steps computed by hand, and against finite differences."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.nets import unrolled

RATE, START = 0.1, 2.0


class Slope(nn.Module):
    """One number w; its answer to x is w x."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(START))

    def forward(self, x: Tensor) -> Tensor:
        return self.w * x


def test_two_steps_are_those_computed_by_hand_and_the_gradient_flows_through_both() -> None:
    slope, target = Slope(), torch.tensor(0.5, requires_grad=True)
    # w <- w - r (w - a), twice: w_2 - a = (1 - r)^2 (w_0 - a), so that d w_2 / d a = 1 - (1 - r)^2.
    weights = unrolled.unroll(slope, lambda weights: (weights["w"] - target).square() / 2, 2, RATE)
    expected = 0.5 + 0.9**2 * (START - 0.5)
    assert weights["w"].item() == pytest.approx(expected)
    answer = unrolled.apply(slope, weights, torch.tensor(3.0))
    assert answer.item() == pytest.approx(3 * expected)
    (gradient,) = torch.autograd.grad(answer, target)
    assert gradient.item() == pytest.approx(3 * (1 - 0.9**2))
    assert slope.w.item() == START


def test_no_step_is_the_network_as_it_is() -> None:
    slope = Slope()
    weights = unrolled.unroll(slope, lambda weights: weights["w"].square(), 0, RATE)
    assert unrolled.apply(slope, weights, torch.tensor(3.0)).item() == 3 * START


def test_the_gradient_of_a_network_after_three_steps_is_that_of_finite_differences() -> None:
    torch_rng = torch.Generator().manual_seed(0)
    network = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    for parameter in network.parameters():
        parameter.data = torch.randn(parameter.shape, generator=torch_rng, dtype=torch.float64)
    real = torch.randn((4, 2), generator=torch_rng, dtype=torch.float64)

    def judged(shift: Tensor) -> Tensor:
        fake = real.flip(1) + shift

        def loss(weights: unrolled.Weights) -> Tensor:
            on_real, on_fake = (unrolled.apply(network, weights, pictures) for pictures in (real, fake))
            return nn.functional.softplus(-on_real).mean() + nn.functional.softplus(on_fake).mean()

        weights = unrolled.unroll(network, loss, 3, 0.5)
        return nn.functional.softplus(-unrolled.apply(network, weights, fake)).mean()

    shift = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(judged(shift), shift)
    step = 1e-5
    difference = (judged(shift.detach() + step) - judged(shift.detach() - step)) / (2 * step)
    assert gradient.item() == pytest.approx(difference.item(), rel=1e-6)


def test_looking_ahead_moves_no_running_mean() -> None:
    network = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    before = {name: buffer.clone() for name, buffer in network.named_buffers()}
    weights = unrolled.unroll(network, lambda w: unrolled.apply(network, w, torch.randn(4, 2)).square().sum(), 2, RATE)
    unrolled.apply(network, weights, torch.randn(4, 2))
    assert all(torch.equal(buffer, before[name]) for name, buffer in network.named_buffers())
