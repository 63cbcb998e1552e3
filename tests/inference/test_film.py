"""Films hold the frames they are given, take no more memory when they are long, and leave nothing when called off."""

import subprocess
import weakref
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from gen_studio.core.enlarging import Scaling
from gen_studio.core.errors import Cancelled, UserError, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.inference import film
from gen_studio.inference.film import Format, Picture


def ramp(count: int, channels: int = 3, height: int = 16, width: int = 24) -> Iterator[Picture]:
    """Each frame of one colour, further on with each."""
    for number in range(count):
        colour = np.array([20 * number % 256, 255 - 20 * number % 256, 128][:channels], np.uint8)
        yield np.broadcast_to(colour, (height, width, channels)).copy()


def decoded(path: Path, height: int, width: int) -> np.ndarray:
    """(N, height, width, 3), as a player sees them."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", str(path)]
    colours = ["-vf", "scale=in_color_matrix=bt709"] if path.suffix == ".mp4" else []
    raw = subprocess.check_output([*command, *colours, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"])
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "A.GIF"])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_film_shows_its_frames_in_order(tmp_path: Path, name: str, channels: int) -> None:
    path = tmp_path / name
    film.write(path, ramp(7, channels), 7, Format(rate=25))
    shown = decoded(path, 16, 24).astype(int)
    wanted = np.stack([frame.repeat(3 // channels, -1) for frame in ramp(7, channels)]).astype(int)
    assert shown.shape == wanted.shape
    assert abs(shown - wanted).max() <= (6 if name == "a.mp4" else 0)


def test_a_gif_goes_round_for_ever_at_its_rate(tmp_path: Path) -> None:
    film.write(tmp_path / "a.gif", ramp(4), 4, Format(rate=20))
    with Image.open(tmp_path / "a.gif") as image:
        assert image.info["loop"] == 0
        assert image.n_frames == 4
        assert image.info["duration"] == 50


def test_frames_are_enlarged_in_squares_or_smoothly(tmp_path: Path) -> None:
    board = np.kron([[0, 255], [255, 0]], np.ones((8, 8)))[:, :, None].astype(np.uint8)
    for scaling in Scaling:
        path = tmp_path / f"{scaling.value}.gif"
        film.write(path, [board] * 2, 2, Format(48, scaling, 10))
        shown = decoded(path, 48, 48)[0, :, :, 0]
        assert (set(np.unique(shown)) == {0, 255}) is (scaling is Scaling.SQUARES)
    assert np.array_equal(decoded(tmp_path / "squares.gif", 48, 48)[0, ::3, ::3, :1], board)


def test_a_size_that_cannot_be_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="32 or 48 pixels high, not 40"):
        film.write(tmp_path / "a.gif", ramp(2), 2, Format(40, rate=10))
    assert not list(tmp_path.iterdir())


def test_an_mp4_of_odd_sides_has_its_last_row_and_column_twice(tmp_path: Path) -> None:
    film.write(tmp_path / "a.mp4", ramp(3, 1, 15, 23), 3, Format())
    assert decoded(tmp_path / "a.mp4", 16, 24).shape == (3, 16, 24, 3)


@pytest.mark.parametrize("name", ["a.mp4", "a.gif"])
def test_a_long_film_holds_no_more_frames_than_a_short_one(tmp_path: Path, name: str) -> None:
    made: list[weakref.ref[np.ndarray]] = []
    most = 0

    def frames() -> Iterator[Picture]:
        nonlocal most
        for frame in ramp(60, height=64, width=64):
            made.append(weakref.ref(frame))
            yield frame
            del frame
            most = max(most, sum(reference() is not None for reference in made))

    film.write(tmp_path / name, frames(), 60, Format(rate=25))
    assert len(made) == 60
    assert most <= 3  # the first, whose shape says what comes, the one under way and the one before


@pytest.mark.parametrize("name", ["a.mp4", "a.gif"])
@pytest.mark.parametrize("stops_at", [0, 3])
def test_what_is_called_off_leaves_nothing_behind(tmp_path: Path, name: str, stops_at: int) -> None:
    (tmp_path / name).write_bytes(b"the one before")

    def report(progress: Progress) -> None:
        if progress.done >= stops_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        film.write(tmp_path / name, ramp(9), 9, Format(), report)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"the one before"


def test_the_report_goes_from_none_to_all(tmp_path: Path) -> None:
    heard: list[Progress] = []
    film.write(tmp_path / "a.gif", ramp(3), 3, Format(), heard.append)
    assert [(progress.done, progress.total) for progress in heard] == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_an_encoder_that_fails_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(film.ENCODINGS, ".mp4", ("-c:v", "no_such_codec"))
    with pytest.raises(UserError, match=r"a\.mp4 was not written: .*[Ee]ncoder.*Choose another"):
        film.write(tmp_path / "a.mp4", ramp(400, height=256, width=256), 400, Format())
    assert not list(tmp_path.iterdir())


def test_a_missing_encoder_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", nowhere)
    with pytest.raises(UserError, match="Install ffmpeg"):
        film.write(tmp_path / "a.mp4", ramp(2), 2, Format())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "rate", "sentence"),
    [
        ("a.avi", 30, "neither an MP4 nor a GIF"),
        ("a", 30, "neither"),
        ("a.gif", 51, "1 to 50 frames"),
        ("a.mp4", 0, "1 to 120 frames"),
    ],
)
def test_a_film_that_cannot_be_is_refused(tmp_path: Path, name: str, rate: int, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        film.write(tmp_path / name, ramp(2), 2, Format(rate=rate))
    assert not list(tmp_path.iterdir())
