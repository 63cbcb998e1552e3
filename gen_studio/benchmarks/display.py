"""A display for benchmarks that open the window: the one that is there, or a virtual one for as long as it takes."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from gen_studio.core.display import has_display

SERVER = "Xvfb"
SCREEN = "1920x1200x24"
NO_DISPLAY = (
    "There is no display, and Xvfb is not installed, so the window was only drawn into memory. "
    "Install Xvfb (Debian: apt install xvfb) to measure it on a screen."
)


def missing_window() -> str | None:
    """Why there is no window at all, as a sentence; None where Qt is installed."""
    if find_spec("PySide6") is None:
        return "The window needs PySide6, which is not installed. Run pip install PySide6-Essentials."
    return None


def has_screen() -> bool:
    """Whether the window can be shown on a real or a virtual screen."""
    return has_display(os.environ) or shutil.which(SERVER) is not None


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The variables with which a process finds a screen. A virtual one ends with the block."""
    if has_display(os.environ):
        yield {}
        return
    # The server finds a free number itself and says which once it answers.
    ours, its = os.pipe()
    server = subprocess.Popen(
        [SERVER, "-displayfd", str(its), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=(its,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(its)
    try:
        with os.fdopen(ours) as answers:
            number = answers.readline().strip()
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()
