"""How a trained model behaves when it is looked at, by what it can do: it answers, and nothing of it changes."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
import torch
from torch import Tensor

from gen_studio.core.charts import Bars, Scatter
from gen_studio.core.latents import Curve, Drawn, LatentPicture, Mixed, Move
from gen_studio.core.runs import RunFolder, Status
from gen_studio.data.spec import Batch
from gen_studio.inference.components import survey
from gen_studio.inference.exploring import explore
from gen_studio.inference.points import latent_size
from gen_studio.inference.sampling import samples
from gen_studio.inference.views import render, views_of
from gen_studio.metrics.charts import Examples, Look, charts_of, draw
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.models.capabilities import (
    CanAutoencode,
    CanDenoise,
    CanReconstruct,
    CanSample,
    FormsInSteps,
    HasLatent,
    HasStyles,
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
    def test_its_latents_are_explored_from_the_samples_on(self, family: Family) -> None:
        shown = self.shown(family, HasLatent)
        before = {name: value.clone() for name, value in shown.state_dict().items()}
        ends = Drawn(seed=0), Drawn(seed=1)
        between = Mixed(points=ends, weights=(0.5, 0.5), curve=Curve.SPHERICAL)
        asked = [LatentPicture(point=point) for point in (*ends, between)]
        pictures, latents = explore(shown, asked)
        assert latents.shape == (3, latent_size(shown))
        assert len({latent.tobytes() for latent in latents}) == 3
        # Styles are explored without the noise that a sample has.
        if shown.samples_are_decoded and not isinstance(shown, HasStyles):
            assert abs(pictures[:1].astype(int) - samples(shown, 1, seed=0)).max() <= 1
        surveyed = survey(shown, 2, generator())
        assert surveyed.effects.shape == latents.shape[1:]
        assert np.isfinite(surveyed.effects).all() and surveyed.effects.max() > 0
        moves = (Move(direction=surveyed.components[0].direction, strength=2),)
        moved, _ = explore(shown, [LatentPicture(point=ends[0], moves=moves)])
        assert moved.shape == pictures[:1].shape
        assert subjects.differences(dict(shown.state_dict()), before) == []

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
    def test_a_blend_of_one_class_is_that_class_and_others_lie_between(self, family: Family) -> None:
        shown = self.shown(family, IsConditional)
        classes = len(shown.class_names)
        latents = shown.draw_latents(1, generator()).expand(classes, *shown.latent_shape)
        alone = shown.decode_as(latents, torch.arange(classes))
        assert torch.equal(shown.decode_blended(latents, torch.eye(classes)), alone)
        blended = shown.decode_blended(latents[:2], torch.full((2, classes), 1 / classes))
        assert_pictures(blended, 2)
        assert torch.equal(blended[0], blended[1])
        assert all(not torch.equal(blended[0], picture) for picture in alone)

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
