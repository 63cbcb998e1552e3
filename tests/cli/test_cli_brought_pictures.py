"""Files of all kinds handed to the commands that answer pictures."""

import numpy as np
import pytest
from PIL import Image

from gen_studio.cli import main
from gen_studio.testing import brought

DATA = ["--size", "16", "--precision", "float32", "--device", "cpu", "--steps", "1", "--set", "batch_size=4"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("brought")
    digits = ["--data", "digits", "--limit", "40", "--channels", "colour", "--set", "width=4", *DATA]
    assert main(["train", "partial_conv", *digits, "--run", str(folder / "inpaint")]) == 0
    assert main(["train", "srgan", *digits, "--set", "blocks=1", "--run", str(folder / "upscale")]) == 0
    return folder


@pytest.fixture
def mask(tmp_path):
    holes = np.zeros((brought.HEIGHT, brought.WIDTH), np.uint8)
    holes[4:8, 4:8] = 255
    Image.fromarray(holes).save(tmp_path / "holes.png")
    return tmp_path / "holes.png"


@pytest.mark.parametrize("name", brought.GOOD)
def test_every_kind_of_picture_is_inpainted_and_enlarged(say, runs, mask, tmp_path, name) -> None:
    brought.GOOD[name](tmp_path / name)
    filled = say("inpaint", runs / "inpaint", tmp_path / name, "--mask", mask, "--out", tmp_path / "filled.png")
    large = say("upscale", runs / "upscale", tmp_path / name, "--out", tmp_path / "large")
    for said in (filled, large):
        assert said.status == 0, said.err
        assert brought.REMARKS.get(name, "") in said.err
    with Image.open(tmp_path / "large" / f"{name.split('.')[0]}.png") as image:
        assert image.size == (4 * brought.WIDTH, 4 * brought.HEIGHT)
    with Image.open(tmp_path / "filled.png") as image:
        shown = np.asarray(image)
    if name != "deep.png":
        known = np.ones(shown.shape[:2], bool)
        known[4:8, 4:8] = False
        wanted = np.where(known[..., None], shown, brought.pixels())
        assert brought.is_it(wanted)


@pytest.mark.parametrize("name", brought.BAD)
def test_what_is_no_picture_is_refused_in_a_sentence(say, runs, mask, tmp_path, name) -> None:
    make, words = brought.BAD[name]
    make(tmp_path / name)
    filled = tmp_path / "filled.png"
    as_picture = say("inpaint", runs / "inpaint", tmp_path / name, "--mask", mask, "--out", filled)
    Image.fromarray(brought.pixels()).save(tmp_path / "good.png")
    as_mask = say("inpaint", runs / "inpaint", tmp_path / "good.png", "--mask", tmp_path / name, "--out", filled)
    for said in (as_picture, as_mask):
        assert said.status == 2 and words in said.sentence and name in said.sentence
    assert not filled.exists()
    large = say("upscale", runs / "upscale", tmp_path / name, "--out", tmp_path / "large")
    assert large.status == 1 and words in large.err and name in large.err
