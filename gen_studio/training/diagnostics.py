"""Says when a run is going wrong: once for each way, with what was seen, what it means and what to try.

It reads what a session tells anyway, keeps a few hundred numbers, and has no way to change a step.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.events import Advanced, Alarmed, Event, Pictured
from gen_studio.inference.images import to_pictures
from gen_studio.training.blocks import Blocks
from gen_studio.training.learner import Learner
from gen_studio.training.remedies import fixes_for
from gen_studio.training.symptoms import BY_READINGS, Game, ModeCollapse, Symptom

SAMPLES = "samples"
PICTURES = 81
PICTURES_SEED = 20_26
SHORTEST, LONGEST, SHARE = 50, 500, 20


class Vigil:
    """Waits until something has been seen for `patience` steps on end; says so once, and again only after a rest."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self._since: int | None = None
        self._last_seen: int | None = None
        self._raised = False

    def heed(self, step: int, seen: bool) -> int | None:
        """Since which step, at the one moment at which there is something to say."""
        if seen:
            self._since = step if self._since is None else self._since
            self._last_seen = step
            if not self._raised and step - self._since >= self.patience:
                self._raised = True
                return self._since
            return None
        self._since = None
        if self._last_seen is None or step - self._last_seen >= 2 * self.patience:
            self._raised = False
        return None


@dataclass(frozen=True)
class _Watch:
    symptom: Symptom
    vigil: Vigil


class Diagnostics:
    """Watches one learner's run. Each symptom is looked for where a family declares the readings it shows in."""

    def __init__(self, learner: Learner) -> None:
        model = learner.model
        self._learner = learner
        metrics = [metric for metric in model.metrics if metric.key not in model.meaningless]
        self._game = Game.of(metrics, learner.players, model.verdicts_have_scale)
        self._span = span_of(learner.plan.steps)
        self._blocks = Blocks()
        self._by_readings = [self._watch(kind(self._game, self._span)) for kind in BY_READINGS]
        self._collapse: _Watch | None = None
        self._alarms: list[Alarmed] = []

    def heed(self, events: Iterable[Event]) -> list[Alarmed]:
        """What is to be said after these events of the session."""
        alarms = []
        for event in events:
            match event:
                case Advanced():
                    alarms += self._read(event)
                case Pictured(view=view) if view == SAMPLES and self._game.is_on:
                    alarms += self._look(event)
                case _:
                    pass
        return alarms

    def _read(self, report: Advanced) -> list[Alarmed]:
        alarms = []
        for block in self._blocks.add(report):
            for watch in self._by_readings:
                seen = watch.symptom.examine(block)
                alarms += self._judge(watch, block.step, seen)
        return alarms

    def _look(self, pictured: Pictured) -> list[Alarmed]:
        if self._collapse is None:
            self._collapse = self._watch(ModeCollapse(self._game, self._span, _examples(self._learner)))
        symptom = self._collapse.symptom
        assert isinstance(symptom, ModeCollapse)
        return self._judge(self._collapse, pictured.step, symptom.look(pictured.step, pictured.pictures))

    def _judge(self, watch: _Watch, step: int, seen: str | None) -> list[Alarmed]:
        since = watch.vigil.heed(step, seen is not None)
        if since is None or seen is None:
            return []
        symptom = watch.symptom
        fixes = fixes_for(symptom.key, self._learner)
        return [Alarmed(step, symptom.key, symptom.title, since, seen, symptom.meaning, fixes, symptom.items)]

    def _watch(self, symptom: Symptom) -> _Watch:
        return _Watch(symptom, Vigil(symptom.patience * self._span))


def span_of(steps: int) -> int:
    """In how many steps of a run of so many a change is more than a mood."""
    return min(LONGEST, max(SHORTEST, steps // SHARE))


def _examples(learner: Learner) -> NDArray[np.uint8]:
    """As many pictures of the data, (N, H, W, C) uint8, as a preview has samples."""
    rng = torch.Generator().manual_seed(PICTURES_SEED)
    chosen = torch.randperm(len(learner.pictures), generator=rng)[:PICTURES]
    return to_pictures(learner.pictures.batch(chosen).images)
