"""The VAE-GAN is a VAE at one end and a GAN at the other to the last bit, and the paper's losses in between."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.adversarial import ADVERSARIAL_METRICS
from gen_studio.models.base import TrainableModel, build
from gen_studio.models.capabilities import CanEncode, HasLikelihood
from gen_studio.models.convolutional_variational import Networks
from gen_studio.models.families.conv_vae import ConvVAE
from gen_studio.models.families.dcgan import DCGAN, DCGANConfig
from gen_studio.models.families.vae_gan import VAEGAN, VAEGANConfig, feature_error
from gen_studio.nets.likelihoods import Likelihood
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner
from gen_studio.training.update import PlayerUpdate

STEPS = 5
GAMES = ({}, {"loss": "hinge", "critic_steps": 2}, {"loss": "least squares", "instance_noise": 0.1, "replay": 16})
KNOBS = {"critic_steps": 3, "rate_decay": "linear to zero", "instance_noise": 0.1, "optimiser": "RMSProp", "gamma": 9.0}


class Noted:
    """An update that keeps the loss and changes nothing."""

    def __init__(self) -> None:
        self.losses: list[Tensor] = []

    def minimise(self, loss: Tensor) -> None:
        self.losses.append(loss)


class Decoding(nn.Module):
    """The decoder's pictures as a generator of the game."""

    def __init__(self, model: VAEGAN) -> None:
        super().__init__()
        self.decoder, self.pixels = model.decoder, model.pixels

    def forward(self, latents: Tensor) -> Tensor:
        return self.pixels.location(self.decoder(latents))


def vae_gan(size: int = 16, channels: int = 1, **settings: object) -> VAEGAN:
    config = VAEGANConfig.parse({"width": 4, "latents": 3, "batch_size": 8, **settings})
    model = build(VAEGAN, config, DataSpec(channels, size, size), generator())
    assert isinstance(model, VAEGAN)
    return model.train()


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(count: int = 8) -> Batch:
    return Batch(subjects.pictures().batch(torch.arange(count)).images)


def step(model: VAEGAN, seed: int = 0) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    """The losses of D and of G, and the readings; nothing moves."""
    updates = {"discriminator": Noted(), "generator": Noted()}
    readings = model.training_step(batch(), updates, generator(seed))
    return updates["discriminator"].losses[0], updates["generator"].losses[0], dict(readings)


def gradients(loss: Tensor, module: nn.Module) -> list[Tensor | None]:
    return list(torch.autograd.grad(loss, list(module.parameters()), retain_graph=True, allow_unused=True))


def played(model: TrainableModel[Any]) -> Iterator[tuple[dict[str, Tensor], Tensor]]:
    """Readings and the state of chance after each of some steps."""
    updates = {name: PlayerUpdate(optimizer) for name, optimizer in model.optimizers().items()}
    rng, pictures = generator(7), subjects.pictures(count=64)
    for model.step in range(STEPS):
        first = model.step * model.pictures_per_step
        drawn = pictures.batch(torch.arange(first, first + model.pictures_per_step) % len(pictures))
        yield dict(model.training_step(drawn, updates, rng)), rng.get_state()


def same_weights(one: nn.Module, other: nn.Module) -> bool:
    return subjects.differences(dict(one.state_dict()), dict(other.state_dict())) == []


def refused(*_: object) -> None:
    raise AssertionError("the discriminator was asked")


# Lambda 0


