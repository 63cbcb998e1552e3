"""Modulated convolution against one convolution for each picture, written out."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.nets.lightening import lightened
from gen_studio.nets.modulated import ModulatedConv2d, StyledColours, StyledLayer
from gen_studio.nets.resampling import binomial
from gen_studio.nets.stylegan2 import StyleGAN2Generator
from gen_studio.nets.styles import NoiseSource, Still


@pytest.fixture(autouse=True)
def _seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def one_by_one(layer: ModulatedConv2d, features: Tensor, styles: Tensor) -> Tensor:
    """By the paper's formulas 1 and 3, a picture at a time."""
    outputs = []
    for feature, style in zip(features, styles, strict=True):
        scales = layer.affine.weight @ style / style.numel() ** 0.5 + layer.affine.bias
        weight = layer.weight * layer.scale * scales[None, :, None, None]
        if layer.demodulate:
            weight = weight / (weight.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
        feature = feature[None]
        if layer.blur is not None:
            # Zeros in between, the filter, and an ordinary convolution with the kernel turned around.
            spread = torch.zeros(1, feature.shape[1], 2 * feature.shape[2], 2 * feature.shape[3])
            spread[..., ::2, ::2] = feature
            weight = weight.flip(2, 3)
            convolved = F.conv2d(F.pad(spread, (2, 1, 2, 1)), weight)
            kernel = 4 * binomial((1, 3, 3, 1)).expand(len(weight), 1, 4, 4)
            outputs.append(F.conv2d(F.pad(convolved, (1, 1, 1, 1)), kernel, groups=len(weight)))
        else:
            outputs.append(F.conv2d(feature, weight, padding=weight.shape[-1] // 2))
    return torch.cat(outputs)


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize("kernel", [1, 3])
def test_it_is_a_convolution_with_weights_of_each_pictures_own(kernel: int, demodulate: bool) -> None:
    layer = ModulatedConv2d(5, 7, kernel, 6, demodulate=demodulate)
    features, styles = torch.randn(4, 5, 8, 8), torch.randn(4, 6)
    torch.testing.assert_close(layer(features, styles), one_by_one(layer, features, styles), atol=1e-5, rtol=1e-4)


def test_doubling_it_is_the_same_behind_filled_in_zeros_and_a_filter() -> None:
    layer = ModulatedConv2d(5, 7, 3, 6, up=True)
    features, styles = torch.randn(4, 5, 8, 8), torch.randn(4, 6)
    doubled = layer(features, styles)
    assert doubled.shape == (4, 7, 16, 16)
    torch.testing.assert_close(doubled, one_by_one(layer, features, styles), atol=1e-5, rtol=1e-4)


def test_demodulated_outputs_have_unit_variance_whatever_the_styles() -> None:
    layer = ModulatedConv2d(64, 128, 3, 16)
    features = torch.randn(16, 64, 24, 24)
    for size in (0.1, 1.0, 30.0):
        outputs = layer(features, size * torch.randn(16, 16))[..., 1:-1, 1:-1]
        torch.testing.assert_close(outputs.var((2, 3)).mean(1), torch.ones(16), atol=0.05, rtol=0)


def test_without_demodulation_the_style_sets_the_size() -> None:
    layer = ModulatedConv2d(64, 128, 3, 16, demodulate=False)
    features = torch.randn(4, 64, 8, 8)
    assert layer(features, 30 * torch.randn(4, 16)).std() > 5 * layer(features, torch.zeros(4, 16)).std()


def test_a_zero_style_leaves_the_weights_as_they_are() -> None:
    layer = ModulatedConv2d(5, 7, 3, 6, demodulate=False)
    assert (layer.affine.bias == 1).all()
    features = torch.randn(2, 5, 8, 8)
    plain = F.conv2d(features, layer.weight * layer.scale, padding=1)
    torch.testing.assert_close(layer(features, torch.zeros(2, 6)), plain)


def test_colours_are_not_demodulated_and_full_precision() -> None:
    colours = StyledColours(8, 3, 6)
    assert not colours.convolution.demodulate
    with torch.autocast("cpu", torch.bfloat16):
        assert colours(torch.randn(2, 8, 4, 4), torch.randn(2, 6)).dtype == torch.float32


def test_a_layer_has_one_noise_strength_from_zero_and_a_gain_of_the_root_of_two() -> None:
    layer = StyledLayer(8, 9, 6, 4)
    assert layer.noise.strength.tolist() == [[[0.0]]]
    features, styles = torch.randn(2, 8, 4, 4), torch.randn(2, 6)
    by_hand = F.leaky_relu(layer.convolution(features, styles), 0.2) * 2**0.5
    torch.testing.assert_close(layer(features, styles, Still.FIXED), by_hand)


def test_it_is_nearly_the_same_under_autocast() -> None:
    layer, features, styles = StyledLayer(16, 16, 6, 16, up=True), torch.randn(2, 16, 8, 8), torch.randn(2, 6)
    with torch.autocast("cpu", torch.bfloat16):
        coarse = layer(features, styles, Still.NONE)
    torch.testing.assert_close(coarse.float(), layer(features, styles, Still.NONE), atol=0.1, rtol=0.05)


def learnt(layer: StyledLayer | StyledColours) -> StyledLayer | StyledColours:
    """With biases and noise, as after training."""
    torch.nn.init.normal_(layer.bias)
    if isinstance(layer, StyledLayer):
        torch.nn.init.normal_(layer.noise.strength)
    return layer


def rng() -> torch.Generator:
    return torch.Generator().manual_seed(3)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("up", [False, True])
@pytest.mark.parametrize("noise", [Still.NONE, Still.FIXED, rng])
@torch.no_grad()
def test_a_settled_layer_answers_as_the_layer_does_for_one_picture_and_for_many(noise, up: bool, count: int) -> None:
    layer = learnt(StyledLayer(5, 7, 6, 16 if up else 8, up=up))
    features, styles = torch.randn(count, 5, 8, 8), torch.randn(count, 6)
    before = features.clone()

    def source() -> NoiseSource:
        return noise() if noise is rng else noise

    settled = layer.settled()(features, styles, source())
    torch.testing.assert_close(settled, layer(features, styles, source()), atol=1e-5, rtol=1e-4)
    assert torch.equal(features, before), "what comes in belongs to somebody else"


@pytest.mark.parametrize("count", [1, 3])
@torch.no_grad()
def test_settled_colours_answer_as_colours_do(count: int) -> None:
    layer = learnt(StyledColours(8, 3, 6))
    features, styles = torch.randn(count, 8, 8, 8), torch.randn(count, 6)
    torch.testing.assert_close(layer.settled()(features, styles), layer(features, styles), atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_a_light_generator_computes_nothing_anew_that_follows_from_its_weights(monkeypatch) -> None:
    generator = StyleGAN2Generator(16, (8, 8, 4), 3).eval()
    for layer in generator.modules():
        if isinstance(layer, StyledLayer | StyledColours):
            learnt(layer)
    styles = generator.mapping(torch.randn(2, 16))[:, None].expand(-1, 6, -1)
    plain, light = generator(styles, Still.FIXED), lightened(generator)
    monkeypatch.setattr("gen_studio.nets.modulated.powers", lambda weight: pytest.fail("that is known"))
    torch.testing.assert_close(light(styles, Still.FIXED), plain, atol=1e-5, rtol=1e-4)
