"""What makes a SAGAN one, by the paper's own list."""

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.sagan import SAGAN, SAGANConfig
from gen_studio.nets.attention import SelfAttention
from gen_studio.nets.losses import AdversarialLoss


def sagan(size: int = 32, **settings: object) -> SAGAN:
    config = SAGANConfig.parse({"width": 4, **settings})
    model = build(SAGAN, config, DataSpec(1, size, size), torch.Generator().manual_seed(0))
    assert isinstance(model, SAGAN)
    return model


def test_generator_and_discriminator_are_normalised_in_every_layer() -> None:
    for layer in sagan().modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            assert is_parametrized(layer, "weight")


def test_the_generators_normalisation_can_be_switched_off() -> None:
    generator = sagan(generator_spectral_norm=False).generator
    assert not any(is_parametrized(layer) for layer in generator.modules())


@pytest.mark.parametrize(("size", "side"), [(16, 8), (32, 16), (64, 32), (128, 32)])
def test_both_networks_attend_once_at_the_same_side(size: int, side: int) -> None:
    model = sagan(size).eval()
    blocks = [module for module in model.modules() if isinstance(module, SelfAttention)]
    assert len(blocks) == 2
    seen: list[int] = []
    for block in blocks:
        assert block.share.item() == 0
        block.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape[-1]))
    with torch.no_grad():
        model.discriminator(model.generator(torch.zeros(1, model.config.latents)))
    assert seen == [side, side]


def test_the_game_is_the_papers() -> None:
    config = SAGANConfig()
    assert (config.loss, config.critic_steps) == (AdversarialLoss.HINGE, 1)
    optimizers = sagan().optimizers()
    assert optimizers["generator"].defaults["lr"] == 1e-4
    assert optimizers["discriminator"].defaults["lr"] == 4e-4
    assert all(optimizer.defaults["betas"] == (0.0, 0.9) for optimizer in optimizers.values())
