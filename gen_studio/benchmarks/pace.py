"""How fast a loop is: pictures per second once it runs steadily."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder, Status
from gen_studio.data.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gen_studio.training.session import TrainingSession

WARM_UP_SHARE = 0.25
LEAST_STEPS = 2
SLICE_SECONDS = 0.1


def images_per_second(step: Callable[[], int], seconds: float) -> float:
    """Calls `step`, which says how many pictures it took, for a warm-up and then for about so long."""
    _run(step, WARM_UP_SHARE * seconds)
    images, elapsed = _run(step, seconds)
    return images / elapsed


def session_speed(session: "TrainingSession", seconds: float) -> float:
    """Pictures per second of a session in slices as the app and the command line drive it, recording included."""

    def slice_() -> int:
        before = session.step
        session.advance(SLICE_SECONDS)
        if session.ended:
            raise ValueError(f"the run ended while it was measured: {session.ended.sentence}")
        return (session.step - before) * session.learner.pictures_per_step

    return images_per_second(slice_, seconds)


@contextmanager
def new_session(plan: RunPlan, dataset: Dataset, workspace: Path) -> "Iterator[TrainingSession]":
    """A session of a plan with nothing left open, in a folder that is removed afterwards."""
    from gen_studio.training.session import TrainingSession

    with TemporaryDirectory(dir=workspace) as name:
        folder = RunFolder.create(Path(name) / "run", plan, Status(name="benchmark"))
        with TrainingSession(plan, dataset, folder) as session:
            yield session


def _run(step: Callable[[], int], seconds: float) -> tuple[int, float]:
    images = steps = 0
    started = time.perf_counter()
    while steps < LEAST_STEPS or time.perf_counter() - started < seconds:
        images += step()
        steps += 1
    return images, time.perf_counter() - started
