"""Places where threads leave things for each other: what is put in replaces what waits, so that nobody falls behind."""

from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Has room for one. Any thread may put and take."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: T | None = None

    @property
    def waiting(self) -> T | None:
        """What the next `take` would give now; another thread may be faster."""
        return self._waiting

    def put(self, value: T) -> None:
        """In place of what waits."""
        with self._lock:
            self._waiting = value

    def take(self) -> T | None:
        """What waits, which then waits no more; None where nothing does."""
        with self._lock:
            value, self._waiting = self._waiting, None
            return value


class Mailboxes(Generic[T]):
    """One mailbox for each name. Names are served in the order in which they began to wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[str, T] = {}

    def put(self, name: str, value: T) -> None:
        """In place of what waits under that name, which keeps its turn."""
        with self._lock:
            self._waiting[name] = value

    def take(self) -> T | None:
        """What has the next turn, which then waits no more; None where nothing waits."""
        with self._lock:
            if not self._waiting:
                return None
            return self._waiting.pop(next(iter(self._waiting)))

    def is_waiting(self, name: str) -> bool:
        return name in self._waiting

    def remove(self, name: str) -> None:
        """Nobody wants what waits under that name, if anything does."""
        with self._lock:
            self._waiting.pop(name, None)

    def clear(self) -> None:
        """Nobody wants these answered any more."""
        with self._lock:
            self._waiting.clear()
