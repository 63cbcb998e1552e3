"""The model that is looked at, handed from the thread that keeps it up to date to those that ask much of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from gen_studio.training.checkpoint import Model


@dataclass(frozen=True, eq=False)
class OnShow:
    """A model in evaluation mode on its device. Nobody changes it: newer weights come as another one."""

    run: Path
    step: int
    model: "Model"
    device: "torch.device"


class Show:
    """What is on show, or nothing. One thread puts, any may look."""

    def __init__(self) -> None:
        self.current: OnShow | None = None
