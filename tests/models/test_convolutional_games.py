"""LSGAN, hinge GAN, WGAN and WGAN-GP: DCGAN's networks, and the game that each paper plays between them."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.models import registry
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.adversarial_config import AdversarialConfig, Regulariser
from gen_studio.models.base import build
from gen_studio.nets.convolutional import ConvolutionalCritic, ConvolutionalGenerator
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

FAMILIES = ("lsgan", "hinge_gan", "wgan", "wgan_gp")


def model_of(family: str, **settings: object) -> AdversarialModel[Any]:
    kind = registry.find(family)
    model = build(kind, kind.Config.parse(settings), subjects.spec(3, 32), torch.Generator().manual_seed(0))
    assert isinstance(model, AdversarialModel)
    return model


class Still:
    def __init__(self) -> None:
        self.loss = torch.zeros(())

    def minimise(self, loss: Tensor) -> None:
        self.loss = loss.detach()


def judged(family: str) -> tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]:
    """D's scores of real, of fake and, for the generator, of fake, and what was made of them."""
    model = model_of(family, critic_steps=1, width=4).train()
    scores: list[Tensor] = []
    model.discriminator.register_forward_hook(lambda _m, _i, output: scores.append(output.detach()))
    batch = subjects.pictures(3, 32, 8).batch(torch.arange(8))
    players = {"discriminator": Still(), "generator": Still()}
    readings = model.training_step(batch, players, torch.Generator().manual_seed(1))
    losses = {name: player.loss for name, player in players.items()}
    return scores[0], scores[1], scores[-1], {**readings, **losses}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_networks_are_dcgans_with_its_first_weights(family: str) -> None:
    for settings in ({}, {"spectral_norm": True, "regulariser": "none"}):
        model = model_of(family, **settings)
        assert isinstance(model.generator, ConvolutionalGenerator)
        assert isinstance(model.discriminator, ConvolutionalCritic)
        for name, weight in model.named_parameters():
            if weight.ndim == 4 and weight.numel() > 10_000:
                assert float(weight.detach().std()) == pytest.approx(0.02, rel=0.05), (name, settings)


@pytest.mark.parametrize(
    ("family", "optimizer", "defaults"),
    [
        ("lsgan", torch.optim.Adam, {"lr": 2e-4, "betas": (0.5, 0.999)}),
        ("hinge_gan", torch.optim.RMSprop, {"lr": 2e-4, "momentum": 0}),
        ("wgan", torch.optim.RMSprop, {"lr": 5e-5, "momentum": 0}),
        ("wgan_gp", torch.optim.Adam, {"lr": 1e-4, "betas": (0.0, 0.9)}),
    ],
)
def test_the_optimizers_are_the_papers(family: str, optimizer: type, defaults: dict[str, object]) -> None:
    for used in model_of(family).optimizers().values():
        assert type(used) is optimizer
        assert {key: used.defaults[key] for key in defaults} == defaults


def test_lsgan_draws_scores_to_0_and_1() -> None:
    real, fake, again, made = judged("lsgan")
    expected = ((real - 1).square().mean() + fake.square().mean()) / 2
    torch.testing.assert_close(made["discriminator"], expected)
    torch.testing.assert_close(made["generator"], (again - 1).square().mean() / 2)


def test_hinge_gan_has_a_margin_and_g_moves_along_the_score() -> None:
    real, fake, again, made = judged("hinge_gan")
    torch.testing.assert_close(made["discriminator"], F.relu(1 - real).mean() + F.relu(1 + fake).mean())
    torch.testing.assert_close(made["generator"], -again.mean())


def test_wgan_maximises_the_gap_and_plots_it_as_the_wasserstein_estimate() -> None:
    real, fake, again, made = judged("wgan")
    torch.testing.assert_close(made["discriminator"], fake.mean() - real.mean())
    torch.testing.assert_close(made["generator"], -again.mean())
    torch.testing.assert_close(made["wasserstein"], -made["loss_d"])


def test_wgan_gps_estimate_leaves_the_penalty_out() -> None:
    real, fake, _, made = judged("wgan_gp")
    torch.testing.assert_close(made["wasserstein"], real.mean() - fake.mean())
    assert made["discriminator"] > made["loss_d"]


@pytest.mark.parametrize("family", ["wgan", "wgan_gp"])
def test_the_wasserstein_estimate_has_a_plot_of_its_own(family: str) -> None:
    description = registry.find(family).describe()
    (metric,) = [metric for metric in description.metrics if metric.key == "wasserstein"]
    assert [plot.key for plot in description.plots].count(metric.plot.key) == 1
    assert sum(other.plot == metric.plot for other in description.metrics) == 1


def test_wgan_takes_five_clipped_critic_steps() -> None:
    config = registry.find("wgan").Config()
    assert isinstance(config, AdversarialConfig)
    assert (config.critic_steps, config.regulariser, config.clip_limit) == (5, Regulariser.CLIPPING, 0.01)
    learner = Learner(subjects.plan_for(registry.find("wgan")), subjects.pictures())
    learner.take_step()
    weights = [
        float(weight.detach().abs().max()) for weight in learner.model.get_submodule("discriminator").parameters()
    ]
    assert max(weights) <= 0.01


def test_wgan_gp_has_a_penalty_of_10_layer_norm_five_steps_and_falling_rates() -> None:
    model = model_of("wgan_gp")
    config = model.config
    assert (config.regulariser, config.penalty_weight) == (Regulariser.GRADIENT_PENALTY, 10)
    assert config.critic_steps == 5
    norms = [layer for layer in model.discriminator.modules() if isinstance(layer, nn.GroupNorm)]
    assert [norm.num_groups for norm in norms] == [1, 1]
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in model.discriminator.modules())
    assert any(isinstance(layer, nn.BatchNorm2d) for layer in model.generator.modules())
    assert [model.rate_factor("discriminator", progress) for progress in (0, 0.5, 1)] == [1, 0.5, 0]


def test_a_score_of_wgan_gp_depends_on_its_own_picture_alone() -> None:
    critic = model_of("wgan_gp").discriminator.train()
    images = torch.randn((4, 3, 32, 32), generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(critic(images[:1]), critic(images)[:1], atol=1e-6, rtol=1e-4)
