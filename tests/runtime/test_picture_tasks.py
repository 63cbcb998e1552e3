"""What people bring to the canvases and take along, as the thread for long tasks carries it out."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import unheard
from gen_studio.core.plan import DataPlan
from gen_studio.core.tasks import (
    DataPictures,
    DrawHoles,
    HolesMade,
    PictureRead,
    ReadMask,
    ReadPicture,
    ShowData,
    WritePictures,
    Written,
)
from gen_studio.data import catalog
from gen_studio.models.families.partial_conv import PartialConvolution
from gen_studio.runtime.show import OnShow, from_checkpoint
from gen_studio.runtime.tasks import carry_out
from gen_studio.testing.sessions import small_plan, trained

DATA = DataPlan(source="digits", size=16, limit=200)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> OnShow:
    path = tmp_path_factory.mktemp("pictures") / "run"
    config = {"batch_size": 8, "width": 4}
    return from_checkpoint(trained(small_plan(PartialConvolution.info.key, DATA, config), path))


@pytest.fixture
def photo() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (20, 30, 3), np.uint8)


def test_a_picture_is_written_and_read_again_pixel_by_pixel(shown: OnShow, tmp_path: Path, photo: np.ndarray) -> None:
    mask = np.where(photo[..., :1] > 99, 255, 0).astype(np.uint8)
    files = ((tmp_path / "filled.png", photo), (tmp_path / "mask.png", mask))
    assert carry_out(WritePictures(files), shown, unheard) == Written(tmp_path / "filled.png")
    read = carry_out(ReadPicture(tmp_path / "filled.png"), shown, unheard)
    assert isinstance(read, PictureRead) and np.array_equal(read.pixels, photo) and read.remarks == ()
    holes = carry_out(ReadMask(tmp_path / "mask.png", 20, 30), shown, unheard)
    assert isinstance(holes, HolesMade) and np.array_equal(holes.holes, mask[..., 0] == 255)


def test_what_had_to_be_done_to_a_picture_is_said(shown: OnShow, tmp_path: Path, photo: np.ndarray) -> None:
    clear = np.concatenate([photo, np.full_like(photo[..., :1], 90)], 2)
    Image.fromarray(clear).save(tmp_path / "clear.png")
    Image.fromarray(photo).convert("CMYK").save(tmp_path / "printed.jpg")
    frames = [Image.fromarray(np.roll(photo, step)) for step in range(3)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    remarks = {
        name: carry_out(ReadPicture(tmp_path / name), shown, unheard).remarks
        for name in ("clear.png", "printed.jpg", "moving.gif")
    }
    assert "transparent" in remarks["clear.png"][0]
    assert remarks["printed.jpg"] == ()
    assert "first of its 3" in remarks["moving.gif"][-1]


def test_what_is_no_picture_or_no_fitting_mask_is_refused_in_a_sentence(
    shown: OnShow, tmp_path: Path, photo: np.ndarray
) -> None:
    (tmp_path / "notes.png").write_text("not a picture")
    with pytest.raises(WrongUse, match=r"notes\.png"):
        carry_out(ReadPicture(tmp_path / "notes.png"), shown, unheard)
    Image.fromarray(photo).save(tmp_path / "mask.png")
    with pytest.raises(WrongUse, match="30 × 20 and the picture 40 × 20"):
        carry_out(ReadMask(tmp_path / "mask.png", 20, 40), shown, unheard)
    with pytest.raises(WrongUse, match="PNG"):
        carry_out(WritePictures(((tmp_path / "filled.jpg", photo),)), shown, unheard)
    assert not (tmp_path / "filled.jpg").exists()


def test_a_picture_of_a_hundred_megapixels_is_refused_before_it_is_decoded(shown: OnShow, tmp_path: Path) -> None:
    Image.new("1", (10_000, 10_001)).save(tmp_path / "vast.png")
    with pytest.raises(WrongUse, match="megapixels"):
        carry_out(ReadPicture(tmp_path / "vast.png"), shown, unheard)


def test_holes_are_drawn_for_a_picture(shown: OnShow) -> None:
    found = carry_out(DrawHoles(24, 32, 0.25, seed=2), shown, unheard)
    assert isinstance(found, HolesMade) and found.holes.mean() == pytest.approx(0.25, abs=0.01)


def test_held_out_pictures_are_none_that_the_run_was_trained_on(shown: OnShow) -> None:
    found = carry_out(ShowData(5, seed=3, held_out=True), shown, unheard)
    assert isinstance(found, DataPictures) and found.pictures.shape == (5, 16, 16, 1)
    dataset = catalog.load(DATA)
    validation = {picture.numpy().tobytes() for picture in dataset.validation.images}
    assert all(picture.transpose(2, 0, 1).tobytes() in validation for picture in found.pictures)
