"""How a model answers what it is given: pictures to translate, layouts to paint, holes to fill, and other sizes."""

import torch

from gen_studio.models.capabilities import (
    CanAnswer,
    CanInpaint,
    CanPaint,
    CanTranslate,
    CanTranslateBothWays,
    CanUpscale,
)
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
    def test_translations_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.trained(family, choice, steps=1)
            shown, inputs = exaggerated(learner), self.examples(learner).inputs
            assert isinstance(shown, CanTranslate)
            assert inputs is not None
            assert_pictures(shown.translate(inputs, generator()), 4)

    @requires(CanTranslate)
    def test_a_translation_depends_on_its_input_and_not_on_the_others(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        assert isinstance(shown, CanTranslate)
        inputs = self.examples(learner).inputs
        assert inputs is not None
        with torch.no_grad():
            answers = shown.translate(inputs, generator())
            beside_others = shown.translate(torch.cat([inputs[:1], -inputs[1:]]), generator())
        assert_pictures(answers, len(inputs))
        # As many pictures both times, so that the first one's share of chance is the same.
        assert_close(beside_others[:1], answers[:1])
        assert not torch.allclose(beside_others[1:], answers[1:], atol=1e-4)

    @requires(CanAnswer)
    def test_seeds_answer_differently_where_the_model_says_so_and_only_there(self, family: Family) -> None:
        learner = self.trained(family)
        shown, examples = learner.new_shown_model(), self.examples(learner)
        assert isinstance(shown, CanAnswer)
        with torch.no_grad():
            one, other = (shown.answer(examples, generator(seed)) for seed in (0, 1))
        assert torch.equal(one, other) is not shown.answers_by_chance

    @requires(CanTranslateBothWays)
    def test_seeds_translate_differently_where_the_model_says_so_and_only_there(self, family: Family) -> None:
        learner = self.trained(family)
        shown, inputs = learner.new_shown_model(), self.examples(learner).images
        assert isinstance(shown, CanTranslateBothWays)
        for way in (shown.translate, shown.translate_back):
            with torch.no_grad():
                one, other = (way(inputs, generator(seed)) for seed in (0, 1))
            assert torch.equal(one, other) is not shown.answers_by_chance

    @requires(CanTranslateBothWays)
    def test_both_ways_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.trained(family, choice, steps=1)
            shown, inputs = exaggerated(learner), self.examples(learner).images
            assert isinstance(shown, CanTranslateBothWays)
            assert_pictures(shown.translate(inputs, generator()), 4)
            assert_pictures(shown.translate_back(inputs, generator()), 4)

    @requires(CanTranslateBothWays)
    def test_each_way_depends_on_its_input_and_not_on_the_others(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        assert isinstance(shown, CanTranslateBothWays)
        inputs = self.examples(learner).others
        assert inputs is not None
        with torch.no_grad():
            ways = (shown.translate, shown.translate_back)
            there, back = (way(inputs, generator()) for way in ways)
            beside_others = [way(torch.cat([inputs[:1], -inputs[1:]]), generator()) for way in ways]
        assert not torch.allclose(there, back, atol=1e-4)
        for answers, beside in zip((there, back), beside_others, strict=True):
            assert_pictures(answers, len(inputs))
            assert_close(beside[:1], answers[:1])
            assert not torch.allclose(beside[1:], answers[1:], atol=1e-4)

    @requires(CanPaint)
    def test_a_painting_depends_on_its_layout_and_not_on_the_others(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        assert isinstance(shown, CanPaint)
        layouts = self.examples(learner).layout
        assert layouts is not None
        assert len(shown.palette) == len(subjects.LAYOUT)
        with torch.no_grad():
            paintings, same = (shown.paint(layouts, generator()) for _ in range(2))
            beside_others = shown.paint(torch.cat([layouts[:1], 1 - layouts[1:]]), generator())
        assert_pictures(paintings, len(layouts))
        assert torch.equal(paintings, same)
        assert_close(beside_others[:1], paintings[:1])
        assert not torch.allclose(beside_others[1:], paintings[1:], atol=1e-4)

    @requires(CanPaint)
    def test_a_painting_takes_its_look_from_a_picture_where_it_can(self, family: Family) -> None:
        learner = self.trained(family)
        shown, examples = learner.new_shown_model(), self.examples(learner)
        assert isinstance(shown, CanPaint)
        if not shown.takes_style:
            return
        assert examples.layout is not None
        with torch.no_grad():
            one, other = (shown.paint(examples.layout, generator(), examples.images * sign) for sign in (1, -1))
        assert_pictures(one, len(examples))
        assert not torch.equal(one, other)

    @requires(CanPaint)
    def test_paintings_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.trained(family, choice, steps=1)
            shown, layouts = exaggerated(learner), self.examples(learner).layout
            assert isinstance(shown, CanPaint)
            assert layouts is not None
            assert_pictures(shown.paint(layouts, generator()), 4)

    @requires(CanInpaint)
    def test_known_pixels_stay_and_what_is_under_a_hole_is_not_seen(self, family: Family) -> None:
        learner = self.trained(family)
        shown, images = learner.new_shown_model(), self.examples(learner).images
        assert isinstance(shown, CanInpaint)
        holes = shown.draw_holes(images, generator())
        assert holes.shape == (len(images), 1, *images.shape[2:])
        assert 0 < holes.mean() < 1 and not torch.equal(holes, shown.draw_holes(images, generator(1)))
        known = (holes == 0).expand_as(images)
        with torch.no_grad():
            filled = shown.inpaint(images, holes, generator())
            unseen = shown.inpaint(images.masked_fill(~known, torch.nan), holes, generator())
        assert_pictures(filled, len(images))
        assert torch.equal(filled[known], images[known])
        assert torch.equal(filled, unseen)
        assert not torch.equal(filled, images)

    @requires(CanInpaint)
    def test_seeds_fill_holes_differently_where_the_family_says_so_and_only_there(self, family: Family) -> None:
        learner = self.trained(family)
        shown, images = learner.new_shown_model(), self.examples(learner).images
        assert isinstance(shown, CanInpaint)
        holes = shown.draw_holes(images, generator())
        with torch.no_grad():
            one, other = (shown.inpaint(images, holes, generator(seed)) for seed in (0, 1))
        assert torch.equal(one, other) is not shown.fills_by_chance

    @requires(CanInpaint)
    def test_fillings_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.trained(family, choice, steps=1)
            shown, images = exaggerated(learner), self.examples(learner).images
            assert isinstance(shown, CanInpaint)
            assert_pictures(shown.inpaint(images, shown.draw_holes(images, generator()), generator()), 4)

    @requires(CanInpaint)
    def test_a_filling_depends_on_its_picture_and_not_on_the_others(self, family: Family) -> None:
        learner = self.trained(family)
        shown, images = learner.new_shown_model(), self.examples(learner).images
        assert isinstance(shown, CanInpaint)
        holes = shown.draw_holes(images, generator())
        with torch.no_grad():
            filled = shown.inpaint(images, holes, generator())
            beside_others = shown.inpaint(torch.cat([images[:1], -images[1:]]), holes, generator())
        assert_close(beside_others[:1], filled[:1])

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
