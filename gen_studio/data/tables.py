"""Reads tables of attributes: CSV with a row for each picture, and the list that CelebA is published with."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import Attribute, binary, number
from gen_studio.core.errors import WrongUse
from gen_studio.core.words import count

MOST_ATTRIBUTES = 1000
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class AttributeTable:
    """Attributes of pictures by the names of their files.

    rows: the line in `values` (N, A) float32 by name. unusable: why a picture's row cannot be used, by name.
    """

    attributes: tuple[Attribute, ...]
    rows: dict[str, int]
    values: NDArray[np.float32]
    unusable: dict[str, str]


def read_table(content: bytes, place: str) -> AttributeTable:
    """The table in a file: the first column names the files, the others are numbers (-1, 1 or 0, 1 for no and yes).

    place: what to call the file in sentences. Raises WrongUse for a table that cannot be used at all.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(f"{place} is no text. Save the table as CSV in UTF-8.") from error
    names, lines = _celeba(text, place) if _is_celeba(text) else _csv(text, place)
    _check_names(names, place)
    return _table(names, lines, place)


def match(table: AttributeTable, pictures: Sequence[str]) -> list[int | str]:
    """For each picture its line in the table, or why it has none. A row may leave out the folders of a picture."""
    bare: dict[str, int] = {}
    for name in pictures:
        bare[PurePosixPath(name).name] = bare.get(PurePosixPath(name).name, 0) + 1
    found: list[int | str] = []
    for name in pictures:
        short = PurePosixPath(name).name
        keys = [name] if bare[short] > 1 else [name, short]
        line = next((table.rows[key] for key in keys if key in table.rows), None)
        reason = next((table.unusable[key] for key in keys if key in table.unusable), "has no row in the table")
        found.append(reason if line is None else line)
    return found


def _is_celeba(text: str) -> bool:
    lines = text.split("\n", 2)
    return len(lines) > 1 and lines[0].strip().isdecimal() and not any(mark in lines[1] for mark in SEPARATORS)


def _celeba(text: str, place: str) -> tuple[list[str], list[list[str]]]:
    """How many, the names, and a line for each picture, all with spaces between."""
    first, second, *rest = text.splitlines()
    lines = [line.split() for line in rest if line.strip()]
    if int(first) != len(lines):
        raise WrongUse(
            f"{place} says that it lists {count(int(first), 'picture')}, and it lists {len(lines):,}. "
            "It is not whole: fetch it again, or write the right number into its first line."
        )
    return second.split(), lines


def _csv(text: str, place: str) -> tuple[list[str], list[list[str]]]:
    head = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text), delimiter=separator, strict=True) if any(line)]
    except csv.Error as error:
        raise WrongUse(f"{place} is no table that can be read ({error}). Save it as CSV.") from error
    if len(lines) < 2 or len(lines[0]) < 2:
        raise WrongUse(
            f"{place} is no table of attributes. The first line names the columns, the first column names the files, "
            "and the others are numbers."
        )
    return [name.strip() for name in lines[0][1:]], [[cell.strip() for cell in line] for line in lines[1:]]


def _check_names(names: list[str], place: str) -> None:
    if not names:
        raise WrongUse(f"{place} has no attributes. Add a column for each, with its name in the first line.")
    if len(names) > MOST_ATTRIBUTES:
        raise WrongUse(f"{place} has {len(names):,} columns; {MOST_ATTRIBUTES:,} are the most. Keep those of use.")
    if "" in names:
        raise WrongUse(f"Column {names.index('') + 2} of {place} has no name. Write one into the first line.")
    twice = next((name for place_, name in enumerate(names) if name in names[:place_]), None)
    if twice is not None:
        raise WrongUse(f'{place} has two columns that are called "{twice}". Rename one.')


def _table(names: list[str], lines: list[list[str]], place: str) -> AttributeTable:
    rows: dict[str, int] = {}
    unusable: dict[str, str] = {}
    values: list[list[float]] = []
    for line in lines:
        file = line[0].replace("\\", "/")
        if file in rows or file in unusable:
            raise WrongUse(f"{place} lists {file} twice. Keep one of the two rows.")
        numbers = _numbers(names, line[1:])
        if isinstance(numbers, str):
            unusable[file] = numbers
        else:
            rows[file] = len(values)
            values.append(numbers)
    if not values:
        file, reason = next(iter(unusable.items()))
        raise WrongUse(f"No row of {place} can be used. The first: {file} {reason}. Leave out columns that hold words.")
    array = np.array(values, dtype=np.float64)
    attributes = tuple(_attribute(name, array[:, column]) for column, name in enumerate(names))
    for column, attribute in enumerate(attributes):
        if attribute.values:
            array[:, column] = array[:, column] > 0
    return AttributeTable(attributes, rows, array.astype(np.float32), unusable)


def _numbers(names: list[str], cells: list[str]) -> list[float] | str:
    """The values of a row, or why they cannot be used."""
    if len(cells) != len(names):
        return f"has {count(len(cells), 'value')} in the table, and there are {count(len(names), 'attribute')}"
    numbers = []
    for name, cell in zip(names, cells, strict=True):
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not abs(value) < 1e30:
            return f'has "{cell[:40]}" for {name} in the table, which is no number' if cell else f"has no {name}"
        numbers.append(value)
    return numbers


def _attribute(name: str, column: NDArray[np.float64]) -> Attribute:
    found = set(np.unique(column).tolist()) if len(column) else set()
    if found <= {-1.0, 1.0} or found <= {0.0, 1.0}:
        return binary(name)
    return number(name, float(column.min()), float(column.max()))
