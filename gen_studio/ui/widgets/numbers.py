"""Numbers as people read and write them: thousands with commas, small ones in full, a true minus."""

import math
import re
from decimal import Decimal

MINUS = "−"
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


class NotANumber(ValueError):
    """What was typed is no number; `str(error)` says what is wrong, for the line under a field."""


def plain(number: float) -> str:
    """For example "20,000", "0.0002", "−1.5"; powers of ten only below a hundred-millionth."""
    if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15):
        text = f"{int(number):,}"
    elif 0 < abs(number) < 1e-8:
        text = f"{number:g}"
    else:
        text = f"{Decimal(repr(number)):,f}"
    return text.replace("-", MINUS)


def signed(number: float, decimals: int = 2, plus: bool = True) -> str:
    """A slider's value: a fixed number of decimals, a plus or a true minus, none at zero."""
    rounded = round(number, decimals)
    if rounded == 0:
        return f"{0:.{decimals}f}"
    sign = MINUS if rounded < 0 else "+" if plus else ""
    return f"{sign}{abs(rounded):,.{decimals}f}"


def parse_number(text: str) -> float:
    """Reads what `plain` writes, and powers of ten such as 2e-4. Raises NotANumber."""
    word = text.strip().replace(MINUS, "-").replace(" ", "").replace("\u202f", "")
    if "," in word:
        # "0,0002" must not quietly become 2.
        if not _GROUPED.fullmatch(word):
            raise NotANumber("Write decimals with a point, for example 0.5.")
        word = word.replace(",", "")
    try:
        number = float(word)
    except ValueError:
        raise NotANumber("This is no number.") from None
    if not math.isfinite(number):
        raise NotANumber("This is no number.")
    return number


def parse_whole(text: str) -> int:
    """Like parse_number, for whole numbers only."""
    number = parse_number(text)
    if not number.is_integer():
        raise NotANumber("This takes a whole number.")
    return int(number)


def step_of(number: float) -> float:
    """How far an arrow key moves a real number: one in its leading digit, 0.0001 at 0.0002."""
    return 0.1 if number == 0 else 10.0 ** math.floor(math.log10(abs(number)) + 1e-9)
