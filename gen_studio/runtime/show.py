"""The model that is looked at, handed from the thread that keeps it up to date to those that ask much of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gen_studio.core.plan import Device
from gen_studio.core.runs import RunFolder

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


def from_checkpoint(run: Path) -> OnShow:
    """The newest checkpoint of a run, on the fastest device. Raises UserError where there is none, or a damaged one."""
    import torch

    from gen_studio.training.checkpoint import load_shown
    from gen_studio.training.device import choose_device

    loaded = load_shown(RunFolder(run))
    device = torch.device(choose_device(Device.AUTO).value)
    return OnShow(run, loaded.card.step, loaded.model.to(device), device)


class Show:
    """What is on show, or nothing. One thread puts, any may look."""

    def __init__(self) -> None:
        self.current: OnShow | None = None
