"""How a trained model behaves when it is looked at, by what it can do: it answers, and nothing of it changes."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
import torch
from torch import Tensor

from gen_studio.core.charts import Bars, Scatter
from gen_studio.core.runs import RunFolder, Status
from gen_studio.data.spec import Batch
from gen_studio.inference.views import render, views_of
from gen_studio.metrics.charts import Examples, Look, charts_of, draw
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.models.capabilities import (
    CanAutoencode,
    CanDenoise,
    CanInpaint,
    CanPaint,
    CanReconstruct,
    CanSample,
    CanTranslate,
    CanTranslateBothWays,
    FormsInSteps,
    HasLatent,
    IsConditional,
)
from gen_studio.testing import subjects
from gen_studio.testing.subjects import Family
from gen_studio.training import checkpoint
from gen_studio.training.learner import Learner

SHAPE = (3, 16, 16)
F = TypeVar("F", bound=Callable[..., None])


def requires(capability: type) -> Callable[[F], F]:
    """Marks a test as one for families that have this capability."""

    def marked(test: F) -> F:
        test.requires = capability  # type: ignore[attr-defined]
        return test

    return marked


class LookingContract:
    tiny: ClassVar[Mapping[str, Any]]

    def test_what_is_shown_is_in_evaluation_mode_and_stays_as_it_is(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        assert not any(module.training for module in shown.modules())
        assert not any(parameter.requires_grad for parameter in shown.parameters())
        before = {name: value.clone() for name, value in shown.state_dict().items()}
        for view in views_of(shown):
            render(view, shown, self.examples(learner), 4, generator())
        for kind in charts_of(shown):
            draw(kind, self.look(learner, shown))
        shown.validate(self.examples(learner), generator())
        assert subjects.differences(dict(shown.state_dict()), before) == []

    def test_every_view_shows_as_many_pictures_as_asked_for(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        for view in views_of(shown):
            pictures = render(view, shown, self.examples(learner), 3, generator())
            assert pictures.shape == (3 * view.info.per_item, 16, 16, 3)

    def test_every_chart_has_a_value_for_each_of_what_it_charts(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        for kind in charts_of(shown):
            one, same = (draw(kind, self.look(learner, shown)) for _ in range(2))
            assert one is not None
            for name, value in vars(one).items():
                assert np.array_equal(value, getattr(same, name)), f"{kind.info.key}.{name} depends on chance"
            match one:
                case Bars():
                    assert one.values.shape == one.marked.shape
                    assert np.all(one.values >= -1e-6) and np.isfinite(one.values).all()
                case Scatter():
                    assert one.points.shape == (len(learner.pictures), 2)
                    assert one.labels is not None and len(one.labels) == len(one.codes) == len(one.points)

    @requires(HasLatent)
    def test_two_latents_are_seen_as_a_plane(self, family: Family) -> None:
        if "latents" not in family.Config.model_fields or subjects.refusal(family, {"latents": 2}) is not None:
            return
        learner = self.trained(family, {"latents": 2}, steps=1)
        shown = learner.new_shown_model()
        grids = [view for view in views_of(shown) if view.info.key == "prior_grid"]
        assert bool(grids) == (shown.latent_shape == (2,))
        for view in grids:
            assert render(view, shown, self.examples(learner), 2, generator()).shape == (18, 16, 16, 3)
        for kind in charts_of(shown):
            assert draw(kind, self.look(learner, shown)) is not None

    def test_the_score_it_is_judged_by_is_among_what_validation_returns(self, family: Family) -> None:
        learner = self.trained(family)
        with torch.no_grad():
            readings = learner.new_shown_model().validate(self.examples(learner), generator())
        assert family.score is None or family.score.key in readings
        assert all(value.ndim == 0 and value.isfinite() for value in readings.values())

    def test_averaged_weights_are_those_that_are_shown(self, family: Family) -> None:
        learner = self.trained(family, {"ema": 0.9})
        shown = learner.new_shown_model()
        for name in family.averaged:
            pairs = zip(
                shown.get_submodule(name).parameters(), learner.model.get_submodule(name).parameters(), strict=True
            )
            assert any(not torch.equal(average, trained) for average, trained in pairs), name

    def test_a_checkpoint_shows_the_same_pictures(self, family: Family, tmp_path: Path) -> None:
        learner = self.trained(family, {"ema": 0.5})
        folder = RunFolder.create(tmp_path / "run", learner.plan, Status(name="run"))
        card = checkpoint.make_card(learner.model, learner.step, None)
        checkpoint.write(folder, card, learner.shown_state(), learner.state())
        loaded = checkpoint.load_shown(folder).model
        assert not any(module.training for module in loaded.modules())
        for view in views_of(loaded):
            one, other = (
                render(view, model, self.examples(learner), 4, generator())
                for model in (learner.new_shown_model(), loaded)
            )
            # Layouts may differ, and with them the last bit of a sum.
            assert abs(one.astype(int) - other.astype(int)).max() <= 1

    @requires(CanSample)
    def test_samples_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        for choice in subjects.choices(family):
            shown = exaggerated(self.trained(family, choice, steps=1))
            assert isinstance(shown, CanSample)
            assert_pictures(shown.sample(4, generator()), 4)

    @requires(CanReconstruct)
    def test_reconstructions_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.trained(family, choice, steps=1)
            shown = exaggerated(learner)
            assert isinstance(shown, CanReconstruct)
            assert_pictures(shown.reconstruct(self.examples(learner).images, generator()), 4)

    @requires(CanTranslate)
    def test_translations_keep_their_range_whatever_the_weights(self, family: Family) -> None:
        for choice in subjects.choices(family):
            learner = self.trained(family, choice, steps=1)
            shown, inputs = exaggerated(learner), self.examples(learner).inputs
            assert isinstance(shown, CanTranslate)
            assert inputs is not None
            assert_pictures(shown.translate(inputs, generator()), 4)

    @requires(CanSample)
    def test_samples_are_pictures_that_depend_on_chance_alone(self, family: Family) -> None:
        shown = self.shown(family, CanSample)
        one, same, other = (shown.sample(5, generator(seed)) for seed in (0, 0, 1))
        assert_pictures(one, 5)
        assert torch.equal(one, same)
        assert not torch.equal(one, other)
        assert not torch.equal(one[0], one[1])

    @requires(HasLatent)
    def test_a_latent_is_one_picture_whatever_its_neighbours(self, family: Family) -> None:
        shown = self.shown(family, HasLatent)
        latents = shown.draw_latents(4, generator())
        assert latents.shape == (4, *shown.latent_shape)
        pictures = shown.decode(latents)
        assert_pictures(pictures, 4)
        assert torch.equal(pictures, shown.decode(latents))
        if isinstance(shown, IsConditional):
            assert_close(shown.decode_as(latents[2:3], torch.tensor([2])), pictures[2:3])
        else:
            assert_close(shown.decode(latents[2:3]), pictures[2:3])

    @requires(HasLatent)
    def test_the_priors_quantiles_are_those_of_its_latents(self, family: Family) -> None:
        shown = self.shown(family, HasLatent)
        drawn = shown.draw_latents(2_000, generator()).flatten()
        for share in (0.1, 0.5, 0.9):
            below = (drawn < shown.prior_quantiles(torch.tensor([share]))).float().mean()
            assert abs(float(below) - share) < 0.02

    @requires(IsConditional)
    def test_the_class_asked_for_changes_the_picture(self, family: Family) -> None:
        shown = self.shown(family, IsConditional)
        assert shown.class_names == subjects.CLASSES
        classes = len(shown.class_names)
        latents = shown.draw_latents(1, generator()).expand(classes, *shown.latent_shape)
        pictures = shown.decode_as(latents, torch.arange(classes))
        assert_pictures(pictures, classes)
        assert len({picture.numpy().tobytes() for picture in pictures}) == classes

    @requires(IsConditional)
    def test_asked_for_no_class_it_goes_through_all_in_turn(self, family: Family) -> None:
        shown = self.shown(family, IsConditional)
        count = len(shown.class_names) + 2
        latents = shown.draw_latents(count, generator())
        in_turn = shown.decode_as(latents, torch.arange(count) % len(shown.class_names))
        assert torch.equal(shown.decode(latents), in_turn)

    @requires(CanReconstruct)
    def test_reconstructions_are_pictures_of_the_same_size(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        assert isinstance(shown, CanReconstruct)
        images = self.examples(learner).images
        with torch.no_grad():
            one, same = (shown.reconstruct(images, generator()) for _ in range(2))
        assert_pictures(one, len(images))
        assert torch.equal(one, same)

    @requires(FormsInSteps)
    def test_what_forms_in_steps_ends_as_the_sample(self, family: Family) -> None:
        shown = self.shown(family, FormsInSteps)
        steps = [pictures.clone() for pictures in shown.forming(3, generator())]
        assert len(steps) == shown.forming_steps
        for pictures in steps:
            assert_pictures(pictures, 3)
        assert torch.equal(steps[-1], shown.sample(3, generator()))

    @requires(CanDenoise)
    def test_noise_is_chance_and_the_size_stays(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        assert isinstance(shown, CanDenoise)
        images = self.examples(learner).images
        kept = images.clone()
        one, same, other = (shown.corrupt(images, generator(seed)) for seed in (0, 0, 1))
        assert one.shape == images.shape
        assert torch.equal(one, same)
        assert not torch.equal(one, other)
        assert torch.equal(images, kept)

    @requires(CanAutoencode)
    def test_a_picture_has_one_latent_whatever_its_neighbours(self, family: Family) -> None:
        learner = self.trained(family)
        shown = learner.new_shown_model()
        assert isinstance(shown, CanAutoencode)
        images = self.examples(learner).images
        with torch.no_grad():
            latents = shown.encode(images)
            assert latents.shape == (len(images), *shown.latent_shape)
            assert torch.equal(latents, shown.encode(images))
            assert_close(shown.encode(images[1:2]), latents[1:2])
            assert not torch.equal(latents[0], latents[1])
            assert_pictures(shown.decode(latents), len(images))

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

    def trained(self, family: Family, changes: Mapping[str, Any] | None = None, steps: int = 3) -> Learner:
        plan = subjects.plan_for(family, {**self.tiny, **(changes or {})})
        learner = Learner(plan, subjects.pictures(channels=3))
        subjects.train(learner, steps)
        return learner

    def shown(self, family: Family, capability: type[Any]) -> Any:
        model = self.trained(family).new_shown_model()
        assert isinstance(model, capability)
        return model

    def look(self, learner: Learner, shown: TrainableModel[FamilyConfig]) -> Look:
        def batches() -> list[Batch]:
            rows = torch.arange(len(learner.pictures)).split(20)
            return [learner.in_layout(learner.pictures.batch(chunk)) for chunk in rows]

        return Look(shown, Examples(batches, learner.pictures.spec.classes), generator())

    def examples(self, learner: Learner) -> Batch:
        return learner.in_layout(learner.pictures.batch(torch.arange(4)))


def exaggerated(learner: Learner) -> TrainableModel[FamilyConfig]:
    """The shown model with weights ten times too large, as training may at times come near to."""
    shown = learner.new_shown_model()
    for parameter in shown.parameters():
        parameter.mul_(10)
    return shown


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def assert_pictures(images: Tensor, count: int) -> None:
    assert images.shape == (count, *SHAPE)
    assert images.dtype == torch.float32
    assert images.min() >= -1
    assert images.max() <= 1


def assert_close(one: Tensor, other: Tensor) -> None:
    """Batches of other sizes go through other kernels, which round otherwise."""
    torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)