@pytest.mark.parametrize(
    "knobs",
    [{}, {"networks": Networks.BETA_VAE.value}, KNOBS],
    ids=["plain", "small networks", "whatever the knobs of the game"],
)
@pytest.mark.parametrize("kind", Likelihood)
def test_at_0_it_is_the_convolutional_vae_step_for_step(kind: Likelihood, knobs: dict[str, object]) -> None:
    settings = {"likelihood": kind.value, "binarise": kind is Likelihood.BERNOULLI, "ema": 0.9}
    settings |= {"networks": knobs.get("networks", Networks.DCGAN.value)}
    plain, blended = (
        Learner(subjects.plan_for(family, {**settings, **more}, clip_gradient=5.0), subjects.pictures(channels=3))
        for family, more in ((ConvVAE, {}), (VAEGAN, {**knobs, "blend": 0.0}))
    )
    discriminator = {name: value.clone() for name, value in blended.model.discriminator.state_dict().items()}
    blended.model.discriminator.register_forward_pre_hook(refused)
    blended.model.discriminator.body.register_forward_pre_hook(refused)
    for _ in range(STEPS):
        expected, found = plain.take_step(), blended.take_step()
        assert subjects.differences(dict(expected), {key: found[key] for key in expected}) == []
        shared = {name: value for name, value in blended.model.state_dict().items() if "discriminator" not in name}
        shared = {name: value for name, value in shared.items() if not name.startswith("replay")}
        assert subjects.differences(dict(plain.model.state_dict()), shared) == []
        assert torch.equal(plain.rng.get_state(), blended.rng.get_state())
    assert subjects.differences(plain.average.state_dict(), blended.average.state_dict()) == []
    assert subjects.differences(dict(blended.model.discriminator.state_dict()), discriminator) == []


def test_at_0_its_defaults_are_those_of_the_convolutional_vae() -> None:
    own, plain = VAEGANConfig(), ConvVAE.Config()
    for key in type(plain).model_fields.keys() - {"networks"}:  # those of the other end
        assert getattr(own, key) == getattr(plain, key), key


# Lambda 1


@pytest.mark.parametrize("game", GAMES, ids=lambda game: str(game.get("loss", "plain")))
@pytest.mark.parametrize("kind", [Likelihood.BERNOULLI, Likelihood.GAUSSIAN])
def test_at_1_it_is_the_game_of_dcgan_step_for_step(kind: Likelihood, game: dict[str, object]) -> None:
    blended = vae_gan(blend=1.0, likelihood=kind.value, **game)
    encoder = {name: value.clone() for name, value in blended.encoder.state_dict().items()}
    plain = build(
        DCGAN,
        DCGANConfig.parse({"width": 4, "latents": 3, "batch_size": 8, **game}),
        DataSpec(1, 16, 16),
        generator(),
    ).train()
    assert isinstance(plain, DCGAN)
    copied = vae_gan(blend=1.0, likelihood=kind.value, **game)
    plain.generator = Decoding(copied)
    plain.discriminator.load_state_dict(copied.discriminator.state_dict())
    blended.encoder.register_forward_pre_hook(refused)
    for (expected, chance), (found, own_chance) in zip(played(plain), played(blended), strict=True):
        assert subjects.differences(expected, {key: found[key] for key in expected}) == []
        assert torch.equal(chance, own_chance)
        assert same_weights(plain.discriminator, blended.discriminator)
        assert same_weights(copied.decoder, blended.decoder)
    assert subjects.differences(dict(blended.encoder.state_dict()), encoder) == []


def test_at_1_its_defaults_are_those_of_dcgan() -> None:
    own, plain = VAEGANConfig(), DCGANConfig()
    others = {"latents", "width"}  # of the other end
    for key in type(plain).model_fields.keys() - others:
        assert getattr(own, key) == getattr(plain, key), key


# Between


@pytest.mark.parametrize("size", [16, 32])
def test_the_feature_error_is_that_of_brute_force(size: int) -> None:
    model = vae_gan(size, norm="none")
    one, other = torch.rand(2, 3, 1, size, size, generator=generator()).mul(2).sub(1)
    total = 0.0
    for first, second in zip(one, other, strict=True):
        found, wanted = first[None], second[None]
        side = size
        while side > {16: 4, 32: 8}[size]:
            layer = model.discriminator.body[2 * (0 if side == size else 1)]
            found, wanted = (F.leaky_relu(layer(picture), 0.2) for picture in (found, wanted))
            side //= 2
        pairs = zip(found.flatten().tolist(), wanted.flatten().tolist(), strict=True)
        total += sum((a - b) ** 2 for a, b in pairs) / 2
    assert model.features(one).shape == (3, 8 * side * side)
    error = feature_error(model.features(one), model.features(other))
    assert error.item() == pytest.approx(total / 3, rel=1e-5)


