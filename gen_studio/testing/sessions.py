"""Short words for tests that drive a training session step by step, or to its end."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from gen_studio.core.events import Event
from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.training import start, state_tree
from gen_studio.training.session import TrainingSession

E = TypeVar("E")


def take(session: TrainingSession, until: int) -> list[Event]:
    """Steps one by one up to step `until`, and returns all that the session told."""
    events: list[Event] = []
    while session.step < until and not session.ended:
        events += session.advance(0)
    return events


def of(kind: type[E], events: list[Event]) -> list[E]:
    """Those of one kind."""
    return [event for event in events if isinstance(event, kind)]


def state_of(session: TrainingSession) -> state_tree.Tree:
    """A copy of everything that a checkpoint would hold."""
    return state_tree.clone(session.learner.state())


def small_plan(family: str, data: DataPlan, config: Mapping[str, object], steps: int = 1) -> RunPlan:
    """Of a run on the CPU in float32, the same on every machine."""
    return RunPlan(
        family=family, data=data, config=dict(config), steps=steps, device=Device.CPU, precision=Precision.FLOAT32
    )


def trained(plan: RunPlan, path: Path) -> Path:
    """Trains a run to its end, and returns its folder."""
    session, _ = start.start(plan, path)
    with session:
        take(session, plan.steps)
    return path
