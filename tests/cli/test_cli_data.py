"""What `data` says of sources: their attributes, the palettes of their layouts, their domains."""

import json
from pathlib import Path

from PIL import Image


def test_data_shows_attributes_palettes_and_domains(say):
    sources = {entry["key"]: entry for entry in json.loads(say("data", "--json").out)}
    scenes, faces = sources["scenes"], sources["toy_faces"]
    assert scenes["layout"][0] == {"number": 0, "name": "sky", "colour": "#8CC8F0"}
    assert scenes["offers"] == ["labels", "attributes", "layouts"] and scenes["on_request"] == ["pairs", "domains"]
    assert scenes["domains"] == ["day", "night"] and scenes["counterparts"] == ["layout", "day", "summer"]
    smile = faces["attributes"][0]
    assert (smile["name"], smile["kind"], smile["values"]) == ("smile", "binary", ["neutral", "smiling"])
    assert sources["digits"]["attributes"] == [] and sources["domains"]["offers"] == ["domains"]


def test_data_of_one_source_shows_its_own(say):
    shown = json.loads(say("data", "toy_faces", "--data-set", "domains=hat", "--json").out)
    assert shown["pictures"] == 5000 and shown["domains"] == ["without a hat", "with a hat"]
    words = say("data", "scenes").out
    assert "summer" in words and "#8CC8F0" in words and "0 to 3, 4 values" in words


def test_the_palette_of_ones_own_layouts_is_shown(say, tmp_path: Path):
    for name, colour in (("images", (9, 9, 9)), ("layouts", (200, 0, 0))):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(3):
            image = Image.new("RGB", (8, 8), colour)
            image.putpixel((0, 0), (0, 0, 200))
            image.save(tmp_path / "set" / name / f"{number}.png")
    (tmp_path / "set" / "images" / "alone.png").write_bytes((tmp_path / "set" / "images" / "0.png").read_bytes())
    shown = json.loads(say("data", f"layouts:{tmp_path / 'set'}", "--json").out)
    assert [one["colour"] for one in shown["layout"]] == ["#0000C8", "#C80000"] and shown["pictures"] == 3
    assert shown["skipped"] == [{"path": "images/alone.png", "reason": "has no layout of the same name"}]
    assert "1 file left out" in say("data", f"layouts:{tmp_path / 'set'}").out


def test_a_source_that_is_not_there_is_a_sentence(say):
    said = say("data", "scene")
    assert said.status == 2 and 'Did you mean "scenes"?' in said.sentence
