"""Penalties against closed forms, limits on weights against their definition."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.nets.regularisers import (
    clip_after_steps,
    clip_weights,
    gradient_penalty,
    normalise_spectrum,
    r1_penalty,
)


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(seed: int, count: int = 6) -> Tensor:
    return torch.randn((count, 2, 3, 3), generator=chance(seed))


def linear_critic(scale: float) -> nn.Linear:
    critic = nn.Linear(18, 1)
    with torch.no_grad():
        critic.weight.copy_(scale * torch.randn((1, 18), generator=chance(9)))
    return critic


@pytest.mark.parametrize("scale", [0.1, 1.0])
def test_the_gradient_penalty_of_a_linear_critic_is_the_square_of_its_weights_norm_less_one(scale: float) -> None:
    critic = linear_critic(scale)
    penalty = gradient_penalty(lambda x: critic(x.flatten(1)), pictures(0), pictures(1), chance())
    norm = critic.weight.norm()
    torch.testing.assert_close(penalty, (norm - 1).square())
    # The critic is to learn from it: the gradient is that of the closed form.
    (gradient,) = torch.autograd.grad(penalty, critic.weight)
    torch.testing.assert_close(gradient, (2 * (norm - 1) * critic.weight / norm).detach())


def test_the_gradient_penalty_has_one_norm_per_picture_over_all_its_elements() -> None:
    fixed = pictures(2)
    penalty = gradient_penalty(lambda x: (x * fixed).flatten(1).sum(1), pictures(0), pictures(1), chance())
    expected = torch.stack([(picture.square().sum().sqrt() - 1) ** 2 for picture in fixed]).mean()
    torch.testing.assert_close(penalty, expected)


def test_the_gradient_is_taken_between_real_and_fake_at_a_place_of_its_own_for_each_picture() -> None:
    seen: list[Tensor] = []

    def judge(images: Tensor) -> Tensor:
        seen.append(images.detach())
        return images.square().sum((1, 2, 3))

    real, fake = pictures(0), pictures(1)
    gradient_penalty(judge, real, fake, chance())
    shares = ((seen[0] - fake) / (real - fake)).flatten(1)
    torch.testing.assert_close(shares, shares[:, :1].expand_as(shares), atol=1e-3, rtol=1e-3)
    assert shares.min() >= -1e-3
    assert shares.max() <= 1 + 1e-3
    assert shares[:, 0].std() > 0.1


def test_no_gradient_of_a_penalty_reaches_the_pictures_makers() -> None:
    real, fake = pictures(0).requires_grad_(), pictures(1).requires_grad_()
    critic = linear_critic(1.0)
    penalty = gradient_penalty(lambda x: critic(x.flatten(1)), real, fake, chance())
    penalty = penalty + r1_penalty(lambda x: critic(x.flatten(1)).square(), real)
    penalty.backward()
    assert real.grad is None
    assert fake.grad is None
    assert critic.weight.grad is not None


def test_r1_of_a_linear_critic_is_the_square_of_its_weights_norm() -> None:
    critic = linear_critic(0.3)
    penalty = r1_penalty(lambda x: critic(x.flatten(1)), pictures(0))
    torch.testing.assert_close(penalty, critic.weight.square().sum())
    (gradient,) = torch.autograd.grad(penalty, critic.weight)
    torch.testing.assert_close(gradient, 2 * critic.weight.detach())


def test_r1_of_a_quadratic_critic_is_taken_at_the_real_pictures() -> None:
    real = pictures(0)
    penalty = r1_penalty(lambda x: 1.5 * x.square().sum((1, 2, 3)), real)
    torch.testing.assert_close(penalty, 9 * real.square().sum((1, 2, 3)).mean())


def test_penalties_are_computed_in_full_precision_under_autocast() -> None:
    critic = linear_critic(0.3)
    with torch.autocast("cpu", torch.bfloat16):
        penalty = r1_penalty(lambda x: critic(x.flatten(1)), pictures(0))
    torch.testing.assert_close(penalty, critic.weight.square().sum())


def test_clipping_limits_every_weight_and_leaves_the_small_ones() -> None:
    layer = nn.Linear(3, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[-2.0, 0.05, 0.2]]))
        layer.bias.fill_(7.0)
    clip_weights(layer.parameters(), 0.1)
    assert torch.equal(layer.weight, torch.tensor([[-0.1, 0.05, 0.1]]))
    assert torch.equal(layer.bias, torch.tensor([0.1]))


def test_clipping_after_steps_waits_for_a_step() -> None:
    layer = nn.Linear(3, 1)
    with torch.no_grad():
        layer.weight.fill_(2.0)
    optimizer = torch.optim.RMSprop(layer.parameters(), lr=1e-3)
    clip_after_steps(optimizer, 0.1)
    assert (layer.weight == 2.0).all()
    layer(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    assert layer.weight.abs().max() <= 0.1


def test_a_normalised_network_has_a_largest_singular_value_of_one_in_every_layer_and_embedding() -> None:
    network = nn.Sequential(nn.Conv2d(2, 5, 3), nn.BatchNorm2d(5), nn.Flatten(), nn.Linear(5, 4))
    network.add_module("embedding", nn.Embedding(7, 4))
    normalise_spectrum(network)
    for _ in range(100):
        weights = [network[place].weight for place in (0, 3, 4)]
    for weight in weights:
        assert float(torch.linalg.matrix_norm(weight.detach().flatten(1), 2)) == pytest.approx(1, abs=1e-3)


def test_a_network_is_normalised_once_however_often_it_is_asked_for() -> None:
    network = nn.Sequential(nn.Linear(3, 3))
    normalise_spectrum(network)
    normalise_spectrum(network)
    assert len(network[0].parametrizations.weight) == 1
