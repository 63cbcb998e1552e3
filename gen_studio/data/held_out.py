"""A few pictures that no training sees, decoded by themselves: within a moment, however large the data are."""

from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Report, unheard
from gen_studio.core.plan import DataPlan
from gen_studio.data import catalog
from gen_studio.data.assembly import shaped
from gen_studio.data.source import Rows
from gen_studio.data.spec import Split
from gen_studio.data.splits import PARTS, Arrangement, arrange

Columns = dict[str, NDArray[np.uint8]]


def some(plan: DataPlan, count: int, seed: int, second: bool = False, *, report: Report = unheard) -> Columns:
    """At most `count` validation pictures with what belongs to them, as `assembly.shaped` names it: (N, C, H, W) each.

    The same seed gives the same ones. second: of two domains the second. Raises as `catalog.load` does.
    """
    plan, gallery = catalog.opened(plan, report=report)
    arrangement = arrange(gallery.names, gallery.official, plan.limit, gallery.domain)
    rows = _held_out(arrangement, int(second))
    if not len(rows):
        raise WrongUse("Of this run's data no pictures were held out. Open a picture of your own.")
    rows = np.sort(np.random.default_rng(seed).permutation(rows)[:count])
    parts: list[Columns] = []
    with closing(gallery.read(rows, plan)) as portions:
        parts.extend(shaped(portion, plan, gallery.layout) for portion in portions if len(portion.rows))
    if not parts:
        raise WrongUse("The pictures that were held out can no longer be read. Open a picture of your own.")
    channels = max(part["images"].shape[1] for part in parts)
    return {name: np.concatenate([_widened(part[name], name, channels) for part in parts]) for name in parts[0]}


def _held_out(arrangement: Arrangement, domain: int) -> Rows:
    """Validation pictures; where a small set has none, those of the test."""
    mine = np.ones(len(arrangement.rows), bool) if arrangement.domain is None else arrangement.domain == domain
    for split in (Split.VALIDATION, Split.TEST):
        rows: Rows = arrangement.rows[mine & (arrangement.parts == PARTS.index(split))]
        if len(rows):
            return rows
    return arrangement.rows[:0]


def _widened(pictures: NDArray[np.uint8], name: str, channels: int) -> NDArray[np.uint8]:
    """Grey pictures beside coloured ones are repeated."""
    repeats = name == "images" and pictures.shape[1] < channels
    return np.repeat(pictures, channels, axis=1) if repeats else pictures
