"""Numbers and lists in the words of the app: one place, so that the window and the command line agree."""

from collections.abc import Sequence
from difflib import get_close_matches


def one_of(noun: str, names: Sequence[str], wrong: str = "") -> str:
    """A sentence that helps after a wrong name: the likely one, or all of them."""
    close = get_close_matches(wrong, names, n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{close[0]}"?'
    return f"{noun}: {', '.join(names)}."


def count(number: int, noun: str, plural: str = "") -> str:
    """For example "1 picture", "1,797 pictures"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def plain(number: float) -> str:
    """A bound as people write it: "10,000,000", "0.5"; never "1e+07"."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"


def duration(seconds: float) -> str:
    """For example "8 s", "19 min", "3 h 5 min"."""
    if seconds < 90:
        return f"{max(0, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def size(bytes_: float) -> str:
    """For example "640 KB", "1.5 GB"; powers of 1,000, as disks are sold."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if bytes_ >= scale:
            value = bytes_ / scale
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
    return f"{bytes_:.0f} bytes"


def short_name(player: str) -> str:
    """A player's name on a curve or a button: D and G by their field's letters, any other in full."""
    return {"discriminator": "D", "generator": "G"}.get(player, player.replace("_", " ").capitalize())
