"""The price of an activation, against torch's own."""

import torch
from torch.distributions import Bernoulli, kl_divergence

from gen_studio.nets.sparsity import UnitColumns, kl_to_target


def test_the_kl_is_that_of_bernoulli_variables():
    activations = torch.tensor([0.01, 0.05, 0.3, 0.99])
    expected = kl_divergence(Bernoulli(torch.tensor(0.05)), Bernoulli(activations))
    torch.testing.assert_close(kl_to_target(activations, 0.05), expected)
    assert kl_to_target(torch.tensor([0.0, 1.0]), 0.05).isfinite().all()


def test_a_larger_weight_makes_no_code_louder():
    layer = UnitColumns(3, 7)
    code = torch.randn(2, 3)
    before = layer(code)
    with torch.no_grad():
        layer.weight.mul_(10)
    torch.testing.assert_close(layer(code), before)
    alone = layer(torch.eye(3)) - layer.bias
    torch.testing.assert_close(alone.norm(dim=1), torch.ones(3))
