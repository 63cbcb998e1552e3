"""Chooses round numbers for axes and writes them: thousands with commas, a true minus."""

from math import ceil, floor, isfinite, log10

MINUS = "−"


def round_spacing(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that puts at most `most` gaps on a span."""
    if span <= 0 or not isfinite(span):
        return 1.0
    least = span / max(1, most)
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * (1 - 1e-9))


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """The multiples of the round spacing from low to high, both included where they are multiples."""
    spacing = round_spacing(high - low, most)
    return [index * spacing for index in range(ceil(low / spacing - 1e-9), floor(high / spacing + 1e-9) + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Ticks, as powers of ten, for an axis from 10**low to 10**high: 1, 2, 5 of each decade, or decades only."""
    decades = range(floor(low), ceil(high) + 1)
    dense = [decade + log10(factor) for decade in decades for factor in (1, 2, 5)]
    shown = [tick for tick in dense if low <= tick <= high]
    if len(shown) <= most + 1:
        return shown
    stride = max(1, ceil((high - low) / max(1, most)))
    return [float(decade) for decade in decades if low <= decade <= high and decade % stride == 0]


def whole(number: float) -> str:
    """A step, for example "12,400"."""
    return f"{number:,.0f}".replace("-", MINUS)


def tick(value: float, spacing: float) -> str:
    """A tick's label with as many decimals as the spacing needs, without trailing zeros."""
    if value != 0 and (abs(value) >= 1e7 or spacing < 1e-6):
        return f"{value:.2g}".replace("-", MINUS)
    decimals = max(0, -floor(log10(spacing) + 1e-9)) if spacing > 0 else 2
    text = f"{value:,.{decimals + 1}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-0", "0").replace("-", MINUS) if text == "-0" else text.replace("-", MINUS)


def reading(value: float) -> str:
    """A live value to about three figures, for example "0.53", "12.4", "1,240"; a dash where there is none."""
    if not isfinite(value):
        return "–"
    size = abs(value)
    if size >= 1e7 or 0 < size < 1e-4:
        text = f"{value:.1e}"
    elif size >= 100:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = f"{value:.1f}"
    elif size >= 0.1 or size == 0:
        text = f"{value:.2f}"
    else:
        text = f"{value:.2g}"
    return text.replace("-", MINUS)
