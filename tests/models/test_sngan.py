"""What makes an SN-GAN one, by the paper's own list."""

import torch
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.sngan import SNGAN, SNGANConfig
from gen_studio.nets.losses import AdversarialLoss


def sngan(**settings: object) -> SNGAN:
    config = SNGANConfig.parse({"width": 4, **settings})
    model = build(SNGAN, config, DataSpec(3, 32, 32), torch.Generator().manual_seed(0))
    assert isinstance(model, SNGAN)
    return model


def test_every_layer_of_d_is_normalised_and_none_of_g() -> None:
    model = sngan()
    for network, normalised in ((model.discriminator, True), (model.generator, False)):
        layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear | nn.Embedding)]
        assert layers
        assert all(is_parametrized(layer, "weight") == normalised for layer in layers)


def test_the_largest_singular_value_of_every_layer_is_one() -> None:
    model = sngan().train()
    for _ in range(30):
        model.discriminator(torch.randn(2, 3, 32, 32))
    for layer in model.discriminator.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            largest = torch.linalg.svdvals(layer.weight.detach().flatten(1))[0]
            assert abs(float(largest) - 1) < 0.02


def test_a_training_pass_moves_the_power_iteration_by_one_and_looking_does_not() -> None:
    critic = sngan().discriminator
    held = critic.body[1].first.parametrizations.weight
    norm, weight = held[0], held.original.detach().flatten(1)
    u, v = norm._u.clone(), norm._v.clone()
    critic.eval()(torch.randn(1, 3, 32, 32))
    assert torch.equal(norm._u, u) and torch.equal(norm._v, v)
    with torch.no_grad():
        weight.normal_()
    critic.train()(torch.randn(1, 3, 32, 32))
    following_u = weight @ v / (weight @ v).norm()
    following_v = weight.T @ following_u / (weight.T @ following_u).norm()
    assert torch.allclose(norm._u, following_u, atol=1e-5)
    assert torch.allclose(norm._v, following_v, atol=1e-5)


def test_the_game_is_the_papers() -> None:
    config = SNGANConfig()
    assert (config.loss, config.critic_steps, config.spectral_norm) == (AdversarialLoss.HINGE, 5, True)
    for optimizer in sngan().optimizers().values():
        assert (optimizer.defaults["lr"], optimizer.defaults["betas"]) == (2e-4, (0.0, 0.9))
    assert sngan().pictures_per_step == 5 * 64
