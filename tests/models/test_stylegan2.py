"""What makes a StyleGAN2 one, by the paper's own list."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.capabilities import HasStyles
from gen_studio.models.families.stylegan2 import StyleGAN2, StyleGAN2Config
from gen_studio.nets.equalised import EqualisedConv2d, EqualisedLinear
from gen_studio.nets.modulated import ModulatedConv2d, StyledColours
from gen_studio.nets.styles import NoiseInput, Still
from gen_studio.testing import subjects

TINY = {"width": 4, "latents": 8, "batch_size": 8}


def stylegan2(size: int = 16, channels: int = 3, **settings: object) -> StyleGAN2:
    config = StyleGAN2Config.parse({**TINY, **settings})
    model = build(StyleGAN2, config, DataSpec(channels, size, size), rng())
    assert isinstance(model, StyleGAN2)
    return model


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def strengthen_noise(model: StyleGAN2) -> None:
    for layer in model.modules():
        if isinstance(layer, NoiseInput):
            nn.init.constant_(layer.strength, 0.5)


class Recorder:
    """An update that keeps what it was asked to minimise."""

    def __init__(self) -> None:
        self.losses: list[float] = []

    def minimise(self, loss: Tensor) -> None:
        self.losses.append(float(loss.detach()))


def losses(model: StyleGAN2) -> tuple[list[float], list[float]]:
    """What D and G minimise in one step."""
    batch = subjects.pictures(channels=3).batch(torch.arange(8))
    updates = {"discriminator": Recorder(), "generator": Recorder()}
    model.training_step(batch, updates, rng(1))
    return updates["discriminator"].losses, updates["generator"].losses


def test_the_defaults_are_the_papers() -> None:
    config = StyleGAN2Config()
    assert (config.loss.value, config.regulariser.value) == ("non-saturating", "R1")
    assert (config.penalty_interval, config.path_interval, config.path_weight) == (16, 4, 2)
    assert (config.style_mixing, config.latents, config.ema_ramp) == (0.9, 512, 0.05)
    assert config.ema ** (10_000 / config.batch_size) == pytest.approx(0.5, abs=0.01), "halves in 10,000 pictures"


def test_rates_and_betas_make_up_for_lazy_steps() -> None:
    model = stylegan2()
    for player, interval in (("discriminator", 16), ("generator", 4)):
        share = interval / (interval + 1)
        optimizer = model.optimizers()[player]
        assert optimizer.defaults["lr"] == 2e-3
        assert optimizer.defaults["betas"] == (0.0, pytest.approx(0.99**share))
        assert model.rate_factor(player, 0.5) == pytest.approx(share)
    assert stylegan2(path_weight=0).rate_factor("generator", 0.5) == 1


@pytest.mark.parametrize("size", [16, 32, 64, 256])
def test_there_are_two_styles_per_doubling_less_two(size: int) -> None:
    model = stylegan2(size)
    assert isinstance(model, HasStyles)
    assert model.style_layers == 2 * size.bit_length() - 4  # 2 log2(size) - 2
    assert model.styles(model.draw_latents(2, rng())).shape == (2, model.style_layers, 8)


def test_each_style_rules_its_layers_and_colours_share_that_of_the_next_block() -> None:
    model, order = stylegan2(16), []
    for layer in model.generator.modules():
        if isinstance(layer, ModulatedConv2d):
            layer.register_forward_hook(lambda module, inputs, _: order.append((module.demodulate, inputs[1])))
    styles = torch.randn(1, 6, 8, generator=rng())
    model.synthesise(styles, None)
    used = [(demodulated, next(i for i in range(6) if torch.equal(styles[:, i], one))) for demodulated, one in order]
    colours = False
    assert used == [(True, 0), (colours, 1), (True, 1), (True, 2), (colours, 3), (True, 3), (True, 4), (colours, 5)]


def test_a_picture_is_the_sum_of_its_resolutions_colours() -> None:
    model, made = stylegan2(16), []
    for layer in model.generator.modules():
        if isinstance(layer, StyledColours):
            layer.register_forward_hook(lambda _module, _inputs, output: made.append(output))
    picture = model.paint(model.styles(model.draw_latents(2, rng())), Still.NONE)
    assert [colours.shape[-1] for colours in made] == [4, 8, 16]
    kernel = torch.tensor([1.0, 3, 3, 1]) / 4

    def doubled(colours: Tensor) -> Tensor:
        spread = torch.zeros(2, 3, 2 * colours.shape[2], 2 * colours.shape[3])
        spread[..., ::2, ::2] = colours
        weight = torch.outer(kernel, kernel).expand(3, 1, 4, 4)
        return F.conv2d(F.pad(spread, (2, 1, 2, 1)), weight, groups=3)

    by_hand = doubled(doubled(made[0]) + made[1]) + made[2]
    torch.testing.assert_close(picture, by_hand, atol=1e-5, rtol=1e-4)


def test_the_output_is_linear_in_training_and_a_picture_when_shown() -> None:
    model = stylegan2()
    with torch.no_grad():
        for layer in model.generator.to_colours:
            layer.bias.fill_(5.0)
        batch = subjects.pictures(channels=3).batch(torch.arange(4))
        assert model.imagine(batch, rng()).max() > 1
        assert model.decode(model.draw_latents(4, rng())).max() <= 1
    assert not any(isinstance(layer, nn.Tanh) for layer in model.modules())


def test_it_starts_from_a_constant_and_has_one_noise_strength_per_layer() -> None:
    model = stylegan2(32)
    assert model.generator.constant.shape == (4, 4, 4)
    noise = [layer for layer in model.generator.modules() if isinstance(layer, NoiseInput)]
    assert len(noise) == 1 + 2 * 3
    assert all(layer.strength.tolist() == [[[0.0]]] for layer in noise)


def test_every_weight_has_an_equalised_learning_rate() -> None:
    for layer in stylegan2(32).modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            assert isinstance(layer, (EqualisedLinear, EqualisedConv2d))
            # The rectifiers have the gain, so the layers have none.
            inputs = layer.weight[0].numel()
            multiplier = getattr(layer, "multiplier", 1.0)
            assert layer.scale == pytest.approx(multiplier / inputs**0.5)


def test_truncation_at_zero_is_the_mean_picture_and_at_one_nothing() -> None:
    model = stylegan2()
    with torch.no_grad():
        model.mean_style.copy_(torch.randn(8, generator=rng(5)))
        styles = model.styles(model.draw_latents(3, rng()))
        assert torch.equal(model.truncate(styles, 1.0), styles)
        mean = model.mean_style.expand(3, 6, 8)
        assert torch.equal(model.truncate(styles, 0.0), mean)
        pictures = model.synthesise(model.truncate(styles, 0.0), None)
        torch.testing.assert_close(pictures[0], pictures[1])
        torch.testing.assert_close(model.truncate(styles, 0.7), 0.3 * mean + 0.7 * styles)
        first = model.truncate(styles, 0.7, layers=2)
        torch.testing.assert_close(first[:, :2], (0.3 * mean + 0.7 * styles)[:, :2])
        assert torch.equal(first[:, 2:], styles[:, 2:])


def test_the_mean_style_moves_in_training_only_and_not_with_the_second_style() -> None:
    model = stylegan2(batch_size=4)
    latents = model.draw_latents(4, rng())
    with torch.no_grad():
        model.decode(latents)
        model.synthesise(model.styles(latents), rng())
        model.sample(3, rng())
        assert (model.mean_style == 0).all()
        model.eval().mixed_styles(4, rng())
        assert (model.mean_style == 0).all()
        model.train().mixed_styles(4, rng())
        first = model.generator.mapping(model.draw_latents(4, rng()))
    torch.testing.assert_close(model.mean_style, 0.005 * first.mean(0))


def test_a_step_moves_the_mean_style_once() -> None:
    model, calls = stylegan2(path_weight=0), []
    follow = model.generator.mapping.follow
    model.generator.mapping.follow = lambda styles: calls.append(len(styles)) or follow(styles)
    losses(model)
    assert calls == [8]


def test_noise_is_drawn_where_asked_for_and_fixed_in_decoding() -> None:
    model = stylegan2()
    strengthen_noise(model)
    with torch.no_grad():
        latents = model.draw_latents(2, rng())
        styles = model.styles(latents)
        assert torch.equal(model.decode(latents), model.decode(latents))
        assert not torch.equal(model.synthesise(styles, rng(1)), model.synthesise(styles, rng(2)))
        assert torch.equal(model.synthesise(styles, None), model.synthesise(styles, None))
        assert not torch.equal(model.synthesise(styles, None), model.decode(latents))


def test_penalties_are_lazy_and_weighed_by_their_interval() -> None:
    model = stylegan2(penalty_weight=3.0)
    counts = []
    for step in range(17):
        model.step = step
        counts.append(tuple(len(part) for part in losses(model)))
    assert [step for step, (d, _) in enumerate(counts) if d == 2] == [0, 16]
    assert [step for step, (_, g) in enumerate(counts) if g == 2] == [0, 4, 8, 12, 16]
    eager = stylegan2(penalty_weight=3.0, penalty_interval=1, path_interval=1)
    # The same weights and the same chance: the lazy penalty is sixteen times the part that the eager step adds.
    plain = stylegan2(regulariser="none", path_weight=0)
    added = losses(eager)[0][0] - losses(plain)[0][0]
    lazy = losses(stylegan2(penalty_weight=3.0))[0][1]
    assert lazy == pytest.approx(16 * added, rel=0.01)


def test_the_path_penalty_is_weighed_by_its_interval_too() -> None:
    drawn = [losses(stylegan2(path_interval=interval, path_weight=2.0))[1][1] for interval in (4, 8)]
    assert drawn[1] == pytest.approx(2 * drawn[0], rel=1e-4)
    heavier = losses(stylegan2(path_weight=6.0))[1][1]
    assert heavier == pytest.approx(3 * drawn[0], rel=1e-4)


def test_gamma_follows_from_size_and_batch_unless_it_is_given() -> None:
    assert stylegan2(64, batch_size=32).penalty_weight == pytest.approx(2e-4 * 64 * 64 / 32)
    assert stylegan2(64, penalty_weight=7.0).penalty_weight == 7
    assert stylegan2(64, regulariser="gradient penalty").penalty_weight == 10


@pytest.mark.parametrize("bf16", [False, True])
def test_penalties_are_float32_and_reach_every_weight(bf16: bool) -> None:
    model = stylegan2().to(memory_format=torch.channels_last)
    batch = subjects.pictures(channels=3).batch(torch.arange(8))
    batch = batch.map(
        lambda column: column.contiguous(memory_format=torch.channels_last) if column.ndim == 4 else column
    )
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        path = model.path_penalty(8, rng())
        gradient = model.penalty(batch, batch.images, rng())
    plain = stylegan2()
    torch.testing.assert_close(path, plain.path_penalty(8, rng()), rtol=1e-3, atol=0)
    torch.testing.assert_close(gradient, plain.penalty(batch, batch.images, rng()), rtol=1e-3, atol=0)
    path.backward()
    gradient.backward()
    for part in (model.generator.widen, model.generator.keep, model.generator.mapping):
        assert all(p.grad.isfinite().all() for p in part.parameters() if p.grad is not None)
        assert any(p.grad is not None and p.grad.abs().max() > 0 for p in part.parameters())
    assert all(block.halve.weight.grad.abs().max() > 0 for block in model.discriminator.blocks)


def test_d_is_residual_and_sees_the_batchs_deviation_at_4x4() -> None:
    model, seen = stylegan2(32), []
    critic = model.discriminator
    assert critic.batch_view is not None
    critic.batch_view.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape))
    images = torch.randn(4, 3, 32, 32, generator=rng())
    assert critic(images).shape == (4,)
    assert seen == [(4, 4, 4, 4)]
    block = critic.blocks[0]
    features = torch.randn(2, 4, 8, 8, generator=rng())
    with torch.no_grad():
        block.halve.weight.zero_()
        torch.testing.assert_close(block(features), block.skip(block.smooth_halve(features)) / 2**0.5)


def test_adaptive_augmentation_is_a_setting() -> None:
    model = stylegan2(augment="adaptive strength")
    losses(model)
    assert model.augmentation is not None
    assert 0 <= float(model.augmentation.strength) < 1e-4


def test_the_mapping_has_as_many_layers_as_are_set() -> None:
    assert len(stylegan2().generator.mapping.layers) == 8
    assert len(stylegan2(mapping_layers=2).generator.mapping.layers) == 2
