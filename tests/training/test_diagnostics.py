"""Each alarm is raised by a run that was made to go wrong that way, and by nothing that a healthy run does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from gen_studio.core.description import VERDICTS, Metric, Role
from gen_studio.core.events import Advanced, Alarmed, Event, MarkKind, Pictured
from gen_studio.core.runs import RunFolder, Status
from gen_studio.inference.images import to_pictures
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.models.families.dcgan import DCGAN
from gen_studio.testing import subjects
from gen_studio.training import state_tree
from gen_studio.training.blocks import BLOCK, Block, Blocks
from gen_studio.training.diagnostics import Diagnostics, Vigil, span_of
from gen_studio.training.learner import Learner
from gen_studio.training.likeness import Likeness
from gen_studio.training.remedies import REMEDIES, fixes_for
from gen_studio.training.session import TrainingSession
from gen_studio.training.symptoms import Divergence, Game, swings

Series = Mapping[str, NDArray[np.float64]]
GAME_KEYS = {"mode_collapse", "discriminator_won", "vanishing_gradient", "oscillation", "divergence"}
KEYS = GAME_KEYS | {"posterior_collapse"}
STEPS = 600


def learner(steps: int = STEPS, **settings: object) -> Learner:
    return Learner(subjects.plan_for(DCGAN, settings, steps=steps), subjects.pictures(count=64))


def report(first: int, values: Series, norms: Series | None = None) -> Advanced:
    number = len(next(iter(values.values())))
    steps = np.arange(first, first + number)
    return Advanced(first + number - 1, STEPS, steps, values, norms or {}, {}, 1.0, 1.0, 0)


def game(number: int = STEPS, **changed: Any) -> Series:
    """Readings of a healthy game, with some put in the place of others."""
    rng = np.random.default_rng(0)
    healthy = {"loss_d": 1.0, "loss_g": 1.2, "d_real": 0.65, "d_fake": 0.35}
    noisy = {key: value + 0.1 * rng.standard_normal(number) for key, value in healthy.items()}
    return {key: np.broadcast_to(changed.get(key, value), number).astype(float) for key, value in noisy.items()}


def heard(values: Series, norms: Series | None = None, **settings: object) -> list[Alarmed]:
    """What is said of a series that is told in pieces of uneven length."""
    watching = Diagnostics(learner(**settings))
    alarms: list[Alarmed] = []
    first, number = 0, len(next(iter(values.values())))
    for size in [7, 1, 23] * number:
        if first >= number:
            break
        part = {key: column[first : first + size] for key, column in values.items()}
        taken = {player: column[first : first + size] for player, column in (norms or {}).items()}
        alarms += watching.heed([report(first + 1, part, taken)])
        first += size
    return alarms


def keys(alarms: Sequence[Event]) -> list[str]:
    return [alarm.key for alarm in alarms if isinstance(alarm, Alarmed)]


def every_tenth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.arange(len(values)) % 10 == 0, values, np.nan)


# From recorded series


def test_a_healthy_game_is_left_alone() -> None:
    norms = {"generator": every_tenth(np.linspace(1, 5, STEPS)), "discriminator": every_tenth(np.ones(STEPS))}
    assert heard(game(), norms) == []


def test_a_discriminator_that_wins_for_a_while_at_first_is_no_alarm() -> None:
    real, fake = np.full(STEPS, 0.6), np.full(STEPS, 0.4)
    real[:200], fake[:200] = 1.0, 0.0
    assert heard(game(d_real=real, d_fake=fake)) == []


def test_a_discriminator_that_stays_right_has_won() -> None:
    (alarm,) = heard(game(d_real=0.999, d_fake=0.001))
    assert alarm.key == "discriminator_won"
    assert alarm.seen == "D(real) is 1.00 and D(fake) 0.00."
    assert alarm.since == span_of(STEPS) and alarm.step == 6 * span_of(STEPS)


def test_a_wasserstein_critics_scores_are_no_verdicts() -> None:
    assert heard(game(d_real=1.0, d_fake=0.0), loss="Wasserstein") == []


def test_a_generators_gradient_that_fades_away_is_an_alarm_and_a_discriminators_is_not() -> None:
    fading = every_tenth(np.geomspace(1, 1e-5, STEPS))
    (alarm,) = heard(game(), {"generator": fading})
    assert alarm.key == "vanishing_gradient"
    assert heard(game(), {"discriminator": fading, "generator": every_tenth(np.ones(STEPS))}) == []


def test_swings_of_both_verdicts_are_oscillation_and_slow_changes_are_not() -> None:
    wave = 0.4 * np.sin(np.arange(STEPS) * 2 * np.pi / 80)
    (alarm,) = heard(game(d_real=0.5 + wave, d_fake=0.5 - wave))
    assert alarm.key == "oscillation"
    slow = 0.4 * np.sin(np.arange(STEPS) * 2 * np.pi / 600)
    assert heard(game(d_real=0.5 + slow, d_fake=0.5 - slow)) == []


def test_a_loss_that_grows_without_end_diverges_and_one_that_settles_does_not() -> None:
    (alarm,) = heard(game(loss_g=np.geomspace(1, 1e4, STEPS)))
    assert alarm.key == "divergence"
    assert alarm.seen.startswith("loss_g has grown to ")
    assert heard(game(loss_g=np.full(STEPS, 300.0))) == []


def test_a_loss_that_has_come_to_rest_high_up_diverges_no_more() -> None:
    symptom = Divergence(Game((), (), ("loss",), (), has_scale=True), span=50)
    series = [1.0] * 20 + [1000.0] * 40
    seen = [symptom.examine(Block(10 * place, {"loss": value}, {})) for place, value in enumerate(series)]
    assert seen[22] is not None
    assert seen[-1] is None


def test_a_wasserstein_loss_may_be_large() -> None:
    growing = -np.linspace(0.01, 300, STEPS)
    assert heard(game(loss_d=growing), loss="Wasserstein") == []
    assert keys(heard(game(loss_d=40 * growing), loss="Wasserstein")) == ["divergence"]


def test_an_autoencoder_has_no_game_to_lose() -> None:
    family = registry.find("vae")
    watching = Diagnostics(Learner(subjects.plan_for(family, steps=STEPS), subjects.pictures()))
    falling = {metric.key: np.geomspace(500, 1, STEPS) for metric in family.metrics}
    assert watching.heed([report(1, falling, {"vae": every_tenth(np.geomspace(1, 1e-9, STEPS))})]) == []
    same = np.zeros((81, 16, 16, 1), np.uint8)
    assert watching.heed(Pictured(step, "samples", same) for step in range(0, STEPS, 20)) == []


# From pictures


def shown(step: int, distinct: int) -> Pictured:
    """64 samples of which so many differ."""
    whole = to_pictures(subjects.pictures(count=64).batch(torch.arange(64)).images)
    return Pictured(step, "samples", whole[np.arange(64) % distinct])


def test_samples_that_are_few_again_and_again_are_a_collapse_and_are_named() -> None:
    (alarm,) = Diagnostics(learner()).heed(shown(step, 5 if step > 300 else 64) for step in range(0, STEPS, 20))
    assert alarm.key == "mode_collapse"
    assert alarm.seen == "64 of 64 samples look like another one."
    assert alarm.items == tuple(range(64))
    assert alarm.since > 300


def test_samples_as_unlike_as_the_data_are_no_collapse() -> None:
    assert Diagnostics(learner()).heed(shown(step, 64) for step in range(0, STEPS, 20)) == []


def test_a_generator_that_never_leaves_its_first_picture_has_collapsed_but_gets_time_to() -> None:
    alarms = Diagnostics(learner()).heed(shown(step, 1) for step in range(0, STEPS, 20))
    assert keys(alarms) == ["mode_collapse"]
    assert alarms[0].step >= 5 * span_of(STEPS)


def test_samples_that_come_apart_are_learning_however_alike_they_are() -> None:
    noise = np.random.default_rng(0).standard_normal((64, 16, 16, 1))
    coming = [
        Pictured(step, "samples", np.clip(128 + 0.01 * step * noise, 0, 255).astype(np.uint8))
        for step in range(0, STEPS, 20)
    ]
    likeness = Likeness(to_pictures(subjects.pictures(count=64).batch(torch.arange(64)).images))
    assert len(likeness.look_alikes(coming[-1].pictures)[0]) == 64
    assert Diagnostics(learner()).heed(coming) == []


def test_other_views_are_not_looked_at() -> None:
    events = [Pictured(step, "reconstructions", shown(step, 1).pictures) for step in range(0, STEPS, 20)]
    assert Diagnostics(learner()).heed(events) == []


def test_likeness_asks_for_as_many_pictures_of_the_data_as_there_are_samples() -> None:
    rng = np.random.default_rng(0)
    many = rng.integers(0, 256, (400, 8, 8, 1)).astype(np.uint8)
    assert Likeness(many).look_alikes(many[:30]) == ((), pytest.approx(1.0))
    assert Likeness(many[:10]).look_alikes(many[[0] * 30]) == ((), 1.0)
    identical = np.zeros((64, 8, 8, 1), np.uint8)
    assert Likeness(identical).look_alikes(identical) == ((), 1.0)


@pytest.mark.parametrize("size", [8, 12, 17, 64, 256])
def test_likeness_knows_twins_at_every_size(size: int) -> None:
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (32, 4, 4, 3))
    rows = np.arange(size) * 4 // size
    pictures = coarse[:, rows][:, :, rows].astype(np.uint8)
    twins, _ = Likeness(pictures).look_alikes(pictures[np.arange(32) % 16])
    assert len(twins) == 32
    assert Likeness(pictures).look_alikes(pictures)[0] == ()


# From runs


def run_to(steps: int, tmp_path: Path, name: str = "dcgan", **settings: object) -> list[Event]:
    plan = subjects.plan_for(registry.find(name), {"width": 4, **settings}, steps=steps)
    folder = RunFolder.create(tmp_path / "run", plan, Status(name="run"))
    events: list[Event] = []
    with TrainingSession(plan, subjects.dataset(), folder) as session:
        session.watched = True
        while not session.ended:
            events += session.advance(0.05)
    return events


def test_a_run_whose_generator_cannot_follow_is_told_so_once_and_marked(tmp_path: Path) -> None:
    # The real pictures are few and D learns fast: it has won after a hundred steps.
    events = run_to(350, tmp_path, generator_rate=1e-7, discriminator_rate=2e-3)
    assert keys(events).count("discriminator_won") == 1
    marks = RunFolder.open(tmp_path / "run").read_marks()
    alarms = [event for event in events if isinstance(event, Alarmed)]
    assert [mark.label for mark in marks] == [alarm.title.rstrip("?") for alarm in alarms]
    assert all(mark.kind is MarkKind.ALARM for mark in marks)


def test_the_minimax_games_vanishing_gradient_is_seen(tmp_path: Path) -> None:
    events = run_to(400, tmp_path, loss="minimax", generator_rate=1e-4, discriminator_rate=4e-3)
    assert "vanishing_gradient" in keys(events)


def test_a_critic_without_bounds_diverges(tmp_path: Path) -> None:
    rates = {"discriminator_rate": 2e-2, "generator_rate": 2e-2}
    events = run_to(300, tmp_path, "wgan", regulariser="none", **rates)
    assert "divergence" in keys(events)


def test_a_healthy_run_is_left_alone(tmp_path: Path) -> None:
    assert keys(run_to(350, tmp_path, width=8, batch_size=16)) == []


def test_watching_changes_no_step() -> None:
    one, other = learner(), learner()
    watching = Diagnostics(other)
    for step in range(3):
        one.take_step()
        readings = {key: np.array([float(value)]) for key, value in other.take_step().items()}
        watching.heed([report(step + 1, readings), shown(step, 5)])
    assert subjects.differences(state_tree.clone(one.state()), state_tree.clone(other.state())) == []


# How it is said


def test_an_alarm_is_said_once_until_it_was_gone_for_a_while() -> None:
    vigil = Vigil(patience=10)
    said = [step for step in range(100) if vigil.heed(step, seen=step != 40) is not None]
    assert said == [10]
    said = [step for step in range(100, 300) if vigil.heed(step, seen=not 110 <= step < 140) is not None]
    assert said == [150]


def test_a_short_moment_is_no_alarm() -> None:
    vigil = Vigil(patience=10)
    assert all(vigil.heed(step, seen=step % 8 != 0) is None for step in range(200))


def test_an_alarm_says_since_when_what_and_what_to_try() -> None:
    (alarm,) = heard(game(d_real=0.999, d_fake=0.001))
    assert alarm.title.endswith("?")
    assert alarm.sentence.startswith(f"Step {alarm.step:,}: Discriminator won? Since step {alarm.since}: D(real)")
    assert alarm.sentence.endswith("Try: Halve D's rate; Instance noise.")
    assert alarm.mark.label == "Discriminator won"


@pytest.mark.parametrize(
    ("alarm", "key"),
    [
        *((alarm, key) for alarm in sorted(GAME_KEYS) for key in ("dcgan", "wgan", "sngan")),
        *(("posterior_collapse", key) for key in ("conv_vae", "beta_vae", "factor_vae", "iwae")),
    ],
)
def test_every_fix_can_be_used_and_changes_something(alarm: str, key: str) -> None:
    family = registry.find(key)
    trained = Learner(subjects.plan_for(family), subjects.pictures())
    fixes = fixes_for(alarm, trained)
    assert 1 <= len(fixes) <= 2
    before = trained.model.config.model_dump(mode="json")
    for fix in fixes:
        assert fix.settings or fix.rate_factors
        assert set(fix.rate_factors) <= set(trained.players)
        changed = family.Config.parse({**before, **fix.settings})
        assert bool(fix.settings) == (changed != trained.model.config)
        build(family, changed, trained.model.data, torch.Generator())


def test_what_is_in_use_is_not_proposed_again() -> None:
    assert "non_saturating" not in [fix.key for fix in fixes_for("vanishing_gradient", learner())]
    assert "non_saturating" in [fix.key for fix in fixes_for("vanishing_gradient", learner(loss="minimax"))]


def test_every_alarm_has_remedies() -> None:
    assert set(REMEDIES) == KEYS


# Parts


def test_blocks_are_means_over_ten_steps_however_the_reports_are_cut() -> None:
    values, norms = np.arange(35.0), every_tenth(np.arange(35.0))
    whole = list(Blocks().add(report(1, {"a": values}, {"g": norms})))
    cut, pieces = Blocks(), []
    for first in range(0, 35, 3):
        part = slice(first, first + 3)
        pieces += list(cut.add(report(first + 1, {"a": values[part]}, {"g": norms[part]})))
    assert pieces == whole
    assert [block.step for block in whole] == [BLOCK, 2 * BLOCK, 3 * BLOCK]
    assert [block.values["a"] for block in whole] == [4.5, 14.5, 24.5]
    assert [block.norms["g"] for block in whole] == [0.0, 10.0, 20.0]


def test_norms_that_were_not_taken_are_left_out() -> None:
    (block,) = Blocks().add(report(1, {"a": np.ones(10)}, {"g": np.full(10, np.nan)}))
    assert block.norms == {}


def test_swings_are_counted_from_turn_to_turn() -> None:
    assert swings([], 1) == 0
    assert swings([0, 0.9, 0, 0.9], 1) == 0
    assert swings([0, 1, 0, 1, 0], 1) == 4
    assert swings([0, 0.4, 0.8, 1.2, 1.0, 0.9, 0.1], 1) == 2


def test_the_players_of_a_game_are_found_by_what_is_declared() -> None:
    metrics = (
        Metric("a", "A"),
        Metric("b", "B", plot=VERDICTS, role=Role.DISCRIMINATOR),
        Metric("c", "C", plot=VERDICTS, role=Role.GENERATOR),
    )
    found = Game.of(metrics, ("discriminator", "generator", "generator_b"), True)
    assert (found.losses, found.real, found.fake) == (("a",), ("b",), ("c",))
    assert found.generators == ("generator", "generator_b")
    assert found.is_on
    assert not Game.of(metrics[:1], ("vae",), True).is_on
