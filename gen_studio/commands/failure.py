"""The last resort of a command: whatever went wrong becomes one sentence and an exit status."""

import time
import traceback
from collections.abc import Callable
from pathlib import Path

from gen_studio.commands.output import INTERRUPTED, note
from gen_studio.core import atomic, paths
from gen_studio.core.errors import UserError

UNEXPECTED = 1


def status_of(command: Callable[[], object], debug: bool = False) -> int:
    """Runs a command that ends with SystemExit, and gives its exit status. Only `debug` shows a traceback."""
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except UserError as error:
        note(f"Error: {error}")
        return error.exit_status
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        note(f"Error: {_sentence(error, debug)}")
        return UNEXPECTED
    return 0


def _sentence(error: Exception, debug: bool) -> str:
    trace = traceback.format_exc()
    first = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "no message"
    what = f"something unexpected happened ({type(error).__name__}: {first})."
    if debug:
        note(trace)
        return what
    try:
        return f"{what} Where it happened is written in {_kept(trace)}"
    except UserError:
        return f"{what} Run the same command with --debug to see where."


def _kept(trace: str) -> Path:
    path = paths.home() / "errors" / f"{time.strftime('%Y-%m-%d-%H%M%S')}.txt"
    atomic.write_text(path, trace)
    return path
