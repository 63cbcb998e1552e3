"""Keeps every test away from the screen, from the user's own folder and from the tests after it."""

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

# Before torch and Qt are imported by any test. A tester may set them otherwise, to watch a window for example.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SECONDS_TO_END = 5.0
MOST_WORKERS = 4
"""Each takes up to 3 GB of memory."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite is worth starting several processes for; a part of it begins at once in this one."""
    is_whole = config.args == config.getini("testpaths") and not config.option.keyword and not config.option.usepdb
    return min(os.cpu_count() or 1, MOST_WORKERS) if is_whole else 0


@pytest.fixture(scope="session", autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The app's folder, for this process and those it starts, is a temporary one: no run of the user's is touched."""
    patch = pytest.MonkeyPatch()
    patch.setenv("GEN_STUDIO_HOME", str(tmp_path_factory.mktemp("home")))
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _imports_set_aside() -> Iterator[None]:
    """The collector no longer walks what the imports made, hundreds of thousands of objects, after each test."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _nothing_is_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """What outlives its test would disturb the next one, and in the app it would keep the process alive."""
    before = set(threading.enumerate())
    yield
    _wait_for_end(lambda: _threads(set(threading.enumerate()) - before))
    if "qapp" in request.fixturenames:
        _wait_for_end(_qt_threads_and_timers)


@pytest.fixture(autouse=True)
def _cycles_of_widgets_end_between_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in the app (`gen_studio.ui.garbage`): never from within a call of Qt's, nor from another thread."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.enable()
    gc.collect()
    gc.freeze()  # a window that closed has taken the imports back


def _wait_for_end(left: Callable[[], Sequence[str]]) -> None:
    deadline = time.monotonic() + SECONDS_TO_END
    while names := left():
        if time.monotonic() > deadline:
            pytest.fail(f"still running after the test: {', '.join(names)}")
        time.sleep(0.01)
        gc.collect()


def _threads(threads: set[threading.Thread]) -> list[str]:
    """Daemon threads are libraries' own pools, or stand for Qt's threads, which Python does not see ending."""
    return [f"thread {thread.name}" for thread in threads if thread.is_alive() and not thread.daemon]


def _qt_threads_and_timers() -> list[str]:
    from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
    from shiboken6 import isValid

    # Widgets of the test that were closed go away now, and their timers with them.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # Asking for the type alone: an arbitrary object may do anything when asked what it is.
    known = [item for item in gc.get_objects() if issubclass(type(item), (QThread, QTimer)) and isValid(item)]
    threads = [f"QThread {item.objectName()}" for item in known if isinstance(item, QThread) and item.isRunning()]
    timers = [
        f"QTimer of {item.parent()}"
        for item in known
        if isinstance(item, QTimer) and item.isActive() and not item.isSingleShot()
    ]
    return threads + timers
