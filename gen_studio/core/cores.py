"""How many processor cores there are for this process: more threads than that wait for each other."""

import os


def usable_cores() -> int:
    """Those that the system lets this process run on, which may be fewer than the machine has; at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
