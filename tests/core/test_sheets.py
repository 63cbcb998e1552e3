"""Preview sheets: tiles into one PNG and back, and any other file refused in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.core import sheets
from gen_studio.core.errors import UserError


def tiles(count: int, channels: int) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, 4, 6, channels), np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("count", "per_item"), [(1, 1), (7, 1), (81, 1), (2, 2), (14, 2), (81, 3), (3, 3)])
def test_tiles_come_back_as_they_were(tmp_path: Path, count: int, per_item: int, channels: int) -> None:
    sheets.write(tmp_path / "sheet.png", tiles(count, channels), per_item)
    back, together = sheets.read(tmp_path / "sheet.png")
    assert np.array_equal(back, tiles(count, channels))
    assert together == per_item


def test_any_viewer_shows_it(tmp_path: Path) -> None:
    sheets.write(tmp_path / "sheet.png", tiles(9, 3))
    with Image.open(tmp_path / "sheet.png") as image:
        assert image.size == (18, 12)
        assert image.mode == "RGB"


@pytest.mark.parametrize("per_item", [2, 3])
def test_tiles_that_belong_together_stay_in_one_row(per_item: int) -> None:
    for count in range(per_item, 40, per_item):
        width = sheets.arrange(tiles(count, 1), per_item=per_item).width // 6
        assert width % per_item == 0


def test_every_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    sheets.write(path, tiles(9, 3))
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    damaged = [whole[:cut] for cut in range(0, len(whole) - 1, 7)]
    for _ in range(60):
        noisy = bytearray(whole)
        noisy[rng.integers(len(noisy))] ^= int(rng.integers(1, 256))
        damaged.append(bytes(noisy))
    for content in damaged:
        path.write_bytes(content)
        try:
            sheets.read(path)
        except UserError as error:
            assert "is not a preview of a run, or it is damaged" in str(error)


def test_another_picture_is_refused(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "photo.png")
    for path in (tmp_path / "photo.png", tmp_path / "missing.png"):
        with pytest.raises(UserError, match="is not a preview of a run"):
            sheets.read(path)
