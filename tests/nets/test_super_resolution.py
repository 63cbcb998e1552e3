"""The networks of SRGAN: pixels shuffled into squares, how far they look, and the critic's eight convolutions."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.nets.super_resolution import ResolutionCritic, SRResNet, reach


def network(blocks: int = 2, scale: int = 4, width: int = 4) -> SRResNet:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return SRResNet(1, width, blocks, scale).double().eval().requires_grad_(False)


def noise(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_four_channels_of_a_pixel_become_a_square_of_two_by_two() -> None:
    shuffles = [layer for layer in network().doublings if isinstance(layer, nn.PixelShuffle)]
    assert len(shuffles) == 2
    features = noise(2, 12, 3, 5)
    large = shuffles[0](features)
    assert large.shape == (2, 3, 6, 10)
    for channel in range(3):
        for row in range(6):
            for column in range(10):
                source = features[:, 4 * channel + 2 * (row % 2) + column % 2, row // 2, column // 2]
                assert torch.equal(large[:, channel, row, column], source)


def test_every_doubling_is_a_convolution_then_the_shuffle_then_prelu() -> None:
    kinds = [type(layer) for layer in network(width=4).doublings]
    assert kinds == 2 * [nn.Conv2d, nn.PixelShuffle, nn.PReLU]
    assert [type(layer) for layer in network(scale=2).doublings] == [nn.Conv2d, nn.PixelShuffle, nn.PReLU]


@pytest.mark.parametrize("scale", [2, 4])
def test_a_pixel_matters_as_far_as_the_reach_and_no_further(scale: int) -> None:
    net, far = network(1, scale), reach(1, scale)
    side = 2 * far + 3
    small = noise(1, 1, 1, side).expand(1, 1, 3, side).contiguous()
    changed = small.clone()
    changed[..., far + 1] += 1
    moved = (net(changed) - net(small)).abs().amax((0, 1, 2)) > 0  # by column of the answer
    distance = (torch.arange(side * scale) // scale - (far + 1)).abs()
    assert distance[moved].max() == far


def test_the_critic_halves_four_times_and_doubles_its_channels() -> None:
    critic = ResolutionCritic(3, 64, 96, 96)
    convolutions = [layer for layer in critic.body if isinstance(layer, nn.Conv2d)]
    assert [layer.out_channels for layer in convolutions] == [64, 64, 128, 128, 256, 256, 512, 512]
    assert [layer.stride[0] for layer in convolutions] == [1, 2] * 4
    assert isinstance(critic.body[1], nn.LeakyReLU), "the first is not normalised"
    assert sum(isinstance(layer, nn.BatchNorm2d) for layer in critic.body) == 7
    assert critic.first_dense.in_features == 512 * 6 * 6
    assert critic.first_dense.out_features == 1024


def test_the_critic_scores_pictures_of_uneven_sides() -> None:
    assert ResolutionCritic(1, 4, 20, 28)(torch.zeros(2, 1, 20, 28)).shape == (2,)
