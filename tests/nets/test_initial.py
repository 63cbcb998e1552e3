"""First weights as the papers give them, and the optimizer in its fused form."""

import pytest
import torch
from torch import nn

from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.optimizers import adam


def test_weights_scales_and_biases_are_the_papers() -> None:
    net = nn.Sequential(nn.Conv2d(32, 64, 4), nn.BatchNorm2d(4096), nn.ConvTranspose2d(64, 32, 4), nn.Linear(128, 256))
    dcgan_weights(net)
    for layer in (net[0], net[2], net[3]):
        assert layer.weight.std().item() == pytest.approx(0.02, rel=0.05)
        assert layer.weight.mean().item() == pytest.approx(0, abs=1e-3)
        assert (layer.bias == 0).all()
    assert net[1].weight.mean().item() == pytest.approx(1, abs=2e-3)
    assert net[1].weight.std().item() == pytest.approx(0.02, rel=0.1)
    assert (net[1].bias == 0).all()


def test_adam_takes_the_steps_of_plain_adam() -> None:
    start = torch.randn(20, generator=torch.Generator().manual_seed(0))
    ours, plain = (nn.Parameter(start.clone()) for _ in range(2))
    optimizers = adam([ours], 0.1, (0.5, 0.9)), torch.optim.Adam([plain], lr=0.1, betas=(0.5, 0.9), foreach=False)
    for _ in range(5):
        for parameter, optimizer in zip((ours, plain), optimizers, strict=True):
            optimizer.zero_grad()
            parameter.pow(4).sum().backward()
            optimizer.step()
    torch.testing.assert_close(ours, plain)
    assert optimizers[0].defaults["fused"] is True
