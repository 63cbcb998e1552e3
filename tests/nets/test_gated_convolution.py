"""Gated convolutions, and that signals of the two networks neither die nor explode."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from gen_studio.nets.gated_convolution import CoarseNetwork, GatedConv2d, RefinementNetwork, spectral_patch_critic


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@torch.no_grad()
def test_features_pass_as_far_as_their_gates_are_open() -> None:
    layer = GatedConv2d(3, 5, stride=2, dilation=1)
    layer.both.bias.normal_(generator=rng(1))
    x = torch.randn(2, 3, 8, 8, generator=rng())
    weights, biases = layer.both.weight, layer.both.bias
    features = F.conv2d(x, weights[:5], biases[:5], stride=2, padding=1)
    gates = F.conv2d(x, weights[5:], biases[5:], stride=2, padding=1)
    torch.testing.assert_close(layer(x), F.elu(features) / (1 + torch.exp(-gates)))
    biases[5:] = -100.0
    assert layer(x).abs().max() < 1e-6


@torch.no_grad()
def test_both_networks_give_whole_pictures_that_depend_on_what_they_are_given() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        networks = [CoarseNetwork(3, 8), RefinementNetwork(3, 8)]
    images = torch.rand(2, 3, 32, 32, generator=rng()) * 2 - 1
    holes = (torch.rand(2, 1, 32, 32, generator=rng(1)) < 0.3).float()
    for network in networks:
        answer = network(images * (1 - holes), holes)
        assert answer.shape == images.shape
        assert 0.02 < answer.std() < 0.95, "the first answers have a shade and a gradient"
        assert not torch.allclose(answer[0], network(-images * (1 - holes), holes)[0], atol=1e-3)
        assert not torch.allclose(answer[0], network(images * (1 - holes), 1 - holes)[0], atol=1e-3)


def test_nothing_is_normalised_but_the_critics_weights() -> None:
    norms = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)
    critic = spectral_patch_critic(4, 8, 256)
    for network in (CoarseNetwork(3, 4), RefinementNetwork(3, 4), critic):
        assert not any(isinstance(module, norms) for module in network.modules())
    layers = [layer for layer in critic if isinstance(layer, nn.Conv2d)]
    assert [layer.out_channels for layer in layers] == [8, 16, 32, 32, 32, 32]
    assert all(layer.kernel_size == (5, 5) and layer.stride == (2, 2) for layer in layers)
    assert all(is_parametrized(layer, "weight") for layer in layers)


def test_the_critic_scores_places_and_channels_at_every_size() -> None:
    for size, side in ((16, 4), (64, 4), (256, 4)):
        assert spectral_patch_critic(4, 4, size)(torch.zeros(1, 4, size, size)).shape == (
            1,
            16 if size > 16 else 8,
            side,
            side,
        )
