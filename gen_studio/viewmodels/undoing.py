"""Keeps what a state was before each change, so that every change can be undone and done again."""

from typing import Generic, TypeVar

S = TypeVar("S")

MOST_STEPS = 10_000
"""More than anybody takes back; states share what has not changed, so that a step costs little."""


class History(Generic[S]):
    """The present state between those before and those that were undone."""

    def __init__(self, state: S) -> None:
        self._state = state
        self._before: list[S] = []
        self._after: list[S] = []
        self._gesture = ""

    @property
    def state(self) -> S:
        return self._state

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def set(self, state: S, gesture: str = "") -> bool:
        """Makes this the present state. False where it is already.

        gesture: changes in a row with the same words are one step, until `end_gesture`.
        """
        if state == self._state:
            return False
        if not gesture or gesture != self._gesture:
            self._before.append(self._state)
            del self._before[:-MOST_STEPS]
        self._gesture = gesture
        self._state = state
        self._after.clear()
        return True

    def end_gesture(self) -> None:
        """The next change is a step of its own."""
        self._gesture = ""

    def undo(self) -> bool:
        return self._go(self._before, self._after)

    def redo(self) -> bool:
        return self._go(self._after, self._before)

    def _go(self, source: list[S], target: list[S]) -> bool:
        self.end_gesture()
        if not source:
            return False
        target.append(self._state)
        self._state = source.pop()
        return True
