"""The shared game: what each knob does to a step, in numbers."""

from collections.abc import Mapping
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch
from gen_studio.models import registry
from gen_studio.models.adversarial import AdversarialModel
from gen_studio.models.base import build
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

PLAIN = {"norm": "none"}


class Recorder:
    """Stands in for both players' updates: keeps the losses, and takes no step."""

    def __init__(self) -> None:
        self.losses: list[Tensor] = []

    def minimise(self, loss: Tensor) -> None:
        self.losses.append(loss)


def game(family: str = "dcgan", **settings: object) -> AdversarialModel[Any]:
    kind = registry.find(family)
    config = subjects.tiny_config(kind, {"critic_steps": 1, **settings})
    model = build(kind, config, subjects.spec(), torch.Generator().manual_seed(0))
    assert isinstance(model, AdversarialModel)
    return model.train()


def pictures(count: int = 8) -> Batch:
    return subjects.pictures(count=count).batch(torch.arange(count))


def step(model: AdversarialModel[Any], batch: Batch | None = None) -> tuple[Recorder, Recorder, Mapping[str, Tensor]]:
    """One step without any: what D was to minimise, what G was, and what was read."""
    critic, generator = Recorder(), Recorder()
    updates = {"discriminator": critic, "generator": generator}
    readings = model.training_step(batch or pictures(), updates, torch.Generator().manual_seed(1))
    return critic, generator, readings


def only(recorder: Recorder) -> float:
    (loss,) = recorder.losses
    return loss.item()


class TestPenalties:
    @pytest.mark.parametrize("regulariser", ["R1", "gradient penalty"])
    def test_an_eager_penalty_is_added_to_the_loss_with_its_weight(self, regulariser: str) -> None:
        totals = []
        for weight in (0.0, 1000.0, 7000.0):
            critic, _, readings = step(game(**PLAIN, regulariser=regulariser, penalty_weight=weight))
            totals.append(only(critic) - readings["loss_d"].item())
        assert totals[0] == 0
        assert totals[1] > 0
        assert totals[2] == pytest.approx(7 * totals[1], rel=1e-4)
        if regulariser == "R1":
            model, real = game(**PLAIN), pictures().images.requires_grad_()
            (gradient,) = torch.autograd.grad(model.discriminator(real).sum(), real)
            assert totals[1] == pytest.approx(1000 / 2 * gradient.square().sum((1, 2, 3)).mean().item(), rel=1e-4)

    def test_a_lazy_penalty_is_a_step_of_its_own_as_many_times_as_strong_as_it_is_rare(self) -> None:
        settings = {**PLAIN, "regulariser": "R1", "penalty_weight": 5000.0}
        eager, _, readings = step(game(**settings))
        penalty = only(eager) - readings["loss_d"].item()
        model = game(**settings, penalty_interval=4)
        for number in range(9):
            model.step = number
            critic, _, readings = step(model)
            assert critic.losses[0].item() == pytest.approx(readings["loss_d"].item())
            assert len(critic.losses) == (2 if number % 4 == 0 else 1)
            if number % 4 == 0:
                assert critic.losses[1].item() == pytest.approx(4 * penalty, rel=1e-4)

    def test_lazy_rates_and_betas_make_n_plus_1_steps_go_as_far_as_n(self) -> None:
        lazy, eager = game(**PLAIN, regulariser="R1", penalty_interval=4), game(**PLAIN, regulariser="R1")
        assert lazy.rate_factor("discriminator", 0) == pytest.approx(4 / 5)
        assert lazy.rate_factor("generator", 0) == eager.rate_factor("discriminator", 0) == 1
        optimizers = lazy.optimizers()
        assert optimizers["discriminator"].defaults["betas"] == pytest.approx((0.5 ** (4 / 5), 0.999 ** (4 / 5)))
        assert optimizers["generator"].defaults["betas"] == (0.5, 0.999)

    def test_clipping_holds_after_every_step_of_d_and_an_idle_d_keeps_its_weights(self) -> None:
        family = registry.find("dcgan")
        plan = subjects.plan_for(family, {"regulariser": "weight clipping", "clip_limit": 0.01})
        learner = Learner(plan, subjects.pictures())
        weights = list(learner.model.get_submodule("discriminator").parameters())
        before = [weight.detach().clone() for weight in weights]
        learner.take_step(only="generator")
        assert all(torch.equal(weight, old) for weight, old in zip(weights, before, strict=True))
        assert max(float(weight.detach().abs().max()) for weight in weights) > 0.01
        learner.take_step(only="discriminator")
        assert max(float(weight.detach().abs().max()) for weight in weights) <= 0.01
        others = learner.model.get_submodule("generator").parameters()
        assert max(float(weight.detach().abs().max()) for weight in others) > 0.01

    def test_spectral_norm_is_around_every_layer_of_d_and_none_of_g(self) -> None:
        model = game(spectral_norm=True)
        for network, normalised in ((model.discriminator, True), (model.generator, False)):
            layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
            assert layers
            assert all(is_parametrized(layer, "weight") == normalised for layer in layers)


