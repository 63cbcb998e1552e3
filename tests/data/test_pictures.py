"""Single picture files of every kind."""

import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Channels, Fit
from gen_studio.data.pictures import decoded, open_picture
from gen_studio.data.source import Remark

RED, GREEN = (220, 30, 40), (20, 200, 60)


def saved(image: Image.Image, format_: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def opened(tmp_path: Path, content: bytes, size: int = 16, **options: object) -> np.ndarray:
    path = tmp_path / "picture"
    path.write_bytes(content)
    return open_picture(path, size, **options)


def red_above_green(size: tuple[int, int] = (32, 32)) -> Image.Image:
    image = Image.new("RGB", size, RED)
    image.paste(GREEN, (0, size[1] // 2, *size))
    return image


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "BMP", "TIFF"])
def test_every_format_gives_the_same_picture(tmp_path: Path, format_: str) -> None:
    picture = opened(tmp_path, saved(red_above_green(), format_))
    assert picture.shape == (3, 16, 16)
    assert np.abs(picture[:, 3, 8].astype(int) - RED).max() < 12
    assert np.abs(picture[:, 12, 8].astype(int) - GREEN).max() < 12


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK", "YCbCr"])
def test_every_mode_gives_its_colours(tmp_path: Path, mode: str) -> None:
    picture = opened(tmp_path, saved(red_above_green().convert(mode), "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"))
    assert np.abs(picture[:, 3, 8].astype(int) - RED).max() < 12


def test_cmyk_jpegs_are_not_inverted(tmp_path: Path) -> None:
    picture = opened(tmp_path, saved(red_above_green().convert("CMYK"), "JPEG"))
    assert np.abs(picture[:, 3, 8].astype(int) - RED).max() < 20


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_files_are_grey_pictures(tmp_path: Path, mode: str) -> None:
    assert opened(tmp_path, saved(red_above_green().convert(mode), "PNG")).shape == (1, 16, 16)


def test_coloured_files_without_a_colour_are_grey_pictures(tmp_path: Path) -> None:
    assert opened(tmp_path, saved(red_above_green().convert("L").convert("RGB"), "JPEG")).shape == (1, 16, 16)


def test_channels_can_be_asked_for(tmp_path: Path) -> None:
    content = saved(red_above_green(), "PNG")
    assert opened(tmp_path, content, channels=Channels.GREY).shape == (1, 16, 16)
    grey = saved(red_above_green().convert("L"), "PNG")
    assert opened(tmp_path, grey, channels=Channels.COLOUR).shape == (3, 16, 16)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_laid_on_white_and_remarked(mode: str) -> None:
    image = Image.new("RGBA", (8, 8), (10, 10, 10, 0)).convert(mode)
    options = {"transparency": image.getpixel((0, 0))} if mode == "P" else {}
    upright = decoded(saved(image, "PNG", **options), 8)
    assert upright.image.getpixel((4, 4)) == (255, 255, 255)
    assert upright.remarks[Remark.ON_WHITE] == 1


def test_an_opaque_alpha_is_not_worth_a_remark() -> None:
    assert not decoded(saved(red_above_green().convert("RGBA"), "PNG"), 8).remarks


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_16_bits_are_brought_to_8_over_the_whole_range(format_: str) -> None:
    values = np.array([[0, 257 * 100, 65535, 257 * 200]], dtype=np.uint16)
    upright = decoded(saved(Image.fromarray(values), format_), 1)
    assert np.asarray(upright.image).tolist() == [[0, 100, 255, 200]]
    assert upright.remarks[Remark.REDUCED] == 1


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (0, 1)), (8, (1, 0))])
def test_rotated_files_are_turned_upright(
    tmp_path: Path, format_: str, orientation: int, corner: tuple[int, int]
) -> None:
    """The top left corner of what is stored is red; the tag says where it belongs."""
    image = Image.new("RGB", (32, 32), GREEN)
    image.paste(RED, (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = opened(tmp_path, saved(image, format_, exif=exif))
    centre = [4 + 8 * place for place in corner]
    assert np.abs(picture[:, centre[0], centre[1]].astype(int) - RED).max() < 25


def test_damaged_exif_data_does_not_cost_the_picture(tmp_path: Path) -> None:
    content = saved(red_above_green(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x09\x01\x12\0\x03\0\0\xff\xff\xff")
    assert np.abs(opened(tmp_path, content)[:, 3, 8].astype(int) - RED).max() < 12


def test_a_large_jpeg_is_decoded_small_and_still_right(tmp_path: Path) -> None:
    content = saved(red_above_green((2000, 1600)), "JPEG")
    assert min(decoded(content, 16).image.size) <= 200
    picture = opened(tmp_path, content)
    assert np.abs(picture[:, 3, 8].astype(int) - RED).max() < 12


def test_the_three_fits(tmp_path: Path) -> None:
    image = Image.new("RGB", (48, 16), RED)
    image.paste(GREEN, (16, 0, 32, 16))
    content = saved(image, "PNG")
    crop, pad, stretch = (opened(tmp_path, content, fit=fit) for fit in (Fit.CROP, Fit.PAD, Fit.STRETCH))
    assert (crop.transpose(1, 2, 0) == GREEN).all()
    assert (pad[:, 0] == 255).all() and (pad[:, -1] == 255).all() and (pad[:, 8, 0] == RED).all()
    assert (stretch[:, 0, 0] == RED).all() and np.abs(stretch[:, 15, 8] - np.array(GREEN)).max() < 5


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"this is text", "is no picture of a kind"),
        (saved(Image.new("L", (400, 400)), "PNG")[:200], "is damaged"),
        (saved(Image.effect_noise((200, 200), 50), "JPEG")[:2000], "is damaged"),
        (saved(Image.new("L", (9, 9)), "GIF"), "is no picture of a kind"),
        (saved(Image.new("F", (9, 9)), "TIFF"), "holds fractions"),
    ],
)
def test_what_is_no_picture_is_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        opened(tmp_path, content)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


@pytest.mark.filterwarnings("default")  # as in the app: the tests' own rule would make PIL's warning an error anyway
@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_huge_picture_is_refused_before_it_is_unfolded(tmp_path: Path, side: int) -> None:
    header = side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    content = (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b""))
        + png_chunk(b"IEND", b"")
    )
    with pytest.raises(WrongUse, match="more than 89 megapixels; scale it down"):
        opened(tmp_path, content)


def test_missing_files_and_folders_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="There is no file"):
        open_picture(tmp_path / "none.png", 16)
    with pytest.raises(WrongUse, match="is a folder"):
        open_picture(tmp_path, 16)
