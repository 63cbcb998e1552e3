"""Pictures keep how they were made, and files that do not say it, or say it wrongly, are refused in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from gen_studio.core import origins
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import (
    Curve,
    Dimension,
    Direction,
    Drawn,
    Given,
    LatentPicture,
    Mixed,
    Move,
    Near,
    Space,
    StyleMix,
)
from gen_studio.core.origins import CHUNK, Origin

PICTURE = LatentPicture(
    point=Mixed(
        points=(Near(point=Drawn(seed=2**63 - 1), seed=3, distance=0.1), Given(values=(1 / 3, -1e-30, 2.5e8))),
        weights=(-0.3, 1.3),
        curve=Curve.SPHERICAL,
    ),
    dimensions=(Dimension(index=2, value=0.1),),
    moves=(
        Move(
            direction=Direction(name="Lächeln 😀", space=Space.STYLE, values=(0.1, 0.7), first_layer=1), strength=-0.2
        ),
    ),
    truncation=0.7,
    truncated_layers=3,
    mixes=(StyleMix(point=Drawn(seed=4), first_layer=0, last_layer=2),),
    classes=(0.2, 0.8),
    noise=5,
)
ORIGIN = Origin(run="2026-01-01 Gesichter", family="dcgan", step=1200, pictures=(PICTURE,), version="0.1.0")


def tiles(count: int = 1) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, 5, 7, 3), np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept.png"


def test_what_decides_a_picture_comes_back_to_the_last_bit(path: Path) -> None:
    origins.write(path, tiles(), ORIGIN)
    assert origins.read(path) == ORIGIN
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), tiles()[0])


def test_a_picture_is_not_decoded_to_see_where_it_comes_from(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    origins.write(path, tiles(), ORIGIN)
    monkeypatch.setattr(PngImageFile, "load", lambda _: pytest.fail("it was decoded"))
    assert origins.read(path) == ORIGIN


def test_several_stand_in_rows_and_all_of_them_are_told(path: Path) -> None:
    several = Origin(run="r", family="vae", step=0, pictures=(PICTURE,) * 6, columns=3)
    origins.write(path, tiles(6), several)
    assert origins.read(path) == several
    with Image.open(path) as image:
        assert image.size == (21, 10)


def with_text(path: Path, text: str) -> Path:
    facts = PngInfo()
    facts.add_text(CHUNK, text)
    Image.new("L", (2, 2)).save(path, pnginfo=facts)
    return path


@pytest.mark.parametrize("name", ["plain.png", "photo.jpg", "none.png", "text.png", "folder.png", "cut.png"])
def test_a_foreign_file_is_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    match name:
        case "plain.png" | "photo.jpg":
            Image.new("RGB", (4, 4)).save(path)
        case "text.png":
            path.write_text("no picture")
        case "folder.png":
            path.mkdir()
        case "cut.png":
            origins.write(path, tiles(), ORIGIN)
            path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(WrongUse, match="does not say how it was made"):
        origins.read(path)


@pytest.mark.parametrize(
    "text",
    [
        "not JSON",
        "{}",
        ORIGIN.model_dump_json().replace('"step":1200', '"step":-1'),
        ORIGIN.model_dump_json().replace('"step":1200', '"step":1200,"more":1'),
        ORIGIN.model_dump_json().replace("0.7", "NaN"),
        ORIGIN.model_dump_json().replace(str(2**63 - 1), str(2**63)),
        '{"run":' + "[" * 100_000,
        '{"run":"r","family":"f","step":0,"pictures":[{"point":'
        + '{"kind":"near","seed":0,"distance":0,"point":' * 5_000
        + "0"
        + "}" * 5_000
        + "}]}",
    ],
    ids=["words", "empty", "number", "unknown", "nan", "seed", "brackets", "nested"],
)
def test_a_changed_origin_is_a_sentence(path: Path, text: str) -> None:
    with pytest.raises(WrongUse, match="does not understand"):
        origins.read(with_text(path, text.encode("ascii", "replace").decode()))


def test_too_much_text_is_not_even_parsed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "LARGEST_TEXT", 100)
    with pytest.raises(WrongUse, match="does not say"):
        origins.read(with_text(path, "x" * 101))
    with pytest.raises(WrongUse, match="too long"):
        origins.write(path, tiles(), ORIGIN)


def test_a_file_that_is_too_large_is_not_even_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    origins.write(path, tiles(), ORIGIN)
    monkeypatch.setattr(origins, "LARGEST_FILE", 50)
    with pytest.raises(WrongUse, match="does not say"):
        origins.read(path)
