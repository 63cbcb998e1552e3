"""The contract as another package runs it on a family of its own: it passes a sound one and finds a broken promise."""

import subprocess
import sys
from pathlib import Path

FAMILY = '''
"""A family in a package of somebody else's."""

from typing import ClassVar

import torch
from torch import nn

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info, Metric
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.models.capabilities import CanReconstruct
from gen_studio.models.registry import family
from gen_studio.nets.optimizers import adam
from gen_studio.testing.contract import FamilyContract


class MirrorConfig(FamilyConfig):
    rate: float = setting(1e-2, "Learning rate", "Step size of Adam.", gt=0, le=1, rate_of="mirror")


@family
class Mirror(TrainableModel[MirrorConfig], CanReconstruct):
    """Learns to give back what it is shown."""

    info: ClassVar[Info] = Info("mirror", "Mirror", Group.AUTOENCODERS, 2026, "Nobody, 2026", "Gives pictures back.")
    metrics: ClassVar[tuple[Metric, ...]] = (Metric("error", "Error"),)
    score: ClassVar[Metric | None] = metrics[0]
    Config: ClassVar[type[FamilyConfig]] = MirrorConfig

    def __init__(self, config, data):
        super().__init__(config, data)
        self.layer = nn.Conv2d(data.channels, data.channels, 3, padding=1)

    def optimizers(self):
        return {"mirror": adam(self.parameters(), self.config.rate)}

    def reconstruct(self, images, rng):
        return torch.tanh(self.layer(images))

    def training_step(self, batch, update, rng):
        loss = (self.reconstruct(batch.images, rng) - batch.images).square().mean()
        update["mirror"].minimise(loss)
        return {"error": loss.detach()}

    def validate(self, batch, rng):
        return {"error": (self.reconstruct(batch.images, rng) - batch.images).square().mean()}


class TestMirror(FamilyContract):
    families = (Mirror,)
'''


BROKEN = {
    '{"error": loss.detach()}': '{"errors": loss.detach()}',
    "torch.tanh(self.layer(images))": "self.layer(images) + torch.rand(())",
}
FOUND = (
    "test_a_step_returns_the_declared_metrics",
    "test_it_neither_touches_nor_heeds_the_generator_that_all_share",
    "test_reconstructions_keep_their_range_whatever_the_weights",
)


def outcome(folder: Path, family: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_mirror.py").write_text(family)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", "--tb=no", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)


def test_a_sound_family_of_another_package_passes(tmp_path: Path) -> None:
    result = outcome(tmp_path, FAMILY)
    assert result.returncode == 0, result.stdout
    assert " passed" in result.stdout


def test_broken_promises_are_found(tmp_path: Path) -> None:
    family = FAMILY
    for promise, broken in BROKEN.items():
        assert promise in family
        family = family.replace(promise, broken)
    result = outcome(tmp_path, family, "-k", " or ".join(FOUND), "-rf")
    assert f"{len(FOUND)} failed" in result.stdout
    assert all(name in result.stdout for name in FOUND)
