"""Residual networks against the paper's tables, and the projection's formula."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from gen_studio.nets.residual import DownBlock, ResidualCritic, ResidualGenerator, ResidualWidths, UpBlock


def test_up_to_32_pixels_the_networks_are_those_for_cifar() -> None:
    widths = ResidualWidths.for_size(64, 32)
    assert (widths.seed, widths.generator) == (256, (256, 256, 256))
    assert widths.critic == ((128, True), (128, True), (128, False), (128, False))


def test_at_128_pixels_the_networks_are_those_for_imagenet() -> None:
    widths = ResidualWidths.for_size(64, 128)
    assert (widths.seed, widths.generator) == (1024, (1024, 512, 256, 128, 64))
    assert [width for width, _ in widths.critic] == [64, 128, 256, 512, 1024, 1024]
    assert [halves for _, halves in widths.critic] == [True] * 5 + [False]


@pytest.mark.parametrize("size", [16, 32, 64, 128, 256])
def test_every_size_comes_out_as_it_should(size: int) -> None:
    widths = ResidualWidths.for_size(1, size)
    pictures = ResidualGenerator(3, widths, 3)(torch.zeros(2, 3))
    assert pictures.shape == (2, 3, size, size)
    assert ResidualCritic(3, widths, size)(pictures).shape == (2,)


def test_a_block_that_doubles_is_the_papers_in_the_papers_order() -> None:
    block = UpBlock(4, 6).eval()
    features = torch.randn(2, 4, 5, 5)
    hidden = block.first(F.interpolate(F.relu(block.before(features)), scale_factor=2))
    hidden = block.second(F.relu(block.between(hidden)))
    expected = hidden + block.shortcut(F.interpolate(features, scale_factor=2))
    assert torch.allclose(block(features), expected, atol=1e-6)


@pytest.mark.parametrize("is_first", [False, True])
def test_a_block_that_halves_averages_the_sum_and_the_first_has_no_activation_before_it(is_first: bool) -> None:
    block = DownBlock(4, 6, halves=True, is_first=is_first)
    features = torch.randn(2, 4, 8, 8)
    hidden = block.second(F.relu(block.first(features if is_first else F.relu(features))))
    expected = F.avg_pool2d(hidden + block.shortcut(features), 2)
    assert torch.allclose(block(features), expected, atol=1e-6)


def test_only_the_first_block_of_a_critic_is_without_activation_and_one_that_keeps_its_shape_adds_its_input() -> None:
    critic = ResidualCritic(3, ResidualWidths.for_size(2, 32), 32)
    blocks = [layer for layer in critic.body if isinstance(layer, DownBlock)]
    assert [block.is_first for block in blocks] == [True, False, False, False]
    assert [isinstance(block.shortcut, nn.Identity) for block in blocks] == [False, False, True, True]


def test_without_classes_the_score_is_a_dense_layer_on_features_summed_over_places() -> None:
    critic = ResidualCritic(3, ResidualWidths.for_size(2, 16), 16)
    features = torch.randn(5, 4, 4, 4)
    weight = critic.dense.weight[0]
    expected = torch.stack([sum(row[c].sum() * weight[c] for c in range(4)) + critic.dense.bias[0] for row in features])
    assert torch.allclose(critic.score(features, None), expected, atol=1e-5)


def test_with_classes_the_inner_product_with_the_labels_embedding_is_added() -> None:
    critic = ResidualCritic(3, ResidualWidths.for_size(2, 16), 16, classes=3)
    features, labels = torch.randn(5, 4, 4, 4), torch.tensor([0, 2, 1, 2, 0])
    assert critic.embedding is not None
    phi = features.flatten(2).sum(2)
    projection = torch.stack([critic.embedding.weight[label] @ row for label, row in zip(labels, phi, strict=True)])
    assert torch.allclose(critic.score(features, labels), critic.dense(phi).flatten() + projection, atol=1e-5)


def test_classes_change_a_generators_picture() -> None:
    generator = ResidualGenerator(3, ResidualWidths.for_size(2, 16), 1, classes=2).eval()
    for module in generator.modules():
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight)
    latents = torch.randn(1, 3)
    assert not torch.allclose(generator(latents, torch.tensor([0])), generator(latents, torch.tensor([1])), atol=1e-4)


def test_attention_stands_where_features_have_the_side_asked_for() -> None:
    widths = ResidualWidths.for_size(2, 32)
    seen: list[int] = []
    for network in (ResidualGenerator(3, widths, 1, attention=16), ResidualCritic(1, widths, 32, attention=16)):
        blocks = [module for name, module in network.named_modules() if type(module).__name__ == "SelfAttention"]
        assert len(blocks) == 1
        blocks[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape[-1]))
        network(torch.zeros(1, 3) if isinstance(network, ResidualGenerator) else torch.zeros(1, 1, 32, 32))
    assert seen == [16, 16]
