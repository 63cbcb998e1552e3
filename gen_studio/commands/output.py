"""What a command says and where: its answer on stdout, everything else on stderr."""

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gen_studio.core import stderr
from gen_studio.core.errors import Cancelled, UserError

INTERRUPTED = 130


@dataclass(frozen=True)
class Answer:
    """A command's result, for a program and for a person, and its exit status."""

    document: Any
    text: str
    status: int = 0


def give(work: Callable[[], Answer], as_json: bool = False) -> None:
    """Does the work, prints its answer and ends the command. Under --json an error is a document too."""
    try:
        answer = work()
    except UserError as error:
        if as_json:
            say(as_document({"error": str(error)}))
        raise
    except (KeyboardInterrupt, Cancelled):
        note("Stopped. Nothing was changed.")
        raise SystemExit(INTERRUPTED) from None
    text = as_document(answer.document) if as_json else answer.text
    if text:
        say(text)
    raise SystemExit(answer.status)


def as_document(document: Any) -> str:
    return json.dumps(_plain(document), indent=2, allow_nan=False)


def note(sentence: str) -> None:
    """One line on stderr."""
    stderr.write(sentence + "\n")


def table(rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> str:
    """Columns as wide as their widest cell; the last one runs free."""
    lines = [list(heads)] if heads else []
    lines += [list(row) for row in rows]
    if not lines:
        return ""
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _plain(value: Any) -> Any:
    """JSON knows no NaN and no infinity."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def say(text: str) -> None:
    """A line on standard output: what was asked for, and nothing else."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
