import json
import shutil

import numpy as np
import pytest
from PIL import Image

from gen_studio.core import sheets


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_the_same_seed_gives_the_same_sheet_and_more_do_not_change_the_first(say, trained, tmp_path):
    few, again, many, other = (tmp_path / f"{name}.png" for name in ("few", "again", "many", "other"))
    assert say("sample", trained["dcgan"], "--count", 5, "--seed", 3, "--out", few).out.strip() == str(few)
    say("sample", trained["dcgan"], "--count", 5, "--seed", 3, "--out", again)
    say("sample", trained["dcgan"], "--count", 40, "--seed", 3, "--out", many)
    say("sample", trained["dcgan"], "--count", 5, "--seed", 4, "--out", other)
    pictures, _ = sheets.read(few)
    assert pictures.shape == (5, 16, 16, 1)
    assert few.read_bytes() == again.read_bytes() != other.read_bytes()
    assert np.array_equal(sheets.read(many)[0][:5], pictures)


def test_what_a_model_cannot_do_is_said_with_those_that_can(say, trained, picture, tmp_path):
    said = say("translate", trained["dcgan"], picture, "--out", tmp_path / "out")
    assert said.status == 2
    assert said.sentence.startswith("DCGAN cannot translate. Models that can: ")
    assert "pix2pix" in said.sentence
    assert "VAE" in say("reconstruct", trained["pix2pix"], picture, "--out", tmp_path / "out").sentence
    assert "DCGAN" in say("sample", trained["pix2pix"], "--out", tmp_path / "out.png").sentence
    assert list(tmp_path.glob("out*")) == []


def test_a_translation_has_the_size_and_the_name_of_its_input(say, trained, picture, tmp_path):
    said = say("translate", trained["pix2pix"], picture, "--out", tmp_path / "out" / "deep", "--json")
    (entry,) = json.loads(said.out)["written"]
    assert entry["output"] == str(tmp_path / "out" / "deep" / "a photograph.png")
    assert pixels(entry["output"]).shape[:2] == (40, 30)
    assert "30 × 40 and keeps that size" in said.err


def test_a_picture_that_fits_is_not_said_to_be_resized(say, trained, tmp_path):
    Image.new("L", (16, 16), 90).save(tmp_path / "fits.png")
    said = say("reconstruct", trained["vae"], tmp_path / "fits.png", "--out", tmp_path / "out")
    assert said.status == 0 and "brought to" not in said.err


def test_a_filter_makes_the_question_from_a_photograph(say, trained, picture, tmp_path):
    say("translate", trained["pix2pix"], picture, "--out", tmp_path / "plain")
    say("translate", trained["pix2pix"], picture, "--out", tmp_path / "filtered", "--filter")
    plain, filtered = (tmp_path / name / "a photograph.png" for name in ("plain", "filtered"))
    assert not np.array_equal(pixels(plain), pixels(filtered))


def test_an_answer_does_not_depend_on_the_other_inputs(say, trained, picture, tmp_path):
    Image.new("L", (16, 16), 200).save(tmp_path / "first.png")
    say("translate", trained["pix2pix"], picture, "--out", tmp_path / "alone")
    say("translate", trained["pix2pix"], tmp_path / "first.png", picture, "--out", tmp_path / "together")
    alone, together = (tmp_path / name / "a photograph.png" for name in ("alone", "together"))
    assert alone.read_bytes() == together.read_bytes()


def test_unreadable_inputs_are_named_and_the_others_done(say, trained, picture, tmp_path):
    (tmp_path / "broken.png").write_text("no picture")
    words = [tmp_path / "missing.png", tmp_path / "broken.png", tmp_path, picture]
    said = say("reconstruct", trained["vae"], *words, "--out", tmp_path / "out")
    assert said.status == 1
    assert said.out.strip() == str(tmp_path / "out" / "a photograph.png")
    named = [line for line in said.err.splitlines() if line.startswith("Error: ")]
    assert len(named) == 3
    assert all(str(word) in line for word, line in zip(words, named, strict=False))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a photograph.png"]


def test_nothing_is_written_over_without_force(say, trained, picture, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "a photograph.png").write_text("precious")
    said = say("reconstruct", trained["vae"], picture, "--out", out)
    assert said.status == 2 and "--force" in said.sentence
    assert (out / "a photograph.png").read_text() == "precious"
    assert say("reconstruct", trained["vae"], picture, "--out", out, "--force").status == 0
    assert pixels(out / "a photograph.png").shape[:2] == (16, 16)


def test_an_input_is_never_written_over(say, trained, picture):
    before = picture.read_bytes()
    said = say("reconstruct", trained["vae"], picture, "--out", picture.parent, "--force")
    assert said.status == 2 and picture.read_bytes() == before


def test_two_inputs_of_one_name_are_refused(say, trained, picture, tmp_path):
    (tmp_path / "other").mkdir()
    shutil.copy(picture, tmp_path / "other" / picture.name)
    said = say("reconstruct", trained["vae"], picture, tmp_path / "other" / picture.name, "--out", tmp_path / "out")
    assert said.status == 2 and "both" in said.sentence


@pytest.mark.parametrize("out", ["sheet.jpg", "sheet", "folder.png"])
def test_a_sheet_is_a_png_file(say, trained, tmp_path, out):
    (tmp_path / "folder.png").mkdir()
    said = say("sample", trained["vae"], "--out", tmp_path / out)
    assert said.status == 2 and ".png" in said.sentence


@pytest.mark.parametrize(
    "words", [["--count", "0"], ["--count", "many"], ["--seed", "-1"], ["--device", "tpu"], ["--step", "99"]]
)
def test_a_wrong_number_is_refused(say, trained, tmp_path, words):
    said = say("sample", trained["vae"], "--out", tmp_path / "sheet.png", *words)
    assert said.status == 2 and said.sentence
    assert not (tmp_path / "sheet.png").exists()


def test_what_is_no_run_is_a_sentence(say, tmp_path):
    assert say("sample", tmp_path).status == 2
    assert "plan.json" in say("sample", tmp_path).sentence


def test_damaged_weights_are_a_sentence(say, trained, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(trained["vae"], run)
    (run / "checkpoints" / "step-000000003" / "shown.safetensors").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    said = say("sample", run, "--out", tmp_path / "sheet.png")
    assert said.status == 1 and "damaged" in said.sentence
