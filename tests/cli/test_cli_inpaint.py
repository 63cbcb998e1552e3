"""Filling holes from the command line: what stays, and the sentences for what cannot be filled."""

import json

import numpy as np
import pytest
from PIL import Image

from gen_studio.cli import main

SMALL = ["--data", "digits", "--size", "16", "--limit", "40", "--precision", "float32", "--device", "cpu"]
SETTINGS = ["--channels", "colour", "--set", "width=4", "--set", "batch_size=4", "--steps", "1"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("painters") / "partial_conv"
    assert main(["train", "partial_conv", *SMALL, *SETTINGS, "--run", str(path)]) == 0
    return path


@pytest.fixture
def mask(tmp_path):
    """As large as the photograph, with two holes."""
    shades = np.zeros((40, 30), np.uint8)
    shades[5:9, 4:10] = 255
    shades[30:40, 20:30] = 200
    path = tmp_path / "mask.png"
    Image.fromarray(shades).save(path)
    return path


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_known_pixels_are_as_they_were_and_holes_are_filled(say, run, picture, mask, tmp_path):
    said = say("inpaint", run, picture, "--mask", mask, "--out", tmp_path / "filled.png", "--json")
    assert said.status == 0
    assert json.loads(said.out)["filled_pixels"] == 24 + 100
    before, after, missing = pixels(picture), pixels(tmp_path / "filled.png"), pixels(mask) > 127
    assert after.shape == before.shape
    assert np.array_equal(after[~missing], before[~missing])
    assert not np.array_equal(after[missing], before[missing])


def test_a_mask_has_the_pictures_size_a_hole_and_something_known(say, run, picture, tmp_path):
    def sentence(shades):
        Image.fromarray(shades).save(tmp_path / "bad.png")
        said = say("inpaint", run, picture, "--mask", tmp_path / "bad.png", "--out", tmp_path / "filled.png")
        assert said.status == 2
        return said.sentence

    assert "30 × 30 and the picture 30 × 40" in sentence(np.full((30, 30), 255, np.uint8))
    assert "no hole" in sentence(np.full((40, 30), 127, np.uint8))
    assert "white everywhere" in sentence(np.full((40, 30), 255, np.uint8))
    assert not (tmp_path / "filled.png").exists()


def test_what_would_be_lost_is_not_written_over(say, run, picture, mask, tmp_path):
    filled = tmp_path / "filled.png"
    assert "not a PNG" in say("inpaint", run, picture, "--mask", mask, "--out", tmp_path / "filled.jpg").sentence
    assert "made from" in say("inpaint", run, picture, "--mask", mask, "--out", picture, "--force").sentence
    assert "made from" in say("inpaint", run, picture, "--mask", mask, "--out", mask, "--force").sentence
    filled.write_text("precious")
    assert "--force" in say("inpaint", run, picture, "--mask", mask, "--out", filled).sentence
    assert filled.read_text() == "precious"
    assert say("inpaint", run, picture, "--mask", mask, "--out", filled, "--force").status == 0


def test_a_model_that_fills_nothing_says_who_does(say, trained, picture, mask, tmp_path):
    said = say("inpaint", trained["dcgan"], picture, "--mask", mask, "--out", tmp_path / "filled.png")
    assert said.status == 2 and said.sentence.startswith("DCGAN cannot fill holes. Models that can: ")
    assert "Partial convolution" in said.sentence
