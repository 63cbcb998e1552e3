"""Films of walks from the command line, and the sentences for what cannot be walked or filmed."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.cli import main

SMALL = ["--data", "digits", "--size", "16", "--limit", "150", "--precision", "float32", "--device", "cpu"]
SHORT = ["--keyframes", 3, "--seconds", 0.3, "--fps", 20, "--size", 32]


def frames(path: Path) -> np.ndarray:
    with Image.open(path) as film:
        shown = []
        for number in range(film.n_frames):
            film.seek(number)
            shown.append(np.asarray(film.convert("RGB")))
    return np.stack(shown)


def test_a_walk_is_the_same_film_each_time_and_another_for_another_seed(say, trained, tmp_path):
    paths = [tmp_path / f"{name}.gif" for name in ("one", "same", "other")]
    said = say("walk", trained["dcgan"], *SHORT, "--out", paths[0], "--json")
    assert said.status == 0
    assert json.loads(said.out) == {
        "out": str(paths[0]),
        "frames": 6,
        "fps": 20,
        "seconds": 0.3,
        "height": 32,
        "seeds": [0, 1, 2],
        "step": 3,
    }
    say("walk", trained["dcgan"], *SHORT, "--out", paths[1])
    say("walk", trained["dcgan"], *SHORT, "--out", paths[2], "--seed", 7)
    one, same, other = (frames(path) for path in paths)
    assert one.shape == (6, 32, 32, 3)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_walk_begins_with_the_sample_of_its_seed(say, trained, tmp_path):
    say("walk", trained["vae"], *SHORT, "--size", 16, "--out", tmp_path / "walk.gif", "--seed", 5)
    say("sample", trained["vae"], "--count", 1, "--seed", 5, "--out", tmp_path / "sample.png")
    with Image.open(tmp_path / "sample.png") as sample:
        assert abs(frames(tmp_path / "walk.gif")[0].astype(int) - np.asarray(sample.convert("RGB"))).max() <= 1


def test_an_open_walk_in_smooth_frames_is_written_as_mp4(say, trained, tmp_path):
    out = tmp_path / "new" / "walk.mp4"
    said = say(
        "walk", trained["vae"], *SHORT, "--size", 50, "--smooth", "--open", "--easing", "steady", "--curve", "linear",
        "--out", out,
    )  # fmt: skip
    assert (said.status, said.out.strip()) == (0, str(out))
    assert out.read_bytes()[4:8] == b"ftyp"


def test_classes_are_come_through_in_turn(say, tmp_path):
    run = tmp_path / "cvae"
    settings = ["--set", "width=4", "--set", "latents=4", "--set", "batch_size=16", "--steps", "3"]
    assert main(["train", "cvae", *SMALL, *settings, "--run", str(run)]) == 0
    short = [*SHORT, "--keyframes", 2, "--out", tmp_path / "walk.gif", "--force"]
    assert say("walk", run, *short, "--class", "3", "--class", "7").status == 0
    both = frames(tmp_path / "walk.gif")
    say("walk", run, *short, "--class", "3")
    assert np.array_equal(both[0], frames(tmp_path / "walk.gif")[0])
    assert not np.array_equal(both[3], frames(tmp_path / "walk.gif")[3])
    assert "no class" in say("walk", run, *short, "--class", "eleven").sentence


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--curve", "sphere"], 'Did you mean "spherical"'),
        (["--easing", "none"], "steady, smooth"),
        (["--size", 40], "32 or 48 pixels high, not 40"),
        (["--size", 8], "16 pixels high"),
        (["--seconds", 0], "more than 0"),
        (["--seconds", "nan"], "more than 0"),
        (["--truncation", 3], "to 2, not to 3"),
        (["--fps", 121], "1 to 120"),
        (["--class", "1"], "not told classes"),
        (["--out", "walk.avi"], "neither an MP4 nor a GIF"),
    ],
)
def test_what_cannot_be_filmed_is_a_sentence(say, trained, tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    said = say("walk", trained["vae"], *words)
    assert said.status == 2
    assert sentence in said.sentence
    assert not list(tmp_path.iterdir())


def test_a_model_without_latents_names_those_that_have_them(say, trained, tmp_path):
    said = say("walk", trained["pix2pix"], "--out", tmp_path / "walk.mp4", "--json")
    assert said.status == 2
    assert json.loads(said.out)["error"].startswith("pix2pix cannot be walked through. Models that can: ")


def test_a_file_that_is_there_stays_unless_forced(say, trained, tmp_path):
    out = tmp_path / "walk.gif"
    out.write_bytes(b"mine")
    said = say("walk", trained["vae"], *SHORT, "--out", out)
    assert (said.status, out.read_bytes()) == (2, b"mine")
    assert "--force" in said.sentence
    assert say("walk", trained["vae"], *SHORT, "--out", out, "--force").status == 0
    assert frames(out).shape == (6, 32, 32, 3)


def test_ctrl_c_leaves_nothing_behind(say, trained, tmp_path, monkeypatch):
    from gen_studio.inference import walking

    made = walking.frames

    def interrupted(*words):
        yield from list(made(*words))[:2]
        raise KeyboardInterrupt

    monkeypatch.setattr(walking, "frames", interrupted)
    said = say("walk", trained["vae"], *SHORT, "--out", tmp_path / "walk.mp4")
    assert said.status == 130
    assert not list(tmp_path.iterdir())
