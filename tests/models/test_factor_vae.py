"""The FactorVAE's two losses by hand, on the batches they are about."""

import torch
from torch import Tensor

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.factor_vae import FactorVAE, FactorVAEConfig
from gen_studio.testing import subjects


class Noted:
    """An update that keeps the loss and changes nothing."""

    def __init__(self) -> None:
        self.losses: list[Tensor] = []

    def minimise(self, loss: Tensor) -> None:
        self.losses.append(loss)


def factor_vae(**settings: object) -> FactorVAE:
    config = FactorVAEConfig.parse({"width": 4, "latents": 3, "hidden": 16, "batch_size": 8, **settings})
    model = build(FactorVAE, config, DataSpec(1, 16, 16), torch.Generator().manual_seed(0))
    assert isinstance(model, FactorVAE)
    return model


def batch() -> Batch:
    return Batch(subjects.pictures().batch(torch.arange(16)).images)


def step(model: FactorVAE) -> tuple[Noted, Noted, dict[str, Tensor]]:
    updates = {"model": Noted(), "discriminator": Noted()}
    readings = model.training_step(batch(), updates, torch.Generator().manual_seed(0))
    return updates["model"], updates["discriminator"], dict(readings)


def seen_by_critic(model: FactorVAE) -> list[Tensor]:
    seen: list[Tensor] = []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach()))
    step(model)
    return seen


def test_a_step_takes_two_batches() -> None:
    assert factor_vae().pictures_per_step == 16


def test_the_discriminator_tells_codes_of_one_batch_from_shuffled_ones_of_the_other() -> None:
    model = factor_vae()
    judged, joint, apart = seen_by_critic(model)
    assert torch.equal(judged, joint)
    with torch.no_grad():
        rng = torch.Generator().manual_seed(0)
        second = model.posterior(Batch(batch().images[8:])).draw(rng)
    torch.testing.assert_close(apart.sort(0).values, second.sort(0).values)
    assert not torch.equal(apart, second)


def test_the_losses_are_the_papers() -> None:
    model = factor_vae(gamma=7.0)
    first, second, readings = step(model)
    joint, apart = (model.discriminator(codes) for codes in seen_by_critic(model)[1:])
    correlation = (joint.log_softmax(1)[:, 0] - joint.log_softmax(1)[:, 1]).mean()
    torch.testing.assert_close(first.losses[0], readings["loss"] + 7 * correlation)
    torch.testing.assert_close(readings["total_correlation"], correlation)
    expected = -(joint.log_softmax(1)[:, 0].mean() + apart.log_softmax(1)[:, 1].mean()) / 2
    torch.testing.assert_close(second.losses[0], expected)


def test_nothing_of_the_discriminators_loss_reaches_the_encoder() -> None:
    model = factor_vae()
    _, critic, _ = step(model)
    own = [*model.encoder.parameters(), *model.decoder.parameters()]
    assert all(gradient is None for gradient in torch.autograd.grad(critic.losses[0], own, allow_unused=True))


def test_the_pressure_reaches_the_encoder() -> None:
    def pressed(gamma: float) -> Tensor:
        model = factor_vae(gamma=gamma)
        loss = step(model)[0].losses[0]
        return torch.autograd.grad(loss, model.encoder.head.weight)[0]

    assert not torch.allclose(pressed(0.0), pressed(35.0))


def test_the_defaults_are_the_papers() -> None:
    config = FactorVAEConfig()
    rates = (config.learning_rate, config.discriminator_rate)
    assert (config.hidden, config.gamma, config.batch_size, config.latents, *rates) == (1000, 35, 64, 10, 1e-4, 1e-4)
    betas = factor_vae().optimizers()["discriminator"].param_groups[0]["betas"]
    assert betas == (0.5, 0.9)
