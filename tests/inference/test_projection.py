"""Latents of pictures: a model's own samples are found again, and looking for them leaves the model as it was."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.latents import Drawn, Given, LatentPicture, Space
from gen_studio.inference.exploring import explore
from gen_studio.inference.images import to_images
from gen_studio.inference.likeness_features import Features, several_sizes
from gen_studio.inference.projection import Effort, Way, objection, project
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.models.capabilities import CanEncode, HasCode, HasLatent, IsConditional
from gen_studio.testing.subjects import differences, spec, tiny_config

CODED = [family for family in registry.families().values() if issubclass(family, HasCode)]
QUICK = Effort(steps=2, starts=2)


def model_of(key, channels=1, **changes):
    """A network whose pictures differ as those of a trained one do: untrained ones are nearly all grey."""
    family = registry.find(key)
    rng = torch.Generator().manual_seed(1)
    model = build(family, tiny_config(family, changes), spec(channels), rng).eval()
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight, generator=rng)
    return model.requires_grad_(False)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def samples_of(model, count=2):
    return explore(model, [LatentPicture(point=Drawn(seed=100 + number)) for number in range(count)])[0]


def spread(pictures):
    """What guessing the mean picture would cost."""
    images = to_images(pictures)
    return float((images - images.mean(0)).square().mean())


@pytest.mark.parametrize("key", ["dcgan", "stylegan2"])
def test_a_models_own_samples_are_found_again(key):
    model = model_of(key)
    many, wanted = samples_of(model, 30), samples_of(model)
    assert spread(many) > 0.005
    for found in project(model, wanted, rng(), effort=Effort(steps=200, starts=4)):
        assert found.pixel_error < 0.01 * spread(many)
        assert found.way is Way.OPTIMISED


def test_a_refined_latent_is_nearer_than_the_encoders():
    model = model_of("conv_vae")
    wanted = samples_of(model, 3)
    encoded = project(model, wanted, rng(), effort=Effort(steps=0))
    refined = project(model, wanted, rng(), effort=Effort(steps=60))
    assert {found.way for found in encoded} == {Way.ENCODED}
    assert {found.way for found in refined} == {Way.REFINED}
    assert all(after.pixel_error < before.pixel_error for after, before in zip(refined, encoded, strict=True))


def test_without_steps_it_is_the_encoders_answer():
    model = model_of("conv_vae")
    wanted = samples_of(model, 1)
    (found,) = project(model, wanted, rng(), effort=Effort(steps=0))
    assert isinstance(found.picture.point, Given)
    assert torch.equal(torch.tensor(found.picture.point.values), model.encode(to_images(wanted))[0])


@pytest.mark.parametrize("family", CODED, ids=lambda family: family.info.key)
def test_every_model_with_codes_is_searched_or_says_why_not_and_stays_as_it_was(family):
    model = model_of(family.info.key)
    wanted = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 1), np.uint8)
    before, modes = copy.deepcopy(model.state_dict()), [module.training for module in model.modules()]
    torch.manual_seed(5)
    chance = torch.get_rng_state()
    if objection(model):
        with pytest.raises(WrongUse, match="Use a run with an encoder"):
            project(model, wanted, rng(), effort=QUICK)
        return
    found = project(model, wanted, rng(), effort=QUICK)
    assert not differences(before, dict(model.state_dict()))
    assert [module.training for module in model.modules()] == modes
    assert all(parameter.grad is None for parameter in model.parameters())
    assert torch.equal(chance, torch.get_rng_state())
    shown, _ = explore(model, [one.picture for one in found])
    assert all(np.array_equal(one.shown, picture) for one, picture in zip(found, shown, strict=True))


def test_parameters_learn_again_afterwards():
    model = model_of("dcgan").requires_grad_(True)
    project(model, samples_of(model, 1), rng(), effort=QUICK)
    assert all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())


def test_it_searches_where_gradients_are_off():
    model = model_of("dcgan")
    wanted = samples_of(model, 1)
    with torch.no_grad():
        (found,) = project(model, wanted, rng(), effort=QUICK)
    assert found.picture == project(model, wanted, rng(), effort=QUICK)[0].picture


def test_the_same_generator_finds_the_same_and_another_does_not():
    model = model_of("dcgan")
    wanted = samples_of(model, 1)
    one, same, other = (project(model, wanted, rng(seed), effort=QUICK)[0].picture for seed in (0, 0, 1))
    assert one == same != other


def test_pictures_together_are_found_as_alone():
    model = model_of("conv_vae")
    wanted = samples_of(model, 3)
    together = project(model, wanted, rng(), effort=Effort(steps=5))
    for number, found in enumerate(together):
        (alone,) = project(model, wanted[number : number + 1], rng(), effort=Effort(steps=5))
        assert np.abs(alone.shown.astype(int) - found.shown).max() <= 1


def test_styles_are_found_as_a_move_among_the_styles():
    model = model_of("stylegan2")
    (found,) = project(model, samples_of(model, 1), rng(), effort=Effort(steps=5))
    (move,) = found.picture.moves
    assert move.direction.space is Space.STYLE and move.strength == 1
    assert np.linalg.norm(move.direction.values) > 0


def test_a_style_for_every_layer_is_a_move_for_each():
    model = model_of("stylegan2")
    effort = Effort(steps=5, every_layer=True)
    (found,) = project(model, samples_of(model, 1), rng(), effort=effort)
    assert [move.direction.first_layer for move in found.picture.moves] == list(range(model.style_layers))


def test_a_class_that_was_given_is_kept_and_else_the_nearest_is_tried():
    model = model_of("cdcgan")
    assert isinstance(model, IsConditional)
    given = (0.0, 0.0, 1.0, 0.0)
    picture = LatentPicture(point=Drawn(seed=3), classes=given)
    wanted, _ = explore(model, [picture])
    (found,) = project(model, wanted, rng(), effort=QUICK, classes=(0.0, 0.0, 2.0, 0.0))
    assert found.picture.classes == given
    (tried,) = project(model, wanted, rng(), effort=QUICK)
    assert sorted(tried.picture.classes) == [0, 0, 0, 1]


class Faint(nn.Module, HasLatent):
    """Its brightest pictures have latents that the prior never draws."""

    latent_shape = (1, 4, 4)

    def decode(self, latents):
        return latents / 10


def test_what_is_found_lies_where_the_prior_does():
    """Going ever farther out would be a way to come ever nearer."""
    white = np.full((1, 4, 4, 1), 255, np.uint8)
    (found,) = project(Faint(), white, rng(), effort=Effort(steps=100, rate=0.3))
    assert np.mean(np.square(found.picture.point.values)) < 3


class Exact(nn.Module, CanEncode):
    """Encodes without any error, farther out than the prior's latents are."""

    latent_shape = (1, 4, 4)

    def decode(self, latents):
        return latents / 10

    def encode(self, images):
        return 10 * images


