"""Families whose samples form in steps take as many as they are asked for."""

import pytest
import torch

from gen_studio.models import registry
from gen_studio.models.capabilities import DecodesInSteps, FormsInSteps
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

FAMILIES = [family for family in registry.families().values() if issubclass(family, FormsInSteps)]


@pytest.fixture(params=FAMILIES, ids=lambda family: family.info.key)
def model(request):
    return Learner(subjects.plan_for(request.param), subjects.dataset().train).new_shown_model()


@torch.no_grad()
def formed(model, steps):
    rng = torch.Generator().manual_seed(4)
    return [pictures.clone() for pictures in model.forming(2, rng, steps)]


def test_so_many_pictures_come_as_steps_are_asked_for(model):
    for steps in (1, 2, 7, model.most_steps):
        assert len(formed(model, steps)) == steps


def test_left_open_it_is_the_number_that_samples_take(model):
    usual = formed(model, None)
    assert len(usual) == model.forming_steps <= model.most_steps
    assert torch.equal(usual[-1], formed(model, model.forming_steps)[-1])
    assert not torch.equal(usual[-1], formed(model, model.forming_steps + 1)[-1])


@torch.no_grad()
def test_latents_become_pictures_in_as_few_steps_as_are_asked_for(model):
    if not isinstance(model, DecodesInSteps):
        pytest.skip("Its latents do not.")
    latents = model.draw_latents(2, torch.Generator().manual_seed(4))
    usual = model.decode(latents)
    assert torch.equal(model.decode_in(latents, model.forming_steps), usual)
    sooner = model.decode_in(latents, model.forming_steps - 1)
    assert sooner.shape == usual.shape and not torch.equal(sooner, usual)
