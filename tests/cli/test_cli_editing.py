"""Directions, edits and projections from the command line, and a sentence for whatever cannot be used."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from gen_studio.cli import main
from gen_studio.core import origins
from gen_studio.inference import direction_files, piles

SMALL = ["--size", "16", "--precision", "float32", "--device", "cpu", "--steps", "2"]
TOY_FACES = ["--data", "toy_faces", "--data-set", "count=60"]
VAE = ["--set", "hidden=16", "--set", "latents=4", "--set", "batch_size=8"]


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    """A run on pictures of which attributes are known."""
    path = tmp_path_factory.mktemp("faces") / "faces"
    assert (
        main(["train", "vae", "--data", "toy_faces", "--data-set", "count=60", *SMALL, *VAE, "--run", str(path)]) == 0
    )
    return path


@pytest.fixture
def smile(say, faces, tmp_path):
    path = tmp_path / "smile.direction"
    assert say("direction", faces, "--positive", "smile=yes", "--out", path).status == 0
    return path


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "dark pictures"
    path.mkdir()
    rng = np.random.default_rng(0)
    for number in range(3):
        Image.fromarray(rng.integers(0, 100, (20, 24, 3), np.uint8)).save(path / f"{number}.png")
    return path


def seeds(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    return path


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image).astype(int)


# direction


def test_a_direction_from_an_attribute_is_written_with_its_quality(say, faces, tmp_path):
    out = tmp_path / "smile.direction"
    said = say("direction", faces, "--positive", "smile=yes", "--out", out, "--json")
    document = json.loads(said.out)
    saved = direction_files.load(out)
    assert saved.direction.name == document["name"] == "smile"
    assert len(saved.direction.values) == document["numbers"] == 4
    assert document["source"] == saved.direction.source == "smile=smiling against smile=neutral"
    assert saved.quality is not None and document["quality"]["accuracy"] == saved.quality.accuracy
    assert document["quality"]["positive"] + document["quality"]["negative"] > 30
    assert set(document["along"]) >= {"smiling", "with glasses", "hair bob", "skin"}
    assert saved.origin == direction_files.Origin("vae", "faces", 2)


def test_its_quality_and_what_goes_along_are_said(say, faces, tmp_path):
    said = say("direction", faces, "--positive", "smile=yes", "--out", tmp_path / "a.direction")
    assert "where 50 % is chance" in said.out
    assert "correlation in the data" in said.out


def test_folders_and_seeds_are_piles_too(say, faces, folder, tmp_path):
    more, less = seeds(tmp_path, "more.txt", "1\n2, 3\n"), seeds(tmp_path, "less.txt", "4 5")
    out = tmp_path / "a.direction"
    said = say("direction", faces, "--positive", more, "--negative", less, "--out", out, "--json", "--name", "brighter")
    assert (said.status, json.loads(said.out)["source"]) == (0, "3 samples against 2 samples")
    assert direction_files.load(out).direction.name == "brighter"
    said = say("direction", faces, "--positive", folder, "--negative", less, "--out", out, "--force", "--json")
    assert (said.status, json.loads(said.out)["source"]) == (0, "3 pictures against 2 samples")


def test_a_damaged_picture_is_left_out_and_named(say, faces, folder, tmp_path):
    (folder / "3.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    less = seeds(tmp_path, "less.txt", "4 5")
    said = say("direction", faces, "--positive", folder, "--negative", less, "--out", tmp_path / "a.direction")
    assert said.status == 0
    assert "Left out: " in said.err and "3.png" in said.err


def test_a_direction_can_leave_others_alone_and_be_compared_with_them(say, faces, smile, tmp_path):
    words = ["--positive", "glasses", "--orthogonal-to", smile, "--compare", smile, "--method", "separator"]
    said = say("direction", faces, *words, "--out", tmp_path / "glasses.direction", "--json")
    assert abs(json.loads(said.out)["cosines"]["smile"]) < 1e-6
    said = say("direction", faces, "--positive", "smile", "--orthogonal-to", smile, "--out", tmp_path / "a.direction")
    assert said.status == 2
    assert 'Nothing is left of "a" without "smile"' in said.sentence


def test_a_model_without_encoder_learns_from_judged_samples(say, trained, tmp_path):
    said = say("direction", trained["dcgan"], "--positive", "class=3", "--out", tmp_path / "a.direction", "--json")
    document = json.loads(said.out)
    assert said.status == 0
    assert document["source"] == "class=3 against class=not 3, in samples"
    assert document["quality"]["positive"] == document["quality"]["negative"] == round(piles.SHARE * piles.SAMPLES)
    assert set(document["along"]) == {f"class {digit}" for digit in range(10)}


@pytest.mark.parametrize(
    ("positive", "negative", "sentence"),
    [
        ("smiel=yes", None, 'Did you mean "smile"?'),
        ("hair=purple", None, '"hair" cannot be "purple"'),
        ("nowhere/pictures", None, "There is no folder or file nowhere/pictures"),
        ("smile.txt", None, "There is no folder or file smile.txt"),
        ("smile=yes", "{seeds}", "Name both in the same way"),
        ("{seeds}", None, "Name the other pile with --negative"),
        ("{seeds}", "{words}", "no list of seeds"),
        ("{seeds}", "{nothing}", "has no seeds"),
        ("{seeds}", "{minus}", "has no seeds, or some out of range"),
        ("{seeds}", "{empty}", "There are no pictures in"),
        ("{seeds}", "{seeds}", "do not differ"),
    ],
)
def test_piles_that_cannot_be_used_are_sentences(say, faces, tmp_path, positive, negative, sentence):
    (tmp_path / "empty").mkdir()
    places = {
        "seeds": seeds(tmp_path, "seeds.txt", "1 2"),
        "words": seeds(tmp_path, "words.txt", "one two"),
        "nothing": seeds(tmp_path, "nothing.txt", "\n"),
        "minus": seeds(tmp_path, "minus.txt", "-1"),
        "empty": tmp_path / "empty",
    }
    words = ["--positive", positive.format(**places)]
    words += ["--negative", negative.format(**places)] if negative else []
    said = say("direction", faces, *words, "--out", tmp_path / "a.direction")
    assert said.status == 2
    assert sentence in said.sentence
    assert not (tmp_path / "a.direction").exists()


def test_a_direction_is_not_written_over_unasked_nor_under_another_ending(say, faces, smile):
    before = smile.read_bytes()
    assert "--force" in say("direction", faces, "--positive", "hat", "--out", smile).sentence
    assert smile.read_bytes() == before
    assert ".direction" in say("direction", faces, "--positive", "hat", "--out", smile.with_suffix(".png")).sentence
    said = say("direction", faces, "--positive", "hat", "--method", "guess", "--out", smile, "--force")
    assert "difference, separator" in said.sentence


def test_a_family_without_latents_is_told_which_have_some(say, trained, tmp_path):
    said = say("direction", trained["pix2pix"], "--positive", "class=1", "--out", tmp_path / "a.direction")
    assert said.status == 2
    assert said.sentence.startswith("pix2pix cannot learn directions among latents. Models that can: ")


# edit


def test_a_sample_is_moved_and_strength_0_leaves_it(say, faces, smile, tmp_path):
    paths = [tmp_path / f"{name}.png" for name in ("at 0", "at 2", "sample")]
    say("edit", faces, "--seed", 5, "--direction", smile, "--strength", 0, "--out", paths[0])
    say("edit", faces, "--seed", 5, "--direction", f"{smile}=2", "--out", paths[1])
    say("sample", faces, "--seed", 5, "--count", 1, "--out", paths[2])
    still, moved, sample = (pixels(path) for path in paths)
    assert np.abs(still - sample).max() <= 1
    assert np.abs(moved - still).max() > 1


def test_a_strip_is_seven_strengths_side_by_side(say, faces, smile, tmp_path):
    out = tmp_path / "strip.png"
    said = say("edit", faces, "--seed", 5, "--direction", smile, "--strip", "--out", out, "--json")
    assert json.loads(said.out)["strengths"] == [-3, -2, -1, 0, 1, 2, 3]
    strip = pixels(out)
    assert strip.shape[:2] == (16, 7 * 16)
    say("edit", faces, "--seed", 5, "--direction", f"{smile}=-3", "--out", tmp_path / "one.png")
    assert np.abs(strip[:, :16] - pixels(tmp_path / "one.png")).max() <= 1
    assert [p.moves[0].strength for p in origins.read(out).pictures] == [-3, -2, -1, 0, 1, 2, 3]


def test_several_directions_at_once_add_up(say, faces, smile, tmp_path):
    out = tmp_path / "both.png"
    words = ["--direction", smile, "--direction", f"{smile}=-0.5", "--strength", 1.5]
    said = say("edit", faces, "--seed", 5, *words, "--out", out, "--json")
    assert [one["strength"] for one in json.loads(said.out)["directions"]] == [1.5, -0.5]
    say("edit", faces, "--seed", 5, "--direction", f"{smile}=1", "--out", tmp_path / "one.png")
    assert np.abs(pixels(out) - pixels(tmp_path / "one.png")).max() <= 1


def test_a_photograph_is_edited_and_its_distance_at_strength_0_is_said(say, faces, smile, picture, tmp_path):
    out = tmp_path / "edited.png"
    words = ["edit", faces, picture, "--direction", smile, "--iterations", 3]
    said = say(*words, "--out", out)
    assert said.status == 0
    assert "encoded, then optimised" in said.out and "grey levels away from the original" in said.out
    said = say(*words, "--out", out, "--force", "--json")
    document = json.loads(said.out)
    assert document["pixel_error"] > 0 and document["features"]
    assert document["seed"] is None


def test_a_picture_that_the_run_made_is_edited_from_its_exact_place(say, faces, smile, tmp_path):
    first, second = tmp_path / "first.png", tmp_path / "second.png"
    say("edit", faces, "--seed", 5, "--direction", f"{smile}=2", "--out", first)
    said = say("edit", faces, first, "--direction", f"{smile}=-2", "--out", second)
    assert "its exact place" in said.err
    assert [move.strength for move in origins.read(second).pictures[0].moves] == [2, -2]


def test_a_direction_of_another_run_is_used_with_a_warning_or_refused(say, trained, faces, smile, tmp_path):
    out, other = tmp_path / "out.png", tmp_path / "copied run"
    shutil.copytree(faces, other)
    said = say("edit", other, "--direction", smile, "--out", out)
    assert said.status == 0
    assert "latents of two runs mean different things" in said.err
    said = say("edit", trained["dcgan"], "--direction", smile, "--out", tmp_path / "b.png")
    assert said.status == 2
    assert "has 4 numbers, and this model needs 8" in said.sentence
    assert not (tmp_path / "b.png").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "No direction is named"),
        (["--direction", "none.direction"], "There is no direction none.direction"),
        (["--direction", "none.direction=2"], "There is no direction none.direction"),
        (["--direction", "none.direction=much"], '"much" is no strength'),
        (["--direction", "{smile}=nan"], "leads nowhere"),
        (["--direction", "{smile}=1000"], "leads nowhere"),
        (["--direction", "{text}"], "is not a direction, or it is damaged"),
        (["no such picture.png", "--direction", "{smile}"], "There is no file no such picture.png"),
        (["{text}", "--direction", "{smile}"], "is no picture"),
        (["--direction", "{smile}", "--class", "7"], "not told classes"),
    ],
)
def test_edits_that_cannot_be_made_are_sentences(say, faces, smile, tmp_path, words, sentence):
    places = {"smile": smile, "text": seeds(tmp_path, "text.txt", "some words that are long enough")}
    out = tmp_path / "out.png"
    said = say("edit", faces, *[word.format(**places) for word in words], "--out", out)
    assert said.status == 2
    assert sentence in said.sentence
    assert not out.exists()


# project


@pytest.mark.parametrize(("family", "way"), [("vae", "encoded, then optimised"), ("dcgan", "optimised")])
def test_a_picture_is_found_and_can_be_had_again_from_the_file(say, trained, picture, tmp_path, family, way):
    out, again = tmp_path / "found.png", tmp_path / "again.png"
    words = [picture, "--iterations", 2, "--starts", 2]
    said = say("project", trained[family], *words, "--out", out, "--json")
    document = json.loads(said.out)
    assert document["way"] == way
    assert document["features"] == "the picture in several sizes"
    assert len(origins.read(out).pictures[0].point.values) == (4 if family == "vae" else 8)
    say("project", trained[family], *words, "--out", again)
    assert out.read_bytes() == again.read_bytes()


def test_without_iterations_the_encoders_answer_stands(say, trained, picture, tmp_path):
    said = say("project", trained["vae"], picture, "--iterations", 0, "--out", tmp_path / "found.png", "--json")
    assert json.loads(said.out)["way"] == "encoded"


def test_projections_that_cannot_be_are_sentences(say, trained, picture, tmp_path):
    out = tmp_path / "found.png"
    assert "There is no file" in say("project", trained["vae"], tmp_path / "none.png", "--out", out).sentence
    assert "is not a PNG" in say("project", trained["vae"], picture, "--out", tmp_path / "a.jpg").sentence
    assert "made from" in say("project", trained["vae"], picture, "--out", picture, "--force").sentence
    said = say("project", trained["pix2pix"], picture, "--out", out)
    assert said.status == 2
    assert said.sentence.startswith("pix2pix cannot find the latent of a picture. Models that can: ")
