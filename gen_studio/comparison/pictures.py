"""The pictures of a comparison: every run is shown the same held-out pictures and given the same seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.comparison.entry import Entry
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import Batch
from gen_studio.inference import sampling
from gen_studio.inference.images import to_pictures
from gen_studio.models.capabilities import CanReconstruct, CanSample, CanTranslate

Pictures = NDArray[np.uint8]
"""(N, H, W, C)."""
HELD_OUT = 8


@dataclass(frozen=True)
class Strip:
    """A row of pictures and what it is. `run` is the place of the run that made them, None where they were given."""

    title: str
    pictures: Pictures
    run: int | None = None


@dataclass(frozen=True)
class Group:
    """Strips whose columns belong together: the answers of runs below the pictures that they were all asked about."""

    title: str
    strips: tuple[Strip, ...]


@torch.no_grad()
def samples(entry: Entry, count: int, seed: int, device: torch.device) -> Pictures | None:
    """The first pictures of the seed, None where the family cannot make any."""
    return sampling.samples(entry.model, count, seed, device) if isinstance(entry.model, CanSample) else None


def reconstructions(
    entries: Sequence[Entry], datasets: Sequence[Dataset | None], seed: int, device: torch.device
) -> tuple[Group, ...]:
    """A group for each set of data."""

    def given(batch: Batch) -> list[Strip]:
        return [Strip("Held-out pictures", to_pictures(batch.images))]

    def made(model: Any, batch: Batch, rng: torch.Generator) -> Pictures:
        return to_pictures(model.reconstruct(batch.images, rng))

    able = [place for place, entry in enumerate(entries) if isinstance(entry.model, CanReconstruct)]
    return _groups(entries, able, datasets, _Asked(given, made, seed, device))


def translations(
    entries: Sequence[Entry], datasets: Sequence[Dataset | None], seed: int, device: torch.device
) -> tuple[Group, ...]:
    """A group for each set of data."""

    def given(batch: Batch) -> list[Strip]:
        assert batch.inputs is not None
        return [Strip("Inputs", to_pictures(batch.inputs)), Strip("Targets", to_pictures(batch.images))]

    def made(model: Any, batch: Batch, rng: torch.Generator) -> Pictures:
        return to_pictures(model.translate(batch.inputs, rng))

    # Without pairs there is no target to stand beside an answer.
    able = [
        place
        for place, (entry, shown) in enumerate(zip(entries, datasets, strict=True))
        if isinstance(entry.model, CanTranslate) and shown is not None and shown.spec.has_pairs
    ]
    return _groups(entries, able, datasets, _Asked(given, made, seed, device))


@dataclass(frozen=True)
class _Asked:
    """What all runs of a group are shown, and how one answers."""

    given: Callable[[Batch], list[Strip]]
    made: Callable[[Any, Batch, torch.Generator], Pictures]
    seed: int
    device: torch.device


@torch.no_grad()
def _groups(
    entries: Sequence[Entry], able: Sequence[int], datasets: Sequence[Dataset | None], asked: _Asked
) -> tuple[Group, ...]:
    groups: list[Group] = []
    # Runs of the same data share one object: see `Shelf`.
    for shown in {id(datasets[place]): datasets[place] for place in able}.values():
        assert shown is not None
        batch = shown.test.batch(_spread(len(shown.test)), asked.device)
        members = [place for place in able if datasets[place] is shown]
        strips = asked.given(batch)
        for place in members:
            rng = torch.Generator(asked.device).manual_seed(asked.seed)
            strips.append(Strip(entries[place].name, asked.made(entries[place].model, batch, rng), place))
        groups.append(Group(entries[members[0]].status.data_title, tuple(strips)))
    return tuple(groups)


def _spread(length: int) -> torch.Tensor:
    """Places of a few pictures, evenly over a split: neighbours may be alike."""
    return torch.linspace(0, length - 1, min(HELD_OUT, length)).round().long()
