"""Spatially-adaptive normalisation against closed forms, and the networks that are made of it."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.nets.multiscale_critic import MultiscaleCritic
from gen_studio.nets.spade import SpadeBlock, SpadeGenerator, SpatialNorm, StyleEncoder, one_hot

CLASSES = 3


def rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def norm(channels: int = 4) -> SpatialNorm:
    module = SpatialNorm(channels, CLASSES, 8)
    for parameter in module.parameters():
        nn.init.normal_(parameter, generator=rng())
    return module


def features(side: int = 8) -> Tensor:
    return torch.randn(2, 4, side, side, generator=rng())


def layouts(side: int = 8) -> Tensor:
    return torch.randint(CLASSES, (2, side, side), generator=rng())


def test_one_hot_is_torchs_own() -> None:
    wanted = F.one_hot(layouts(), CLASSES).permute(0, 3, 1, 2).float()
    assert torch.equal(one_hot(layouts(), CLASSES), wanted)


@pytest.mark.parametrize("kind", range(CLASSES))
def test_with_a_constant_map_it_is_a_batchnorm_of_that_class(kind: int) -> None:
    module, x = norm(), features()
    with torch.no_grad():
        found = module(x, one_hot(torch.full((2, 8, 8), kind), CLASSES))
        # Where no padding is in reach, a convolution of a constant is the sum of its taps.
        seen = (module.shared.weight[:, kind].sum((1, 2)) + module.shared.bias).relu()
        gamma = module.gamma.weight.sum((2, 3)) @ seen + module.gamma.bias
        beta = module.beta.weight.sum((2, 3)) @ seen + module.beta.bias
        mean, variance = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), unbiased=False, keepdim=True)
        wanted = (x - mean) / (variance + 1e-5).sqrt() * (1 + gamma.view(1, 4, 1, 1)) + beta.view(1, 4, 1, 1)
    torch.testing.assert_close(found[:, :, 2:-2, 2:-2], wanted[:, :, 2:-2, 2:-2], rtol=1e-4, atol=1e-4)


def test_where_the_layout_differs_the_scale_does_and_nowhere_else() -> None:
    module, x = norm(), features(16)
    plain = torch.zeros(2, 16, 16, dtype=torch.int64)
    changed = plain.clone()
    changed[:, :4] = 1
    with torch.no_grad():
        one, other = (module(x, one_hot(layout, CLASSES)) for layout in (plain, changed))
    assert not torch.allclose(one[:, :, :4], other[:, :, :4])
    # Two convolutions of three reach two pixels.
    assert torch.equal(one[:, :, 6:], other[:, :, 6:])


def test_a_layout_is_brought_to_the_features_by_its_nearest_pixels() -> None:
    module, layout = norm(), layouts(16)
    with torch.no_grad():
        found = module(features(4), one_hot(layout, CLASSES))
        wanted = module(features(4), one_hot(layout[:, ::4, ::4], CLASSES))
    assert torch.equal(found, wanted)


def test_a_shortcut_is_modulated_too_and_only_there_where_channels_differ() -> None:
    same, other = SpadeBlock(4, 4, CLASSES, 8), SpadeBlock(4, 6, CLASSES, 8)
    assert same.shortcut is None
    assert same.aside is None
    assert isinstance(other.aside, SpatialNorm)
    nn.init.zeros_(same.second.weight)
    x = features()
    assert torch.equal(same(x, one_hot(layouts(), CLASSES)), x)
    nn.init.zeros_(other.second.weight)
    one, another = (other(x, one_hot(layout, CLASSES)) for layout in (layouts(), (layouts() + 1) % CLASSES))
    assert not torch.allclose(one, another)
    # Figure 11 of the paper: a norm, a rectifier and a 3x3 there as well.
    with torch.no_grad():
        seen = other.aside(x, one_hot(layouts(), CLASSES)).relu()
        torch.testing.assert_close(one, F.conv2d(seen, other.shortcut.weight, padding=1))
    assert other.shortcut.kernel_size == (3, 3)


def test_the_generators_widths_are_the_papers() -> None:
    with torch.device("meta"):
        network = SpadeGenerator(256, 3, CLASSES, 64, 128, 256)
    assert network.dense.out_features == 16_384
    assert [block.second.out_channels for block in network.blocks] == [1024, 1024, 1024, 512, 256, 128, 64]


@pytest.mark.parametrize("size", [16, 32])
def test_a_painting_is_as_large_as_its_layout(size: int) -> None:
    network = SpadeGenerator(8, 3, CLASSES, 4, 8, size)
    assert network(torch.zeros(2, 8), one_hot(layouts(size), CLASSES)).shape == (2, 3, size, size)
    mean, log_variance = StyleEncoder(8, 3, 4, size)(torch.zeros(2, 3, size, size))
    assert mean.shape == log_variance.shape == (2, 8)


def test_each_score_sees_seventy_pixels_of_the_picture_or_of_its_half() -> None:
    critic = MultiscaleCritic(1, 4, 256)
    for stage in critic.modules():
        if isinstance(stage, nn.InstanceNorm2d):
            # Norms look at everything; what is asked is how far the convolutions do.
            stage.forward = lambda features: features  # type: ignore[method-assign]
    images = torch.zeros(1, 1, 256, 256, requires_grad=True)
    for outputs, side in zip(critic(images), (70, 140), strict=True):
        score = outputs[-1][0, 0, outputs[-1].shape[2] // 2, outputs[-1].shape[3] // 2]
        gradient = torch.autograd.grad(score, images, retain_graph=True)[0][0, 0]
        assert int(gradient.abs().sum(1).count_nonzero()) == side


@pytest.mark.parametrize("size", [16, 32, 64])
def test_small_pictures_are_scored_in_patches_at_both_scales(size: int) -> None:
    for outputs in MultiscaleCritic(2, 4, size)(torch.zeros(1, 2, size, size)):
        assert outputs[-1].shape[1] == 1
        assert outputs[-1].shape[2] > 1
