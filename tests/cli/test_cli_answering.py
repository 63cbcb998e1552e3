"""Pictures of any size from the command line: translated in their own size, and enlarged."""

import json

import pytest
from PIL import Image

from gen_studio.cli import main


@pytest.fixture(scope="module")
def upscaler(tmp_path_factory):
    folder = tmp_path_factory.mktemp("upscaler") / "srgan"
    words = ["--data", "digits", "--size", "16", "--limit", "40", "--precision", "float32", "--device", "cpu"]
    settings = ["--set", "width=4", "--set", "blocks=1", "--set", "batch_size=4"]
    assert main(["train", "srgan", *words, *settings, "--steps", "2", "--run", str(folder)]) == 0
    return folder


def size(path):
    with Image.open(path) as image:
        return image.size


def test_pictures_become_four_times_as_large(say, upscaler, picture, tmp_path):
    said = say("upscale", upscaler, picture, "--out", tmp_path / "out", "--json")
    assert said.status == 0
    (entry,) = json.loads(said.out)["written"]
    with Image.open(picture) as image:
        width, height = image.size
    assert size(entry["output"]) == (4 * width, 4 * height)


def test_an_enlargement_is_the_same_again_and_beside_others(say, upscaler, picture, tmp_path):
    Image.new("L", (9, 5), 200).save(tmp_path / "first.png")
    say("upscale", upscaler, picture, "--out", tmp_path / "alone")
    say("upscale", upscaler, tmp_path / "first.png", picture, "--out", tmp_path / "together")
    alone, together = (tmp_path / name / f"{picture.stem}.png" for name in ("alone", "together"))
    assert alone.read_bytes() == together.read_bytes()
    assert size(tmp_path / "together" / "first.png") == (36, 20)


def test_who_cannot_enlarge_is_told_who_can(say, trained, picture, tmp_path):
    said = say("upscale", trained["pix2pix"], picture, "--out", tmp_path / "out")
    assert said.status == 2
    assert said.sentence.startswith("pix2pix cannot make pictures larger. Models that can: ")
    assert "SRGAN" in said.sentence


def test_an_upscaler_is_judged_beside_bicubic(say, upscaler):
    said = say("evaluate", upscaler, "--metrics", "psnr,ssim,l1", "--limit", "4", "--json")
    figures = {one["key"]: one for one in json.loads(said.out)["figures"]}
    assert {"psnr", "psnr_baseline", "ssim", "ssim_baseline", "l1"} <= set(figures)
    assert figures["psnr_baseline"]["settings"]["baseline"] == "bicubic"


def test_a_translation_keeps_its_size_unless_told_otherwise(say, trained, picture, tmp_path):
    say("translate", trained["pix2pix"], picture, "--out", tmp_path / "whole")
    said = say("translate", trained["pix2pix"], picture, "--out", tmp_path / "small", "--model-size")
    assert size(tmp_path / "whole" / f"{picture.stem}.png") == (30, 40)
    assert size(tmp_path / "small" / f"{picture.stem}.png") == (16, 16)
    assert "was brought to the model's 16 × 16" in said.err
