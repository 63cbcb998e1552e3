"""What a score of the patch critic sees, found by asking which pixels move it."""

import pytest
import torch
from torch import nn

from gen_studio.nets.patch_critic import patch_critic, receptive_field


def pixels_behind_a_score(layers: int, size: int) -> tuple[int, int]:
    """Height and width of the patch whose pixels have a gradient of one score in the middle."""
    critic = patch_critic(1, width=4, strided_layers=layers)
    # Statistics over the whole picture reach everywhere: what a score sees of its own is a matter of the convolutions.
    for place, layer in enumerate(critic):
        if isinstance(layer, nn.InstanceNorm2d):
            critic[place] = nn.Identity()
        if isinstance(layer, nn.LeakyReLU):
            critic[place] = nn.LeakyReLU(0.2)
        if isinstance(layer, nn.Conv2d):
            nn.init.constant_(layer.weight, 1.0)
    picture = torch.ones(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    scores = critic.double()(picture)
    middle = scores.shape[-1] // 2
    scores[0, 0, middle, middle].backward()
    assert picture.grad is not None
    seen = picture.grad[0, 0] != 0
    return int(seen.any(1).sum()), int(seen.any(0).sum())


@pytest.mark.parametrize(("layers", "side"), [(3, 70), (2, 34)])
def test_a_score_sees_a_patch_of_the_papers_size(layers: int, side: int) -> None:
    assert receptive_field(layers) == side
    assert pixels_behind_a_score(layers, size=4 * side) == (side, side)


def test_the_layers_are_those_of_the_paper() -> None:
    critic = patch_critic(6, width=64)
    convolutions = [layer for layer in critic if isinstance(layer, nn.Conv2d)]
    assert [layer.out_channels for layer in convolutions] == [64, 128, 256, 512, 1]
    assert [layer.stride[0] for layer in convolutions] == [2, 2, 2, 1, 1]
    assert all(layer.kernel_size == (4, 4) for layer in convolutions)
    assert all(layer.negative_slope == 0.2 for layer in critic if isinstance(layer, nn.LeakyReLU))


def test_the_first_layer_and_the_scores_are_not_normalised() -> None:
    critic = patch_critic(3, width=8)
    assert isinstance(critic[1], nn.LeakyReLU)
    assert isinstance(critic[-1], nn.Conv2d)
    assert sum(isinstance(layer, nn.InstanceNorm2d) for layer in critic) == 3


def test_a_picture_is_judged_whatever_its_neighbours() -> None:
    critic = patch_critic(1, width=8)
    pictures = torch.randn(4, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(critic(pictures)[:1], critic(pictures[:1]), rtol=1e-4, atol=1e-5)
