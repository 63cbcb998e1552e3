"""Self-attention against a loop over places."""

import torch

from gen_studio.nets.attention import SelfAttention


def test_it_does_nothing_before_it_has_learnt() -> None:
    features = torch.randn(2, 16, 4, 4)
    assert torch.equal(SelfAttention(16)(features), features)


def test_query_and_key_have_an_eighth_of_the_channels_and_the_value_half() -> None:
    block = SelfAttention(32)
    assert [layer.out_channels for layer in (block.query, block.key, block.value)] == [4, 4, 16]
    assert (block.output.in_channels, block.output.out_channels) == (16, 32)


def test_every_place_takes_the_softmax_weighed_mean_of_pooled_values() -> None:
    block = SelfAttention(16)
    torch.nn.init.constant_(block.share, 0.7)
    features = torch.randn(1, 16, 4, 4)
    query, key, value = (layer(features)[0] for layer in (block.query, block.key, block.value))
    corners = [(row, column) for row in (0, 2) for column in (0, 2)]
    keys = [key[:, r : r + 2, c : c + 2].amax((1, 2)) for r, c in corners]
    values = [value[:, r : r + 2, c : c + 2].amax((1, 2)) for r, c in corners]
    answer = block(features)
    for row in range(4):
        for column in range(4):
            scores = torch.stack([query[:, row, column] @ one for one in keys])
            found = sum(weight * one for weight, one in zip(scores.softmax(0), values, strict=True))
            expected = features[0, :, row, column] + 0.7 * (block.output.weight[:, :, 0, 0] @ found)
            assert torch.allclose(answer[0, :, row, column], expected, atol=1e-5)


def test_a_gradient_penalty_can_pass_through_it() -> None:
    block = SelfAttention(8)
    torch.nn.init.ones_(block.share)
    features = torch.randn(1, 8, 4, 4, requires_grad=True)
    slope = torch.autograd.grad(block(features).square().sum(), features, create_graph=True)[0]
    slope.square().sum().backward()
    assert block.query.weight.grad is not None
    assert block.query.weight.grad.abs().sum() > 0