def test_a_latent_that_was_encoded_far_out_is_not_drawn_in():
    wanted = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 1), np.uint8)
    for found in project(Exact(), wanted, rng(), effort=Effort(steps=30)):
        assert found.pixel_error < 1e-6
        assert np.mean(np.square(found.picture.point.values)) > 4


def test_it_can_be_called_off_and_tells_how_far_it_is():
    model, heard = model_of("dcgan"), []

    def report(progress):
        heard.append(progress)
        if progress.done >= 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        project(model, samples_of(model, 2), rng(), effort=Effort(steps=50), report=report)
    assert [progress.done for progress in heard] == [0, 2, 4]
    assert {progress.total for progress in heard} == {100}


def test_errors_say_in_which_features_they_are():
    model = model_of("conv_vae")
    flat = Features("means", lambda images: [images.mean((2, 3))], have_scale=True)
    wanted = samples_of(model, 1)
    (found,) = project(model, wanted, rng(), effort=Effort(steps=0), features=flat)
    shown, original = to_images(found.shown[None]), to_images(wanted)
    assert found.features == "means"
    assert found.feature_error == pytest.approx(float((shown.mean() - original.mean()) ** 2), abs=1e-7)
    assert found.pixel_error == pytest.approx(float((shown - original).square().mean()), rel=1e-5)


def test_features_without_a_scale_are_compared_by_share():
    one, other = torch.full((1, 2), 3.0), torch.full((1, 2), 2.0)
    assert Features("", lambda x: [x]).error([one], [other]).item() == pytest.approx(0.25)
    assert Features("", lambda x: [x], have_scale=True).error([one], [other]).item() == pytest.approx(1)


def test_several_sizes_see_a_shift_by_a_pixel_less_than_pixels_do():
    image = torch.zeros(1, 1, 16, 16)
    image[:, :, :, ::2] = 1
    shifted = image.roll(1, 3)
    sizes = several_sizes()
    assert sizes.error(sizes.maps(image), sizes.maps(shifted)).item() < 0.01
    assert (image - shifted).square().mean().item() == 1
