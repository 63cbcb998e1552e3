"""A trainer that can be made to say anything, and a small made-up library: no torch is needed behind the screens."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from gen_studio.core.config import Config, fields_of, setting
from gen_studio.core.description import FamilyDescription, Group, Info, Metric, SourceInfo, ViewInfo
from gen_studio.core.events import Advanced, Began, Message, Ready
from gen_studio.core.plan import DataPlan, Device, RunPlan
from gen_studio.core.runs import RunFolder, Status


class FakeEngine(QObject):
    """Records what it is asked, and says what the test tells it to."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []
        self.cancelled = 0

    def ask(self, command: object) -> None:
        self.asked.append(command)

    def cancel_loading(self) -> None:
        self.cancelled += 1

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.happened.emit(message)


class PlainConfig(Config):
    batch_size: int = setting(16, "Batch size", "Pictures per step.", ge=1, le=64)
    hidden: int = setting(8, "Hidden units", "Width.", ge=1, le=512)
    loss: str = setting("a", "Loss", "What is minimised.")
    rate: float = setting(1e-3, "Learning rate", "Step size.", gt=0, le=1, rate_of="plain")
    beta: float = setting(1.0, "Beta", "A weight.", ge=0, advanced=True)


class PairedConfig(Config):
    batch_size: int = setting(4, "Batch size", "Pairs per step.", ge=1, le=32)
    hidden: bool = setting(True, "Hidden", "Another kind of setting with the same name.")
    loss: str = setting("b", "Loss", "What is minimised.")


def family(key: str, config: type[Config], needs: tuple[str, ...] = (), steps: int = 200) -> FamilyDescription:
    info = Info(key, key.capitalize(), Group.VARIATIONAL, 2026, "Nobody, 2026", "Made up.")
    return FamilyDescription(info, (Metric("loss", "Loss"),), fields_of(config), (), needs, steps)


@pytest.fixture(scope="session")
def library() -> Ready:
    views = (ViewInfo("samples", "Samples", ("",)),)
    return Ready(
        families=(
            family("plain", PlainConfig),
            family("paired", PairedConfig, ("pairs",), 300),
            family("labelled", PlainConfig, ("labels",)),
        ),
        views={"plain": views, "paired": views},
        sources=(
            SourceInfo("digits", "Digits", "Built in.", 8),
            SourceInfo("folder", "Folder", "From the disk.", 64, needs_path=True),
            SourceInfo("named", "Named set", "Downloaded.", 28, downloadable=True, offers=("labels",)),
            SourceInfo("pairs", "Pairs", "Side by side.", 64, needs_path=True, offers=("pairs",)),
        ),
        devices=(Device.CPU,),
    )


@pytest.fixture
def engine(qapp) -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., RunFolder]:
    """Writes a run to the disk as the trainer leaves it."""

    def make(name: str = "first", **status: object) -> RunFolder:
        plan = RunPlan(family="plain", data=DataPlan(source="digits", size=8), steps=200, device=Device.CPU)
        return RunFolder.create(tmp_path / "runs" / name, plan, Status(name=name, data_title="Digits", **status))

    return make


def began(folder: RunFolder, step: int = 0, **other: object) -> Began:
    given = {"players": ("plain",), "rates": {"plain": 1e-3}, "parameters": 640_000, **other}
    return Began(folder.path, folder.plan(), step=step, **given)


def advanced(step: int, rate: float = 1e-3) -> Advanced:
    steps = np.array([step], np.int64)
    return Advanced(step, 200, steps, {"loss": np.ones(1)}, {"plain": np.ones(1)}, {"plain": rate}, 100.0, 5.0, 10**9)


@pytest.fixture
def said() -> Callable[..., list[tuple[object, ...]]]:
    """Collects what a signal carries."""

    def collect(signal: object) -> list[tuple[object, ...]]:
        heard: list[tuple[object, ...]] = []
        signal.connect(lambda *values: heard.append(values))
        return heard

    return collect


@pytest.fixture
def began_message() -> Callable[..., Began]:
    return began


@pytest.fixture
def advanced_message() -> Callable[..., Advanced]:
    return advanced
