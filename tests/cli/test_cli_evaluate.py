"""A run judged from the command line: the same figures as from the table, with their settings, and nothing changed."""

import json
import math
import shutil
from pathlib import Path

import pytest
import torch

from gen_studio.commands.interrupt import Interrupt
from gen_studio.core.runs import RunFolder
from gen_studio.data import catalog
from gen_studio.metrics.classifier import train_classifier
from gen_studio.metrics.measures import Subject, measure
from gen_studio.training import checkpoint


def subject(run: Path, **settings) -> Subject:
    folder = RunFolder.open(run)
    dataset = catalog.load(folder.plan().data)
    model = checkpoint.load_shown(folder).model
    return Subject(model, dataset, torch.device("cpu"), lambda: train_classifier(dataset.train), **settings)


def figures(said) -> dict[str, dict]:
    assert said.status == 0, said.err
    return {one["name"]: one for one in json.loads(said.out)["figures"]}


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()}


def edited(run: Path, target: Path, **data) -> Path:
    """A copy of a run whose plan names other data."""
    shutil.copytree(run, target)
    plan = json.loads((target / "plan.json").read_text())
    plan["data"].update(data)
    (target / "plan.json").write_text(json.dumps(plan))
    return target


def test_the_likelihood_is_the_one_that_the_table_finds(say, trained):
    found = figures(say("evaluate", trained["vae"], "--metrics", "nll", "--samples", 50, "--json"))
    expected = measure(subject(trained["vae"], weights=50), ["nll"])["nll"]
    assert found["nll"]["value"] == pytest.approx(expected, rel=1e-6)
    assert found["nll"]["settings"] == {"k": 50} and found["nll"]["unit"] == "nats"
    assert 0 < found["nll"]["standard_error"] < found["nll"]["value"]


@pytest.mark.parametrize("batch", [1, 13, 10_000])
def test_how_much_is_done_at_a_time_does_not_change_the_likelihood(say, trained, batch):
    words = ["evaluate", trained["vae"], "--metrics", "nll", "--samples", 20, "--json"]
    one, other = (figures(say(*words, *more))["nll"]["value"] for more in ([], ["--batch", batch]))
    assert one == pytest.approx(other, rel=1e-6)


def test_more_latents_find_the_pictures_likelier(say, trained):
    words = ["evaluate", trained["vae"], "--metrics", "elbo,nll", "--json", "--samples"]
    one, many = (figures(say(*words, samples)) for samples in (1, 200))
    assert many["nll"]["value"] < one["nll"]["value"]
    assert many["elbo"]["value"] == one["elbo"]["value"]


def test_the_same_question_has_the_same_answer(say, trained):
    words = ["evaluate", trained["vae"], "--metrics", "recon,elbo,kl,fid", "--json"]
    assert say(*words).out == say(*words).out


def test_figures_go_by_the_names_they_were_asked_for_in_that_order(say, trained):
    said = say("evaluate", trained["vae"], "--metrics", "recon, kl,reconstruction_error,active_units", "--json")
    assert [(one["name"], one["key"]) for one in json.loads(said.out)["figures"]] == [
        ("recon", "reconstruction_error"),
        ("kl", "kl"),
        ("active_units", "active_units"),
    ]
    found = figures(said)
    assert found["recon"]["value"] == pytest.approx(measure(subject(trained["vae"]), ["recon"])["reconstruction_error"])
    assert found["active_units"]["settings"] == {"of": 4}


def test_without_names_the_quick_figures_are_found_and_the_others_named(say, trained):
    said = say("evaluate", trained["vae"], "--json")
    document = json.loads(said.out)
    names = {one["key"] for one in document["figures"]}
    assert {"elbo", "kl", "reconstruction_error", "classifier_fid", "test_score"} <= names
    assert not names & {"nll", "nll_bound", "l1", "bits_per_dimension"}
    assert {one["key"] for one in document["on_request"]} == {"nll", "nll_bound", "classifier_fid_share"}
    assert "--metrics nll,nll_bound,classifier_fid_share" in said.err
    translator = json.loads(say("evaluate", trained["pix2pix"], "--json").out)
    assert {"l1", "l1_to_input", "l1_to_mean"} <= {one["key"] for one in translator["figures"]}


def test_every_light_figure_of_every_trained_model_is_a_number(say, trained):
    for key, run in trained.items():
        found = figures(say("evaluate", run, "--json"))
        assert found and all(math.isfinite(one["value"]) for one in found.values()), key


def test_a_distance_says_whose_features_and_how_good_the_judge_is(say, trained):
    document = json.loads(say("evaluate", trained["dcgan"], "--metrics", "fid", "--json").out)
    (fid,) = document["figures"]
    in_all = document["test_pictures_in_all"]
    assert fid["settings"] == {"samples": in_all, "test pictures": in_all, "features": "classifier"}
    assert 0 <= document["judge"]["accuracy"] <= 1 and document["judge"]["training_pictures"] > 0
    assert "cannot be compared with published ones" in document["notes"][0]
    assert "Judge on more test pictures" in document["notes"][1]  # there are fewer than features
    assert document["judge"] == json.loads(say("evaluate", trained["dcgan"], "--metrics", "fid", "--json").out)["judge"]
    assert json.loads(say("evaluate", trained["vae"], "--metrics", "kl", "--json").out)["judge"] is None


