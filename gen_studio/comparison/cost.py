"""What a picture costs: seconds at one thread by the number of steps it forms in, with pictures of each number.

Timed when a comparison is made, and never else: a time means something only beside the machine it was taken on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter, thread_time

import torch
from torch import Tensor

from gen_studio.comparison.entry import Entry
from gen_studio.comparison.pictures import Pictures
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.plan import Device
from gen_studio.inference.images import to_pictures
from gen_studio.models.capabilities import CanSample, FormsInSteps, HasLatent
from gen_studio.training.device import synchronise

STEPS = (1, 5, 10, 25, 50, 100, 250)
AT_ONCE = 8
"""Pictures in the batch that is timed, and shown."""
ENOUGH_SECONDS = 1.0
"""For which a batch is repeated."""
PATIENCE = 60.0
"""Seconds that one batch may take; numbers of steps that would need more are left out."""


@dataclass(frozen=True)
class Price:
    """One way of sampling. steps: None where the family has no say in them. usual: whether its samples are so made."""

    steps: int | None
    seconds: float
    """For one picture."""
    pictures: Pictures
    usual: bool = True


@dataclass(frozen=True)
class Cost:
    """All prices of a run. left_out: the numbers of steps that would have taken too long."""

    run: int
    prices: tuple[Price, ...]
    left_out: tuple[int, ...] = ()


@torch.no_grad()
def cost_of(place: int, entry: Entry, seed: int, device: torch.device, report: Report = unheard) -> Cost | None:
    """None where the family cannot sample."""
    model = entry.model
    with one_thread():
        if isinstance(model, FormsInSteps):
            return _by_steps(place, model, seed, device, report)
        if isinstance(model, CanSample):
            steps = 1 if _is_one_pass(model) else None
            return Cost(place, (_price(lambda rng: model.sample(AT_ONCE, rng), steps, seed, device),))
    return None


def _is_one_pass(model: object) -> bool:
    """A latent decoded is one pass; whatever else a family does has a number of steps of its own."""
    return isinstance(model, HasLatent) and model.samples_are_decoded


def step_counts(model: FormsInSteps) -> list[int]:
    """The numbers of steps to try: those that there can be, and the one that samples are made with."""
    return sorted({*(steps for steps in STEPS if steps <= model.most_steps), model.forming_steps})


@contextmanager
def one_thread() -> Iterator[None]:
    """The same work for every machine, and no waiting for threads: figures can be set beside each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _by_steps(place: int, model: FormsInSteps, seed: int, device: torch.device, report: Report) -> Cost:
    prices: list[Price] = []
    left_out: list[int] = []
    counts = step_counts(model)
    for number, steps in enumerate(counts):
        report(Progress("Timing samples", number, len(counts)))
        if prices and _expected(prices[-1], steps) > PATIENCE:
            left_out.append(steps)
            continue
        usual = steps == model.forming_steps
        prices.append(_price(partial(_formed, model, steps), steps, seed, device, usual))
    return Cost(place, tuple(prices), tuple(left_out))


def _expected(known: Price, steps: int) -> float:
    """Seconds for a batch."""
    assert known.steps is not None
    return known.seconds * AT_ONCE * steps / known.steps


def _formed(model: FormsInSteps, steps: int, rng: torch.Generator) -> Tensor:
    for pictures in model.forming(AT_ONCE, rng, steps):
        last = pictures
    return last


def _price(
    make: Callable[[torch.Generator], Tensor], steps: int | None, seed: int, device: torch.device, usual: bool = True
) -> Price:
    """The mean of the batches that a second allows, all from the same seed. The first pays for what is prepared once,
    and counts only where it takes that long."""
    images, first = _timed(make, seed, device, 0.0)
    seconds = first if first >= ENOUGH_SECONDS else _timed(make, seed, device, ENOUGH_SECONDS)[1]
    return Price(steps, seconds / AT_ONCE, to_pictures(images), usual)


def _timed(
    make: Callable[[torch.Generator], Tensor], seed: int, device: torch.device, least: float
) -> tuple[Tensor, float]:
    """Batches until `least` seconds are over, one at the least: the last one, and how long one takes."""
    began, computed_before, number = perf_counter(), thread_time(), 0
    while not number or perf_counter() - began < least:
        images = make(torch.Generator(device).manual_seed(seed))
        synchronise(Device(device.type))
        number += 1
    passed, computed = perf_counter() - began, thread_time() - computed_before
    # At one thread what that thread computed is the time: others that take turns with it do not count. Where its
    # clock ticks too slowly to have noticed, the wall's does.
    return images, (computed if device.type == Device.CPU.value and computed > 0 else passed) / number
