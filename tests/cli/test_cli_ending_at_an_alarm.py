"""A run that ends at an alarm in a terminal: what happened, how to resume, and a status that a script notices."""

import json

from gen_studio.core.runs import RunFolder

SMALL = ["--data", "digits", "--size", "16", "--limit", "150", "--precision", "float32", "--device", "cpu"]
PRESSED = ["width=4", "latents=4", "batch_size=8", "learning_rate=2e-3", "beta=500", "stop_when_collapsed=true"]


def test_a_collapsed_run_ends_with_its_sentence_and_a_status_of_its_own_kind(say, tmp_path) -> None:
    settings = [word for change in PRESSED for word in ("--set", change)]
    said = say("train", "beta_vae", *SMALL, *settings, "--steps", 600, "--run", tmp_path / "run", "--json")
    assert said.status == 1
    assert "Posterior collapse?" in said.err and "To resume: gen-studio resume" in said.err
    assert "Traceback" not in said.err
    document = json.loads(said.out)
    assert document["state"] == "stopped" and document["step"] < 600
    assert document["sentence"] == RunFolder.open(tmp_path / "run").status().sentence
