"""Copies of the weights that train: a whole model first, then weights alone, never at more than a small cost."""

from pathlib import Path

import pytest
import torch

from gen_studio.models.families.progan import ProGAN
from gen_studio.runtime.publication import LEAST_SECONDS, SHARE, Publication, Publisher
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner
from gen_studio.training.shown import Snapshot, renewed

RUN = Path("run")


class Clock:
    """Says what it is told; every look at it may take a while."""

    def __init__(self) -> None:
        self.now, self.cost = 100.0, 0.0

    def __call__(self) -> float:
        self.now += self.cost
        return self.now


@pytest.fixture
def learner() -> Learner:
    made = Learner(subjects.plan_for(ProGAN, {"ema": 0.5}), subjects.pictures())
    subjects.train(made, 2)
    return made


def take(publisher: Publisher) -> Publication:
    found = publisher.mailbox.take()
    assert found is not None
    return found


def test_nothing_is_copied_while_nobody_looks(learner) -> None:
    publisher = Publisher()
    assert not publisher.is_due and not publisher.publish(RUN, learner)
    assert publisher.mailbox.take() is None


def test_a_whole_model_comes_first_and_weights_for_it_after_that(learner) -> None:
    publisher = Publisher()
    publisher.want(True)
    assert publisher.publish(RUN, learner)
    whole = take(publisher)
    assert whole.is_whole and whole.step == 2
    assert not publisher.publish(RUN, learner), "the same step is not published twice"
    subjects.train(learner, 1)
    publisher.publish(RUN, learner)
    newer = take(publisher)
    assert isinstance(newer.weights, Snapshot) and newer.step == 3


def test_a_whole_model_that_was_not_taken_yet_is_replaced_by_a_newer_one(learner) -> None:
    publisher = Publisher()
    publisher.want(True)
    publisher.publish(RUN, learner)
    subjects.train(learner, 1)
    publisher.publish(RUN, learner)
    newest = take(publisher)
    assert newest.is_whole and newest.step == 3


def test_weights_make_the_model_that_a_copy_would_be_and_leave_the_older_one_alone(learner) -> None:
    first = learner.new_shown_model()
    before = {name: value.clone() for name, value in first.state_dict().items()}
    # Far enough for the networks to have grown by a stage.
    subjects.train(learner, 6)
    newer = renewed(first, learner.snapshot())
    direct = learner.new_shown_model()
    subjects.train(learner, 2)
    assert newer.stage != first.stage
    assert subjects.differences(dict(newer.state_dict()), dict(direct.state_dict())) == []
    assert (newer.step, newer.progress, newer.stage) == (direct.step, direct.progress, direct.stage)
    latents = newer.draw_latents(3, torch.Generator().manual_seed(0))
    assert torch.equal(newer.decode(latents), direct.decode(latents))
    assert not newer.training and not any(parameter.requires_grad for parameter in newer.parameters())
    assert subjects.differences(dict(first.state_dict()), before) == []
    assert first.step == 2


def test_copies_are_made_a_few_times_a_second(learner) -> None:
    clock = Clock()
    publisher = Publisher(clock)
    publisher.want(True)
    publisher.publish(RUN, learner)
    clock.now += 0.9 * LEAST_SECONDS
    assert not publisher.is_due
    clock.now += 0.2 * LEAST_SECONDS
    assert publisher.is_due


def test_copies_that_take_long_are_made_less_often(learner) -> None:
    clock = Clock()
    publisher = Publisher(clock)
    publisher.want(True)
    clock.cost = 1.0
    publisher.publish(RUN, learner)
    clock.cost = 0.0
    clock.now += 0.9 / SHARE
    assert not publisher.is_due
    clock.now += 0.2 / SHARE
    assert publisher.is_due


def test_whoever_asks_anew_gets_a_whole_model_at_once(learner) -> None:
    publisher = Publisher()
    publisher.want(True)
    publisher.publish(RUN, learner)
    take(publisher)
    publisher.want(False)
    assert not publisher.publish(RUN, learner)
    publisher.want(True)
    assert publisher.is_due and publisher.publish(RUN, learner)
    assert take(publisher).is_whole
