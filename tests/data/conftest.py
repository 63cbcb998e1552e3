"""Pictures to test with: small ones drawn on the spot, and real ones where this machine has them."""

import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

DEV_DATA = Path(os.environ.get("GEN_STUDIO_DEV_DATA") or Path(__file__).resolve().parents[2] / ".." / "shared" / "data")

Draw = Callable[..., Path]


@pytest.fixture
def dev_data() -> Callable[[str], Path]:
    """Gives the path of a real set of pictures, or skips the test with a reason."""

    def find(name: str) -> Path:
        path = (DEV_DATA / name).resolve()
        if not path.exists():
            pytest.skip(f"{name} is not in {DEV_DATA.resolve()}; name its folder in GEN_STUDIO_DEV_DATA")
        return path

    return find


@pytest.fixture
def draw() -> Draw:
    """Writes a picture of a colour that its name decides, so that two files are never equal."""

    def write(path: Path, size: tuple[int, int] = (12, 12), mode: str = "RGB", **options: object) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        values = np.random.default_rng(zlib.crc32(path.name.encode())).integers(0, 256, 4).tolist()
        colour = tuple(values[: len(Image.new(mode, (1, 1)).getbands())])
        Image.new(mode, size, colour if len(colour) > 1 else colour[0]).save(path, **options)
        return path

    return write


@pytest.fixture
def album(tmp_path: Path, draw: Draw) -> Path:
    """A folder of 20 coloured pictures in two classes."""
    for number in range(20):
        draw(tmp_path / "album" / ("cats" if number < 12 else "dogs") / f"{number:02}.png")
    return tmp_path / "album"


@pytest.fixture
def pack() -> Callable[[Path, Path], Path]:
    """Packs a folder into a zip."""

    def write(folder: Path, target: Path) -> Path:
        with zipfile.ZipFile(target, "w") as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder))
        return target

    return write
