"""Holds decoded pictures in memory."""

import numpy as np
import torch

from gen_studio.core.jobs import Report
from gen_studio.core.plan import DataPlan
from gen_studio.data import assembly
from gen_studio.data.columns import InMemory
from gen_studio.data.dataset import Dataset
from gen_studio.data.source import Gallery
from gen_studio.data.splits import Arrangement


def load(gallery: Gallery, arrangement: Arrangement, plan: DataPlan, report: Report, keep_above: int | None) -> Dataset:
    has_pairs = plan.pairs is not None
    columns = {name: InMemory() for name in ("images", "inputs")[: 1 + has_pairs]}
    tally = assembly.decode(gallery, arrangement, plan, columns, report)
    total = len(arrangement.rows)
    objection = assembly.objection_to_losses(tally, total)
    if objection:
        raise objection
    kept = np.concatenate(tally.kept)
    lengths = arrangement.lengths(kept)
    tensors = {name: torch.from_numpy(column.whole()) for name, column in columns.items()}
    if gallery.labels is not None:
        tensors["labels"] = torch.from_numpy(gallery.labels[arrangement.rows[kept]])
    notes = assembly.notes_of(gallery, tally, plan, total)
    return assembly.dataset(plan, gallery, tensors, lengths, tuple(tally.skipped), notes)