@pytest.mark.parametrize(("size", "side"), [(16, 4), (32, 8), (64, 8), (128, 16), (256, 16)])
def test_features_are_those_of_the_middle_of_the_discriminator(size: int, side: int) -> None:
    assert vae_gan(size).discriminator.middle(torch.zeros(2, 1, size, size)).shape[2:] == (side, side)


def test_a_pictures_features_are_its_own_and_looking_at_them_leaves_the_discriminator_as_it_was() -> None:
    model = vae_gan()
    step(model)
    before = {name: value.clone() for name, value in model.discriminator.state_dict().items()}
    torch.testing.assert_close(model.features(batch().images)[:1], model.features(batch().images[:1]))
    assert not torch.allclose(model.features(batch().images), model.features(0.5 * batch().images), atol=1e-4)
    assert subjects.differences(dict(model.discriminator.state_dict()), before) == []
    assert all(module.training for module in model.discriminator.modules())


def test_the_discriminator_sees_real_pictures_reconstructions_and_samples_each_apart() -> None:
    model, seen = vae_gan(), []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach().clone()))
    loss, _, _ = step(model)
    rng = generator()
    with torch.no_grad():
        prior = model.pixels.location(model.decoder(model.draw_latents(8, rng)))
        rebuilt = model.pixels.location(model.decoder(model.posterior(batch()).draw(rng)))
    for found, expected in zip(seen[:3], (batch().images, prior, rebuilt), strict=True):
        torch.testing.assert_close(found, expected)
    on_real, on_prior, on_rebuilt = (model.discriminator(pictures) for pictures in seen[:3])
    by_hand = F.softplus(-on_real).mean() + (F.softplus(on_prior).mean() + F.softplus(on_rebuilt).mean()) / 2
    torch.testing.assert_close(loss, by_hand)


