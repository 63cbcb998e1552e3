"""What is known of a direction, in words: how well it tells the piles apart, what else it changes, what it is like."""

from collections.abc import Sequence

from gen_studio.core.annotations import Attribute, AttributeKind
from gen_studio.core.latents import Direction
from gen_studio.inference.directions import cosines
from gen_studio.viewmodels.attributes_state import Kept

GRADES = ((0.5, "strongly"), (0.25, "clearly"), (0.12, "a little"))
"""From which share on; less is not worth a word."""
MOST_NAMED = 4
LIKE = 0.2
FEW = 8
"""Examples in a pile below which a check says little."""


TAKEN_OUT = "without "
"""How the source of a direction begins that others were taken out of."""


def quality(kept: Kept) -> str:
    found = kept.quality
    if found is None:
        if kept.direction.source.startswith(TAKEN_OUT):
            return "Not checked since others were taken out of it."
        return "Not checked: that takes two pictures in each pile."
    share = f"{100 * found.accuracy:.0f} %"
    words = f"Right for {share} of pictures it was not learnt from"
    if min(found.positive, found.negative) < FEW:
        return f"{words}; with so few, that may be chance."
    if found.accuracy < 0.6:
        return f"{words}: hardly better than chance. Sort more pictures."
    return f"{words}."


def along(kept: Kept) -> str:
    """What else changes with it; "" where nothing is known of the pictures."""
    if not kept.along:
        return ""
    named: list[str] = []
    for name, by in kept.along:
        grade = next((word for least, word in GRADES if abs(by) >= least), None)
        if grade is not None and len(named) < MOST_NAMED:
            named.append(f"{'more' if by > 0 else 'less'} {name.replace('_', ' ')} ({grade})")
    return f"Along with it: {', '.join(named)}." if named else "Hardly changes anything else that is known."


def likeness(kept: Kept, others: Sequence[Direction]) -> str:
    """Which other directions lead a similar way; "" for none."""
    found = cosines(kept.direction, [other for other in others if other != kept.direction])
    alike = sorted(((name, by) for name, by in found.items() if abs(by) >= LIKE), key=lambda one: -abs(one[1]))
    if not alike:
        return ""
    parts = (f"{name} ({'' if by > 0 else 'backwards, '}{100 * abs(by):.0f} %)" for name, by in alike[:MOST_NAMED])
    return f"Leads partly the way of {', '.join(parts)}."


def about(kept: Kept, others: Sequence[Direction]) -> str:
    """All of it, a line each."""
    return "\n".join(filter(None, (quality(kept), along(kept), likeness(kept, others))))


def traits(facts: Sequence[Attribute]) -> tuple[tuple[str, str], ...]:
    """What a direction can be learnt of: the trait as `data.traits` writes it, and how it is shown."""
    found: list[tuple[str, str]] = []
    for fact in facts:
        match fact.kind:
            case AttributeKind.BINARY:
                found.append((f"{fact.name}={fact.values[1]}", fact.values[1].capitalize()))
            case AttributeKind.CATEGORY:
                found += [(f"{fact.name}={value}", f"{fact.title}: {value}") for value in fact.values]
            case AttributeKind.NUMBER:
                found.append((f"{fact.name}=high", f"{fact.title}: high"))
    return tuple(found)
