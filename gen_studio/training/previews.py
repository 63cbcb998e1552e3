"""Pictures and charts of a model on its way: from a copy with randomness of its own, never at the cost of training."""

import math
import time
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.errors import UserError
from gen_studio.core.events import Charted, Pictured, Warned
from gen_studio.core.runs import RunFolder
from gen_studio.data.spec import Batch, ImageSet
from gen_studio.inference.views import View, render, views_of
from gen_studio.training.charting import Charting
from gen_studio.training.learner import Learner

KEPT = 100
EARLY_STEPS = (1, 2, 5, 10, 20, 50)
LIVE_SECONDS = 1.0
KEPT_SECONDS = 0.2
SHARE = 0.03
"""Largest part of the time that previews may take, beyond the first second."""
PICTURES = 81
FEWEST = 4
LONGEST_SECONDS = 8.0
"""What one view may take each time, where a picture alone takes long: there are fewer then, down to `FEWEST`."""
PREVIEW_SEED = 20_26


Drawn = list[Pictured | Charted | Warned]


class Previewer:
    """Renders every view and chart of a learner from the same latents and examples each time.

    About a hundred previews over the whole run are kept in its folder; while `watched`, others come every second,
    as long as all of them together stay under 3 % of the time. Charts come less often, and only the newest is kept.
    """

    def __init__(self, learner: Learner, held_out: ImageSet, folder: RunFolder) -> None:
        self.learner = learner
        self.folder = folder
        self.watched = False
        self._views = views_of(learner.model)
        self._shown = learner.new_shown_model()
        self._examples = _examples(learner, held_out)
        self._charting = Charting(learner, self._shown, held_out, folder)
        self._every = max(1, learner.plan.steps // KEPT)
        self._counts: dict[str, int] = {}
        self._started = time.perf_counter()
        self._spent = 0.0
        self._last = -math.inf
        self._owed = not any(folder.preview_steps(view.info.key) for view in self._views)

    def due(self) -> Drawn:
        """Pictures and charts, where it is time for some after the step just taken."""
        step = self.learner.step
        self._owed = self._owed or step % self._every == 0 or step in EARLY_STEPS
        now = time.perf_counter()
        apart = KEPT_SECONDS if self._owed else LIVE_SECONDS
        wanted = (self._owed or self.watched) and now - self._last > apart
        allowed = 1.0 + SHARE * (now - self._started)
        if not wanted or self._spent > allowed:
            return []
        # Charts take at most half of what is left, so that pictures do not wait for them.
        with_charts = self._charting.is_due(self.watched, self._owed, (allowed - self._spent) / 2)
        return self._draw(self._owed, with_charts)

    def draw(self, keep: bool) -> Drawn:
        """Renders all there is now, and keeps it in the folder if asked. A disk that does not take it is a warning."""
        return self._draw(keep, with_charts=True)

    def _draw(self, keep: bool, with_charts: bool) -> Drawn:
        before = time.perf_counter()
        self.learner.refresh(self._shown)
        events: Drawn = [event for view in self._views for event in self._picture(view, keep)]
        if with_charts:
            events += self._charting.draw(keep)
        self._owed = self._owed and not keep
        self._last = time.perf_counter()
        self._spent += self._last - before
        return events

    def _picture(self, view: View, keep: bool) -> list[Pictured | Warned]:
        if view.info.key not in self._counts:
            self._counts[view.info.key] = self._affordable(view)
        pictures = self._render(view, self._counts[view.info.key])
        pictured = Pictured(self.learner.step, view.info.key, pictures, view.info.per_item, keep)
        if not keep:
            return [pictured]
        try:
            self.folder.write_preview(view.info.key, self.learner.step, pictures, view.info.per_item)
        except UserError as error:
            return [replace(pictured, kept=False), Warned(str(error))]
        return [pictured]

    def _affordable(self, view: View) -> int:
        """How many items of a view to draw, now and from now on: all, unless some hundred steps make each picture."""
        most = max(1, PICTURES // view.info.per_item)
        # Twice: whatever is slow the first time only says nothing of the model.
        seconds = min(self._seconds_for_one(view), self._seconds_for_one(view))
        return most if seconds * most <= LONGEST_SECONDS else min(most, max(FEWEST, int(LONGEST_SECONDS / seconds)))

    def _seconds_for_one(self, view: View) -> float:
        began = time.perf_counter()
        self._render(view, 1)
        return time.perf_counter() - began

    def _render(self, view: View, count: int) -> NDArray[np.uint8]:
        rng = torch.Generator(self.learner.device).manual_seed(PREVIEW_SEED)
        return render(view, self._shown, self._examples, count, rng)


def _examples(learner: Learner, held_out: ImageSet) -> Batch:
    rng = torch.Generator().manual_seed(PREVIEW_SEED)
    chosen = torch.randperm(len(held_out), generator=rng)[:PICTURES]
    return learner.in_layout(held_out.batch(chosen, learner.device))
