"""Cycles are collected by the window's thread alone, and only when the event loop has a turn."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from gen_studio.ui.garbage import GarbageTimer


class Knot:
    """Keeps itself alive until somebody collects."""

    def __init__(self) -> None:
        self.itself = self
        self.ended_in: list[int] = []

    def __del__(self) -> None:
        self.ended_in.append(threading.get_ident())


@pytest.fixture
def timer(app: object) -> Iterator[GarbageTimer]:
    gc.enable()
    timer = GarbageTimer()
    yield timer
    timer.close()
    gc.disable()


def many() -> list[list[object]]:
    """Enough new objects for Python to collect, were it allowed to."""
    return [[] for _ in range(gc.get_threshold()[0] + 1)]


def test_another_thread_that_makes_many_objects_ends_no_cycle(timer: GarbageTimer) -> None:
    ended_in = Knot().ended_in
    thread = threading.Thread(target=lambda: [many() for _ in range(50)])
    thread.start()
    thread.join()
    assert not ended_in


def test_cycles_end_in_the_windows_thread_once_there_are_many_objects(timer: GarbageTimer) -> None:
    ended_in = Knot().ended_in
    kept = many()
    timer.collect()
    assert ended_in == [threading.get_ident()] and kept


def test_few_new_objects_are_left_alone(timer: GarbageTimer) -> None:
    gc.collect()
    knot = weakref.ref(Knot())
    timer.collect()
    assert knot() is not None


def test_old_cycles_end_too(timer: GarbageTimer) -> None:
    knot = Knot()
    gc.collect(1)
    gc.collect(1)
    ended = knot.ended_in
    del knot
    kept = []
    for _ in range(200):
        kept.append(many())
        timer.collect()
    assert ended == [threading.get_ident()]


def test_the_timer_does_it_by_itself(timer: GarbageTimer, qtbot: object) -> None:
    ended_in = Knot().ended_in
    kept = many()
    qtbot.waitUntil(lambda: bool(ended_in), timeout=60_000)  # type: ignore[attr-defined]
    assert kept


def test_closing_gives_the_collector_back(app: object) -> None:
    gc.enable()
    timer = GarbageTimer()
    assert not gc.isenabled()
    timer.close()
    assert gc.isenabled()
    gc.disable()
