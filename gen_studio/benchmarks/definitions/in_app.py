"""What the window costs: training in the app, its plots live, against the same session without a window."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from gen_studio.benchmarks import tutorial_pictures
from gen_studio.benchmarks.benchmark import Conditions, Measured
from gen_studio.benchmarks.comparison import SPEED, Comparison, Ratio, Variant
from gen_studio.benchmarks.display import NO_DISPLAY, has_screen, missing_window, screen
from gen_studio.benchmarks.pace import new_session, session_speed
from gen_studio.core.cores import usable_cores
from gen_studio.core.errors import WrongUse
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan, Precision, RunPlan
from gen_studio.data import catalog
from gen_studio.models.families.dcgan import DCGAN, DCGANConfig
from gen_studio.models.families.vae import VAE, VAEConfig
from gen_studio.training.device import has_bf16_units

PICTURES = 1_280
PLACES = {"screen": {}, "offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
LARGE, TINY = "dcgan 64x64", "vae 8x8"
WORTH: dict[str, float] = {LARGE: 0.92, TINY: 0.8}


def _goals() -> Iterator[Goal]:
    for work, share in WORTH.items():
        for place in PLACES:
            yield Goal(f"{work}: {place} / bare", f"images/s in the app against the bare session, {place}", share)
            yield Goal(f"{work}, {place} stall p99 ms", "how late the window's thread is, 99 %", at_most=16)
            yield Goal(f"{work}, {place} stall max ms", "how late it is at most", at_most=50)


def _ratios() -> Iterator[Ratio]:
    for work in WORTH:
        for place in PLACES:
            yield Ratio(f"{work}: {place} / bare", f"{work}, {place}", f"{work}, bare")


class InApp(Comparison):
    """Both sides train the same plan with the same number of threads: as many as the app takes by default."""

    name = "in-app"
    summary = "Training in the app with its plots live against the bare session, and stalls of the window."
    seconds: ClassVar = 30.0
    repeats: ClassVar = 3
    goals: ClassVar = tuple(_goals())
    ratios: ClassVar = tuple(_ratios())

    def variants(self, conditions: Conditions) -> Mapping[str, Variant]:
        places = [place for place in PLACES if place != "screen" or has_screen()]
        found: dict[str, Variant] = {}
        for work in WORTH:
            found[f"{work}, bare"] = partial(self._bare, work=work)
            for place in places:
                found[f"{work}, {place}"] = partial(self._in_app, work=work)
        return found

    def obstacle(self, conditions: Conditions) -> str | None:
        return missing_window()

    def default_threads(self) -> int:
        return max(1, usable_cores() - 1)

    def environment(self, variant: str, conditions: Conditions) -> Mapping[str, str]:
        # The app sets this for itself; with it on one side only, the threads' waiting would be compared.
        return {"OMP_WAIT_POLICY": "PASSIVE", **PLACES.get(variant.rpartition(", ")[2], {})}

    def notes(self, conditions: Conditions) -> tuple[str, ...]:
        return () if has_screen() else (NO_DISPLAY,)

    def prepare(self, conditions: Conditions, workspace: Path) -> None:
        tutorial_pictures.draw(workspace / "drawn", PICTURES, 64)

    def settings(self, conditions: Conditions) -> dict[str, Any]:
        return {work: _plan(work, conditions, Path()).model_dump(mode="json")["config"] for work in WORTH}

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        with ExitStack() as stack:
            if has_screen():
                _set_for_children(stack.enter_context(screen()), stack)
            return super().measure(conditions, workspace, report)

    def _bare(self, conditions: Conditions, workspace: Path, work: str) -> Mapping[str, float]:
        plan = _plan(work, conditions, workspace)
        dataset = catalog.load(plan.data)
        with new_session(plan.model_copy(update={"data": dataset.plan}), dataset, workspace) as session:
            return {SPEED: session_speed(session, self.seconds_of(conditions))}

    def _in_app(self, conditions: Conditions, workspace: Path, work: str) -> Mapping[str, float]:
        from gen_studio.benchmarks.window_run import train_in_window

        level = _level(conditions.threads or self.default_threads())
        return train_in_window(_plan(work, conditions, workspace), level, self.seconds_of(conditions), workspace)


def _plan(work: str, conditions: Conditions, workspace: Path) -> RunPlan:
    if work == TINY:
        family, config = VAE.info.key, VAEConfig().model_dump(mode="json")
        data, steps, precision = DataPlan(source="digits", size=8), 1_000_000, Precision.FLOAT32
    else:
        family, config = DCGAN.info.key, DCGANConfig().model_dump(mode="json")
        data, steps = DataPlan(source="folder", path=str(workspace / "drawn"), size=64), 20_000
        precision = Precision.BF16 if has_bf16_units(conditions.device) else Precision.FLOAT32
    return RunPlan(family=family, data=data, config=config, steps=steps, device=conditions.device, precision=precision)


def _level(threads: int) -> Any:
    """The app's level of load that means this number of threads. Raises WrongUse where there is none."""
    from gen_studio.viewmodels.machine import LoadLevel

    levels = {max(1, usable_cores() // 2): LoadLevel.QUIET, usable_cores(): LoadLevel.FULL}
    levels |= {max(1, usable_cores() - 1): LoadLevel.BALANCED}
    if threads not in levels:
        names = " or ".join(str(number) for number in sorted(levels))
        raise WrongUse(f"The app does not train with {threads} threads on this machine. It does with {names}.")
    return levels[threads]


def _set_for_children(variables: Mapping[str, str], stack: ExitStack) -> None:
    for name, value in variables.items():
        before = os.environ.get(name)
        os.environ[name] = value
        stack.callback(_put_back, name, before)


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        del os.environ[name]
    else:
        os.environ[name] = value
