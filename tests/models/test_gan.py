"""What makes the first adversarial network one, by the paper's own list."""

import torch
from torch import nn

from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.gan import GAN, GANConfig
from gen_studio.nets.dense import Maxout
from gen_studio.nets.losses import AdversarialLoss


def gan(shape: tuple[int, int, int] = (1, 28, 28), **settings: object) -> GAN:
    model = build(GAN, GANConfig.parse(settings), DataSpec(*shape), torch.Generator().manual_seed(0))
    assert isinstance(model, GAN)
    return model


def test_both_networks_are_dense_with_rectifiers_in_g_and_maxout_in_d() -> None:
    model = gan()
    assert not any(isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm1d) for layer in model.modules())
    assert sum(isinstance(layer, nn.ReLU) for layer in model.generator.modules()) == 2
    units = [layer.shape for layer in model.discriminator.modules() if isinstance(layer, Maxout)]
    assert units == [(240, 5), (240, 5)]


def test_pictures_need_not_be_square() -> None:
    model = gan((3, 20, 12), hidden=40)
    assert GAN.objection(model.data) is None
    pictures = model.sample(2, torch.Generator().manual_seed(0))
    assert pictures.shape == (2, 3, 20, 12)
    assert model.discriminator(pictures).shape == (2,)


def test_g_learns_by_the_loss_that_does_not_saturate() -> None:
    assert GANConfig().loss is AdversarialLoss.NON_SATURATING
    for optimizer in gan().optimizers().values():
        assert (optimizer.defaults["lr"], optimizer.defaults["betas"]) == (2e-4, (0.5, 0.999))
