"""What makes a StyleGAN one, by the paper's own list."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.core.plan import RunPlan
from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.capabilities import HasStyles
from gen_studio.models.families.stylegan import AdaptiveNorm, StyleGAN, StyleGANConfig
from gen_studio.nets.equalised import EqualisedConv2d, EqualisedLinear, PixelNorm
from gen_studio.nets.growing import Stage
from gen_studio.nets.resampling import Blur, binomial, double
from gen_studio.nets.styles import MappingNetwork, NoiseInput, Still
from gen_studio.testing import subjects
from gen_studio.training import state_tree
from gen_studio.training.learner import Learner

TINY = {"width": 4, "latents": 8, "batch_size": 4}


def stylegan(size: int = 16, channels: int = 3, **settings: object) -> StyleGAN:
    config = StyleGANConfig.parse({**TINY, **settings})
    model = build(StyleGAN, config, DataSpec(channels, size, size), rng())
    assert isinstance(model, StyleGAN)
    return model


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def latents(model: StyleGAN, count: int = 3) -> Tensor:
    return model.draw_latents(count, rng(1))


def learner(**settings: object) -> Learner:
    config = StyleGANConfig.parse({**TINY, "phase_pictures": 8, **settings}).model_dump(mode="json")
    return Learner(RunPlan(family="stylegan", config=config, device="cpu", precision="float32"), subjects.pictures())


def test_the_defaults_are_the_papers() -> None:
    config = StyleGANConfig()
    assert (config.loss.value, config.regulariser.value) == ("non-saturating", "R1")
    assert (config.penalty_weight, config.penalty_interval, config.critic_steps) == (10, 1, 1)
    assert (config.latents, config.style_mixing, config.ema) == (512, 0.9, 0.999)
    for optimizer in stylegan().optimizers().values():
        assert (optimizer.defaults["lr"], optimizer.defaults["betas"]) == (2e-3, (0.0, 0.99))


@pytest.mark.parametrize("size", [16, 64])
def test_there_are_two_styles_per_resolution(size: int) -> None:
    model = stylegan(size)
    assert isinstance(model, HasStyles)
    assert model.style_layers == 2 * len(model.generator.blocks) == 2 * size.bit_length() - 4
    norms = [layer for layer in model.generator.modules() if isinstance(layer, AdaptiveNorm)]
    assert len(norms) == model.style_layers


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_adaptive_norm_takes_deviation_and_mean_from_the_style(layout: torch.memory_format, count: int) -> None:
    norm = AdaptiveNorm(5, 6)
    assert norm.affine.bias.tolist() == [1.0] * 5 + [0.0] * 5
    # Far from 0, where a variance as the difference of two squares has no digit left.
    features = 300 + 0.5 * torch.randn(count, 5, 32, 32, generator=rng())
    styles = torch.randn(count, 6, generator=rng(1))
    scale, shift = norm.affine(styles).chunk(2, 1)
    styled = norm(features.contiguous(memory_format=layout), styles)
    torch.testing.assert_close(styled.mean((2, 3)), shift, atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(styled.std((2, 3), correction=0), scale.abs(), atol=1e-3, rtol=1e-3)
    exact = features.double()
    normalised = (exact - exact.mean((2, 3), keepdim=True)) / exact.std((2, 3), correction=0, keepdim=True)
    by_hand = scale[:, :, None, None] * normalised + shift[:, :, None, None]
    torch.testing.assert_close(styled, by_hand.float(), atol=1e-3, rtol=1e-3)


def test_each_layer_has_the_style_of_its_place() -> None:
    model, used = stylegan(16, phase_pictures=0), []
    for layer in model.generator.modules():
        if isinstance(layer, AdaptiveNorm):
            layer.register_forward_hook(lambda _module, inputs, _output: used.append(inputs[1]))
    styles = torch.randn(1, 6, 8, generator=rng())
    model.synthesise(styles, None)
    assert len(used) == 6
    assert all(torch.equal(one, styles[:, place]) for place, one in enumerate(used))


def test_it_starts_from_ones_and_has_noise_strengths_per_channel_from_zero() -> None:
    model = stylegan(32)
    assert (model.generator.constant == 1).all()
    noise = [layer for layer in model.generator.modules() if isinstance(layer, NoiseInput)]
    assert len(noise) == 8
    assert all(layer.strength.shape == (4, 1, 1) for layer in noise)
    assert all((layer.strength == 0).all() for layer in noise)


def test_noise_comes_before_the_rectifier_and_the_style_after() -> None:
    model, order = stylegan(16, phase_pictures=0), []
    for layer in model.generator.blocks.modules():
        if isinstance(layer, (EqualisedConv2d, NoiseInput, AdaptiveNorm, Blur)):
            layer.register_forward_hook(lambda module, *_: order.append(type(module).__name__))
    model.decode(latents(model))
    first = ["NoiseInput", "AdaptiveNorm", "EqualisedConv2d", "NoiseInput", "AdaptiveNorm"]
    assert order == first + 2 * ["Blur", "EqualisedConv2d", *first]
    before, after = [], []
    layer = model.generator.blocks[1]
    layer.noise_in.register_forward_hook(lambda _module, _inputs, output: before.append(output))
    layer.style_in.register_forward_hook(lambda _module, inputs, _output: after.append(inputs[0]))
    model.decode(latents(model))
    torch.testing.assert_close(nn.functional.leaky_relu(before[0], 0.2), after[0])


def test_pixel_norm_is_for_latents_alone() -> None:
    model = stylegan()
    norms = [name for name, layer in model.named_modules() if isinstance(layer, PixelNorm)]
    assert norms == ["generator.mapping.norm"]
    assert isinstance(model.generator.mapping, MappingNetwork)


def test_every_layer_has_an_equalised_learning_rate() -> None:
    for layer in stylegan(32).modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            assert isinstance(layer, (EqualisedLinear, EqualisedConv2d))


def test_blurs_are_the_binomial_of_second_order() -> None:
    model = stylegan(32)
    blurs = [layer for layer in model.modules() if isinstance(layer, Blur)]
    assert len(blurs) == 3 + 3, "after each doubling and before each halving"
    assert all(torch.equal(blur.kernel[0, 0], binomial((1, 2, 1))) for blur in blurs)


def test_it_grows_from_8x8_and_mixes_only_the_layers_at_work() -> None:
    trained = learner()
    readings, mixed = [], []
    for _ in range(7):
        mixed.append(trained.model.mixed_layers)
        readings.append(trained.take_step())
    assert [int(r["resolution"]) for r in readings] == [8, 8, 16, 16, 16, 16, 16]
    assert [float(r["fade"]) for r in readings] == [1, 1, 0, 0.5, 1, 1, 1]
    assert mixed == [4, 4, 6, 6, 6, 6, 6]


def test_the_generators_blend_begins_with_the_level_below_and_ends_with_the_new_one() -> None:
    model = stylegan(16)
    styles = model.styles(latents(model))

    def painted(stage: Stage) -> Tensor:
        return model.generator(styles, Still.FIXED, stage)

    below, above = painted(Stage(1)), painted(Stage(2))
    assert (below.shape[-1], above.shape[-1]) == (8, 16)
    torch.testing.assert_close(painted(Stage(2, 0.0)), double(below))
    torch.testing.assert_close(painted(Stage(2, 1 - 1e-7)), above, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(painted(Stage(2, 0.25)), 0.75 * double(below) + 0.25 * above)


def test_what_is_shown_keeps_the_full_size() -> None:
    model = stylegan(32, phase_pictures=4)
    for step in range(6):
        model.step = step
        assert model.decode(latents(model)).shape == (3, 3, 32, 32)
        assert model.synthesise(model.styles(latents(model)), rng()).shape == (3, 3, 32, 32)


@pytest.mark.parametrize("stop", [1, 3, 5])
def test_resuming_in_any_phase_equals_never_stopping(stop: int) -> None:
    straight, stopped = learner(ema=0.9), learner(ema=0.9)
    subjects.train(straight, stop)
    saved = state_tree.clone(straight.state())
    subjects.train(straight, 2)
    stopped.restore(saved)
    subjects.train(stopped, 2)
    assert subjects.differences(straight.state(), stopped.state()) == []


def test_truncation_at_zero_is_the_mean_picture_and_at_one_nothing() -> None:
    trained = learner(phase_pictures=0)
    subjects.train(trained, 2)
    model = trained.new_shown_model()
    assert isinstance(model, StyleGAN)
    assert model.mean_style.abs().max() > 0, "followed in training, and copied to what is shown"
    with torch.no_grad():
        styles = model.styles(latents(model))
        assert torch.equal(model.truncate(styles, 1.0), styles)
        mean = model.synthesise(model.mean_style.expand(1, 6, 8), None)
        truncated = model.synthesise(model.truncate(styles, 0.0), None)
        # A hundredth of a grey level: one picture is normalised by another kernel than three.
        torch.testing.assert_close(truncated, mean.expand(3, -1, -1, -1), atol=1e-4, rtol=0)
        coarse = model.truncate(styles, 0.5, layers=4)
        assert torch.equal(coarse[:, 4:], styles[:, 4:])
        torch.testing.assert_close(coarse[:, :4], (styles[:, :4] + model.mean_style) / 2)


def test_the_mapping_has_as_many_layers_as_are_set() -> None:
    assert len(stylegan().generator.mapping.layers) == 8
    assert len(stylegan(mapping_layers=2).generator.mapping.layers) == 2
