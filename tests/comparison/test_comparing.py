"""What runs are asked when they are set side by side."""

import shutil

import numpy as np
import pytest
import torch

from gen_studio.comparison import cost, figures
from gen_studio.comparison.compare import Question, compare
from gen_studio.comparison.entry import open_entries
from gen_studio.comparison.settings import data_differs, differences
from gen_studio.comparison.tones import tones
from gen_studio.core.description import Metric, Role
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.inference import sampling
from gen_studio.training import checkpoint

CPU = torch.device("cpu")


def entries(*paths):
    return open_entries(paths, CPU)


def rows(*paths):
    return {row.title: row.values for row in differences(entries(*paths))}


@pytest.fixture
def swift(monkeypatch):
    """Times are not what these tests are about."""
    monkeypatch.setattr(cost, "ENOUGH_SECONDS", 0.0)


def test_only_settings_that_differ_are_named(trained):
    assert rows(trained["vae"], trained["wider"]) == {"Hidden units": (16, 24), "Seed": (0, 5)}


def test_a_setting_that_only_one_has_is_named_where_it_was_changed(trained):
    found = rows(trained["vae"], trained["dcgan"])
    assert found["Width"] == (None, 4) and found["Latents"] == (4, 8)
    assert "Loss" not in found and "Spectral norm" not in found


def test_data_differs_by_its_pictures_and_not_by_where_they_lie(trained, tmp_path):
    vae, edges = entries(trained["vae"], trained["edges"])
    assert data_differs([vae, edges]) and not data_differs([vae, vae])
    assert rows(trained["vae"], trained["edges"])["Data: pairs from"] == (None, "edges")


def test_every_run_draws_what_the_sample_command_draws(trained, swift):
    found = compare([trained["dcgan"], trained["ddpm"]], Question(samples=5, seed=3))
    for side, name in zip(found.sides, ("dcgan", "ddpm"), strict=True):
        model = checkpoint.load_shown(entries(trained[name])[0].folder).model
        assert np.array_equal(side.samples, sampling.samples(model, 5, 3))


def test_all_runs_are_shown_the_same_held_out_pictures(trained, swift):
    found = compare([trained["vae"], trained["dcgan"], trained["wider"]], Question(samples=1))
    (group,) = found.reconstructions
    assert [strip.run for strip in group.strips] == [None, 0, 2]
    assert {strip.pictures.shape for strip in group.strips} == {(8, 16, 16, 1)}
    assert not np.array_equal(group.strips[1].pictures, group.strips[2].pictures)


def test_a_translator_answers_beside_input_and_target(trained, swift):
    found = compare([trained["edges"]], Question(samples=1))
    (group,) = found.translations
    assert [strip.title for strip in group.strips] == ["Inputs", "Targets", "The edges"]
    assert found.sides[0].samples is None and found.costs == ()
    assert [figure.key for figure in found.figures] == ["l1"]


def test_errors_are_shares_of_the_first_run_that_has_them(trained, swift):
    found = compare([trained["dcgan"], trained["wider"], trained["vae"]], Question(samples=1))
    (figure,) = found.figures
    assert figure.values[0] is None and figure.first == 1
    assert figure.shares == (None, 1.0, figure.values[2] / figure.values[1])


def test_a_figure_asked_for_is_there_for_the_runs_that_have_it(trained, swift):
    found = compare([trained["vae"], trained["dcgan"]], Question(samples=1, metrics=("test_score",)))
    (figure,) = found.figures
    assert figure.values[0] > 0 and figure.values[1] is None and figure.shares is None


def test_a_figure_that_no_run_has_is_refused(trained, swift):
    with pytest.raises(WrongUse, match="None of these runs"):
        compare([trained["dcgan"]], Question(samples=1, metrics=("l1",)))
    with pytest.raises(WrongUse, match="no measure"):
        compare([trained["dcgan"]], Question(samples=1, metrics=("beauty",)))


def test_data_is_read_once_for_runs_that_share_it(trained, monkeypatch):
    read = []
    monkeypatch.setattr(figures.catalog, "load", lambda plan, **_: read.append(plan) or object())
    shelf = figures.Shelf(None, CPU)
    vae, wider, edges = entries(trained["vae"], trained["wider"], trained["edges"])
    assert shelf.dataset(vae) is shelf.dataset(wider) is not shelf.dataset(edges)
    assert len(read) == 2


def test_steps_are_priced_where_they_can_be_chosen(trained, swift):
    (ddpm,) = entries(trained["ddpm"])
    found = cost.cost_of(0, ddpm, 0, CPU)
    assert [price.steps for price in found.prices] == [1, 3, 5, 10, 25]
    assert [price.steps for price in found.prices if price.usual] == [3]
    assert all(price.pictures.shape == (8, 16, 16, 1) and price.seconds > 0 for price in found.prices)


def test_a_latent_decoded_is_one_step(trained, swift):
    for entry in entries(trained["vae"], trained["dcgan"]):
        (price,) = cost.cost_of(0, entry, 0, CPU).prices
        assert price.steps == 1


def test_steps_that_would_take_too_long_are_left_out(trained, swift, monkeypatch):
    monkeypatch.setattr(cost, "PATIENCE", 0.0)
    found = cost.cost_of(0, entries(trained["ddpm"])[0], 0, CPU)
    assert [price.steps for price in found.prices] == [1] and found.left_out == (3, 5, 10, 25)


def test_timing_leaves_the_number_of_threads_as_it_was():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with pytest.raises(RuntimeError), cost.one_thread():
            assert torch.get_num_threads() == 1
            raise RuntimeError
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_facts_of_training_come_from_the_runs_folder(trained, swift):
    (side,) = compare([trained["vae"]], Question(samples=1)).sides
    status = entries(trained["vae"])[0].status
    assert side.step == side.planned == 40 and side.seconds == status.seconds
    assert side.images_per_second == pytest.approx(40 * 16 / status.seconds)
    model = checkpoint.load_shown(entries(trained["vae"])[0].folder).model
    assert side.parameters == sum(one.numel() for one in model.parameters())
    assert [loss.title for loss in side.losses] == ["−ELBO"] and 0 <= side.losses[0].smoothness <= 1


def test_the_players_keep_their_colours_and_others_take_turns():
    players = [Metric("d", "D", role=Role.DISCRIMINATOR), Metric("g", "G", role=Role.GENERATOR)]
    assert tones([Metric("a", "A"), *players, Metric("b", "B"), players[0]]) == ["s3", "d", "g", "s4", "s5"]


def test_losses_that_say_nothing_with_a_runs_settings_are_not_shown(trained, monkeypatch):
    (vae,) = entries(trained["vae"])
    assert [metric.key for metric in vae.curves] == ["loss"]
    monkeypatch.setattr(type(vae.model), "meaningless", frozenset({"loss", "kl"}))
    assert [metric.key for metric in vae.curves] == ["reconstruction"]
    monkeypatch.setattr(type(vae.model), "meaningless", frozenset(metric.key for metric in vae.family.metrics))
    assert vae.curves == ()


def test_runs_are_opened_before_any_work(trained, tmp_path):
    with pytest.raises(WrongUse, match="No run is named"):
        entries()
    with pytest.raises(WrongUse, match="twice"):
        entries(trained["vae"], trained["vae"].parent / "dcgan" / ".." / "vae")
    shutil.copytree(trained["vae"], tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare" / "checkpoints")
    with pytest.raises(UserError, match="no checkpoint"):
        entries(trained["vae"], tmp_path / "bare")