def test_the_table_shows_value_unit_settings_and_what_all_have_in_common(say, trained):
    said = say("evaluate", trained["vae"], "--metrics", "nll,fid", "--samples", 30, "--limit", 10, "--device", "cpu")
    assert said.status == 0
    line = next(line for line in said.out.splitlines() if line.startswith("nll"))
    assert "±" in line and "nats" in line and "k 30" in line
    for fact in ("VAE, step 3", "10 of ", "test pictures", "seed", "11", "cpu", "a classifier taught by"):
        assert fact in said.out


def test_a_part_of_the_test_pictures_is_said_to_be_one(say, trained):
    document = json.loads(say("evaluate", trained["vae"], "--metrics", "recon", "--limit", 4, "--json").out)
    assert document["test_pictures"] == 4 < document["test_pictures_in_all"]
    whole = json.loads(say("evaluate", trained["vae"], "--metrics", "recon", "--limit", 9999, "--json").out)
    assert whole["test_pictures"] == whole["test_pictures_in_all"]
    assert document["figures"][0]["value"] != whole["figures"][0]["value"]


def test_the_averaged_weights_are_judged_and_said_to_be(say, tmp_path):
    run = tmp_path / "run"
    small = ["--data", "digits", "--size", "16", "--limit", "150", "--device", "cpu", "--precision", "float32"]
    settings = ["--set", "hidden=16", "--set", "latents=4", "--set", "ema=0.9"]
    assert say("train", "vae", *small, *settings, "--steps", 3, "--run", run).status == 0
    document = json.loads(say("evaluate", run, "--metrics", "recon", "--json").out)
    assert document["averaged_weights"] and document["step"] == 3
    expected = measure(subject(run), ["recon"])["reconstruction_error"]
    assert document["figures"][0]["value"] == pytest.approx(expected)
    assert "averaged weights" in say("evaluate", run, "--metrics", "recon", "--step", 3).out


def test_the_run_stays_as_it_is(say, trained):
    before = snapshot(trained["vae"])
    assert say("evaluate", trained["vae"]).status == 0
    assert snapshot(trained["vae"]) == before


@pytest.mark.parametrize(
    ("family", "words", "sentence"),
    [
        ("vae", ["--metrics", "nl"], 'There is no measure "nl". Did you mean "nll"?'),
        ("vae", ["--metrics", "recon,beauty"], 'There is no measure "beauty". Measures: '),
        ("vae", ["--metrics", " , "], "No measure is named"),
        ("dcgan", ["--metrics", "nll"], "DCGAN has no -log p"),
        ("dcgan", ["--metrics", "recon"], "Choose another measure: classifier_fid"),
        ("vae", ["--metrics", "bpd"], "Train one with the discretised logistic"),
        ("vae", ["--metrics", "nll", "--samples", "0"], "for '--samples'"),
        ("vae", ["--metrics", "nll", "--samples", "5001"], "5000"),
        ("vae", ["--metrics", "nll", "--samples", "many"], "for '--samples'"),
        ("vae", ["--metrics", "nll", "--batch", "0"], "for '--batch'"),
        ("vae", ["--metrics", "recon", "--limit", "0"], "for '--limit'"),
        (
            "vae",
            ["--metrics", "recon", "--samples", "5"],
            "Leave --samples out, or ask for one that does: --metrics",
        ),
        ("dcgan", ["--batch", "5"], "None of these figures weighs latents. Leave --batch out."),
        ("vae", ["--metrics", "recon", "--step", "99"], "It has 3"),
        ("vae", ["--metrics", "recon", "--device", "tpu"], "Devices: auto"),
    ],
)
def test_what_cannot_be_found_is_refused_with_a_way_out(say, trained, family, words, sentence):
    said = say("evaluate", trained[family], *words)
    assert said.status == 2 and sentence in said.sentence and said.out == ""


def test_an_error_is_a_document_too(say, trained):
    said = say("evaluate", trained["dcgan"], "--metrics", "nll", "--json")
    assert said.status == 2 and "Choose another measure" in json.loads(said.out)["error"]


def test_what_is_no_run_or_has_no_checkpoint_is_said(say, trained, tmp_path):
    assert say("evaluate", tmp_path).status == 2
    assert "plan.json" in say("evaluate", tmp_path).sentence
    run = tmp_path / "run"
    shutil.copytree(trained["vae"], run)
    shutil.rmtree(run / "checkpoints")
    said = say("evaluate", run)
    assert said.status == 1 and "has no checkpoint yet. Train it first" in said.sentence


def test_data_that_are_gone_or_others_are_said(say, trained, tmp_path):
    gone = edited(trained["vae"], tmp_path / "gone", source="mnist", path=str(tmp_path / "before"))
    said = say("evaluate", gone)
    assert said.status == 2 and str(tmp_path / "before") in said.sentence and "--root" in said.sentence
    moved = say("evaluate", gone, "--root", tmp_path / "now")
    assert str(tmp_path / "now") in moved.sentence
    other = edited(trained["vae"], tmp_path / "other", size=8)
    said = say("evaluate", other)
    assert said.status == 1
    assert "trained on pictures of 16 × 16" in said.sentence and "now there are pictures of 8 × 8" in said.sentence


def test_ctrl_c_ends_it_without_an_answer(say, trained, monkeypatch):
    monkeypatch.setattr(Interrupt, "requested", property(lambda self: True))
    said = say("evaluate", trained["vae"], "--metrics", "nll")
    assert said.status == 130 and said.out == "" and "Nothing was changed" in said.err
