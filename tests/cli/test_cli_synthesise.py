"""Painting a layout from the command line: what it takes, and the sentences for what it cannot take."""

import json
from functools import partial

import numpy as np
import pytest
from PIL import Image

from gen_studio.cli import main
from gen_studio.data.drawing import scene_parts
from gen_studio.metrics import subject
from gen_studio.metrics.segmenter import FEATURES, Schedule, train_segmenter

PALETTE = [one.colour for one in scene_parts.DESIGN.layout]
SMALL = ["--data", "scenes", "--size", "16", "--precision", "float32", "--device", "cpu"]
SETTINGS = ["--set", "width=4", "--set", "hidden=4", "--set", "latents=4", "--set", "batch_size=4", "--steps", "1"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("painters") / "spade"
    assert main(["train", "spade", *SMALL, "--data-set", "count=12", *SETTINGS, "--run", str(path)]) == 0
    return path


@pytest.fixture
def layout(tmp_path):
    classes = np.arange(16 * 16).reshape(16, 16) % len(PALETTE)
    path = tmp_path / "layout.png"
    Image.fromarray(np.array(PALETTE, dtype=np.uint8)[classes]).save(path)
    return path


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_a_layout_becomes_a_painting_that_the_seed_or_a_style_decides(say, run, layout, tmp_path, picture):
    paths = [tmp_path / f"{name}.png" for name in ("one", "same", "other", "styled")]
    said = say("synthesise", run, "--layout", layout, "--out", paths[0], "--json")
    assert said.status == 0
    assert json.loads(said.out)["out"] == str(paths[0])
    say("synthesise", run, "--layout", layout, "--out", paths[1])
    say("synthesise", run, "--layout", layout, "--out", paths[2], "--seed", 1)
    assert say("synthesise", run, "--layout", layout, "--out", paths[3], "--style", picture).status == 0
    one, same, other, styled = (pixels(path) for path in paths)
    assert one.shape == (16, 16, 3)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one, styled)


def test_a_layout_in_numbers_is_the_same_as_in_colours(say, run, layout, tmp_path):
    numbers = np.arange(16 * 16).reshape(16, 16) % len(PALETTE)
    Image.fromarray(numbers.astype(np.uint8)).save(tmp_path / "numbers.png")
    say("synthesise", run, "--layout", layout, "--out", tmp_path / "a.png")
    say("synthesise", run, "--layout", tmp_path / "numbers.png", "--out", tmp_path / "b.png")
    assert np.array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))


def test_a_colour_that_is_no_class_is_named_beside_the_palette(say, run, tmp_path):
    Image.new("RGB", (16, 16), (1, 2, 3)).save(tmp_path / "wrong.png")
    said = say("synthesise", run, "--layout", tmp_path / "wrong.png", "--out", tmp_path / "out.png")
    assert said.status == 2
    assert "#010203" in said.sentence
    assert all(one.name in said.sentence and one.code in said.sentence for one in scene_parts.DESIGN.layout)
    assert not (tmp_path / "out.png").exists()


def test_a_layout_of_another_size_is_refused_with_the_right_one(say, run, tmp_path):
    Image.new("RGB", (20, 30), PALETTE[0]).save(tmp_path / "large.png")
    said = say("synthesise", run, "--layout", tmp_path / "large.png", "--out", tmp_path / "out.png")
    assert said.status == 2
    assert "20 × 30" in said.sentence and "16 × 16" in said.sentence


def test_nothing_is_written_over_unasked(say, run, layout, tmp_path):
    before = layout.read_bytes()
    assert "made from" in say("synthesise", run, "--layout", layout, "--out", layout, "--force").sentence
    assert layout.read_bytes() == before
    out = tmp_path / "there.png"
    out.write_text("precious")
    assert "--force" in say("synthesise", run, "--layout", layout, "--out", out).sentence
    assert out.read_text() == "precious"
    assert ".png" in say("synthesise", run, "--layout", layout, "--out", tmp_path / "a.jpg").sentence


def test_a_missing_layout_and_a_model_that_cannot_paint_are_sentences(say, run, trained, layout, tmp_path):
    out = tmp_path / "out.png"
    assert "There is no layout" in say("synthesise", run, "--layout", tmp_path / "none.png", "--out", out).sentence
    said = say("synthesise", trained["dcgan"], "--layout", layout, "--out", out)
    assert said.status == 2
    assert said.sentence.startswith("DCGAN cannot paint layouts. Models that can: ")


def test_a_painter_is_held_against_flat_colours_unasked_and_the_figures_limits_are_said(say, tmp_path, monkeypatch):
    monkeypatch.setattr(subject, "train_segmenter", partial(train_segmenter, schedule=Schedule(steps=2)))
    few = ("train", "spade", *SMALL, "--data-set", "count=30", *SETTINGS, "--run", tmp_path / "run")
    assert say(*few).status == 0
    said = say("evaluate", tmp_path / "run", "--json")
    assert said.status == 0
    document = json.loads(said.out)
    found = {one["name"]: one["value"] for one in document["figures"]}
    assert {"layout_accuracy", "layout_kept", "painting_distance_to_flat", "segmenter_accuracy"} <= found.keys()
    assert f"in {FEATURES} dimensions is too small" in json.dumps(document)


def test_a_single_test_picture_has_no_distance_and_the_sentence_says_so(say, run):
    said = say("evaluate", run, "--metrics", "painting_distance_to_flat")
    assert said.status == 2
    assert said.sentence.startswith("A distance between sets needs 2 test pictures or more")
