"""Turns a gallery into a data set: decodes portion by portion, recolours, makes pairs, and cuts the splits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.plan import Counterpart, DataPlan
from gen_studio.core.words import count
from gen_studio.data import filters
from gen_studio.data.columns import Column, coloured, recoloured
from gen_studio.data.dataset import Dataset
from gen_studio.data.kept import Contents
from gen_studio.data.source import Gallery, Portion, Remark, Skipped
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.data.splits import Arrangement


@dataclass
class Tally:
    """What was seen while decoding. `kept` are positions in the arrangement."""

    kept: list[NDArray[np.int64]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: Counter[Remark] = field(default_factory=Counter)


def decode(
    gallery: Gallery, arrangement: Arrangement, plan: DataPlan, columns: Mapping[str, Column], report: Report
) -> Tally:
    """Fills the columns with every picture that can be read, in the order of the arrangement."""
    tally = Tally()
    total, done = len(arrangement.rows), 0
    report(Progress("Decoding pictures", 0, total))
    with closing(gallery.read(arrangement.rows, plan)) as portions:
        for portion in portions:
            asked = len(portion.rows) + len(portion.skipped)
            stretch = arrangement.rows[done : done + asked]
            tally.kept.append(done + np.flatnonzero(np.isin(stretch, portion.rows)))
            tally.skipped.extend(portion.skipped)
            tally.remarks.update(portion.remarks)
            if len(portion.rows):
                for name, pictures in shaped(portion, plan, gallery.layout).items():
                    columns[name].append(pictures)
            done += asked
            report(Progress("Decoding pictures", done, total))
    return tally


def shaped(portion: Portion, plan: DataPlan, layout: Sequence[LayoutClass] = ()) -> dict[str, NDArray[np.uint8]]:
    """The columns of one portion as the plan asks for them, (N, C, H, W) each, a layout too."""
    columns = {"images": recoloured(portion.images, plan.channels)}
    if portion.inputs is not None:
        columns["inputs"] = recoloured(portion.inputs, plan.channels)
    elif plan.pairs is not None:
        columns["inputs"] = filters.apply(plan.pairs, columns["images"])
    elif plan.counterpart is Counterpart.LAYOUT and portion.layouts is not None:
        # In colour whatever the pictures are: in grey, two classes could look alike.
        columns["inputs"] = coloured(portion.layouts, layout)
    if portion.layouts is not None:
        columns["layout"] = portion.layouts[:, None]
    return columns


def dataset(
    plan: DataPlan,
    gallery: Gallery,
    columns: dict[str, torch.Tensor],
    contents: Contents,
) -> Dataset:
    """Cuts whole columns into the three splits, each a view of one stretch."""
    if "layout" in columns:
        columns["layout"] = columns["layout"][:, 0]
    images = columns["images"]
    spec = DataSpec(
        channels=images.shape[1],
        height=images.shape[2],
        width=images.shape[3],
        classes=gallery.classes,
        input_channels=columns["inputs"].shape[1] if "inputs" in columns else None,
        attributes=gallery.attributes,
        layout=gallery.layout,
        domains=gallery.domains,
    )
    ends = np.cumsum(contents.lengths).tolist()
    stretches = [slice(end - length, end) for end, length in zip(ends, contents.lengths, strict=True)]
    splits = {}
    for place, split in enumerate(Split):
        part = {name: column[stretches[place]] for name, column in columns.items()}
        others = images[stretches[place + len(Split)]] if spec.has_domains else None
        splits[split] = ImageSet(spec, part, others)
    return Dataset(plan, spec, splits, (*gallery.skipped, *contents.skipped), contents.notes)


def notes_of(gallery: Gallery, tally: Tally, plan: DataPlan, total: int) -> tuple[str, ...]:
    """What there is to say to the user, the losses first."""
    notes = []
    if tally.skipped:
        notes.append(f"{len(tally.skipped):,} of {count(total, 'file')} could not be read and were left out.")
    if gallery.skipped:
        notes.append(f"{count(len(gallery.skipped), 'file')} had no partner or no values and were left out.")
    notes.extend(gallery.notes)
    for remark in Remark:
        if tally.remarks[remark]:
            number = tally.remarks[remark]
            notes.append(f"{remark.value}: {'all pictures' if number == total else count(number, 'picture')}.")
    return tuple(notes)


def objection_to_losses(tally: Tally, total: int) -> WrongUse | None:
    """The error when nothing at all could be read."""
    if len(tally.skipped) < total:
        return None
    first = tally.skipped[0]
    return WrongUse(
        f"None of the {count(total, 'file')} could be read as a picture. The first, {first.path}, {first.reason}. "
        "Open one in a picture viewer, and save the pictures as PNG or JPEG."
    )
