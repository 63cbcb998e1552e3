"""Lets the window and the renderer go first where cores are short."""

import os
import threading

TRAINING = 5
"""Above what the window has, 0."""
ON_REQUEST = 10
"""What nobody waits for frame by frame also lets training go first."""


def be_nice(by: int) -> None:
    """For the thread it is called on. Linux can do so for one thread; elsewhere nothing happens."""
    if hasattr(os, "setpriority") and os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), by)
