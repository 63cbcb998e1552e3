"""What a program says beside its answer. A terminal that has gone away must not stop a run from being saved."""

import sys


def write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        pass
