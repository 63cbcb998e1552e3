"""Alarms in a terminal: a sentence on stderr, and training goes on."""

from gen_studio.core.runs import RunFolder

SMALL = ["--data", "digits", "--size", "16", "--limit", "150", "--precision", "float32", "--device", "cpu"]
LOST = ["width=4", "latents=8", "batch_size=8", "generator_rate=1e-7", "discriminator_rate=2e-3"]


def test_a_run_that_goes_wrong_says_so_and_goes_on(say, tmp_path) -> None:
    settings = [word for change in LOST for word in ("--set", change)]
    said = say("train", "dcgan", *SMALL, *settings, "--steps", 400, "--run", tmp_path / "run")
    assert said.status == 0
    line = next(line for line in said.err.splitlines() if "Discriminator won?" in line)
    assert "D(fake) 0.00. " in line and "Try: Halve D's rate" in line
    assert "Discriminator won" in [mark.label for mark in RunFolder.open(tmp_path / "run").read_marks()]
