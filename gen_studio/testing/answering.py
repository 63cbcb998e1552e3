"""How a model answers pictures of other sizes than it was trained on, and makes small pictures large."""

import torch

from gen_studio.models.capabilities import CanTranslate, CanUpscale
from gen_studio.testing import subjects
from gen_studio.testing.looking import (
    SHAPE,
    LookingContract,
    assert_close,
    assert_pictures,
    exaggerated,
    generator,
    requires,
)
from gen_studio.testing.subjects import Family


class AnsweringContract(LookingContract):
    @requires(CanTranslate)
    def test_a_translation_of_another_size_keeps_it(self, family: Family) -> None:
        shown = self.shown(family, CanTranslate)
        stride = shown.stride
        if stride is None:
            return
        channels = shown.data.input_channels or shown.data.channels
        for height, width in ((2 * stride, stride), (stride, 3 * stride)):
            sides = (height * max(1, 16 // stride), width * max(1, 16 // stride))
            inputs = torch.rand((1, channels, *sides), generator=generator()) * 2 - 1
            with torch.no_grad():
                answer = shown.translate(inputs, generator())
            assert answer.shape == (1, SHAPE[0], *sides)
            assert answer.isfinite().all()

    @requires(CanUpscale)
    def test_an_enlargement_depends_on_its_input_and_not_on_the_others(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.trained(family, choice)
            shown = learner.new_shown_model()
            assert isinstance(shown, CanUpscale)
            small = shown.shrunk(self.examples(learner).images)
            assert small.shape == (4, SHAPE[0], SHAPE[1] // shown.scale, SHAPE[2] // shown.scale)
            with torch.no_grad():
                large = shown.upscale(small, generator())
                beside_others = shown.upscale(torch.cat([small[:1], -small[1:]]), generator())
            assert_pictures(large, 4)
            assert_close(beside_others[:1], large[:1])
            assert not torch.allclose(beside_others[1:], large[1:], atol=1e-4)

    @requires(CanUpscale)
    def test_a_small_picture_of_any_size_is_enlarged(self, family: Family) -> None:
        shown = self.shown(family, CanUpscale)
        small = torch.rand((1, SHAPE[0], 5, 9), generator=generator()) * 2 - 1
        with torch.no_grad():
            assert shown.upscale(small, generator()).shape == (1, SHAPE[0], 5 * shown.scale, 9 * shown.scale)

    @requires(CanUpscale)
    def test_enlargements_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        learner = self.trained(family, steps=1)
        shown = exaggerated(learner)
        assert isinstance(shown, CanUpscale)
        assert_pictures(shown.upscale(shown.shrunk(self.examples(learner).images), generator()), 4)
