"""Writes moving pictures, MP4 and GIF, frame by frame: a film of any length takes no more memory than a short one.

The encoder is ffmpeg, run as a program of its own that is fed through a pipe. What is called off leaves nothing behind.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from gen_studio.core import atomic, enlarging
from gen_studio.core.enlarging import Scaling, enlarged
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.jobs import Progress, Report, unheard

Picture = NDArray[np.uint8]
"""(H, W, C), C being 1 or 3."""

MP4 = (
    *("-vf", "scale=out_color_matrix=bt709:out_range=tv", "-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p"),
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-movflags", "+faststart"),
)
"""Half the colour resolution is all that most players show; the index comes first, so that it plays while it loads."""
GIF = (
    *("-filter_complex", "split[a][b];[a]palettegen=stats_mode=single:reserve_transparent=0[p];[b][p]paletteuse=new=1"),
    *("-loop", "0"),
)
"""256 colours chosen anew for each frame: for all of them at once, all would have to be kept."""
ENCODINGS = {".mp4": MP4, ".gif": GIF}
FASTEST = {".mp4": 120, ".gif": 50}
"""Frames a second: a GIF counts hundredths, and players take a delay of one for ten."""
KEEPS_ITS_SIZE = 2
"""Sides of an MP4 are multiples of this."""


@dataclass(frozen=True)
class Format:
    """height: of the frames, None for their own. rate: frames a second."""

    height: int | None = None
    scaling: Scaling = Scaling.SQUARES
    rate: int = 30


def check(path: Path, rate: int) -> None:
    """Raises WrongUse where no film can be written to such a path at such a rate."""
    kind = path.suffix.lower()
    if kind not in ENCODINGS:
        raise WrongUse(f"{path} is neither an MP4 nor a GIF. Name one, for example {path.with_suffix('.mp4')}.")
    if path.is_dir():
        raise WrongUse(f"{path} is a folder. Name a file in it, for example {path / f'walk{kind}'}.")
    if not 1 <= rate <= FASTEST[kind]:
        raise WrongUse(f"{kind[1:].upper()} films have 1 to {FASTEST[kind]} frames a second, not {rate}.")


def write(path: Path, frames: Iterable[Picture], count: int, form: Format, report: Report = unheard) -> None:
    """Films `frames`, all of one shape, as MP4 or GIF by the path's suffix. count: how many there are, for the report.

    Raises WrongUse as `check` and `enlarging.check` do, UserError where it cannot be written.
    """
    check(path, form.rate)
    kind = path.suffix.lower()
    with atomic.new_file(path) as unfinished:
        ready = (_fitted(frame, form, kind) for frame in _told(frames, count, report))
        first = next(ready)
        _encode(_command(first, form.rate, kind, unfinished), chain([first], ready), path)
        report(Progress("Filming", count, count))


def _told(frames: Iterable[Picture], count: int, report: Report) -> Iterator[Picture]:
    for number, frame in enumerate(frames):
        report(Progress("Filming", number, count))
        yield frame


def _fitted(frame: Picture, form: Format, kind: str) -> Picture:
    large = frame
    if form.height is not None:
        enlarging.check(len(frame), form.height, form.scaling)
        large = enlarged(frame, form.height, form.scaling)
    odd = [-side % KEEPS_ITS_SIZE if kind == ".mp4" else 0 for side in large.shape[:2]]
    # A last row or column once more, rather than every pixel a little elsewhere.
    return np.pad(large, ((0, odd[0]), (0, odd[1]), (0, 0)), "edge") if any(odd) else large


def _command(frame: Picture, rate: int, kind: str, out: Path) -> list[str]:
    height, width, channels = frame.shape
    pixels = "gray" if channels == 1 else "rgb24"
    source = ("-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{width}x{height}", "-r", str(rate), "-i", "pipe:0")
    return [_ffmpeg(), "-nostdin", "-y", "-loglevel", "error", *source, "-an", *ENCODINGS[kind], str(out)]


def _ffmpeg() -> str:
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise UserError(
            "Films are encoded by ffmpeg, and this installation has none. Install ffmpeg with the system's packages, "
            "or save a strip or a grid of pictures instead."
        ) from error


def _encode(command: Sequence[str], frames: Iterable[Picture], path: Path) -> None:
    with tempfile.TemporaryFile() as said, _started(command, said) as encoder:
        assert encoder.stdin is not None
        try:
            for frame in frames:
                encoder.stdin.write(np.ascontiguousarray(frame).data)
            encoder.stdin.close()
        except OSError:
            pass  # It has ended early; its status and its last words say why.
        except BaseException:
            encoder.kill()
            raise
        if encoder.wait():
            said.seek(0)
            raise UserError(
                f"{path} was not written: {_last_words(said.read())}. Choose another size, or another folder."
            )


def _started(command: Sequence[str], said: IO[bytes]) -> "subprocess.Popen[bytes]":
    # Away from the terminal: Ctrl+C is for this process, which then ends the encoder and removes what it wrote.
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=os.name != "nt",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _last_words(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else "the encoder ended without a word"
