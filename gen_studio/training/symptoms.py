"""What training looks like when it goes wrong: one class for each way, fed with blocks of readings or pictures.

None of them knows a family: they read the verdicts, losses, KL terms and gradient norms that a family declares.
"""

import math
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean, median
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.description import ACTIVE_UNITS, KL, LOSS, POSTERIOR_COLLAPSE, VERDICTS, Metric, Role
from gen_studio.training.blocks import BLOCK, Block
from gen_studio.training.likeness import Likeness

WON = 0.99
VANISHED_SHARE = 0.01
VANISHED = 1e-5
SWING = 0.4
SWINGS = 6
SWING_BLOCKS = 60
GROWTH = 20.0
DIVERGED = 10.0
DIVERGED_WITHOUT_SCALE = 500.0
LOOK_ALIKES = 0.5
COMING_APART = 1.1
COMING_APART_SPANS = 4
IDLE_KL = 0.1
IDLE_SHARE = 0.1


@dataclass(frozen=True)
class Game:
    """Where in a family's readings the two players are found. Empty parts are not watched.

    has_scale: whether verdicts are beliefs from 0 to 1; a Wasserstein critic's are not. kl, active_units: the readings
    of a posterior, which a game may have beside its players, or without them.
    """

    real: tuple[str, ...]
    fake: tuple[str, ...]
    losses: tuple[str, ...]
    generators: tuple[str, ...]
    has_scale: bool
    kl: tuple[str, ...] = ()
    active_units: tuple[str, ...] = ()

    @classmethod
    def of(cls, metrics: Iterable[Metric], players: Iterable[str], has_scale: bool) -> "Game":
        metrics = tuple(metrics)
        verdicts = [metric for metric in metrics if metric.plot == VERDICTS]
        return cls(
            real=tuple(metric.key for metric in verdicts if metric.role is Role.DISCRIMINATOR),
            fake=tuple(metric.key for metric in verdicts if metric.role is Role.GENERATOR),
            losses=tuple(metric.key for metric in metrics if metric.plot == LOSS),
            generators=tuple(player for player in players if player.startswith(Role.GENERATOR.value)),
            has_scale=has_scale,
            kl=tuple(metric.key for metric in metrics if metric == KL),
            active_units=tuple(metric.key for metric in metrics if metric == ACTIVE_UNITS),
        )

    @property
    def is_on(self) -> bool:
        return bool(self.real and self.fake)

    def gap(self, block: Block) -> float:
        """How far D's beliefs about real and fake are apart: 1 where it is never wrong, 0 where it cannot tell."""
        return fmean(block.values[key] for key in self.real) - fmean(block.values[key] for key in self.fake)


