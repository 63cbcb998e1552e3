"""Trains a recipe to its end and says what came of it: the evidence that a family learns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import torch

from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.events import Alarmed, Event, Reason, Warned
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.plan import Device, RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.data import catalog
from gen_studio.metrics.classifier import Classifier, train_classifier
from gen_studio.metrics.measures import Subject, find, measure
from gen_studio.recipes.recipe import Recipe
from gen_studio.training import checkpoint, start

SLICE_SECONDS = 1.0


@dataclass(frozen=True)
class Outcome:
    """What a recipe's run came to. `seconds` and `pictures_per_second` are of training alone."""

    recipe: Recipe
    plan: RunPlan
    figures: Mapping[str, float]
    seconds: float
    pictures_per_second: float

    @property
    def in_time(self) -> bool:
        return self.seconds <= 60 * self.recipe.minutes

    @property
    def reached(self) -> bool:
        return all(goal.is_met(self.figures[goal.key]) for goal in self.recipe.goals)


@dataclass
class Kitchen:
    """Runs recipes one after the other. A classifier is trained once for each set of pictures.

    root: the folder of data sets. device: takes the place of the recipes' own.
    """

    root: Path | None = None
    device: Device | None = None
    report: Report = unheard
    note: Callable[[str], None] = lambda sentence: None
    _judges: dict[str, Classifier] = field(default_factory=dict)

    def run(self, recipe: Recipe, folder: Path) -> Outcome:
        """Trains in a new or empty folder. Raises WrongUse where the recipe cannot be, UserError where it broke off.

        Called off while it trains, the run is stopped and saved.
        """
        for goal in recipe.goals:
            find(goal.key)
        plan = recipe.plan_at(self.root)
        if self.device is not None:
            plan = plan.model_copy(update={"device": self.device})
        session, notes = start.start(
            plan, folder, epochs=recipe.epochs, name=recipe.title, report=self.report, root=self.root
        )
        for sentence in notes:
            self.note(sentence)
        with session:
            began = perf_counter()
            try:
                while session.ended is None:
                    for event in session.advance(SLICE_SECONDS):
                        self._tell(event)
                    self.report(Progress(recipe.name, session.step, session.plan.steps))
            except Cancelled:
                session.stop()
                raise
            seconds = perf_counter() - began
            if session.ended.reason is not Reason.FINISHED:
                raise UserError(f"{session.ended.sentence} The run is {folder}.")
            pictures = session.plan.steps * session.learner.pictures_per_step
        return Outcome(recipe, session.plan, self.judge(recipe, folder), seconds, pictures / seconds)

    def judge(self, recipe: Recipe, folder: Path) -> dict[str, float]:
        """The figures of a run's newest checkpoint that the recipe's goals are about."""
        plan = RunFolder.open(folder).plan()
        device = torch.device(plan.device.value)
        dataset = catalog.load(plan.data, report=self.report, root=self.root)
        model = checkpoint.load_shown(RunFolder.open(folder)).model.to(device)

        def trained_judge() -> Classifier:
            key = dataset.plan.model_dump_json()
            if key not in self._judges:
                self._judges[key] = train_classifier(dataset.train, device=device, report=self.report)
            return self._judges[key]

        subject = Subject(model, dataset, device, trained_judge, report=self.report)
        return measure(subject, [goal.key for goal in recipe.goals])

    def _tell(self, event: Event) -> None:
        match event:
            case Warned() | Alarmed():
                self.note(event.sentence)
            case _:
                pass
