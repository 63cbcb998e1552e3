"""The map of codes and what is asked of it, behind an engine that answers what the test wants."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from gen_studio.core.charts import Projection, Scatter
from gen_studio.core.events import Charted, NotAnswered, Probed, Projected
from gen_studio.runtime.commands import Probe, Project
from gen_studio.viewmodels.latents import LatentsViewModel

CODES = np.arange(24, dtype=np.float32).reshape(8, 3)
MAP = Scatter(CODES[:, :2].astype(float), ("x", "y"), CODES, np.arange(8) % 2, ("even", "odd"))
FARTHER = np.full((8, 2), 7.0)


def charted(step: int, values: Scatter = MAP) -> Charted:
    return Charted(step, "latent_map", values)


@pytest.fixture
def latents(engine) -> LatentsViewModel:
    model = LatentsViewModel(engine)
    model.show(charted(10))
    return model


@pytest.fixture
def neighbours(latents, engine) -> LatentsViewModel:
    """A t-SNE of step 10 is shown."""
    latents.choose(Projection.TSNE)
    engine.say(Projected(engine.asked[-1].number, FARTHER, Projection.TSNE))
    return latents


def test_new_codes_are_shown_as_they_come(latents) -> None:
    newer = charted(20)
    latents.show(newer)
    assert latents.shown is newer and latents.choice is None and not latents.is_behind


def test_neighbours_are_looked_for_only_when_asked(latents, engine) -> None:
    assert engine.asked == []
    latents.choose(Projection.TSNE)
    (request,) = engine.asked
    assert isinstance(request, Project) and request.projection is Projection.TSNE and request.codes is CODES
    assert latents.is_projecting and latents.shown == latents.charted, "what is shown stays until the answer"


def test_the_answer_is_shown_with_the_step_it_was_asked_at(latents, engine) -> None:
    latents.choose(Projection.TSNE)
    latents.show(charted(20))
    engine.say(Projected(engine.asked[-1].number, FARTHER, Projection.TSNE))
    assert latents.shown.step == 10 and latents.shown.values.points is FARTHER
    assert latents.shown.values.projection is Projection.TSNE and latents.shown.values.axes == ("", "")
    assert latents.shown.values.labels is MAP.labels and not latents.is_projecting


def test_newer_codes_do_not_take_the_place_of_what_was_asked_for(neighbours, engine) -> None:
    shown = neighbours.shown
    neighbours.show(charted(20))
    assert neighbours.shown is shown and neighbours.is_behind
    neighbours.choose(Projection.TSNE)
    assert not neighbours.is_behind and neighbours.is_projecting
    engine.say(Projected(engine.asked[-1].number, FARTHER, Projection.TSNE))
    assert neighbours.shown.step == 20


def test_back_to_the_charted_codes_shows_the_newest(neighbours) -> None:
    newer = charted(20)
    neighbours.show(newer)
    neighbours.choose(None)
    assert neighbours.shown is newer and not neighbours.is_behind


def test_an_answer_that_was_given_up_is_dropped(latents, engine) -> None:
    latents.choose(Projection.TSNE)
    latents.cancel()
    assert engine.cancelled == 1 and latents.choice is None and not latents.is_projecting
    engine.say(Projected(engine.asked[-1].number, FARTHER, Projection.TSNE))
    assert latents.shown.values is MAP


def test_giving_up_a_second_answer_leaves_the_first(neighbours, engine) -> None:
    shown = neighbours.shown
    neighbours.show(charted(20))
    neighbours.choose(Projection.TSNE)
    neighbours.cancel()
    assert neighbours.shown is shown and neighbours.choice is Projection.TSNE


def test_another_run_begins_with_nothing_asked(neighbours, engine) -> None:
    neighbours.measure_probe()
    number = engine.asked[-1].number
    neighbours.clear()
    engine.say(Probed(number, 0.5, 8))
    assert neighbours.shown is None and neighbours.choice is None and neighbours.probe is None


def test_an_answer_to_the_run_before_never_reaches_the_next(latents, engine) -> None:
    latents.choose(Projection.TSNE)
    latents.clear()
    latents.show(charted(3))
    engine.say(Projected(engine.asked[-1].number, FARTHER, Projection.TSNE))
    assert latents.shown.values is MAP


def test_what_could_not_be_computed_is_said_and_the_codes_come_back(latents, engine, said) -> None:
    heard = said(latents.noticed)
    latents.choose(Projection.TSNE)
    engine.say(NotAnswered(engine.asked[-1].number, "Too few codes.", "trace"))
    assert heard == [("Too few codes.", "trace")]
    assert latents.choice is None and latents.shown.values is MAP


def test_the_probe_reads_the_newest_codes(latents, engine) -> None:
    latents.show(charted(20))
    latents.measure_probe()
    latents.measure_probe()
    (request,) = engine.asked
    assert isinstance(request, Probe) and request.classes == 2 and request.labels is MAP.labels
    engine.say(Probed(request.number, 0.75, 8))
    assert (latents.probe.accuracy, latents.probe.step) == (0.75, 20) and not latents.is_probing


def test_a_probe_that_failed_can_be_asked_for_again(latents, engine) -> None:
    latents.measure_probe()
    engine.say(NotAnswered(engine.asked[-1].number, "Too few codes."))
    latents.measure_probe()
    assert len(engine.asked) == 2


def test_codes_without_classes_cannot_be_probed(engine) -> None:
    model = LatentsViewModel(engine)
    model.show(charted(1, replace(MAP, labels=None, classes=())))
    model.measure_probe()
    assert not model.can_probe and engine.asked == []


def test_two_latents_need_no_projection(engine) -> None:
    model = LatentsViewModel(engine)
    model.show(charted(1, replace(MAP, projection=None)))
    assert model.choices() == (None,)
    model.choose(Projection.TSNE)
    assert engine.asked == []


@pytest.mark.parametrize("installed", [True, False])
def test_a_projection_whose_package_is_missing_is_not_offered(latents, monkeypatch, installed: bool) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if installed and name == "umap" else None)
    assert (Projection.UMAP in latents.choices()) == installed
