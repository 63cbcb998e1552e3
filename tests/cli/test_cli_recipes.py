"""Recipes from the command line: listed, trained, judged."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gen_studio.core.runs import RunFolder, State
from gen_studio.metrics import classifier

PLAN = {
    "family": "vae",
    "data": {"source": "digits", "size": 16, "limit": 150},
    "config": {"hidden": 16, "latents": 4, "batch_size": 16},
    "steps": 4,
    "precision": "float32",
}


@pytest.fixture
def write(tmp_path):
    def written(name="small", **changes):
        content = {"title": "Small", "goals": [{"key": "test_score", "at_most": 1e6}], "minutes": 5, "plan": PLAN}
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({**content, **changes}), encoding="utf-8")
        return path

    return written


def test_the_list_names_recipes_goals_and_time(say):
    said = say("recipes")
    assert said.status == 0 and "dcgan" in said.out and "rarest_class ≥ 0.04" in said.out
    document = json.loads(say("recipes", "acgan", "--json").out)
    assert [one["name"] for one in document] == ["acgan"]
    assert document[0]["goals"][0]["words"] == "share of samples seen as their label"


def test_a_recipe_trains_like_any_run_and_options_take_its_places(say, tmp_path, write):
    said = say("train", "--recipe", write(), "--run", tmp_path / "a", "--json")
    assert said.status == 0
    assert json.loads(said.out)["name"] == "Small"
    plan = RunFolder.open(tmp_path / "a").plan()
    assert plan.steps == 4 and plan.config["hidden"] == 16 and plan.data.limit == 150
    say("train", "--recipe", write(), "--run", tmp_path / "b", "--steps", 2, "--set", "hidden=8", "--limit", 120)
    plan = RunFolder.open(tmp_path / "b").plan()
    assert plan.steps == 2 and plan.config["hidden"] == 8 and plan.config["latents"] == 4
    assert plan.data.limit == 120 and plan.data.size == 16


def test_epochs_of_a_recipe_stand_unless_steps_are_given(say, tmp_path, write):
    say("train", "--recipe", write(epochs=1), "--run", tmp_path / "a")
    assert RunFolder.open(tmp_path / "a").plan().steps == -(-120 // 16)
    say("train", "--recipe", write(epochs=1), "--run", tmp_path / "b", "--steps", 2)
    assert RunFolder.open(tmp_path / "b").plan().steps == 2


def test_a_model_and_a_recipe_are_one_too_many_and_none_too_few(say, write):
    assert "Leave vae out" in say("train", "vae", "--recipe", write()).sentence
    assert "No model is named" in say("train").sentence


def test_a_check_says_goal_and_result_and_ends_by_them(say, tmp_path, write):
    said = say("recipes", write(), "--check", "--runs", tmp_path / "runs", "--json")
    assert said.status == 0
    document = json.loads(said.out)[0]
    assert document["reached"] and document["in_time"] and document["figures"]["test_score"] > 0
    assert document["seconds"] > 0 and document["images_per_second"] > 0
    assert RunFolder.open(tmp_path / "runs" / document["run"]).state() is State.FINISHED
    assert "test_score ≤ 1e+06" in said.err and "met" in said.err


def test_a_missed_goal_is_said_and_is_status_1(say, tmp_path, write):
    missed = write(goals=[{"key": "test_score", "at_most": 0}])
    said = say("recipes", missed, "--check", "--runs", tmp_path / "runs")
    assert said.status == 1 and "MISSED" in said.out


def test_too_slow_is_missed_too(say, tmp_path, write):
    said = say("recipes", write(minutes=1e-9), "--check", "--runs", tmp_path / "runs")
    assert said.status == 1 and "within 1e-09 min" in said.out


def test_one_that_cannot_be_run_does_not_keep_the_others_from_it(say, tmp_path, write):
    pictures = {"source": "folder", "path": "nowhere.zip"}
    bad = write("bad", plan={**PLAN, "data": pictures})
    said = say("recipes", bad, write(), "--check", "--runs", tmp_path / "runs", "--root", tmp_path, "--json")
    first, second = json.loads(said.out)
    assert said.status == 1 and "nowhere.zip" in first["error"] and second["reached"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_check_that_is_stopped_says_what_was_judged_by_then_and_saves_what_was_not(tmp_path, write, name):
    endless = write("endless", plan={**PLAN, "steps": 1_000_000})
    words = ["recipes", write(), endless, write("never"), "--check", "--runs", tmp_path / "runs", "--json"]
    command = [sys.executable, "-m", "gen_studio.cli", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert any(line.startswith("endless") for line in process.stderr)
            process.send_signal(signal.Signals[name])
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    first, second = json.loads(out)
    assert process.returncode == 128 + signal.Signals[name], err
    assert first["recipe"] == "small" and first["reached"]
    assert second["recipe"] == "endless" and "Stopped" in second["error"]
    assert RunFolder.open(Path(second["run"])).state() is State.STOPPED


def test_a_judge_is_trained_once_for_the_same_pictures(say, tmp_path, write, monkeypatch):
    trained = []
    original = classifier.train_classifier

    def counted(*given, **named):
        trained.append(1)
        return original(*given, **named)

    monkeypatch.setattr("gen_studio.recipes.check.train_classifier", counted)
    goals = [{"key": "rarest_class", "at_least": 0}]
    one, other = write("one", goals=goals), write("other", goals=goals)
    said = say("recipes", one, other, "--check", "--runs", tmp_path / "runs", "--json")
    assert said.status == 0 and len(trained) == 1
    assert json.loads(said.out)[0]["figures"]["classifier_accuracy"] > 0
