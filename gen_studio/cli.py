"""The entry point: the window without any words, else the command line, whose options are imported only then."""

import io
import sys
from collections.abc import Sequence

from gen_studio.commands.failure import status_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # File names need not be text; and a terminal need not know a title's every sign.
        is_utf8 = sys.stdout.encoding.lower().replace("-", "") == "utf8"
        sys.stdout.reconfigure(errors="surrogateescape" if is_utf8 else "replace")
    return status_of(lambda: _run(words), debug)


def _run(words: list[str]) -> None:
    if not words:
        # Straight to the window: what describes the options takes longer to import than the frame to appear.
        from gen_studio.commands.window import open_window

        raise SystemExit(open_window())
    from typer.main import get_command

    from gen_studio.commands.line import app

    get_command(app).main(args=words, prog_name="gen-studio")


if __name__ == "__main__":
    sys.exit(main())
