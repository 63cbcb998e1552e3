"""One file per direction: it comes back as it was, and whatever else is handed in becomes a sentence."""

import json

import numpy as np
import pytest
from safetensors import numpy as safetensors

from gen_studio.core.directions import Quality
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Direction, Space
from gen_studio.inference.direction_files import HEADER, VALUES, Origin, Saved, load, save

SMILE = Saved(
    Direction(
        name="smile", space=Space.STYLE, values=(0.1, -2.5, 1e-30), source="smile=yes", first_layer=1, last_layer=4
    ),
    Quality(accuracy=0.9, area=0.95, folds=5, positive=10, negative=12),
    Origin(family="stylegan2", run="faces", step=1200),
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "smile.direction"
    save(path, SMILE)
    return path


def sentence(path):
    with pytest.raises(WrongUse) as error:
        load(path)
    return str(error.value)


def rewritten(path, values=(1.0,), **changes):
    """A file in which some of the JSON is different; None leaves an entry out."""
    card = {"name": "smile", "space": "latent", "format_version": 1, **changes}
    card = {key: value for key, value in card.items() if value is not None}
    path.write_bytes(safetensors.save({VALUES: np.array(values)}, {HEADER: json.dumps(card)}))
    return path


def test_a_direction_comes_back_bit_for_bit(file):
    assert load(file) == SMILE


def test_a_direction_without_quality_or_origin_comes_back_too(tmp_path):
    plain = Saved(Direction(name="x", values=(1.0, 2.0)))
    save(tmp_path / "x.direction", plain)
    assert load(tmp_path / "x.direction") == plain


def test_every_place_at_which_a_file_may_be_cut_is_a_sentence(file):
    content = file.read_bytes()
    for length in range(0, len(content), 7):
        file.write_bytes(content[:length])
        assert "is not a direction, or it is damaged" in sentence(file)


@pytest.mark.parametrize(
    "content",
    [
        b"not a direction at all, only some words that are long enough",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"\x02" + bytes(7) + b"{}",
        b"\x02" + bytes(7) + b"[]",
        safetensors.save({VALUES: np.ones(3)}),
        safetensors.save({VALUES: np.ones(3)}, {HEADER: "["}),
        safetensors.save({VALUES: np.ones(3)}, {HEADER: "[1]"}),
        safetensors.save({VALUES: np.ones(3)}, {HEADER: "[" * 100_000}),
    ],
)
def test_a_foreign_file_is_a_sentence(tmp_path, content):
    path = tmp_path / "foreign.direction"
    path.write_bytes(content)
    assert "is not a direction, or it is damaged" in sentence(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"name": 7},
        {"space": "elsewhere"},
        {"first_layer": -1},
        {"format_version": None},
        {"unknown": 1},
        {"quality": {"accuracy": "good"}},
        {"values": (1.0, float("nan"))},
        {"values": (float("inf"),)},
        {"values": ()},
        {"values": ((1.0, 2.0), (3.0, 4.0))},
        {"values": (1, 2)},
    ],
)
def test_a_file_whose_content_is_wrong_is_a_sentence(tmp_path, changes):
    assert "is not a direction, or it is damaged" in sentence(rewritten(tmp_path / "wrong.direction", **changes))


def test_a_right_file_of_that_make_is_read(tmp_path):
    assert load(rewritten(tmp_path / "right.direction", values=(1.0, 2.0))).direction.values == (1.0, 2.0)


def test_a_newer_format_asks_for_an_update(tmp_path):
    assert "newer version" in sentence(rewritten(tmp_path / "new.direction", format_version=2, unknown=1))


def test_a_missing_file_and_a_folder_are_sentences(tmp_path):
    assert "There is no direction" in sentence(tmp_path / "none.direction")
    assert "is a folder" in sentence(tmp_path)
