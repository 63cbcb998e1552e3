"""The running average of weights against its closed form."""

import pytest
import torch
from torch import nn

from gen_studio.nets.averaging import WeightAverage


def network(value: float = 0.0) -> nn.Sequential:
    made = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    for parameter in made.parameters():
        nn.init.constant_(parameter, value)
    return made


def set_weights(made: nn.Module, value: float) -> None:
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.fill_(value)


def test_it_is_the_closed_form_with_a_ramp() -> None:
    trained = network()
    average = WeightAverage({"net": trained}, decay=0.5)
    expected = 0.0
    for step, value in enumerate([3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0], start=1):
        set_weights(trained, value)
        average.update()
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
        for parameter in average.modules["net"].parameters():
            assert parameter.flatten()[0].item() == pytest.approx(expected, rel=1e-5)
    assert (1 + 8) / (10 + 8) >= 0.5, "the steps above reach the full decay"


def test_its_half_life_ramps_up_as_a_share_of_the_steps() -> None:
    trained = network()
    average = WeightAverage({"net": trained}, decay=0.9, ramp=0.5)
    set_weights(trained, 1.0)
    expected = 0.0
    for step in range(1, 30):
        average.update()
        # Half of what is there is forgotten within half as many steps as were taken, at the most.
        decay = min(0.9, 0.5 ** (1 / (0.5 * step)))
        expected = decay * expected + 1 - decay
        weight = next(average.modules["net"].parameters()).flatten()[0]
        assert weight.item() == pytest.approx(expected, rel=1e-5)
    assert 0.5 ** (1 / (0.5 * 29)) > 0.9, "the steps above reach the full decay"


def test_of_equal_weights_it_is_those_weights() -> None:
    trained = network(1.5)
    average = WeightAverage({"net": trained}, decay=0.999)
    for _ in range(20):
        average.update()
    assert all(torch.allclose(p, torch.tensor(1.5)) for p in average.modules["net"].parameters())


def test_buffers_are_copied_not_averaged() -> None:
    trained = network()
    average = WeightAverage({"net": trained}, decay=0.9)
    trained(torch.randn(8, 2, generator=torch.Generator().manual_seed(0)))
    average.update()
    for ours, theirs in zip(average.modules["net"].buffers(), trained.buffers(), strict=True):
        assert torch.equal(ours, theirs)


def test_it_shares_no_memory_and_wants_no_gradient() -> None:
    trained = network(1.0)
    average = WeightAverage({"net": trained}, decay=0.9)
    set_weights(trained, 7.0)
    assert all((p == 1).all() and not p.requires_grad for p in average.modules["net"].parameters())


def test_it_goes_on_from_its_state() -> None:
    one, other = network(), network(2.0)
    first, second = WeightAverage({"net": one}, 0.9), WeightAverage({"net": other}, 0.9)
    for value in (1.0, 2.0):
        set_weights(one, value)
        first.update()
    second.load_state_dict(first.state_dict())
    set_weights(other, 2.0)
    for average in (first, second):
        average.update()
    assert first.updates == second.updates == 3
    for a, b in zip(first.modules["net"].parameters(), second.modules["net"].parameters(), strict=True):
        assert torch.equal(a, b)
