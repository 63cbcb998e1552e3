"""Mapping, mixing and noise of style-based generators."""

import pytest
import torch
from torch import nn

from gen_studio.nets.equalised import EqualisedLinear
from gen_studio.nets.styles import MappingNetwork, NoiseInput, Still, SummedNoise, mix


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(autouse=True)
def _seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def test_the_mapping_has_eight_layers_at_a_hundredth_of_the_rate() -> None:
    layers = [layer for layer in MappingNetwork(16, 24).modules() if isinstance(layer, EqualisedLinear)]
    assert [layer.in_features for layer in layers] == [16] + [24] * 7
    assert {layer.multiplier for layer in layers} == {0.01}


def test_the_mapping_heeds_a_latents_direction_and_not_its_length() -> None:
    mapping, latents = MappingNetwork(64, 64), torch.randn(200, 64)
    torch.testing.assert_close(mapping(latents), mapping(7 * latents), atol=1e-4, rtol=1e-4)
    assert mapping(latents).square().mean().item() == pytest.approx(1, abs=0.5), "and keeps its size"


def test_fewer_layers_keep_latents_further_apart() -> None:
    torch.manual_seed(0)
    latents = torch.randn(100, 64)

    def likeness(layers: int) -> float:
        """The mean cosine between the styles of different latents."""
        styles = nn.functional.normalize(MappingNetwork(64, 64, layers)(latents))
        return ((styles @ styles.T).sum() - 100).item() / 9900

    assert likeness(2) < likeness(8) - 0.1


def test_styles_are_float32_under_autocast() -> None:
    mapping, latents = MappingNetwork(8, 8), torch.randn(3, 8)
    with torch.autocast("cpu", torch.bfloat16):
        inside = mapping(latents)
    assert torch.equal(inside, mapping(latents))


def test_the_mean_follows_with_decay_0995_and_only_when_told() -> None:
    mapping = MappingNetwork(4, 4)
    styles = torch.randn(10, 4)
    mapping(styles)
    assert (mapping.mean == 0).all()
    expected = torch.zeros(4)
    for _ in range(3):
        mapping.follow(styles)
        expected = 0.995 * expected + 0.005 * styles.mean(0)
    torch.testing.assert_close(mapping.mean, expected)


def test_the_second_style_takes_over_from_a_layer_on() -> None:
    one, other = torch.zeros(2000, 1), torch.ones(2000, 1)
    mixed = mix(one, other, 6, 0.9, rng())[..., 0]
    assert mixed.shape == (2000, 6)
    assert (mixed.diff(dim=1) >= 0).all(), "never back to the first"
    assert (mixed[:, 0] == 0).all(), "the first layer keeps the first"
    changed = mixed[:, -1] == 1
    assert changed.float().mean().item() == pytest.approx(0.9, abs=0.03)
    crossovers = (mixed == 0).sum(1)[changed]
    counts = torch.bincount(crossovers, minlength=6)[1:].float() / len(crossovers)
    torch.testing.assert_close(counts, torch.full((5,), 0.2), atol=0.04, rtol=0)


def test_without_mixing_every_layer_has_the_first_style() -> None:
    one, other = torch.randn(5, 3), torch.randn(5, 3)
    assert torch.equal(mix(one, other, 4, 0.0, rng()), one[:, None].expand(-1, 4, -1))


@pytest.mark.parametrize("strengths", [1, 3])
def test_noise_starts_without_effect_and_is_one_picture_for_all_channels(strengths: int) -> None:
    layer, features = NoiseInput(4, strengths), torch.zeros(2, 3, 4, 4)
    assert layer.strength.numel() == strengths
    assert torch.equal(layer(features, rng()), features)
    nn.init.constant_(layer.strength, 2.0)
    noisy = layer(features, rng())
    assert torch.equal(noisy[:, 0], noisy[:, 1])
    assert not torch.equal(noisy[0], noisy[1])
    assert torch.equal(noisy, layer(features, rng()))


def test_still_noise_is_the_same_for_every_picture_or_none() -> None:
    layer, features = NoiseInput(16), torch.zeros(2, 3, 16, 16)
    nn.init.constant_(layer.strength, 0.5)
    assert torch.equal(layer(features, Still.NONE), features)
    still = layer(features, Still.FIXED)
    assert torch.equal(still[0], still[1])
    assert still.std().item() == pytest.approx(0.5, rel=0.2)
    assert "fixed" in layer.state_dict()


def test_summed_noise_is_what_each_generator_draws_by_its_weight() -> None:
    layer, features = NoiseInput(16), torch.zeros(2, 3, 16, 16)
    nn.init.constant_(layer.strength, 0.5)
    one, other = (layer(features, torch.Generator().manual_seed(seed)) for seed in (3, 4))
    summed = SummedNoise(tuple((torch.Generator().manual_seed(seed), weight) for seed, weight in ((3, 0.6), (4, 0.8))))
    torch.testing.assert_close(layer(features, summed), 0.6 * one + 0.8 * other)
