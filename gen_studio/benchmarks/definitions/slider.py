"""How closely a picture follows a slider: idle, beside training, and with a network that takes its time."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from gen_studio.benchmarks import tutorial_pictures
from gen_studio.benchmarks.benchmark import Conditions, Measured
from gen_studio.benchmarks.comparison import Comparison, Ratio, Variant
from gen_studio.benchmarks.display import NO_DISPLAY, has_screen, missing_window, screen
from gen_studio.core.cores import usable_cores
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan, Precision, RunPlan
from gen_studio.core.runs import RunFolder, Status
from gen_studio.data import catalog
from gen_studio.models.families.dcgan import DCGAN, DCGANConfig
from gen_studio.models.families.stylegan2 import StyleGAN2, StyleGAN2Config
from gen_studio.training.device import has_bf16_units

PICTURES = 640
DCGAN_IDLE, DCGAN_TRAINING, DCGAN_ALONE = "dcgan 64x64, idle", "dcgan 64x64, training", "dcgan 64x64, not looked at"
STYLEGAN2_IDLE = "stylegan2 128x128, idle"
SIZES = {"dcgan": 64, "stylegan2": 128}
FORWARDS = 40
ENDLESS = 1_000_000


class Slider(Comparison):
    """A window with one slider, 60 events a second, and the services of the app; its picture is drawn at 512 x 512.

    "training": the run that trains is the one that is looked at, with the threads that the app takes by default.
    StyleGAN2's slider moves on when its picture has been painted: its network takes longer than a frame.
    """

    name = "slider"
    summary = "From a slider's event to its painted picture, idle and beside training, and what that costs training."
    seconds: ClassVar = 20.0
    repeats: ClassVar = 3
    goals: ClassVar = (
        Goal(f"{DCGAN_IDLE} p95 ms", "from the slider's event to painted pixels, 95 %", at_most=12),
        Goal(f"{DCGAN_TRAINING} p95 ms", "the same while that run trains", at_most=25),
        Goal(f"{STYLEGAN2_IDLE} p95 beyond forward ms", "beyond the 95 % of the network's own forward", at_most=4),
        Goal(
            "dcgan 64x64: dragged / not looked at", "images/s while the slider is dragged without pause", at_least=0.6
        ),
        *(
            Goal(f"{variant} stall max ms", "how late the window's thread is at most", at_most=50)
            for variant in (DCGAN_IDLE, DCGAN_TRAINING, STYLEGAN2_IDLE)
        ),
    )
    ratios: ClassVar = (Ratio("dcgan 64x64: dragged / not looked at", DCGAN_TRAINING, DCGAN_ALONE),)

    def __init__(self) -> None:
        self._surroundings: Mapping[str, str] = {}

    def variants(self, conditions: Conditions) -> Mapping[str, Variant]:
        return {
            DCGAN_IDLE: partial(_idle, family="dcgan", waits=False),
            STYLEGAN2_IDLE: partial(_idle, family="stylegan2", waits=True),
            DCGAN_TRAINING: partial(_training, drags=True),
            DCGAN_ALONE: partial(_training, drags=False),
        }

    def obstacle(self, conditions: Conditions) -> str | None:
        return missing_window()

    def default_threads(self) -> int:
        return max(1, usable_cores() - 1)

    def environment(self, variant: str, conditions: Conditions) -> Mapping[str, str]:
        # The app sets this for itself.
        return {"OMP_WAIT_POLICY": "PASSIVE", **self._surroundings}

    def notes(self, conditions: Conditions) -> tuple[str, ...]:
        return () if has_screen() else (NO_DISPLAY,)

    def settings(self, conditions: Conditions) -> dict[str, Any]:
        return {family: _plan(family, conditions, Path(), 1).config for family in SIZES}

    def prepare(self, conditions: Conditions, workspace: Path) -> None:
        for family, size in SIZES.items():
            tutorial_pictures.draw(workspace / family, PICTURES, size)
            _train_a_little(_plan(family, conditions, workspace, 2), workspace / f"{family}-run")

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        if not has_screen():
            self._surroundings = {"QT_QPA_PLATFORM": "offscreen"}
            return super().measure(conditions, workspace, report)
        with screen() as variables:
            self._surroundings = variables
            return super().measure(conditions, workspace, report)


def _idle(conditions: Conditions, workspace: Path, family: str, waits: bool) -> Mapping[str, float]:
    from gen_studio.benchmarks.slider_window import Scene, drag_slider

    run, threads = workspace / f"{family}-run", conditions.threads or 1
    forward = _forward(run, threads)
    scene = Scene(run, waits=waits)
    found = drag_slider(scene, threads, conditions.seconds or Slider.seconds, workspace)
    beyond = {f"{share} beyond forward ms": found[f"{share} ms"] - forward[share] for share in forward}
    return {**found, **beyond, **{f"{share} of forward ms": value for share, value in forward.items()}}


def _training(conditions: Conditions, workspace: Path, drags: bool) -> Mapping[str, float]:
    from gen_studio.benchmarks.slider_window import Scene, drag_slider

    plan = _plan("dcgan", conditions, workspace, ENDLESS)
    seconds = conditions.seconds or Slider.seconds
    return drag_slider(Scene(plan=plan, drags=drags), conditions.threads or 1, seconds, workspace)


def _forward(run: Path, threads: int) -> dict[str, float]:
    """What the network takes by itself for one latent, as it was trained, nothing prepared."""
    import numpy as np
    import torch

    from gen_studio.models.capabilities import HasLatent
    from gen_studio.training.checkpoint import load_shown

    torch.set_num_threads(threads)
    model = load_shown(RunFolder(run)).model
    assert isinstance(model, HasLatent)
    latents = model.draw_latents(1, torch.Generator().manual_seed(1))
    taken = []
    with torch.no_grad():
        for _ in range(FORWARDS + 5):
            before = time.perf_counter()
            model.decode(latents)
            taken.append(1000 * (time.perf_counter() - before))
    return {f"p{share}": float(np.percentile(taken[5:], share)) for share in (50, 95)}


def _plan(family: str, conditions: Conditions, workspace: Path, steps: int) -> RunPlan:
    if family == "dcgan":
        key, config = DCGAN.info.key, DCGANConfig().model_dump(mode="json")
    else:
        # Few pictures per step: it is the generator's forward that is measured, and that does not know them.
        key, config = StyleGAN2.info.key, StyleGAN2Config(batch_size=4).model_dump(mode="json")
    data = DataPlan(source="folder", path=str(workspace / family), size=SIZES[family])
    precision = Precision.BF16 if has_bf16_units(conditions.device) else Precision.FLOAT32
    return RunPlan(family=key, data=data, config=config, steps=steps, device=conditions.device, precision=precision)


def _train_a_little(plan: RunPlan, path: Path) -> None:
    """So that there is a checkpoint to look at; what it shows does not matter."""
    from gen_studio.training.session import TrainingSession

    dataset = catalog.load(plan.data)
    plan = plan.model_copy(update={"data": dataset.plan})
    with TrainingSession(plan, dataset, RunFolder.create(path, plan, Status(name=path.name))) as session:
        while not session.ended:
            session.advance(0)
