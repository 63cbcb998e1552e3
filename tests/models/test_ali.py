"""What makes it ALI: pairs, both labels flipped, an encoder that draws."""

import math

import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.ali import ALI, ALIConfig
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, encoder_loss, generator_loss
from gen_studio.nets.pairs import StochasticEncoder, pack, unpack
from gen_studio.testing import subjects


class Noted:
    """An update that keeps the loss and its gradients and changes nothing."""

    def __init__(self) -> None:
        self.losses: list[Tensor] = []

    def minimise(self, loss: Tensor) -> None:
        self.losses.append(loss)


def ali(**settings: object) -> ALI:
    config = ALIConfig.parse({"width": 4, "latents": 3, **settings})
    model = build(ALI, config, DataSpec(1, 16, 16), torch.Generator().manual_seed(0))
    assert isinstance(model, ALI)
    return model.train()


def batch() -> Batch:
    return subjects.pictures().batch(torch.arange(8))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def step(model: ALI) -> dict[str, Noted]:
    updates = {"discriminator": Noted(), "generator": Noted()}
    model.training_step(batch(), updates, generator())
    return updates


def test_a_pair_comes_apart_as_it_was_packed() -> None:
    images, latents = torch.randn(4, 3, 8, 8), torch.randn(4, 5)
    one, other = unpack(pack(images, latents), (3, 8, 8))
    assert torch.equal(one, images)
    assert torch.equal(other, latents)


def test_the_discriminator_sees_pictures_with_drawn_latents_and_latents_with_their_pictures() -> None:
    model = ali(critic_steps=1)
    seen: list[Tensor] = []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach()))
    step(model)
    pictures, drawn = unpack(seen[0], (1, 16, 16))
    assert torch.equal(pictures, batch().images)
    mean, log_variance = model.encoder(batch().images)
    assert torch.allclose(drawn, mean + (log_variance / 2).exp() * torch.randn(8, 3, generator=generator()), atol=1e-5)
    made, prior = unpack(seen[1], (1, 16, 16))
    assert torch.allclose(made, model.generator(prior), atol=1e-5)


def test_encoder_and_generator_flip_both_labels() -> None:
    model = ali()
    scores: list[Tensor] = []
    model.discriminator.register_forward_hook(lambda *heard: scores.append(heard[2].detach()))
    updates = step(model)
    real, fake = scores[:2]
    plus = torch.nn.functional.softplus
    expected = plus(-real).mean() + plus(fake).mean()
    assert torch.allclose(updates["discriminator"].losses[0], expected, atol=1e-6)
    flipped = plus(real).mean() + plus(-fake).mean()
    assert torch.allclose(updates["generator"].losses[0], flipped, atol=1e-5)


def test_one_player_holds_encoder_and_generator_and_its_loss_moves_both() -> None:
    model = ali()
    loss = step(model)["generator"].losses[0]
    owned = {id(p) for group in model.optimizers()["generator"].param_groups for p in group["params"]}
    for network in (model.encoder, model.generator):
        weights = list(network.parameters())
        assert {id(weight) for weight in weights} <= owned
        gradients = torch.autograd.grad(loss, weights, retain_graph=True)
        assert all(gradient.abs().sum() > 0 for gradient in gradients[:1])


def test_nothing_of_the_discriminators_loss_reaches_the_others() -> None:
    model = ali()
    loss = step(model)["discriminator"].losses[0]
    weights = [*model.encoder.parameters(), *model.generator.parameters()]
    assert all(gradient is None for gradient in torch.autograd.grad(loss, weights, allow_unused=True))


@pytest.mark.parametrize("kind", AdversarialLoss)
def test_the_encoders_loss_is_the_generators_with_the_sides_changed(kind: AdversarialLoss) -> None:
    scores = torch.randn(50)
    if kind is AdversarialLoss.LEAST_SQUARES:
        assert torch.allclose(encoder_loss(kind, scores), generator_loss(kind, 1 - scores))
    else:
        assert torch.allclose(encoder_loss(kind, scores), generator_loss(kind, -scores))


def test_in_the_minimax_game_they_win_what_the_discriminator_loses() -> None:
    real, fake = torch.randn(9), torch.randn(9)
    kind = AdversarialLoss.MINIMAX
    both = encoder_loss(kind, real) + generator_loss(kind, fake)
    assert torch.allclose(both, -discriminator_loss(kind, real, fake))


def test_the_encoder_draws_from_the_normal_distribution_it_names() -> None:
    encoder = StochasticEncoder(1, 4, 16, 2).eval()
    torch.nn.init.zeros_(encoder.head.weight)
    with torch.no_grad():
        encoder.head.bias.copy_(torch.tensor([1.0, -2.0, math.log(0.25), math.log(4.0)]))
        drawn = encoder.draw(torch.zeros(4000, 1, 16, 16), generator())
    assert torch.allclose(drawn.mean(0), torch.tensor([1.0, -2.0]), atol=0.1)
    assert torch.allclose(drawn.std(0), torch.tensor([0.5, 2.0]), rtol=0.05)


def test_encoding_is_the_mean_and_does_not_draw() -> None:
    model = ali().eval()
    assert torch.equal(model.encode(batch().images), model.encoder(batch().images)[0])


def test_augmentation_changes_pictures_and_no_latents() -> None:
    model = ali(augment="fixed strength", augment_strength=1.0, instance_noise=0.5)
    pairs = pack(batch().images, torch.randn(8, 3))
    pictures, latents = unpack(model.shown(pairs, generator()), (1, 16, 16))
    assert torch.equal(latents, unpack(pairs, (1, 16, 16))[1])
    assert not torch.allclose(pictures, batch().images)


def test_knobs_that_hold_or_compare_pictures_work_on_pairs() -> None:
    for settings in (
        {"replay": 16},
        {"regulariser": "gradient penalty", "norm": "none"},
        {"feature_matching": 1.0},
        {"critic_steps": 2},
        {"spectral_norm": True},
    ):
        updates = step(ali(**settings))
        assert all(loss.isfinite() for noted in updates.values() for loss in noted.losses), settings


def test_unrolling_is_refused_with_a_way_out() -> None:
    with pytest.raises(WrongUse, match="Set Unrolled steps to 0"):
        ALIConfig.parse({"unrolled_steps": 2})
