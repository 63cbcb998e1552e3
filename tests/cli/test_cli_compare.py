import json
import shutil

import pytest

from gen_studio.comparison import cost
from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder, State
from gen_studio.training import checkpoint, start

RUN = {
    "family": "vae",
    "data": {"source": "digits", "size": 16, "limit": 150},
    "config": {"hidden": 16, "latents": 4, "batch_size": 16},
    "steps": 6,
    "device": "cpu",
    "precision": "float32",
}
STUDY = {
    "title": "Does a seed matter?",
    "why": "Two runs that differ in nothing else.",
    "minutes": 1,
    "runs": [
        {"name": "one", "title": "Seed 1", "plan": {**RUN, "seed": 1}},
        {"name": "two", "title": "Seed 2", "plan": {**RUN, "seed": 2}},
    ],
}


@pytest.fixture(autouse=True)
def _swift(monkeypatch):
    monkeypatch.setattr(cost, "ENOUGH_SECONDS", 0.0)


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "seeds.json"
    path.write_text(json.dumps(STUDY), encoding="utf-8")
    return path


def weights(run):
    state = checkpoint.load_shown(RunFolder.open(run)).model.state_dict()
    return {name: tensor.numpy().tobytes() for name, tensor in state.items()}


def test_runs_of_any_mix_are_set_side_by_side(say, trained, tmp_path):
    out = tmp_path / "deep" / "page.html"
    said = say("compare", *trained.values(), "--out", out, "--samples", 3, "--json")
    assert said.status == 0
    document = json.loads(said.out)
    assert document["out"] == str(out) and document["data_differs"] is True
    assert [run["family"] for run in document["runs"]] == ["VAE", "DCGAN", "pix2pix"]
    assert document["runs"][0]["figures"]["reconstruction_error"] > 0
    assert document["runs"][1]["sampling_cost"][0]["steps"] == 1
    assert document["machine"] and out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_page_is_answered_with_its_path(say, trained, tmp_path):
    said = say("compare", trained["vae"], "--out", tmp_path / "page.html")
    assert said.status == 0 and said.out.strip() == str(tmp_path / "page.html")


def test_an_older_page_is_written_over_when_that_is_asked_for(say, trained, tmp_path):
    out = tmp_path / "page.html"
    out.write_text("precious")
    said = say("compare", trained["vae"], "--out", out)
    assert said.status == 2 and "--force" in said.sentence and out.read_text() == "precious"
    assert say("compare", trained["vae"], "--out", out, "--force").status == 0
    assert "precious" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("out", "words"), [("page.png", "HTML"), ("folder.html", "is a folder"), ("file/page.html", "is a file")]
)
def test_where_no_page_can_be_is_said_before_the_work(say, trained, tmp_path, monkeypatch, out, words):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file").write_text("x")
    monkeypatch.setattr("gen_studio.commands.comparing.compare", lambda *_: pytest.fail("worked in vain"))
    said = say("compare", trained["vae"], "--out", tmp_path / out)
    assert said.status == 2 and words in said.sentence


def test_wrong_runs_are_sentences(say, trained, tmp_path):
    out = ("--out", tmp_path / "page.html")
    assert "No run is named" in say("compare", *out).sentence
    assert "twice" in say("compare", trained["vae"], trained["vae"], *out).sentence
    assert "no run at" in say("compare", trained["vae"], tmp_path / "nowhere", *out).sentence
    shutil.copytree(trained["vae"], tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare" / "checkpoints")
    said = say("compare", trained["vae"], tmp_path / "bare", *out)
    assert said.status == 1 and "no checkpoint yet" in said.sentence
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    "words", [["--metrics", "beauty"], ["--metrics", ","], ["--device", "tpu"], ["--samples", "0"], ["--study", "x"]]
)
def test_wrong_words_are_sentences(say, trained, tmp_path, words):
    runs = [] if "--study" in words else [trained["vae"]]
    said = say("compare", *runs, "--out", tmp_path / "page.html", *words)
    assert said.status == 2 and said.sentence


def test_a_study_trains_what_is_missing_and_reuses_what_is_done(say, study, tmp_path):
    words = ("compare", "--study", study, "--runs", tmp_path / "runs", "--out", tmp_path / "page.html")
    first = say(*words)
    assert first.status == 0 and "2 runs to train" in first.err
    one, two = tmp_path / "runs" / "study-seeds-one", tmp_path / "runs" / "study-seeds-two"
    before = [weights(run) for run in (one, two)]
    shutil.rmtree(two)
    kept = (one / "status.json").stat().st_mtime_ns
    again = say(*words, "--force")
    assert again.status == 0 and "1 run to train, 1 done" in again.err
    assert (one / "status.json").stat().st_mtime_ns == kept
    assert [weights(run) for run in (one, two)] == before
    assert "to train" not in say(*words, "--force").err
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Does a seed matter?" in page and "Two runs that differ in nothing else." in page and "Seed 2" in page


def test_an_interrupted_run_of_a_study_is_gone_on_with(say, study, tmp_path):
    words = ("compare", "--study", study, "--out", tmp_path / "page.html", "--runs")
    assert say(*words, tmp_path / "whole").status == 0
    path = tmp_path / "cut" / "study-seeds-two"
    session, _ = start.start(RunPlan.parse(STUDY["runs"][1]["plan"]), path)
    with session:
        for _ in range(3):
            session.advance(0.0)
        session.stop()
    assert RunFolder.open(path).state() is State.STOPPED
    assert say(*words, tmp_path / "cut", "--force").status == 0
    assert RunFolder.open(path).checkpoint_steps() == [3, 6]
    assert weights(path) == weights(tmp_path / "whole" / "study-seeds-two")


def test_a_folder_with_another_run_is_not_taken_for_the_studys(say, study, tmp_path, trained):
    shutil.copytree(trained["vae"], tmp_path / "runs" / "study-seeds-one")
    said = say("compare", "--study", study, "--runs", tmp_path / "runs", "--out", tmp_path / "page.html")
    assert said.status == 2 and "another run" in said.sentence and "seed" in said.sentence


def test_a_study_names_its_runs_itself(say, study, trained, tmp_path):
    said = say("compare", trained["vae"], "--study", study, "--out", tmp_path / "page.html")
    assert said.status == 2 and "--study" in said.sentence
