"""CycleGAN's translator: the layers of its paper, and that it takes any size in fours."""

import pytest
import torch
from torch import nn

from gen_studio.nets.residual_translator import ResidualBlock, ResidualTranslator


def test_its_layers_are_the_papers() -> None:
    network = ResidualTranslator(3, 3, 64, 6)
    outer = [layer for layer in network if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    assert [layer.out_channels for layer in outer] == [64, 128, 256, 128, 64, 3]
    assert [layer.kernel_size[0] for layer in outer] == [7, 3, 3, 3, 3, 7]
    assert [layer.stride[0] for layer in outer] == [1, 2, 2, 2, 2, 1]
    assert sum(isinstance(layer, ResidualBlock) for layer in network) == 6
    norms = [module for module in network.modules() if isinstance(module, nn.InstanceNorm2d)]
    assert len(norms) == 5 + 2 * 6
    assert not any(norm.affine or norm.track_running_stats for norm in norms)


def test_its_edges_are_reflected() -> None:
    network = ResidualTranslator(1, 1, 4, 1)
    wide = [m for m in network.modules() if isinstance(m, nn.Conv2d) and m.stride == (1, 1)]
    assert [layer.padding_mode for layer in wide] == ["reflect"] * 4


def test_a_block_adds_to_what_it_is_given() -> None:
    block = ResidualBlock(4)
    nn.init.zeros_(block.body[3].weight)
    features = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(block(features), features)


@pytest.mark.parametrize(("height", "width"), [(16, 16), (20, 36)])
def test_the_answer_has_the_size_of_the_question(height: int, width: int) -> None:
    assert ResidualTranslator(3, 1, 4, 1)(torch.zeros(2, 3, height, width)).shape == (2, 1, height, width)
