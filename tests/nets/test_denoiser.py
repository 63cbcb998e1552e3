"""The U-Net of diffusion: any size, silent at first, told the time."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from gen_studio.nets.denoiser import Denoiser, DenoiserShape, PlaceAttention, group_norm, waves


def rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def woken(network: nn.Module) -> nn.Module:
    """With weights where it starts with zeros."""
    for parameter in network.parameters():
        if not parameter.any():
            nn.init.normal_(parameter, 0.0, 0.1, generator=rng())
    return network


@pytest.mark.parametrize("size", [(16, 16), (28, 28), (17, 13), (8, 24)])
@pytest.mark.parametrize("patch", [1, 2])
def test_noise_has_the_pictures_shape_and_is_none_at_first(size, patch):
    network = Denoiser(3, size[0], DenoiserShape(4, sizes=3, blocks=1, patch=patch))
    noise = network(torch.randn(2, 3, *size), torch.tensor([0.0, 999.0]))
    assert noise.shape == (2, 3, *size)
    assert not noise.any()


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_every_skip_is_used_once(blocks):
    network = woken(Denoiser(1, 16, DenoiserShape(4, sizes=3, blocks=blocks)))
    network(torch.randn(1, 1, 16, 16), torch.tensor([5.0])).square().sum().backward()
    silent = [name for name, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    # The softmax of attention does not see what is added to all of its scores.
    assert [name for name in silent if not name.endswith("ask.bias")] == []


def test_the_answer_depends_on_the_time():
    network = woken(Denoiser(1, 8, DenoiserShape(4, sizes=2, blocks=1)))
    picture = torch.randn(1, 1, 8, 8).expand(2, 1, 8, 8)
    early, late = network(picture, torch.tensor([1.0, 900.0]))
    assert not torch.allclose(early, late, atol=1e-3)


def test_dropout_is_chance_of_the_generator_and_none_without():
    network = woken(Denoiser(1, 8, DenoiserShape(8, sizes=2, blocks=1, dropout=0.5)))
    picture, times = torch.randn(1, 1, 8, 8), torch.tensor([3.0])
    assert torch.equal(network(picture, times), network(picture, times))
    assert torch.equal(network(picture, times, rng()), network(picture, times, rng()))
    assert not torch.equal(network(picture, times), network(picture, times, rng()))


def test_attention_stands_where_features_are_at_most_so_high():
    shape = DenoiserShape(4, sizes=4, attention=16)
    assert [shape.attentive(height) for height in (16, 17, 28, 32, 64, 128, 256)] == [0, 1, 1, 1, 2, 3, None]
    assert DenoiserShape(4, attention=0).attentive(8) is None
    assert DenoiserShape(4, patch=2, attention=16).attentive(32) == 0
    whole = Denoiser(1, 32, shape)
    attentive = [place for place, stage in enumerate(whole.inwards) if stage.attention is not None]
    assert attentive == [2, 3]
    none = Denoiser(1, 32, DenoiserShape(4, attention=0))
    assert not any(isinstance(module, PlaceAttention) for module in none.modules())


def test_attention_is_softmax_of_products_over_all_places():
    attention = woken(PlaceAttention(8))
    features = torch.randn(2, 8, 3, 5)
    query, key, value = attention.ask(attention.norm(features)).flatten(2).chunk(3, 1)  # (N, C, hw)
    weights = torch.softmax(torch.einsum("ncq,nck->nqk", query, key) / math.sqrt(8), 2)
    found = torch.einsum("nqk,nck->ncq", weights, value).unflatten(2, (3, 5))
    torch.testing.assert_close(attention(features), features + attention.answer(found))


def test_waves_are_sines_and_cosines_of_falling_frequency():
    made = waves(torch.tensor([0.0, 3.0]), 8)
    assert made.shape == (2, 8)
    torch.testing.assert_close(made[0], torch.tensor([0.0] * 4 + [1.0] * 4))
    frequencies = [1.0, 10_000 ** (-1 / 3), 10_000 ** (-2 / 3), 1e-4]
    torch.testing.assert_close(made[1, :4], torch.tensor([math.sin(3 * f) for f in frequencies]))


def test_groups_have_at_least_four_channels_where_there_are_four():
    assert [group_norm(channels).num_groups for channels in (4, 12, 16, 48, 64, 128, 512)] == [1, 1, 4, 4, 16, 32, 32]


def test_a_patch_is_taken_apart_and_put_together_again():
    network = Denoiser(1, 8, DenoiserShape(4, sizes=1, blocks=1, patch=2))
    assert network.enter.in_channels == 4
    pictures = torch.randn(1, 1, 8, 8)
    assert torch.equal(F.pixel_shuffle(F.pixel_unshuffle(pictures, 2), 2), pictures)
