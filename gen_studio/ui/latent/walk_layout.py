"""Where keyframes, the legs between them and the playhead stand on the strip of a walk."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

LARGEST_KEY, SMALLEST_KEY = 56.0, 24.0
SMALLEST_LEG = 28.0
GAP = 4.0


@dataclass(frozen=True)
class WalkLayout:
    """Keyframes are squares of `side`, all legs have the same width, whatever their seconds: the playhead is faster or
    slower instead, as the walk is. closes: the first keyframe stands at the end again.

    Lengths are logical pixels, `seconds` those of each leg.
    """

    width: float
    keyframes: int
    seconds: tuple[float, ...]
    closes: bool

    @property
    def keys(self) -> int:
        """Squares, with the first one's second if there is one."""
        return self.keyframes + (1 if self.closes and self.keyframes > 1 else 0)

    @property
    def side(self) -> float:
        if self.keys < 2:
            return LARGEST_KEY
        room = (self.width - (self.keys - 1) * SMALLEST_LEG) / self.keys
        return max(SMALLEST_KEY, min(LARGEST_KEY, room))

    @property
    def step(self) -> float:
        """From one keyframe's left edge to the next one's."""
        if self.keys < 2:
            return self.side
        # A few keyframes do not drift apart over the whole stage.
        return min((self.width - self.side) / (self.keys - 1), 3.2 * self.side)

    def key_left(self, index: int) -> float:
        return index * self.step

    def leg(self, index: int) -> tuple[float, float]:
        """Left and right of the room between two keyframes."""
        return self.key_left(index) + self.side + GAP, self.key_left(index + 1) - GAP

    def x_of(self, second: float) -> float:
        """Where the playhead stands: at a keyframe in its middle."""
        starts = self._starts
        if not starts:
            return self.side / 2
        leg = min(len(self.seconds) - 1, max(0, bisect_right(starts, second) - 1))
        share = (second - starts[leg]) / self.seconds[leg]
        return self.key_left(leg) + self.side / 2 + min(1.0, max(0.0, share)) * self.step

    def second_at(self, x: float) -> float:
        """What `x_of` does, backwards."""
        starts = self._starts
        if not starts:
            return 0.0
        along = (x - self.side / 2) / self.step
        leg = min(len(self.seconds) - 1, max(0, int(along)))
        return starts[leg] + min(1.0, max(0.0, along - leg)) * self.seconds[leg]

    def key_at(self, x: float) -> int | None:
        """The keyframe under a place; the one at the end of a closed walk is the first."""
        for index in range(self.keys):
            if self.key_left(index) <= x < self.key_left(index) + self.side:
                return index % self.keyframes
        return None

    def leg_at(self, x: float) -> int | None:
        for index in range(len(self.seconds)):
            left, right = self.leg(index)
            if left <= x < right:
                return index
        return None

    def gap_at(self, x: float) -> int:
        """The place among the keyframes at which what is dragged would be put."""
        return min(self.keyframes, max(0, round((x + self.step / 2 - self.side / 2) / self.step)))

    @property
    def _starts(self) -> Sequence[float]:
        return tuple(accumulate(self.seconds[:-1], initial=0.0)) if self.seconds else ()
