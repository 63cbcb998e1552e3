"""The command line as a function, and small runs to use it on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gen_studio.cli import main

SMALL = ["--data", "digits", "--size", "16", "--limit", "150", "--precision", "float32", "--device", "cpu"]
FAMILIES = {
    "vae": ["--set", "hidden=16", "--set", "latents=4", "--set", "batch_size=16"],
    "dcgan": ["--set", "width=4", "--set", "latents=8", "--set", "batch_size=8"],
    "pix2pix": ["--set", "width=4", "--set", "batch_size=4", "--pairs", "edges"],
}


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The error on stderr's last line."""
        last = self.err.strip().splitlines()[-1]
        assert last.startswith("Error: "), self.err
        assert "Traceback" not in self.err
        return last.removeprefix("Error: ")


Say = Callable[..., Said]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs a command in this process."""

    def said(*words: object) -> Said:
        capsys.readouterr()
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return said


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A finished run of each family, by its key. Tests that change one copy it first."""
    folder = tmp_path_factory.mktemp("trained")
    for key, settings in FAMILIES.items():
        assert main(["train", key, *SMALL, *settings, "--steps", "3", "--run", str(folder / key)]) == 0
    return {key: folder / key for key in FAMILIES}


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A colour photograph of no particular size."""
    path = tmp_path / "a photograph.png"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path
