"""What the beta-VAE minimises, by hand, and what its controls do to a run."""

import pytest
import torch

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.beta_vae import BetaVAE, BetaVAEConfig
from gen_studio.models.variational import Terms
from gen_studio.nets.posterior import DiagonalGaussian
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

KL = torch.tensor([[0.0, 1.0, 4.0], [0.2, 3.0, 8.0]])
"""By picture and dimension; the means are 0.1, 2 and 6 nats."""


def beta_vae(**settings: object) -> BetaVAE:
    config = BetaVAEConfig.parse({"width": 4, "latents": 3, **settings})
    model = build(BetaVAE, config, DataSpec(1, 16, 16), torch.Generator().manual_seed(0))
    assert isinstance(model, BetaVAE)
    return model


def objective(model: BetaVAE, step: int = 0) -> float:
    model.step = step
    empty = torch.zeros(2, 3)
    terms = Terms(DiagonalGaussian(empty, empty), empty, torch.tensor(100.0), KL, torch.tensor(108.1))
    return float(model.objective(terms))


@pytest.mark.parametrize(
    ("settings", "step", "expected"),
    [
        ({"beta": 1.0}, 0, 108.1),
        ({"beta": 4.0}, 0, 132.4),
        ({"beta": 4.0, "warm_up": 100}, 0, 100.0),
        ({"beta": 4.0, "warm_up": 100}, 25, 108.1),
        ({"beta": 4.0, "warm_up": 100}, 500, 132.4),
        ({"beta": 1.0, "free_bits": 0.5}, 0, 108.5),
        ({"beta": 2.0, "free_bits": 3.0}, 0, 124.0),
        ({"control": "capacity", "capacity": 5.0, "capacity_steps": 0, "capacity_weight": 10.0}, 0, 131.0),
        ({"control": "capacity", "capacity": 20.0, "capacity_steps": 0, "capacity_weight": 10.0}, 0, 219.0),
        ({"control": "capacity", "capacity": 20.0, "capacity_steps": 100, "capacity_weight": 10.0}, 0, 181.0),
        ({"control": "capacity", "capacity": 20.0, "capacity_steps": 100, "capacity_weight": 10.0}, 50, 119.0),
        ({"control": "capacity", "capacity": 20.0, "capacity_steps": 100, "capacity_weight": 10.0}, 900, 219.0),
    ],
)
def test_what_is_minimised_is_what_the_papers_say(settings: dict[str, object], step: int, expected: float) -> None:
    assert objective(beta_vae(**settings), step) == pytest.approx(expected, rel=1e-5)


def test_a_dimension_below_its_free_bits_is_not_pressed() -> None:
    kl = KL.clone().requires_grad_(True)
    empty = torch.zeros(2, 3)
    model = beta_vae(beta=1.0, free_bits=0.5)
    model.objective(Terms(DiagonalGaussian(empty, empty), empty, torch.tensor(0.0), kl, torch.tensor(0.0))).backward()
    assert kl.grad is not None
    assert kl.grad[:, 0].tolist() == [0, 0]
    assert kl.grad[:, 1:].flatten().tolist() == [0.5] * 4


def test_the_loss_that_is_shown_is_the_elbo_whatever_beta_is() -> None:
    images = subjects.pictures().batch(torch.arange(8)).images
    rng = torch.Generator()
    with torch.no_grad():
        plain, strong = (beta_vae(beta=b).validate(Batch(images), rng.manual_seed(0)) for b in (1.0, 10.0))
    assert float(plain["loss"]) == float(strong["loss"])
    assert float(plain["objective"]) == pytest.approx(float(plain["loss"]), rel=1e-5)
    assert float(strong["objective"]) == pytest.approx(float(strong["loss"] + 9 * strong["kl"]), rel=1e-5)


def test_capacity_holds_the_kl_and_a_large_beta_takes_it_away() -> None:
    ends = {}
    held = {"control": "capacity", "capacity": 6.0, "capacity_steps": 20, "capacity_weight": 50.0}
    for name, settings in {"free": {"beta": 0.1}, "held": held, "pressed": {"beta": 30.0}}.items():
        changes = {"likelihood": "Gaussian", "learning_rate": 3e-3, **settings}
        learner = Learner(subjects.plan_for(BetaVAE, changes), subjects.pictures())
        subjects.train(learner, 150)
        ends[name] = sum(float(learner.take_step()["kl"]) for _ in range(10)) / 10
    assert ends["held"] == pytest.approx(6, abs=1.5)
    assert ends["pressed"] < 2 < 6 < ends["free"]
