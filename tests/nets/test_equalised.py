"""Equalised learning rate: unit weights, He's constant when they are used, and what a multiplier slows down."""

import math

import pytest
import torch
from torch import nn

from gen_studio.nets.equalised import HE_GAIN, EqualisedConv2d, EqualisedLinear, PixelNorm, leaky, scaled_leaky


@pytest.fixture(autouse=True)
def _seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def test_weights_are_unit_normal_whatever_the_size_and_biases_zero() -> None:
    for layer in (EqualisedLinear(20, 4000), EqualisedConv2d(50, 200, 3)):
        assert layer.weight.std().item() == pytest.approx(1, rel=0.02)
        assert layer.weight.mean().item() == pytest.approx(0, abs=0.02)
        assert (layer.bias == 0).all()


def test_they_are_scaled_by_hes_constant_when_used() -> None:
    features = torch.randn(3, 6, 5, 5)
    convolution = EqualisedConv2d(6, 7, 3)
    by_hand = nn.functional.conv2d(features, convolution.weight * math.sqrt(2 / (6 * 9)), convolution.bias, padding=1)
    torch.testing.assert_close(convolution(features), by_hand)
    dense = EqualisedLinear(30, 7, gain=HE_GAIN, bias=1.0)
    vectors = torch.randn(4, 30)
    torch.testing.assert_close(dense(vectors), vectors @ dense.weight.T * math.sqrt(2 / 30) + 1)


def test_features_keep_their_size_through_a_layer_of_unit_gain() -> None:
    for gain, activation in ((1.0, nn.Identity()), (1.0, scaled_leaky), (HE_GAIN, leaky)):
        features = EqualisedLinear(500, 2000, gain=gain)(torch.randn(200, 500))
        # Half of the power passes a leaky rectifier in full, and 0.04 of the other half.
        expected = 1.0 if isinstance(activation, nn.Identity) else (1 + 0.2**2)
        assert activation(features).square().mean().item() == pytest.approx(expected, rel=0.05)


def test_a_multiplier_changes_the_learning_and_not_the_function() -> None:
    vectors = torch.randn(64, 30)
    outputs, moved = {}, {}
    for multiplier in (1.0, 0.01):
        torch.manual_seed(1)
        layer = EqualisedLinear(30, 7, multiplier=multiplier, bias=0.5)
        outputs[multiplier] = layer(vectors).detach()
        optimizer = torch.optim.Adam(layer.parameters(), lr=1e-3, betas=(0.0, 0.99))
        layer(vectors).square().sum().backward()
        optimizer.step()
        moved[multiplier] = (layer(vectors).detach() - outputs[multiplier]).abs().mean()
    torch.testing.assert_close(outputs[1.0], outputs[0.01])
    assert (moved[0.01] / moved[1.0]).item() == pytest.approx(0.01, rel=0.05)


def test_adam_moves_wide_and_narrow_layers_by_the_same_share() -> None:
    shares = []
    for inputs in (10, 1000):
        layer = EqualisedLinear(inputs, 50)
        before = layer.weight.detach().clone()
        layer(torch.randn(8, inputs)).square().sum().backward()
        torch.optim.Adam(layer.parameters(), lr=1e-3).step()
        shares.append(((layer.weight - before).norm() / before.norm()).item())
    assert shares[0] == pytest.approx(shares[1], rel=0.1)


def test_pixel_norm_makes_every_place_a_unit_vector() -> None:
    features = 7 * torch.randn(2, 16, 3, 3) + 1
    normed = PixelNorm()(features)
    torch.testing.assert_close(normed.square().mean(1), torch.ones(2, 3, 3))
    torch.testing.assert_close(nn.functional.cosine_similarity(normed, features), torch.ones(2, 3, 3))


@torch.no_grad()
def test_settled_layers_answer_alike_with_weights_that_are_scaled_already_and_draw_nothing() -> None:
    cases = (
        (EqualisedLinear(6, 5, multiplier=0.01, bias=1.0), torch.randn(3, 6)),
        (EqualisedConv2d(6, 5, 3), torch.randn(3, 6, 8, 8)),
        (EqualisedConv2d(6, 5, 3, stride=2, padding=0, bias=False), torch.randn(3, 6, 8, 8)),
    )
    state = torch.random.get_rng_state()
    for layer, features in cases:
        settled = layer.settled()
        torch.testing.assert_close(settled.weight, layer.weight * layer.scale)
        torch.testing.assert_close(settled(features), layer(features))
        assert not any(parameter.requires_grad for parameter in settled.parameters())
    assert torch.equal(torch.random.get_rng_state(), state)
