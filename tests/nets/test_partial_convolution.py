"""Partial convolutions against their formula, and the masks that they hand on."""

import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.nets.partial_convolution import FreezableNorm, PartialConv2d, PartialUNet


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def layer(parts: tuple[int, ...] = (3,), padding: int = 0, stride: int = 1) -> PartialConv2d:
    made = PartialConv2d(parts, 5, 3, stride, padding)
    with torch.no_grad():
        made.weight.normal_(generator=rng(1))
        made.bias.normal_(generator=rng(2))
    return made


def by_hand(made: PartialConv2d, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The paper's equation 1 at every place in turn. mask: as many channels as the features."""
    padding, stride = made.padding, made.stride
    x, m = (F.pad(each, (padding,) * 4)[0] for each in (features * mask, mask))
    side = (x.shape[1] - 3) // stride + 1
    out, seen = torch.zeros(1, 5, side, side), torch.zeros(1, 1, side, side)
    for row in range(side):
        for column in range(side):
            window = (slice(None), slice(row * stride, row * stride + 3), slice(column * stride, column * stride + 3))
            known = m[window].sum()
            if known > 0:
                share = m[window].numel() / known
                out[0, :, row, column] = (made.weight * x[window]).sum((1, 2, 3)) * share + made.bias
                seen[0, 0, row, column] = 1
    return out, seen


@torch.no_grad()
def test_it_is_the_formula_at_every_place() -> None:
    features = torch.randn(1, 3, 8, 8, generator=rng())
    mask = (torch.rand(1, 1, 8, 8, generator=rng(3)) < 0.2).float()
    for made in (layer(), layer(padding=1), layer(padding=1, stride=2)):
        found, seen = made(features, mask)
        wanted, known = by_hand(made, features, mask.expand(-1, 3, -1, -1))
        torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)
        assert torch.equal(seen, known)
        assert 0 < seen.mean() < 1, "the masks try both"


@torch.no_grad()
def test_parts_have_masks_of_their_own_and_count_by_their_channels() -> None:
    features = torch.randn(1, 3, 8, 8, generator=rng())
    masks = (torch.rand(1, 2, 8, 8, generator=rng(3)) < 0.2).float()
    made = layer(parts=(1, 2), padding=1)
    found, seen = made(features, masks)
    wanted, known = by_hand(made, features, masks[:, [0, 1, 1]])
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)
    assert torch.equal(seen, known)


@torch.no_grad()
def test_where_all_is_known_it_is_a_plain_convolution() -> None:
    made = layer()
    features = torch.randn(2, 3, 8, 8, generator=rng())
    found, seen = made(features, torch.ones(2, 1, 8, 8))
    torch.testing.assert_close(found, F.conv2d(features, made.weight, made.bias))
    assert torch.all(seen == 1)


@torch.no_grad()
def test_what_is_not_known_is_not_looked_at() -> None:
    made = layer(padding=1)
    features = torch.randn(1, 3, 8, 8, generator=rng())
    mask = (torch.rand(1, 1, 8, 8, generator=rng(3)) < 0.5).float()
    other = torch.where(mask > 0, features, 9.0)
    assert torch.equal(made(features, mask)[0], made(other, mask)[0])


@torch.no_grad()
def test_a_hole_shrinks_by_a_pixel_from_every_side() -> None:
    mask = torch.ones(1, 1, 9, 9)
    mask[..., 2:7, 2:7] = 0
    _, seen = layer(padding=1)(torch.zeros(1, 3, 9, 9), mask)
    wanted = torch.ones(1, 1, 9, 9)
    wanted[..., 3:6, 3:6] = 0
    assert torch.equal(seen, wanted)


@torch.no_grad()
def test_the_unet_fills_a_hole_from_all_that_is_known_and_from_nothing_else() -> None:
    network = PartialUNet(3, 4, 32).eval()
    assert len(network.downs) == 4 and network.downs[0].weight.shape[-1] == 7
    images = torch.randn(1, 3, 32, 32, generator=rng())
    known = torch.ones(1, 1, 32, 32)
    known[..., 8:20, 8:20] = 0
    answer = network(images, known)
    assert answer.shape == images.shape
    assert torch.equal(answer, network(torch.where(known > 0, images, 5.0), known))
    moved = images.clone()
    moved[..., 0, 0] += 3
    assert not torch.equal(answer[..., 12:16, 12:16], network(moved, known)[..., 12:16, 12:16])


def test_a_frozen_norm_neither_counts_nor_learns() -> None:
    norm = FreezableNorm(3).train()
    norm(torch.randn(4, 3, 5, 5, generator=rng()))
    norm.frozen = True
    before = {name: value.clone() for name, value in norm.state_dict().items()}
    features = torch.randn(4, 3, 5, 5, generator=rng(1))
    answer = norm(features.requires_grad_())
    answer.square().sum().backward()
    assert norm.weight.grad is None and norm.bias.grad is None and features.grad is not None
    assert all(torch.equal(value, before[name]) for name, value in norm.state_dict().items())
    torch.testing.assert_close(answer, norm.eval()(features))