class Symptom(ABC):
    """One way of going wrong. `examine` gives a sentence while it is seen, None while it is not."""

    key: ClassVar[str]
    title: ClassVar[str]
    meaning: ClassVar[str]
    patience: ClassVar[int] = 1
    """For how many spans on end it has to be seen."""
    items: tuple[int, ...] = ()
    """Which of the samples are meant, after the last look."""

    def __init__(self, game: Game, span: int) -> None:
        """span: in how many steps a change counts as one."""
        self.game = game
        self.blocks = max(2, span // BLOCK)

    @abstractmethod
    def examine(self, block: Block) -> str | None: ...


class DiscriminatorWon(Symptom):
    """D(real) stays at 1 and D(fake) at 0. Many a healthy run begins so, which is what the patience is for."""

    key = "discriminator_won"
    patience = 5
    title = "Discriminator won?"
    meaning = "A discriminator that is never wrong tells the generator little about what to change."

    def __init__(self, game: Game, span: int) -> None:
        super().__init__(game, span)
        self._gaps: deque[float] = deque(maxlen=self.blocks)

    def examine(self, block: Block) -> str | None:
        if not (self.game.is_on and self.game.has_scale):
            return None
        self._gaps.append(self.game.gap(block))
        real, fake = (fmean(block.values[key] for key in keys) for keys in (self.game.real, self.game.fake))
        if len(self._gaps) < self.blocks or fmean(self._gaps) <= WON:
            return None
        return f"D(real) is {real:.2f} and D(fake) {fake:.2f}."


class VanishingGradient(Symptom):
    """The generator's gradient is a hundredth of what it was in the first blocks, or next to nothing."""

    key = "vanishing_gradient"
    title = "Vanishing gradient?"
    meaning = "With so small a gradient the generator hardly learns any more."

    def __init__(self, game: Game, span: int) -> None:
        super().__init__(game, span)
        self._first: dict[str, list[float]] = {player: [] for player in game.generators}
        self._last: dict[str, deque[float]] = {player: deque(maxlen=self.blocks) for player in game.generators}

    def examine(self, block: Block) -> str | None:
        if not self.game.is_on:
            return None
        for player in self.game.generators:
            norm = block.norms.get(player)
            if norm is None:
                continue
            first, last = self._first[player], self._last[player]
            last.append(norm)
            if len(first) < self.blocks:
                first.append(norm)
                continue
            start, now = median(first), median(last)
            if now < max(VANISHED, VANISHED_SHARE * start):
                return f"The {player}'s gradient has a norm of {now:.1g}, {start:.1g} at first."
        return None


class Oscillation(Symptom):
    """D's beliefs swing between winning and being fooled, again and again."""

    key = "oscillation"
    title = "Oscillation?"
    meaning = "The two chase each other in circles: each unlearns what the other has just answered."

    def __init__(self, game: Game, span: int) -> None:
        super().__init__(game, span)
        self._gaps: deque[float] = deque(maxlen=SWING_BLOCKS)

    def examine(self, block: Block) -> str | None:
        if not (self.game.is_on and self.game.has_scale):
            return None
        self._gaps.append(self.game.gap(block))
        count = swings(self._gaps, SWING)
        if count < SWINGS:
            return None
        return f"D(real) and D(fake) came together and parted {count} times in {len(self._gaps) * BLOCK} steps."


class Divergence(Symptom):
    """A loss is many times as large as it was at first, and still grows."""

    key = "divergence"
    title = "Divergence?"
    meaning = "Weights that grow without bound end in numbers that are none."

    def __init__(self, game: Game, span: int) -> None:
        super().__init__(game, span)
        self._first: dict[str, list[float]] = {key: [] for key in game.losses}
        self._last: dict[str, deque[float]] = {key: deque(maxlen=2 * self.blocks) for key in game.losses}

    def examine(self, block: Block) -> str | None:
        found = [words for key in self.game.losses if (words := self._examine_loss(key, abs(block.values[key])))]
        return found[0] if found else None

    def _examine_loss(self, key: str, size: float) -> str | None:
        first, last = self._first[key], self._last[key]
        last.append(size)
        if len(first) < self.blocks:
            first.append(size)
            return None
        if len(last) < 2 * self.blocks:
            return None
        sizes = list(last)
        before, now = fmean(sizes[: self.blocks]), fmean(sizes[self.blocks :])
        scaled = self.game.has_scale or not self.game.is_on
        limit = max(DIVERGED, GROWTH * max(first)) if scaled else DIVERGED_WITHOUT_SCALE
        if now < limit or now < 1.1 * before:
            return None
        return f"{key} has grown to {now:,.0f} in size, {fmean(first):.2g} at first."


class PosteriorCollapse(Symptom):
    """The code says next to nothing about a picture: its KL is about 0, or nine in ten latents do not vary.

    Many a healthy run begins so, which is what the patience is for.
    """

    key = POSTERIOR_COLLAPSE
    patience = 5
    title = "Posterior collapse?"
    meaning = "The decoder has learnt to do without the latents, so that moving them changes little or nothing."

    def examine(self, block: Block) -> str | None:
        for key in self.game.kl:
            if block.values[key] < IDLE_KL:
                return f"The KL is {block.values[key]:.2g} nats."
        for key in self.game.active_units:
            if block.values[key] < IDLE_SHARE:
                return f"{block.values[key]:.0%} of the latents vary from picture to picture."
        return None


class ModeCollapse(Symptom):
    """More than half of the samples have a near twin, nearer than the data's usually are, and it gets no better."""

    key = "mode_collapse"
    title = "Mode collapse?"
    meaning = "The generator makes a few pictures again and again; the rest of the data is lost to it."

    def __init__(self, game: Game, span: int, data: NDArray[np.uint8]) -> None:
        """data: pictures (N, H, W, C) of it."""
        super().__init__(game, span)
        self._likeness = Likeness(data)
        self._reach = COMING_APART_SPANS * span
        self._spreads: deque[tuple[int, float]] = deque()

    def examine(self, block: Block) -> str | None:
        return None

    def look(self, step: int, samples: NDArray[np.uint8]) -> str | None:
        """As `examine`, for samples (N, H, W, C) that were drawn anyway."""
        if not self.game.is_on:
            return None
        found, spread = self._likeness.look_alikes(samples)
        before = self._spread_before(step)
        self._spreads.append((step, spread))
        # A generator begins with samples that are all alike; as long as they come apart it is learning.
        collapsed = len(found) > LOOK_ALIKES * len(samples) and before is not None and spread <= COMING_APART * before
        self.items = found if collapsed else ()
        return f"{len(found)} of {len(samples)} samples look like another one." if collapsed else None

    def _spread_before(self, step: int) -> float | None:
        """How far apart samples were some spans ago; None where nobody looked."""
        before = None
        while self._spreads and self._spreads[0][0] <= step - self._reach:
            before = self._spreads.popleft()
        if before is not None:
            self._spreads.appendleft(before)
        return before[1] if before else None


BY_READINGS: tuple[type[Symptom], ...] = (
    DiscriminatorWon,
    VanishingGradient,
    Oscillation,
    Divergence,
    PosteriorCollapse,
)


def swings(values: Iterable[float], size: float) -> int:
    """How often a series turns by at least `size`: the number of its ups and downs, smaller ones left out."""
    count, direction = 0, 0
    lowest = highest = math.nan
    for value in values:
        if math.isnan(lowest):
            lowest = highest = value
        lowest, highest = min(lowest, value), max(highest, value)
        if direction <= 0 and value - lowest >= size:
            count, direction, highest = count + 1, 1, value
        elif direction >= 0 and highest - value >= size:
            count, direction, lowest = count + 1, -1, value
    return count