@pytest.mark.parametrize("blend", [0.1, 0.5, 0.9])
def test_the_losses_are_the_papers(blend: float) -> None:
    model = vae_gan(blend=blend, gamma=3.0, norm="none")
    _, loss, readings = step(model)
    bound, game = parts(model)
    weight = 3 / model.features(batch().images).shape[1] * (1 - blend) / blend
    torch.testing.assert_close(loss, weight * (bound + pixel_error(model)) + game, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(readings["loss_g"], game)
    torch.testing.assert_close(readings["kl"] + readings["feature_error"], bound)
    torch.testing.assert_close(readings["loss"], pixel_error(model) + readings["kl"])


def test_nothing_of_the_game_reaches_the_encoder_and_both_terms_reach_the_decoder() -> None:
    model = vae_gan(blend=0.5, norm="none")
    _, loss, _ = step(model)
    bound, game = parts(model)
    weight = 1 / model.features(batch().images).shape[1]
    assert all(gradient is None for gradient in gradients(game, model.encoder))
    for found, expected in zip(gradients(loss, model.encoder), gradients(weight * bound, model.encoder), strict=True):
        torch.testing.assert_close(found, expected)
    both = (gradients(part, model.decoder) for part in (loss, weight * bound, game))
    for found, of_bound, of_game in zip(*both, strict=True):
        torch.testing.assert_close(found, of_bound + of_game)
        assert of_bound.abs().sum() > 0
        assert of_game.abs().sum() > 0


def test_the_discriminators_loss_reaches_the_discriminator_alone() -> None:
    model = vae_gan()
    loss, _, _ = step(model)
    assert all(gradient is None for network in (model.encoder, model.decoder) for gradient in gradients(loss, network))
    assert all(gradient is not None for gradient in gradients(loss, model.discriminator))


@pytest.mark.parametrize("kind", [Likelihood.LEARNT_GAUSSIAN, Likelihood.LOGISTIC])
def test_a_learnt_scale_follows_the_reconstructions_and_nothing_else_hears_of_pixels(kind: Likelihood) -> None:
    model = vae_gan(likelihood=kind.value)
    _, loss, _ = step(model)
    (found,) = gradients(loss, model.pixels)
    assert found is not None and found.abs().sum() > 0
    error = pixel_error(model)
    assert all(gradient is None for gradient in gradients(error, model.decoder))


def parts(model: VAEGAN) -> tuple[Tensor, Tensor]:
    """The bound in features and the game's loss, drawn as in a step."""
    rng = generator()
    prior = model.draw_latents(8, rng)
    with torch.no_grad():
        rebuilt_from = model.posterior(batch()).draw(rng)
    fakes = [model.pixels.location(model.decoder(latents)) for latents in (prior, rebuilt_from)]
    game = sum(F.softplus(-model.discriminator(pictures)).mean() for pictures in fakes) / 2
    posterior = model.posterior(batch())
    output = model.decoder(posterior.draw(rng))
    error = (model.features(model.pixels.location(output)) - model.features(batch().images).detach()).square()
    kl = 0.5 * (posterior.mean.square() + posterior.log_variance.exp() - 1 - posterior.log_variance)
    return kl.sum(1).mean() + error.sum(1).mean() / 2, game


def pixel_error(model: VAEGAN) -> Tensor:
    rng = generator()
    with torch.no_grad():
        model.draw_latents(8, rng), model.posterior(batch()).draw(rng)
        output = model.decoder(model.posterior(batch()).draw(rng))
    return model.pixels.nll(output, batch().images).mean()


# Settings and readings


@pytest.mark.parametrize("blend", [0.0, 1.0])
def test_readings_that_say_nothing_are_finite_and_said_to_be_so(blend: float) -> None:
    learner = Learner(subjects.plan_for(VAEGAN, {"blend": blend}), subjects.pictures())
    readings = learner.take_step()
    assert set(readings) == {metric.key for metric in VAEGAN.metrics}
    assert all(value.isfinite() and value.ndim == 0 for value in readings.values())
    game = {metric.key for metric in ADVERSARIAL_METRICS}
    assert (game <= learner.model.meaningless) == (blend == 0)
    assert ({"kl", "active_units", "loss"} <= learner.model.meaningless) == (blend == 1)
    assert vae_gan(blend=0.5).meaningless == frozenset()


def test_it_encodes_and_has_a_likelihood() -> None:
    assert issubclass(VAEGAN, CanEncode) and issubclass(VAEGAN, HasLikelihood)


def test_a_gradient_penalty_lies_between_real_pictures_and_both_kinds_of_fakes() -> None:
    model, seen = vae_gan(norm="none", regulariser="gradient penalty"), []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    step(model)
    assert seen[3] == 16


def test_binarised_pictures_are_refused_beside_a_game_with_a_way_out() -> None:
    settings = {"binarise": True, "likelihood": "Bernoulli"}
    with pytest.raises(WrongUse, match="Switch Binarise off, or set Blend to 0"):
        VAEGANConfig.parse({**settings, "blend": 0.1})
    assert VAEGANConfig.parse({**settings, "blend": 0.0}).binarise


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"binarise": True, "blend": 0.0}, "Set the likelihood to Bernoulli"),
        ({"regulariser": "weight clipping", "spectral_norm": True}, "Switch one of them off"),
    ],
)
def test_what_either_end_refuses_is_refused(settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        VAEGANConfig.parse(settings)


def test_the_blend_is_the_first_of_its_settings() -> None:
    fields = VAEGAN.describe().fields
    assert fields[0].key == "blend"
    assert 5 <= sum(not field.advanced for field in fields) <= 8
