"""A translator of two domains from the command line: there, and back."""

import numpy as np
import pytest
from PIL import Image

from gen_studio.cli import main

DATA = ["--data", "scenes", "--size", "16", "--data-set", "count=40", "--data-set", "domains=night"]
SETTINGS = ["--set", "width=4", "--set", "blocks=1", "--steps", "1", "--precision", "float32", "--device", "cpu"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("translators") / "cyclegan"
    assert main(["train", "cyclegan", *DATA, *SETTINGS, "--run", str(path)]) == 0
    return path


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_the_way_back_is_another_than_the_way_there_and_both_keep_the_size(say, run, picture, tmp_path):
    assert say("translate", run, picture, "--out", tmp_path / "there").status == 0
    assert say("translate", run, picture, "--out", tmp_path / "back", "--back").status == 0
    there, back = (pixels(tmp_path / way / picture.name) for way in ("there", "back"))
    assert there.shape == back.shape == (40, 30, 3)
    assert not np.array_equal(there, back)


def test_a_translator_of_one_way_has_no_way_back(say, trained, picture, tmp_path):
    said = say("translate", trained["pix2pix"], picture, "--out", tmp_path / "out", "--back")
    assert said.status == 2
    assert said.sentence == "pix2pix translates one way only. Leave --back out."


def test_where_there_are_no_pairs_there_is_no_filter(say, run, picture, tmp_path):
    said = say("translate", run, picture, "--out", tmp_path / "out", "--filter")
    assert said.status == 2
    assert "Leave --filter out." in said.sentence
