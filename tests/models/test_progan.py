"""What makes a progressively growing GAN one, by the paper's own list."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import RunPlan
from gen_studio.data.spec import DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.progan import ProGAN, ProGANConfig
from gen_studio.nets.equalised import EqualisedConv2d, EqualisedLinear, PixelNorm
from gen_studio.nets.growing import Stage
from gen_studio.nets.resampling import double
from gen_studio.testing import subjects
from gen_studio.training import state_tree
from gen_studio.training.learner import Learner

TINY = {"width": 4, "latents": 8, "batch_size": 4}


def progan(size: int = 16, channels: int = 3, **settings: object) -> ProGAN:
    spec = DataSpec(channels, size, size)
    model = build(ProGAN, ProGANConfig.parse({**TINY, **settings}), spec, torch.Generator().manual_seed(0))
    assert isinstance(model, ProGAN)
    return model


def latents(model: ProGAN, count: int = 3) -> Tensor:
    return model.draw_latents(count, torch.Generator().manual_seed(1))


def learner(**settings: object) -> Learner:
    config = ProGANConfig.parse({**TINY, "phase_pictures": 8, **settings}).model_dump(mode="json")
    return Learner(RunPlan(family="progan", config=config, device="cpu", precision="float32"), subjects.pictures())


def test_the_defaults_are_the_papers() -> None:
    config = ProGANConfig()
    assert (config.loss.value, config.regulariser.value) == ("Wasserstein", "gradient penalty")
    assert (config.penalty_weight, config.drift, config.critic_steps) == (10, 0.001, 1)
    assert (config.latents, config.batch_size, config.ema) == (512, 16, 0.999)
    assert config.batch_view.value == "minibatch standard deviation"
    for optimizer in progan().optimizers().values():
        assert (optimizer.defaults["lr"], optimizer.defaults["betas"]) == (1e-3, (0.0, 0.99))


def test_every_layer_has_an_equalised_learning_rate_and_none_normalises_but_pixel_norm() -> None:
    model = progan(64)
    weighted = [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    assert all(isinstance(layer, (EqualisedConv2d, EqualisedLinear)) for layer in weighted)
    norms = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)
    assert not any(isinstance(layer, norms) for layer in model.modules())
    assert not any(isinstance(layer, PixelNorm) for layer in model.discriminator.modules())


def test_pixel_norm_follows_every_3x3_convolution_of_the_generator() -> None:
    model, order = progan(16), []
    for layer in model.generator.modules():
        if isinstance(layer, PixelNorm) or (isinstance(layer, EqualisedConv2d) and layer.kernel_size == (3, 3)):
            layer.register_forward_hook(lambda module, *_: order.append(type(module)))
    model.generator(latents(model), Stage(2))
    assert order[:2] == [PixelNorm, PixelNorm], "of the latent, and of the dense layer"
    assert order[2:] == [EqualisedConv2d, PixelNorm] * 5


def test_latents_lie_on_a_sphere() -> None:
    model = progan()
    drawn = latents(model)
    scaled, plain = (model.generator(factor * drawn, Stage(2)) for factor in (5, 1))
    torch.testing.assert_close(scaled, plain, atol=1e-4, rtol=1e-4)


def test_the_generators_blend_begins_with_the_level_below_and_ends_with_the_new_one() -> None:
    generator, drawn = progan().generator, latents(progan())
    below, above = generator(drawn, Stage(1)), generator(drawn, Stage(2))
    assert (below.shape[-1], above.shape[-1]) == (8, 16)
    torch.testing.assert_close(generator(drawn, Stage(2, 0.0)), double(below))
    torch.testing.assert_close(generator(drawn, Stage(2, 1 - 1e-7)), above, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(generator(drawn, Stage(2, 0.25)), 0.75 * double(below) + 0.25 * above)


def test_the_output_is_linear_in_training_and_a_picture_when_shown() -> None:
    model = progan(phase_pictures=0)
    with torch.no_grad():
        for layer in model.generator.to_colours:
            layer.weight.mul_(100)
        trained = model.imagine(subjects.pictures(channels=3).batch(torch.arange(4)), torch.Generator().manual_seed(0))
        shown = model.decode(latents(model))
    assert trained.abs().max() > 1
    assert shown.abs().max() <= 1


def test_what_is_shown_keeps_the_full_size_in_squares_of_the_stage() -> None:
    model = progan(phase_pictures=4)
    for step, square in ((0, 4), (1, 4), (2, 2), (3, 2), (4, 1)):
        model.step = step
        shown = model.decode(latents(model))
        assert shown.shape == (3, 3, 16, 16)
        assert torch.equal(shown, in_squares(shown, square)), step
        assert not torch.equal(shown, in_squares(shown, 2 * square)), step


def in_squares(images: Tensor, side: int) -> Tensor:
    """Each square as its first pixel."""
    return images[..., ::side, ::side].repeat_interleave(side, -1).repeat_interleave(side, -2)


def test_the_stage_is_read_as_resolution_and_fade() -> None:
    trained = learner()
    readings = [trained.take_step() for _ in range(10)]
    # 4 pictures a step and 8 a phase: two steps each.
    assert [int(r["resolution"]) for r in readings] == [4, 4, 8, 8, 8, 8, 16, 16, 16, 16]
    assert [float(r["fade"]) for r in readings] == [1, 1, 0, 0.5, 1, 1, 0, 0.5, 1, 1]


def test_both_networks_see_pictures_of_the_stages_size() -> None:
    trained, sizes = learner(), []
    trained.model.discriminator.register_forward_pre_hook(lambda _, inputs: sizes.append(inputs[0].shape[-1]))
    for expected in (4, 4, 8, 8):
        sizes.clear()
        trained.take_step()
        assert set(sizes) == {expected}
        assert len(sizes) == 4, "real, fake, between them for the penalty, and the generator's"


@pytest.mark.parametrize("stop", [1, 2, 3, 7])
def test_resuming_in_any_phase_equals_never_stopping(stop: int) -> None:
    straight, stopped = learner(ema=0.9), learner(ema=0.9)
    subjects.train(straight, stop)
    saved = state_tree.clone(straight.state())
    subjects.train(straight, 3)
    stopped.restore(saved)
    subjects.train(stopped, 3)
    assert subjects.differences(straight.state(), stopped.state()) == []


def test_drift_is_the_mean_square_of_scores_on_real_pictures() -> None:
    model = progan(drift=0.5)
    scores = torch.tensor([1.0, -3.0])
    batch = subjects.pictures(channels=3).batch(torch.arange(2))
    extra = model.discriminator_extra(batch, batch.images, torch.Generator(), scores, scores * 9)
    assert float(extra) == pytest.approx(0.5 * (1 + 9) / 2)


def test_a_replay_pool_is_refused() -> None:
    with pytest.raises(WrongUse, match="replay pool"):
        progan(replay=100)
