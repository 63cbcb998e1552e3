"""The alarm for a posterior that has collapsed: raised by runs made to collapse, and by no healthy one."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core.events import Advanced, Alarmed, Event
from gen_studio.core.runs import RunFolder, Status
from gen_studio.models import registry
from gen_studio.testing import subjects
from gen_studio.training.blocks import Block
from gen_studio.training.diagnostics import Diagnostics
from gen_studio.training.learner import Learner
from gen_studio.training.session import TrainingSession
from gen_studio.training.symptoms import Game, PosteriorCollapse

STEPS = 400


def run(tmp_path: Path, name: str, **settings: object) -> list[Event]:
    plan = subjects.plan_for(registry.find(name), {"learning_rate": 2e-3, **settings}, steps=STEPS)
    events: list[Event] = []
    with TrainingSession(
        plan, subjects.dataset(), RunFolder.create(tmp_path / "run", plan, Status(name="x"))
    ) as session:
        while not session.ended:
            events += session.advance(0.2)
    return events


def alarms(events: list[Event]) -> list[Alarmed]:
    return [event for event in events if isinstance(event, Alarmed)]


def test_a_run_whose_latents_are_pressed_too_hard_collapses_and_says_so(tmp_path: Path) -> None:
    (alarm,) = alarms(run(tmp_path, "beta_vae", beta=500.0))
    assert alarm.key == "posterior_collapse"
    assert alarm.seen.endswith(("nats.", "from picture to picture."))
    assert "Beta 1" in alarm.sentence
    assert [mark.label for mark in RunFolder.open(tmp_path / "run").read_marks()] == ["Posterior collapse"]


@pytest.mark.parametrize("name", ["beta_vae", "iwae"])
def test_a_healthy_run_is_left_alone(tmp_path: Path, name: str) -> None:
    assert alarms(run(tmp_path, name)) == []


def test_nothing_is_said_while_a_run_may_still_wake_up() -> None:
    learner = Learner(subjects.plan_for(registry.find("conv_vae"), steps=STEPS), subjects.pictures())
    steps = np.arange(1, STEPS + 1)
    late = np.where(steps < 200, 0.01, 20.0)
    values = {"loss": 100.0 - late, "reconstruction": 100.0 - late, "kl": late, "active_units": np.minimum(late, 1.0)}
    assert Diagnostics(learner).heed([Advanced(STEPS, STEPS, steps, values, {}, {}, 1.0, 1.0, 0)]) == []


@pytest.mark.parametrize(
    ("kl", "active", "seen"),
    [
        (0.05, 0.5, "The KL is 0.05 nats."),
        (3.0, 0.05, "5% of the latents vary from picture to picture."),
        (3.0, 0.5, None),
    ],
)
def test_it_shows_in_the_kl_or_in_the_active_units(kl: float, active: float, seen: str | None) -> None:
    game = Game.of(registry.find("conv_vae").metrics, ("model",), True)
    symptom = PosteriorCollapse(game, span=50)
    assert symptom.examine(Block(10, {"kl": kl, "active_units": active}, {})) == seen


def test_a_family_without_a_posterior_is_not_watched_for_it() -> None:
    game = Game.of(registry.find("dcgan").metrics, ("discriminator", "generator"), True)
    assert PosteriorCollapse(game, span=50).examine(Block(10, {"loss_d": 0.0}, {})) is None
