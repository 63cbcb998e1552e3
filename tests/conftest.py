"""Keeps every test away from the screen, from the user's own folder and from the other core's work."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

# Before torch and Qt are imported by any test. A tester may set them otherwise, to watch a window for example.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SECONDS_TO_END = 5.0


@pytest.fixture(scope="session", autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The app's folder, for this process and those it starts, is a temporary one: no run of the user's is touched."""
    patch = pytest.MonkeyPatch()
    patch.setenv("GEN_STUDIO_HOME", str(tmp_path_factory.mktemp("home")))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _no_thread_is_left_running() -> Iterator[None]:
    """A thread that outlives its test would disturb the next one, and in the app it would keep the process alive."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + SECONDS_TO_END
    while left := _working(set(threading.enumerate()) - before):
        if time.monotonic() > deadline:
            pytest.fail(f"threads still run after the test: {', '.join(thread.name for thread in left)}")
        time.sleep(0.01)


def _working(threads: set[threading.Thread]) -> list[threading.Thread]:
    """Daemon threads are libraries' own pools, or stand for Qt's threads, which Python does not see ending."""
    return [thread for thread in threads if thread.is_alive() and not thread.daemon]
