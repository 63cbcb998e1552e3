"""Trains a run as the command line would, to its end, and then judges it: long, and without a clock."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

import torch
from torch import Tensor

from gen_studio.benchmarks.benchmark import Benchmark, Conditions, Measured, all_cores, missing_data
from gen_studio.core.errors import UserError
from gen_studio.core.events import Reason
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.plan import RunPlan
from gen_studio.data import catalog
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Batch, ImageSet
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.training import start

SLICE_SECONDS = 1.0
JUDGED_AT_ONCE = 128
SEED = 11


@dataclass(frozen=True)
class Trained:
    """A model as it is shown, in evaluation mode, and the data that its run used."""

    model: TrainableModel[FamilyConfig]
    plan: RunPlan
    dataset: Dataset
    device: torch.device

    def generator(self) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(SEED)

    def batches(self, pictures: ImageSet) -> list[Batch]:
        """All of a split, in order, on the device."""
        rows = torch.arange(len(pictures)).split(JUDGED_AT_ONCE)
        return [pictures.batch(part, self.device) for part in rows]


class Evidence(Benchmark):
    """One training run and what came of it. A definition brings the plan and the judgement."""

    long: ClassVar[bool] = True
    epochs: ClassVar[float | None] = None

    @abstractmethod
    def plan(self, conditions: Conditions) -> RunPlan: ...

    @abstractmethod
    def judge(self, trained: Trained, conditions: Conditions, report: Report) -> Mapping[str, float]:
        """The figures."""

    def obstacle(self, conditions: Conditions) -> str | None:
        return missing_data(self.plan(conditions).data, conditions)

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        torch.set_num_threads(conditions.threads or all_cores())
        began = perf_counter()
        trained, notes = self._train(conditions, workspace, report)
        took = perf_counter() - began
        with torch.no_grad():
            figures = dict(self.judge(trained, conditions, report))
        figures["training seconds"] = took
        return Measured(figures=figures, settings=_settings(trained.plan), notes=notes)

    def _train(self, conditions: Conditions, workspace: Path, report: Report) -> tuple[Trained, tuple[str, ...]]:
        plan = self.plan(conditions).model_copy(update={"device": conditions.device})
        epochs = None if self.epochs is None else self.epochs * conditions.share
        if epochs is None:
            plan = plan.model_copy(update={"steps": max(1, round(plan.steps * conditions.share))})
        run = workspace / "run"
        session, notes = start.start(plan, run, epochs=epochs, report=report, root=conditions.root)
        with session:
            while session.ended is None:
                session.advance(SLICE_SECONDS)
                report(Progress(self.name, session.step, session.plan.steps))
            if session.ended.reason is not Reason.FINISHED:
                raise UserError(f"The run did not finish: {session.ended.sentence}")
            dataset = catalog.load(session.plan.data, root=conditions.root)
            shown = session.learner.new_shown_model()
            return Trained(shown, session.plan, dataset, session.learner.device), notes


def mean_of(parts: list[tuple[Tensor, int]]) -> float:
    """The mean over pictures from means over batches and the sizes of those."""
    total = sum(float(value) * number for value, number in parts)
    return total / sum(number for _, number in parts)


def _settings(plan: RunPlan) -> dict[str, Any]:
    settings = plan.model_dump(mode="json", exclude={"format_version", "checkpoint_every", "keep_checkpoints"})
    settings["data"] = {key: value for key, value in settings["data"].items() if value is not None and key != "path"}
    return settings
