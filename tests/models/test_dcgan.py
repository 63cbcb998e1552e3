"""What makes a DCGAN one, by the paper's own list."""

import pytest
import torch
from torch import nn

from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.dcgan import DCGAN, DCGANConfig


def dcgan(size: int = 64, channels: int = 3, **settings: object) -> DCGAN:
    spec = DataSpec(channels, size, size)
    model = build(DCGAN, DCGANConfig.parse(settings), spec, torch.Generator().manual_seed(0))
    assert isinstance(model, DCGAN)
    return model


def layers(network: nn.Module) -> list[nn.Module]:
    return [layer for layer in network.modules() if not list(layer.children())]


def test_there_is_no_dense_layer_and_no_pooling() -> None:
    kinds = {type(layer) for layer in layers(dcgan())}
    allowed = {nn.Conv2d, nn.ConvTranspose2d, nn.BatchNorm2d, nn.ReLU, nn.LeakyReLU, nn.Tanh}
    assert kinds == allowed


def test_batch_norm_is_everywhere_but_at_the_output_of_g_and_the_input_of_d() -> None:
    model = dcgan()
    generator, discriminator = layers(model.generator), layers(model.discriminator)
    for network, transposed, without in ((generator, nn.ConvTranspose2d, {-1}), (discriminator, nn.Conv2d, {0, -1})):
        places = [place for place, layer in enumerate(network) if isinstance(layer, transposed)]
        bare = {places[index] for index in without}
        for place in places:
            following = network[place + 1 : place + 2]
            normalised = bool(following) and isinstance(following[0], nn.BatchNorm2d)
            assert normalised == (place not in bare)
    assert isinstance(generator[-1], nn.Tanh)


def test_g_uses_relu_and_d_leaky_relu() -> None:
    model = dcgan()
    assert not any(isinstance(layer, nn.LeakyReLU) for layer in layers(model.generator))
    slopes = {layer.negative_slope for layer in layers(model.discriminator) if isinstance(layer, nn.LeakyReLU)}
    assert slopes == {0.2}
    assert not any(isinstance(layer, nn.ReLU) for layer in layers(model.discriminator))


@pytest.mark.parametrize(("size", "channels"), [(16, [128, 64]), (32, [256, 128, 64]), (64, [512, 256, 128, 64])])
def test_channels_double_inwards_from_the_papers_width(size: int, channels: list[int]) -> None:
    model = dcgan(size)
    outs = [layer.out_channels for layer in layers(model.generator) if isinstance(layer, nn.ConvTranspose2d)]
    assert outs == [*channels, 3]
    outs = [layer.out_channels for layer in layers(model.discriminator) if isinstance(layer, nn.Conv2d)]
    assert outs == [*channels[::-1], 1]


def test_every_convolution_is_4x4_and_halves_or_doubles() -> None:
    model = dcgan(64)
    kernels = [layer for layer in layers(model) if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d))]
    assert all(layer.kernel_size == (4, 4) for layer in kernels)
    # The first of G and the last of D stand between a single pixel and 4x4.
    assert sorted(layer.stride[0] for layer in kernels) == [1, 1, *[2] * 8]


def test_first_weights_are_small_and_normal() -> None:
    model = dcgan(64)
    for layer in layers(model):
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)) and layer.weight.numel() > 10_000:
            assert layer.weight.std().item() == pytest.approx(0.02, rel=0.05)
            assert layer.weight.mean().item() == pytest.approx(0, abs=1e-3)


def test_the_optimizers_are_the_papers() -> None:
    for optimizer in dcgan(32).optimizers().values():
        assert optimizer.defaults["lr"] == 2e-4
        assert optimizer.defaults["betas"] == (0.5, 0.999)


def test_d_gives_one_score_per_picture_and_judges_real_and_fake_apart() -> None:
    model = dcgan(16, width=4).train()
    assert model.discriminator(torch.zeros(5, 3, 16, 16)).shape == (5,)
    seen: list[int] = []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    from gen_studio.testing import subjects

    batch = subjects.pictures(channels=3).batch(torch.arange(6))

    class Still:
        def minimise(self, loss: torch.Tensor) -> None:
            pass

    model.training_step(batch, {"discriminator": Still(), "generator": Still()}, torch.Generator().manual_seed(0))
    assert seen == [6, 6, 6], "no pass holds real and fake pictures together"
