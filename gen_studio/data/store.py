"""Holds decoded pictures: small sets in memory, large ones memory-mapped from a copy that later loads reuse."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import torch

from gen_studio.core import paths
from gen_studio.core.atomic import new_folder
from gen_studio.core.errors import UserError
from gen_studio.core.jobs import Report
from gen_studio.core.plan import Channels, DataPlan
from gen_studio.core.words import size as in_words
from gen_studio.data import assembly, kept
from gen_studio.data.columns import Column, InMemory, OnDisk
from gen_studio.data.dataset import Dataset
from gen_studio.data.kept import Contents
from gen_studio.data.source import Gallery
from gen_studio.data.splits import Arrangement

VERSION = 1  # of the way in which pictures are treated: a new one makes all kept copies obsolete


@dataclass(frozen=True)
class Job:
    """A gallery to be decoded as a plan asks."""

    gallery: Gallery
    arrangement: Arrangement
    plan: DataPlan
    report: Report

    @property
    def column_names(self) -> tuple[str, ...]:
        has_pairs = self.gallery.has_inputs or self.plan.pairs is not None or self.plan.counterpart is not None
        names = ("images", "inputs") if has_pairs else ("images",)
        return (*names, "layout") if self.gallery.layout else names

    @property
    def most_bytes(self) -> int:
        """How much the decoded pictures take, if all of them turn out to be readable and coloured."""
        channels = 1 if self.plan.channels is Channels.GREY else self.gallery.channels or 3
        if self.plan.channels is Channels.COLOUR:
            channels = 3
        side = self.plan.size or 0
        return len(self.arrangement.rows) * channels * side * side * len(self.column_names)

    def decode(self, columns: Mapping[str, Column]) -> Contents:
        """Fills the columns. Raises WrongUse when too little could be read."""
        tally = assembly.decode(self.gallery, self.arrangement, self.plan, columns, self.report)
        total = len(self.arrangement.rows)
        objection = assembly.objection_to_losses(tally, total)
        if objection:
            raise objection
        positions = np.concatenate(tally.kept)
        return Contents(
            lengths=self.arrangement.lengths(positions),
            rows=self.arrangement.rows[positions],
            skipped=tuple(tally.skipped),
            notes=assembly.notes_of(self.gallery, tally, self.plan, total),
        )

    def dataset(self, pictures: dict[str, torch.Tensor], contents: Contents) -> Dataset:
        columns = dict(pictures)
        if self.gallery.labels is not None:
            columns["labels"] = torch.from_numpy(self.gallery.labels[contents.rows])
        if self.gallery.table is not None:
            columns["attributes"] = torch.from_numpy(self.gallery.table[contents.rows])
        return assembly.dataset(self.plan, self.gallery, columns, contents)


def load(job: Job, keep_above: int | None) -> Dataset:
    """Decodes a gallery, or opens the copy that an earlier load has kept."""
    above = job.gallery.keep_above if keep_above is None else keep_above
    return _from_disk(job) if job.most_bytes > above else _in_memory(job)


def _in_memory(job: Job) -> Dataset:
    columns = {name: InMemory() for name in job.column_names}
    contents = job.decode(columns)
    return job.dataset({name: torch.from_numpy(column.whole()) for name, column in columns.items()}, contents)


def _from_disk(job: Job) -> Dataset:
    folder = paths.cache() / "pictures" / _key(job)
    was_there = folder.exists()
    found = kept.open_folder(folder)
    if found is None:
        _write(job, folder)
        found = kept.open_folder(folder)
        if found is None:
            raise UserError(f"The decoded pictures in {folder} cannot be read back. Check the disk.")
        if was_there:
            note = "The decoded copy on the disk was damaged; it has been made anew."
            found = replace(found, contents=found.contents.with_note(note))
        kept.prune(folder.parent, spared=folder)
    where = f"The decoded pictures are kept in {folder} ({in_words(found.bytes)})."
    return job.dataset(found.pictures, found.contents.with_note(where))


def _write(job: Job, folder: Path) -> None:
    _ask_for_space(job, folder)
    with new_folder(folder) as unfinished:
        columns = {name: OnDisk(unfinished / f"{name}.bin") for name in job.column_names}
        contents = job.decode(columns)
        kept.write_header(unfinished, {name: column.shape for name, column in columns.items()}, contents)


def _ask_for_space(job: Job, folder: Path) -> None:
    nearest = next(parent for parent in folder.parents if parent.exists())
    free = shutil.disk_usage(nearest).free
    if job.most_bytes > free:
        raise UserError(
            f"The decoded pictures take up to {in_words(job.most_bytes)}, and the disk of {nearest} has "
            f"{in_words(free)} left. Free some space, or choose a smaller size or fewer pictures."
        )


def _key(job: Job) -> str:
    plan = job.plan.model_dump_json(exclude={"path", "other_path"})
    treated = f"{VERSION}\n{plan}\n{job.gallery.fingerprint}".encode("utf-8", "surrogateescape")
    digest = blake2b(treated, digest_size=12).hexdigest()
    return f"{job.plan.source}-{digest}"
