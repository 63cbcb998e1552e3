"""Charts of a model on its way, from several hundred held-out examples: seldom, as those take longer than pictures."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.charts import Projection, Scatter
from gen_studio.core.errors import UserError
from gen_studio.core.events import Charted, Warned
from gen_studio.core.runs import RunFolder
from gen_studio.data.spec import Batch, ImageSet
from gen_studio.metrics.charts import ChartKind, Examples, Look, charts_of, draw
from gen_studio.metrics.projections import steadied
from gen_studio.training.checkpoint import Model
from gen_studio.training.learner import Learner

EXAMPLES = 512
LARGEST = 1 << 24
"""Numbers that all of those may be made of: they lie on the device for as long as the charts take."""
AT_ONCE = 64
SECONDS = 2.0
CHART_SEED = 20_26


class Charting:
    """Draws every chart of the shown model from the same examples each time, and keeps the newest in the folder."""

    def __init__(self, learner: Learner, shown: Model, held_out: ImageSet, folder: RunFolder) -> None:
        self._learner = learner
        self._shown = shown
        self._folder = folder
        self._kinds = charts_of(shown)
        self._rows = _chosen(held_out)
        self._held_out = held_out
        self._examples = Examples(self._batches, held_out.spec.classes)
        self._before: dict[str, NDArray[np.float64]] = {}
        self._last = -math.inf
        self._cost = 0.0

    def is_due(self, watched: bool, owed: bool, seconds: float) -> bool:
        """Whether to draw now, where so many seconds may be spent; it is expected to take as long as the last time."""
        if not self._kinds or not (watched or owed):
            return False
        return time.perf_counter() - self._last > SECONDS and self._cost <= seconds

    def draw(self, keep: bool) -> list[Charted | Warned]:
        """Every chart of the shown model as it is now. A disk that does not take them is a warning."""
        began = time.perf_counter()
        rng = torch.Generator(self._learner.device).manual_seed(CHART_SEED)
        look = Look(self._shown, self._examples, rng)
        events = [event for kind in self._kinds for event in self._chart(kind, look, keep)]
        self._last = time.perf_counter()
        self._cost = self._last - began
        return events

    def _chart(self, kind: ChartKind, look: Look, keep: bool) -> list[Charted | Warned]:
        values = draw(kind, look)
        if values is None:
            return []
        if isinstance(values, Scatter) and values.projection is Projection.PCA:
            values = replace(values, points=steadied(values.points, self._before.get(kind.info.key)))
            self._before[kind.info.key] = values.points
        charted = Charted(self._learner.step, kind.info.key, values)
        if keep:
            try:
                self._folder.write_chart(charted)
            except UserError as error:
                return [charted, Warned(str(error))]
        return [charted]

    def _batches(self) -> Sequence[Batch]:
        chunks = self._rows.split(AT_ONCE)
        return [self._learner.in_layout(self._held_out.batch(chunk, self._learner.device)) for chunk in chunks]


def _chosen(held_out: ImageSet) -> torch.Tensor:
    most = min(EXAMPLES, max(AT_ONCE, LARGEST // held_out.images[0].numel()))
    return torch.randperm(len(held_out), generator=torch.Generator().manual_seed(CHART_SEED))[:most]
