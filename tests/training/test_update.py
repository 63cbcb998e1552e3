"""Where a gradient becomes a step: whose gradients, how long, and never from a number that is none."""

import math

import pytest
import torch
from torch import Tensor, nn

from gen_studio.training.update import NotFinite, PlayerUpdate


def pair() -> tuple[nn.Linear, nn.Linear]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Linear(3, 3), nn.Linear(3, 1)


def sgd(net: nn.Module, rate: float = 0.1) -> torch.optim.Optimizer:
    return torch.optim.SGD(net.parameters(), lr=rate)


def inputs() -> Tensor:
    return torch.linspace(-1, 1, 12).view(4, 3)


def copies(net: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in net.parameters()]


def test_only_its_own_gradients_are_computed() -> None:
    ours, theirs = pair()
    before = copies(theirs)
    PlayerUpdate(sgd(ours)).minimise(theirs(ours(inputs())).sum())
    assert all(parameter.grad is None for parameter in theirs.parameters())
    assert all(parameter.grad is not None for parameter in ours.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, theirs.parameters(), strict=True))


def test_a_step_is_that_of_the_plain_loop() -> None:
    one, other = pair()[0], pair()[0]
    update, optimizer = PlayerUpdate(sgd(one)), sgd(other)
    for _ in range(3):
        update.minimise(one(inputs()).square().mean())
        optimizer.zero_grad()
        other(inputs()).square().mean().backward()
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_the_rate_and_its_factor_act_on_the_next_step() -> None:
    net = pair()[0]
    update = PlayerUpdate(sgd(net, 0.1))
    for rate, factor in ((0.1, 1.0), (0.4, 1.0), (0.4, 0.25), (0.2, 0.0)):
        before = net.bias.detach().clone()
        update.rate, update.factor = rate, factor
        update.minimise(net(inputs()).sum())
        torch.testing.assert_close(before - net.bias.detach(), torch.full((3,), 4 * rate * factor))


def test_groups_keep_their_share_of_the_rate() -> None:
    slow, fast = pair()
    groups = [{"params": fast.parameters()}, {"params": slow.parameters(), "lr": 0.001}]
    update = PlayerUpdate(torch.optim.SGD(groups, lr=0.1))
    update.rate = 0.5
    update.minimise(fast(slow(inputs())).sum())
    assert [group["lr"] for group in update.optimizer.param_groups] == pytest.approx([0.5, 0.005])


def test_an_idle_player_does_nothing() -> None:
    net = pair()[0]
    update = PlayerUpdate(sgd(net))
    update.idle = True
    before = copies(net)
    update.minimise(torch.tensor(math.nan))
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))


def test_the_norm_is_that_of_all_gradients_and_taken_when_watched() -> None:
    net = pair()[0]
    update = PlayerUpdate(sgd(net))
    update.minimise(net(inputs()).square().sum())
    assert update.norm is None
    update.watched = True
    update.minimise(net(inputs()).square().sum())
    gradients = torch.cat([parameter.grad.flatten() for parameter in net.parameters() if parameter.grad is not None])
    assert update.norm is not None
    torch.testing.assert_close(update.norm, gradients.norm())
    update.watched = False
    update.minimise(net(inputs()).square().sum())
    assert update.norm is None, "an old norm is not told again"


def test_a_gradient_is_clipped_to_its_largest_norm() -> None:
    net = pair()[0]
    update = PlayerUpdate(sgd(net, rate=1.0), clip=0.01)
    before = copies(net)
    update.minimise(100 * net(inputs()).square().sum())
    moved = torch.cat([(a - b.detach()).flatten() for a, b in zip(before, net.parameters(), strict=True)])
    assert moved.norm().item() == pytest.approx(0.01, rel=1e-3)
    assert update.norm is not None
    assert update.norm > 1, "the norm that is told is the one before clipping"
    loose = PlayerUpdate(sgd(net, rate=1e-3), clip=1e6)
    before = copies(net)
    loose.minimise(net(inputs()).sum())
    torch.testing.assert_close(before[1] - net.bias.detach(), torch.full((3,), 4e-3))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_loss_that_is_no_number_changes_nothing(bad: float) -> None:
    net = pair()[0]
    before = copies(net)
    with pytest.raises(NotFinite):
        PlayerUpdate(sgd(net)).minimise(net(inputs()).sum() * bad)
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))


@pytest.mark.parametrize("clip", [None, 1.0])
def test_a_bad_gradient_behind_a_finite_loss_changes_nothing_when_it_is_looked_at(clip: float | None) -> None:
    net = pair()[0]
    update = PlayerUpdate(sgd(net), clip=clip)
    update.watched = clip is None
    before = copies(net)
    with pytest.raises(NotFinite):
        update.minimise((net(inputs()) * 0).abs().sqrt().sum())
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))


def test_after_a_step_autocast_sees_the_new_weights() -> None:
    net = pair()[0]
    update = PlayerUpdate(sgd(net, rate=10.0))
    with torch.autocast("cpu", torch.bfloat16):
        before = net(inputs())
        assert before.dtype == torch.bfloat16
        update.minimise(before.float().sum())
        after = net(inputs())
    with torch.autocast("cpu", torch.bfloat16):
        fresh = net(inputs())
    assert torch.equal(after, fresh)
    assert not torch.equal(after, before)


def test_the_other_players_forward_sees_them_too() -> None:
    generator, critic = pair()
    players = PlayerUpdate(sgd(critic, rate=10.0)), PlayerUpdate(sgd(generator))
    with torch.autocast("cpu", torch.bfloat16):
        fakes = generator(inputs())
        players[0].minimise(critic(fakes.detach()).float().sum())
        judged = critic(fakes)
        stepped = torch.nn.functional.linear(fakes, critic.weight.bfloat16(), critic.bias.bfloat16())
        assert torch.equal(judged, stepped)
        players[1].minimise(judged.float().sum())
    assert generator.weight.grad is not None
    # The generator's gradient went through the critic as it is after its step.
    expected = 4 * critic.weight.detach().bfloat16().float()[0]
    torch.testing.assert_close(generator.bias.grad, expected, rtol=0.02, atol=0.02)


def test_gradients_are_in_float32_under_autocast() -> None:
    net = pair()[0]
    with torch.autocast("cpu", torch.bfloat16):
        PlayerUpdate(sgd(net)).minimise(net(inputs()).sum())
    assert {parameter.grad.dtype for parameter in net.parameters() if parameter.grad is not None} == {torch.float32}
