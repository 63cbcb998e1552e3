"""Numbers as the page writes them: about three figures, thousands with commas, a true minus."""

import math

MINUS = "−"
NONE = "–"


def reading(value: float | None) -> str:
    """A figure, for example "0.0123", "12.4", "1,240"; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NONE
    size = abs(value)
    if size >= 1e7 or 0 < size < 1e-4:
        text = f"{value:.2e}"
    elif size >= 100:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = f"{value:.1f}"
    elif size >= 1 or size == 0:
        text = f"{value:.2f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", MINUS)


def share(value: float) -> str:
    """A figure from 0 to 1, for example "0.93"."""
    return f"{value:.2f}" if math.isfinite(value) else NONE


def per_picture(seconds: float) -> str:
    """For example "1.2 ms", "0.34 s", "12 s"."""
    if seconds < 0.0995:
        milliseconds = seconds * 1000
        return f"{milliseconds:.2g} ms" if milliseconds < 9.95 else f"{milliseconds:.0f} ms"
    return f"{seconds:.2g} s" if seconds < 9.95 else f"{seconds:,.0f} s"


def setting(value: object) -> str:
    """A plain value of a setting."""
    match value:
        case bool():
            return "on" if value else "off"
        case int():
            return f"{value:,}".replace("-", MINUS)
        case float():
            return f"{value:,g}".replace("-", MINUS)
        case None:
            return NONE
        case _:
            return str(value)


def round_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """The multiples of 1, 2, 2.5 or 5 times a power of ten within a range, at most `most` gaps."""
    span = high - low
    if not span > 0 or not math.isfinite(span):
        return [low]
    least = span / most
    power = 10.0 ** math.floor(math.log10(least))
    gap = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * (1 - 1e-9))
    return [place * gap for place in range(math.ceil(low / gap - 1e-9), math.floor(high / gap + 1e-9) + 1)]


def tick(value: float) -> str:
    """An axis's label: as many figures as it has, without trailing zeros."""
    if value == 0:
        return "0"
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}").replace("-", MINUS)
