"""Which colour a curve has: the players' are fixed, all others are dealt out in order. The page's style names them."""

from collections.abc import Sequence

from gen_studio.core.description import Metric, Role

FIXED = {Role.DISCRIMINATOR: "d", Role.GENERATOR: "g"}
OTHERS = ("s3", "s4", "s5", "s6")


def tones(metrics: Sequence[Metric]) -> list[str]:
    """A class of the style sheet for each curve of one chart; a second curve of one player takes another."""
    found: list[str] = []
    for metric in metrics:
        fixed = FIXED.get(metric.role)
        free = [tone for tone in OTHERS if tone not in found] or list(OTHERS)
        found.append(fixed if fixed is not None and fixed not in found else free[0])
    return found


def tone_of_run(place: int) -> str:
    """Of the run at that place of a comparison; from the fifth on they repeat, and its mark's shape is another."""
    return OTHERS[place % len(OTHERS)]
