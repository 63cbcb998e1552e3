import json
import os
import shutil
import time
from pathlib import Path

import pytest
from typer.main import get_command

from gen_studio.commands.line import app
from gen_studio.core import paths
from gen_studio.models import registry


def test_models_lists_every_family_with_what_it_needs_and_can(say):
    said = say("models", "--json")
    listed = json.loads(said.out)
    assert [entry["key"] for entry in listed] == list(registry.families())
    for entry in listed:
        assert {"key", "title", "group", "year", "paper", "capabilities", "needs"} <= entry.keys()
    translator = next(entry for entry in listed if "CanTranslate" in entry["capabilities"])
    assert translator["needs"]
    assert said.status == 0


def test_a_model_shows_every_setting_with_its_range(say):
    said = say("models", "vae")
    assert "latents" in said.out and "from 1 to 1,024" in said.out


def test_data_lists_the_sources_and_which_work_offline(say):
    sources = {entry["key"]: entry for entry in json.loads(say("data", "--json").out)}
    assert sources["digits"]["offline"] and not sources["mnist"]["offline"]
    assert "digits" in say("data").out


def test_runs_lists_the_newest_first(say, tmp_path, monkeypatch, trained):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert json.loads(say("runs", "--json").out) == []
    assert "gen-studio train" in say("runs").err
    paths.runs().mkdir(parents=True)
    for age, key in enumerate(("dcgan", "vae")):
        (paths.runs() / key).symlink_to(trained[key])
        changed = time.time() - 100 * age
        _touch(trained[key], changed)
    assert [run["family"] for run in json.loads(say("runs", "--json").out)] == ["dcgan", "vae"]
    assert "finished" in say("runs").out


def test_show_gives_a_runs_plan_and_readings(say, trained):
    shown = json.loads(say("show", trained["vae"], "--json").out)
    assert shown["state"] == "finished" and shown["step"] == shown["steps"] == 3
    assert shown["plan"]["config"]["latents"] == 4
    assert shown["checkpoints"] == [3]
    assert set(shown["readings"]) == {"loss", "reconstruction", "kl", "active_units"}
    assert "digits" in say("show", trained["vae"]).out.lower()


def test_a_reading_that_is_no_number_is_null_in_json(say, trained, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(trained["vae"], run)
    with (run / "metrics.csv").open("a") as file:
        file.write("4,nan,inf,1,1\n")
    readings = json.loads(say("show", run, "--json").out, parse_constant=pytest.fail)["readings"]
    assert readings["loss"] is None and readings["reconstruction"] is None


def test_every_option_is_explained():
    for command in get_command(app).commands.values():
        assert command.help
        unexplained = [parameter.name for parameter in command.params if not getattr(parameter, "help", None)]
        assert unexplained in ([], ["help"]), f"{command.name}: {unexplained}"


def test_the_version_is_told(say):
    assert say("--version").out.startswith("gen-studio ")


def test_a_wrong_command_gets_a_sentence(say):
    said = say("trian")
    assert said.status == 2 and "train" in said.sentence


def test_an_unexpected_error_is_a_sentence_and_its_traceback_is_kept(say, monkeypatch, tmp_path):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(registry, "describe", lambda: 1 / 0)
    said = say("models")
    assert said.status == 1 and "ZeroDivisionError" in said.sentence
    (kept,) = (tmp_path / "errors").iterdir()
    assert str(kept) in said.sentence and "1 / 0" in kept.read_text()
    assert "Traceback" in say("models", "--debug").err


def test_a_mistake_is_a_document_too_under_json(say):
    said = say("show", "/nowhere", "--json")
    assert said.status == 2
    assert json.loads(said.out)["error"] == said.sentence


def _touch(run: Path, changed: float) -> None:
    for name in ("plan.json", "status.json"):
        os.utime(run / name, (changed, changed))
