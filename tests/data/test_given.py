"""Pictures as people hand them in: every kind of file, and the sentences for those that are none."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.errors import WrongUse
from gen_studio.data import given

RED, BLUE = (220, 30, 40), (20, 40, 200)
CLASSES = (LayoutClass("sky", RED), LayoutClass("sea", BLUE))


def two_colours(size: tuple[int, int] = (12, 8)) -> Image.Image:
    """Red with a blue right half, wider than high."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def is_two_colours(pixels: np.ndarray, tolerance: int = 20) -> bool:
    near = [np.abs(pixels[4, x].astype(int) - colour).max() <= tolerance for x, colour in ((2, RED), (9, BLUE))]
    return pixels.shape == (8, 12, 3) and all(near)


MODES = {
    "a.png": ("RGB", "P", "RGBA"),
    "a.jpg": ("RGB", "CMYK"),
    "a.webp": ("RGB", "RGBA"),
    "a.bmp": ("RGB", "P"),
    "a.tif": ("RGB", "P", "CMYK", "RGBA"),
    "a.gif": ("RGB", "P", "RGBA"),
}


@pytest.mark.parametrize(("name", "mode"), [(name, mode) for name, modes in MODES.items() for mode in modes])
def test_every_kind_of_file_gives_its_picture(tmp_path: Path, name: str, mode: str) -> None:
    image = two_colours().quantize(8) if mode == "P" else two_colours().convert(mode)
    assert is_two_colours(given.picture(saved(tmp_path / name, image)).pixels)


def test_a_photo_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = two_colours().transpose(Image.Transpose.ROTATE_90)
    assert is_two_colours(given.picture(saved(tmp_path / "a.jpg", turned, exif=exif, quality=95)).pixels, 60)


def test_what_had_to_be_done_is_said(tmp_path: Path) -> None:
    deep = Image.fromarray(np.full((4, 4), 65535, np.uint16))
    assert given.picture(saved(tmp_path / "deep.png", deep)).remarks == ("It was brought from 16 to 8 bits.",)
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    seen = given.picture(saved(tmp_path / "clear.png", clear))
    assert seen.remarks == ("Its transparent parts were laid on white.",) and (seen.pixels == 255).all()
    assert given.picture(saved(tmp_path / "plain.png", two_colours())).remarks == ()


def test_of_a_gif_that_moves_the_first_picture_is_taken_and_that_is_said(tmp_path: Path) -> None:
    others = [Image.new("RGB", (12, 8), colour) for colour in ("green", "white")]
    seen = given.picture(saved(tmp_path / "a.gif", two_colours(), save_all=True, append_images=others))
    assert is_two_colours(seen.pixels) and seen.remarks == ("Only the first of its 3 pictures was taken.",)


def huge_png() -> bytes:
    """A header that claims 100 megapixels."""
    file = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"GIF89a and then nothing", "cannot|can be read|damaged|no picture"),
        (b"This is a letter.", "no picture of a kind that can be read"),
        (huge_png(), "more than 89 megapixels"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(WrongUse, match=words):
        given.picture(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="is a folder"):
        given.picture(tmp_path)
    with pytest.raises(WrongUse, match="no file"):
        given.picture(tmp_path / "none.png")


def test_a_mask_is_true_where_it_is_white(tmp_path: Path) -> None:
    holes = np.zeros((8, 12), np.uint8)
    holes[2:5, 3:7] = 255
    path = saved(tmp_path / "mask.png", Image.fromarray(holes))
    np.testing.assert_array_equal(given.mask(path, 8, 12), holes > 0)


def test_a_mask_of_another_size_is_refused_with_both_sizes(tmp_path: Path) -> None:
    path = saved(tmp_path / "mask.png", Image.new("L", (10, 8)))
    with pytest.raises(WrongUse, match=r"mask\.png is 10 × 8 and the picture 12 × 8"):
        given.mask(path, 8, 12)


def test_a_layout_is_read_by_its_colours(tmp_path: Path) -> None:
    path = saved(tmp_path / "layout.png", two_colours())
    expected = np.repeat([[0] * 6 + [1] * 6], 8, axis=0)
    np.testing.assert_array_equal(given.layout(path, CLASSES, 8, 12), expected)
    with pytest.raises(WrongUse, match="as large as the picture"):
        given.layout(path, CLASSES, 8, 8)
    with pytest.raises(WrongUse, match="colour #008000"):
        given.layout(saved(tmp_path / "other.png", Image.new("RGB", (12, 8), "green")), CLASSES, 8, 12)
