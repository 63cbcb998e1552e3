"""Reads the names, colours and numbers of the classes of layouts from a text, CSV or JSON file beside them."""

import colorsys
import csv
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.errors import WrongUse

FILES = ("classes.txt", "classes.csv", "classes.json")
MOST_CLASSES = 256
CODE = re.compile(r"#[0-9a-fA-F]{6}")
LONGEST_NAME = 100

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class NamedClass:
    """One class as the file has it. number: what stands for it in indexed and grey pictures."""

    number: int
    name: str
    colour: Rgb | None


def read_classes(content: bytes, place: str) -> tuple[NamedClass, ...]:
    """The classes in a file, in its order. Each is a name, with a number before and a colour behind it where needed:

    `sky`, `3, sky`, `3, sky, #8CC8F0` or `3, sky, 140, 200, 240`, in lines; in JSON a list of names, or of objects with
    "name", "number" and "color". Raises WrongUse.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(f"{place} is no text. Save it in UTF-8.") from error
    rows = _json(text, place) if place.lower().endswith(".json") else _lines(text, place)
    classes = tuple(_class(row, index, place) for index, row in enumerate(rows))
    _check(classes, place)
    return classes


def made_up_colour(number: int) -> Rgb:
    """A colour for a class that has none: neighbours differ well."""
    hue = (0.58 + 0.618034 * number) % 1
    red, green, blue = colorsys.hsv_to_rgb(hue, (0.45, 0.7, 0.55)[number % 3], (0.9, 0.75, 1.0)[number // 3 % 3])
    return (round(255 * red), round(255 * green), round(255 * blue))


def as_layout(classes: tuple[NamedClass, ...]) -> tuple[LayoutClass, ...]:
    """The same with a colour for each."""
    return tuple(LayoutClass(one.name, one.colour or made_up_colour(place)) for place, one in enumerate(classes))


def _lines(text: str, place: str) -> list[list[str]]:
    try:
        lines = [line for line in text.splitlines() if line.strip()]
        separator = max((",", ";", "\t"), key=lambda mark: sum(line.count(mark) for line in lines))
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, strict=True))
    except csv.Error as error:
        raise WrongUse(f"{place} is no list of classes ({error}). Write one name to a line.") from error
    rows = [[cell.strip() for cell in row] for row in rows]
    if rows and "name" in [cell.lower() for cell in rows[0]]:
        rows = rows[1:]  # a line of headings
    return rows


def _json(text: str, place: str) -> list[list[str]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"{place} is no JSON ({error}). Write a list of names.") from error
    if isinstance(found, dict):
        found = found.get("classes", found.get("names"))
    if not isinstance(found, list):
        raise WrongUse(f'{place} holds no list of classes. Write a list of names, or {{"classes": [...]}}.')
    return [_json_row(one, place) for one in found]


def _json_row(one: Any, place: str) -> list[str]:
    if isinstance(one, str):
        return [one]
    if not isinstance(one, dict) or not isinstance(one.get("name"), str):
        raise WrongUse(f"{place} has a class without a name. Write each as a name, or as an object with one.")
    row = [one["name"]]
    if "number" in one:
        row.insert(0, str(one["number"]))
    colour = one.get("color", one.get("colour"))
    if isinstance(colour, list):
        row += [str(part) for part in colour]
    elif colour is not None:
        row.append(str(colour))
    return row


def _class(row: list[str], index: int, place: str) -> NamedClass:
    number, cells = index, list(row)
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > 1 and re.fullmatch(r"\d+", cells[0]):
        number = int(cells.pop(0)[:9])
    name, colour = (cells[0] if cells else ""), cells[1:]
    if not name or len(name) > LONGEST_NAME:
        raise WrongUse(f"Class {index + 1} of {place} has no name, or one that is too long. Write one to each line.")
    if not colour:
        return NamedClass(number, name, None)
    if len(colour) == 1 and CODE.fullmatch(colour[0]):
        code = colour[0]
        return NamedClass(number, name, (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)))
    if len(colour) == 3 and all(re.fullmatch(r"\d{1,3}", part) and int(part) < 256 for part in colour):
        return NamedClass(number, name, (int(colour[0]), int(colour[1]), int(colour[2])))
    raise WrongUse(
        f'The colour of "{name}" in {place} cannot be read. Write it as #8CC8F0, or as three numbers from 0 to 255.'
    )


def _check(classes: tuple[NamedClass, ...], place: str) -> None:
    if not 1 < len(classes) <= MOST_CLASSES:
        raise WrongUse(f"{place} has {len(classes):,} classes; a layout has from 2 to {MOST_CLASSES}. Change the list.")
    columns: tuple[tuple[str, list[Any]], ...] = (
        ("name", [one.name for one in classes]),
        ("number", [one.number for one in classes]),
        ("colour", [one.colour for one in classes if one.colour]),
    )
    for what, found in columns:
        if len(set(found)) < len(found):
            twice = next(value for value in found if found.count(value) > 1)
            raise WrongUse(f"Two classes of {place} have the {what} {twice}. Change one of the two.")
    uncoloured = [one.name for one in classes if not one.colour]
    if uncoloured and len(uncoloured) < len(classes):
        raise WrongUse(f'"{uncoloured[0]}" has no colour in {place}, and others have. Give each a colour, or none.')