class TestSteps:
    def test_every_critic_step_sees_new_pictures_and_new_fakes_and_g_is_judged_on_others_still(self) -> None:
        model, batch, seen = game(**PLAIN, critic_steps=3), pictures(24), []
        model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
        critic, generator, _ = step(model, batch)
        assert (len(critic.losses), len(generator.losses)) == (3, 1)
        assert model.pictures_per_step == 24
        assert torch.equal(torch.cat(seen[0:6:2]), batch.images)
        fakes = [*seen[1:6:2], seen[6]]
        for place, one in enumerate(fakes):
            assert all(not torch.allclose(one, other) for other in fakes[:place])
        assert [fake.requires_grad for fake in fakes] == [False, False, False, True]

    def test_with_one_critic_step_g_is_judged_on_the_fakes_that_d_saw(self) -> None:
        model, seen = game(**PLAIN), []
        model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
        step(model)
        assert torch.equal(seen[1], seen[2])
        assert [images.requires_grad for images in seen] == [False, False, True]

    def test_the_losses_are_those_of_the_game_and_smoothing_is_one_sided(self) -> None:
        model = game(**PLAIN, real_target=0.9)
        judged: list[Tensor] = []
        model.discriminator.register_forward_hook(lambda _m, _i, output: judged.append(output.detach()))
        critic, generator, readings = step(model)
        real, fake, again = judged
        on_real = 0.9 * F.softplus(-real) + 0.1 * F.softplus(real)
        assert only(critic) == pytest.approx((on_real.mean() + F.softplus(fake).mean()).item())
        assert only(generator) == pytest.approx(F.softplus(-again).mean().item())
        assert readings["d_real"].item() == pytest.approx(torch.sigmoid(real).mean().item())
        assert readings["d_fake"].item() == pytest.approx(torch.sigmoid(fake).mean().item())

    def test_d_draws_chance_in_training_alone(self) -> None:
        model, chances = game("gan"), []
        model.discriminator.register_forward_pre_hook(lambda critic, _: chances.append(critic.chance))
        step(model)
        assert len(chances) == 3
        assert all(isinstance(chance, torch.Generator) for chance in chances)
        assert model.discriminator.chance is None

    def test_rates_fall_linearly_to_zero_where_asked(self) -> None:
        falling, constant = game(rate_decay="linear to zero"), game()
        assert [falling.rate_factor("generator", progress) for progress in (0, 0.25, 1)] == [1, 0.75, 0]
        assert constant.rate_factor("generator", 0.25) == 1

    def test_the_optimiser_is_the_one_asked_for(self) -> None:
        for name, kind in (("Adam", torch.optim.Adam), ("RMSProp", torch.optim.RMSprop)):
            assert all(type(optimizer) is kind for optimizer in game(optimiser=name).optimizers().values())


class TestWhatDSees:
    def test_instance_noise_is_on_real_and_fake_and_gone_when_it_has_faded(self) -> None:
        model, images = game(instance_noise=0.4, noise_steps=100), pictures(32).images
        for number, deviation in ((0, 0.4), (50, 0.2), (75, 0.1)):
            model.step = number
            noise = model.shown(images, torch.Generator().manual_seed(0)) - images
            assert float(noise.std()) == pytest.approx(deviation, rel=0.05)
        for number in (100, 5000):
            model.step = number
            assert torch.equal(model.shown(images, torch.Generator()), images)

    def test_real_and_fake_alike_are_noised_and_augmented(self) -> None:
        for settings in ({"instance_noise": 0.5}, {"augment": "fixed strength", "augment_strength": 1.0}):
            model, made, seen = game(**PLAIN, **settings), [], []
            model.generator.register_forward_hook(lambda _m, _i, output, made=made: made.append(output.detach()))
            model.discriminator.register_forward_pre_hook(lambda _, inputs, seen=seen: seen.append(inputs[0].detach()))
            step(model)
            for shown, plain in zip(seen, (pictures().images, made[0], made[0]), strict=True):
                assert not torch.allclose(shown, plain)

    def test_an_adaptive_strength_moves_with_every_step_of_d_by_its_pictures(self) -> None:
        model = game(**PLAIN, augment="adaptive strength")
        assert model.augmentation is not None
        with torch.no_grad():
            model.discriminator.head.bias.fill_(100.0)
        step(model)
        assert model.augmentation.strength.item() == pytest.approx(8 / 500_000)

    def test_the_replay_pool_is_shown_to_d_and_never_to_g(self) -> None:
        model, seen = game(**PLAIN, replay=64), []
        model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach()))
        rng, updates = torch.Generator().manual_seed(1), {"discriminator": Recorder(), "generator": Recorder()}
        for number in range(2):
            model.step = number
            model.training_step(pictures(), updates, rng)
        (_, first, _), (_, mixed, fresh) = seen[:3], seen[3:]
        old = {picture.numpy().tobytes() for picture in first}
        assert [picture.numpy().tobytes() in old for picture in mixed] == [True] * 4 + [False] * 4
        assert not any(picture.numpy().tobytes() in old for picture in fresh)
        assert torch.equal(mixed[4:], fresh[4:])

    def test_a_batch_view_sees_real_and_fake_pictures_apart(self) -> None:
        for view in ("minibatch discrimination", "minibatch standard deviation"):
            model, seen = game(**PLAIN, batch_view=view), []
            assert model.discriminator.batch_view is not None
            model.discriminator.batch_view.register_forward_pre_hook(
                lambda _, inputs, seen=seen: seen.append(len(inputs[0]))
            )
            step(model)
            assert seen == [8, 8, 8]


