"""The page's building blocks. Whatever was written by a person goes through `escape`, here and nowhere later."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

TILE = 64
"""Pixels that a picture is enlarged towards, in whole multiples."""
LARGE_TILE = 128
"""Larger pictures are shown no larger than this; the file holds all of their pixels."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table, and a second line in smaller letters."""

    text: str
    second: str = ""


def section(title: str, body: str, words: str = "") -> str:
    """body is markup, title and words are text."""
    said = f'<p class="muted">{escape(words)}</p>' if words else ""
    return f"<section><h2>{escape(title)}</h2>{said}{body}</section>"


def warning(sentence: str) -> str:
    return f'<p class="warning"><span aria-hidden="true">△</span>{escape(sentence)}</p>'


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]], numbers_from: int) -> str:
    """Columns from `numbers_from` on are set to the right."""

    def kind(place: int) -> str:
        return ' class="number"' if place >= numbers_from else ""

    head = "".join(f'<th scope="col"{kind(place)}>{escape(word)}</th>' for place, word in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(_cell(cell, place, kind(place)) for place, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def tiles(pictures: NDArray[np.uint8], words: str, arrangement: str) -> str:
    """Pictures (N, H, W, C) one by one, so that the page decides how many stand in a row. arrangement: a class."""
    height, width = pictures.shape[1:3]
    shown, kind = shown_size(height, width)
    size = f'width="{shown[1]}" height="{shown[0]}"'
    images = "".join(f'<img alt="" {size} src="{data_uri(picture)}">' for picture in pictures)
    columns = max(1, round(len(pictures) ** 0.5)) if arrangement == "square" else len(pictures)
    style = f"--columns:{columns};--tile:{shown[1]}px"
    says = f'role="img" aria-label="{escape(words)}"'
    return f'<div class="tiles {kind} {arrangement}" style="{style}" {says}>{images}</div>'


def shown_size(height: int, width: int) -> tuple[tuple[int, int], str]:
    """(height, width) in the page and how to scale: whole multiples of pixels are crisp, what is reduced is smooth."""
    longest = max(height, width)
    if longest <= LARGE_TILE:
        factor = max(1, round(TILE / longest))
        return (height * factor, width * factor), "crisp"
    share = LARGE_TILE / longest
    return (max(1, round(height * share)), max(1, round(width * share))), "reduced"


def data_uri(picture: NDArray[np.uint8]) -> str:
    """(H, W, C) as a PNG that loses nothing."""
    image = Image.fromarray(picture[:, :, 0] if picture.shape[-1] == 1 else picture)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _cell(cell: Cell, place: int, kind: str) -> str:
    second = f"<small>{escape(cell.second)}</small>" if cell.second else ""
    content = escape(cell.text) + second
    return f'<th scope="row">{content}</th>' if place == 0 else f"<td{kind}>{content}</td>"
