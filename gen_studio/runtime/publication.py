"""Hands copies of the weights that train to whoever looks at them: few, and never at more than a small cost."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gen_studio.core.mailbox import Mailbox

if TYPE_CHECKING:
    import torch

    from gen_studio.training.checkpoint import Model
    from gen_studio.training.learner import Learner
    from gen_studio.training.shown import Snapshot

LEAST_SECONDS = 0.5
"""Between two copies. Making one ready may take a frame, and few of the frames of a slider are to wait for that."""
SHARE = 0.02
"""Largest part of the time that copying may take."""


@dataclass(frozen=True, eq=False)
class Publication:
    """What a run is shown with at a step: a whole model at first, then weights for it. Nobody changes them any more."""

    run: Path
    step: int
    weights: "Model | Snapshot"
    is_whole: bool
    device: "torch.device"


class Publisher:
    """The trainer's side. The mailbox has room for one: whoever looks meets the newest, however slow he is."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.mailbox: Mailbox[Publication] = Mailbox()
        self.is_wanted = False
        self._clock = clock
        self._whole_is_owed = True
        self._last_step = -1
        self._not_before = 0.0

    def want(self, wanted: bool) -> None:
        """Whoever asks anew has nothing yet, so that the next publication is a whole model."""
        self.is_wanted = wanted
        self._whole_is_owed = True
        self._last_step = -1
        self._not_before = 0.0

    @property
    def is_due(self) -> bool:
        return self.is_wanted and self._clock() >= self._not_before

    def publish(self, run: Path, learner: "Learner") -> bool:
        """Publishes what the learner is shown with now; False where that has been done, or nobody wants it."""
        if not self.is_wanted or learner.step == self._last_step:
            return False
        before = self._clock()
        # The whole model counts as handed over once it was taken: until then a newer one is put in its place.
        waiting = self.mailbox.waiting
        is_whole = self._whole_is_owed or (waiting is not None and waiting.is_whole)
        weights = learner.new_shown_model() if is_whole else learner.snapshot()
        self.mailbox.put(Publication(run, learner.step, weights, is_whole, learner.device))
        self._whole_is_owed = False
        self._last_step = learner.step
        after = self._clock()
        self._not_before = max(before + LEAST_SECONDS, after + (after - before) / SHARE)
        return True
