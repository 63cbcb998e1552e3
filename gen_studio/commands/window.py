"""Opens the window from the command line, or says in a sentence why there can be none."""

from gen_studio.core.errors import WrongUse


def open_window(demo: bool = False) -> int:
    """Stays until the window is closed, and gives its exit status. Qt is imported here and nowhere else."""
    from gen_studio.core import display

    reason = display.objection()
    if reason:
        raise WrongUse(reason)
    try:
        from gen_studio.opening import run
    except ImportError as error:
        raise WrongUse(display.missing_library(error)) from error
    return run(demo=demo)