class TestWhatGLearnsFrom:
    def test_feature_matching_adds_the_squared_distance_of_the_mean_features(self) -> None:
        model, made = game(**PLAIN, feature_matching=3.0), []
        model.generator.register_forward_hook(lambda _m, _i, output: made.append(output.detach()))
        _, generator, readings = step(model)
        real, fake = (model.discriminator.features(images) for images in (pictures().images, made[0]))
        distance = (real.mean(0) - fake.mean(0)).square().sum()
        assert only(generator) - readings["loss_g"].item() == pytest.approx(3 * distance.item(), rel=1e-3)

    def test_an_unrolled_g_is_judged_by_d_as_it_would_be_after_its_own_steps(self) -> None:
        rate, steps = 0.05, 2
        model, made = game(**PLAIN, unrolled_steps=steps, discriminator_rate=rate), []
        model.generator.register_forward_hook(lambda _m, _i, output: made.append(output.detach()))
        before = [parameter.detach().clone() for parameter in model.discriminator.parameters()]
        _, generator, _ = step(model)
        assert all(torch.equal(p, old) for p, old in zip(model.discriminator.parameters(), before, strict=True))
        critic = model.discriminator
        descent = torch.optim.SGD(critic.parameters(), lr=rate)
        for _ in range(steps):
            descent.zero_grad()
            (F.softplus(-critic(pictures().images)).mean() + F.softplus(critic(made[0])).mean()).backward()
            descent.step()
        assert only(generator) == pytest.approx(F.softplus(-critic(made[0])).mean().item(), abs=1e-5)

    def test_an_unrolled_gs_gradient_is_not_that_of_a_d_that_stands_still(self) -> None:
        gradients = []
        for steps in (0, 1):
            model = game(**PLAIN, unrolled_steps=steps, discriminator_rate=0.05)
            _, generator, _ = step(model)
            gradients.append(torch.autograd.grad(generator.losses[0], next(model.generator.parameters()))[0])
        assert not torch.allclose(*gradients)


class TestCombinationsThatCannotWork:
    @pytest.mark.parametrize(
        ("family", "settings", "words"),
        [
            ("dcgan", {"regulariser": "weight clipping", "spectral_norm": True}, "undo each other"),
            ("dcgan", {"regulariser": "R1"}, "BatchNorm"),
            ("wgan", {"regulariser": "gradient penalty"}, "BatchNorm"),
            ("wgan_gp", {"norm": "batch"}, "BatchNorm"),
            (
                "gan",
                {"regulariser": "gradient penalty", "batch_view": "minibatch discrimination"},
                "ties them together",
            ),
            ("gan", {"regulariser": "R1", "batch_view": "minibatch discrimination"}, "ties them together"),
            ("gan", {"unrolled_steps": 2, "critic_steps": 2}, "single D step"),
            ("gan", {"unrolled_steps": 2, "spectral_norm": True}, "power iteration"),
            ("gan", {"optimiser": "RMSProp", "regulariser": "R1", "penalty_interval": 4}, "defined for Adam"),
            ("cgan", {"replay": 100}, "without their classes"),
        ],
    )
    def test_they_are_refused_in_a_sentence_with_a_way_out(
        self, family: str, settings: dict[str, object], words: str
    ) -> None:
        with pytest.raises(WrongUse) as refusal:
            game(family, **settings)
        sentence = str(refusal.value)
        assert words in sentence
        assert sentence.endswith(".")
        assert any(way in sentence for way in ("Set ", "Choose ", "Switch ", "set "))

    def test_their_neighbours_that_can_work_do(self) -> None:
        for family, settings in (
            ("dcgan", {"regulariser": "weight clipping"}),
            ("dcgan", {"regulariser": "R1", "norm": "layer"}),
            ("gan", {"regulariser": "R1", "batch_view": "minibatch standard deviation"}),
            ("gan", {"regulariser": "gradient penalty", "unrolled_steps": 2}),
            ("gan", {"optimiser": "RMSProp", "regulariser": "R1"}),
        ):
            critic, generator, readings = step(game(family, **settings))
            assert all(loss.isfinite() for loss in (*critic.losses, *generator.losses, *readings.values()))
