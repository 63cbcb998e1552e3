"""How good a trained model is, in single figures: a table from a figure's name to what it needs and how it is found.

Pictures of a run are compared with its own test pictures, and judged by a classifier trained on its own training
pictures: nothing is fetched. Every figure depends on the model, the data and `SEED` alone.
"""

from collections.abc import Iterable

import torch

from gen_studio.core.errors import WrongUse
from gen_studio.core.words import one_of
from gen_studio.metrics.measure import Measure
from gen_studio.metrics.subject import Subject
from gen_studio.metrics.tables import answers, codes, domains, holes, layouts, likelihood, pairs, samples

__all__ = ["MEASURES", "Measure", "Subject", "find", "measure", "measures_of"]

MEASURES: dict[str, Measure] = {
    one.key: one
    for one in (
        *likelihood.TABLE,
        *codes.TABLE,
        *samples.TABLE,
        *pairs.TABLE,
        *answers.TABLE,
        *holes.TABLE,
        *domains.TABLE,
        *layouts.TABLE,
    )
}
_SHORT = {one.short: one for one in MEASURES.values() if one.short}


@torch.no_grad()
def measure(subject: Subject, keys: Iterable[str]) -> dict[str, float]:
    """The figures asked for, and those reported beside them. Raises WrongUse for one that this model does not have."""
    wanted = [find(key) for key in keys]
    for one in wanted:
        _check(one, subject)
    figures = {one.key: one.compute(subject) for one in wanted}
    beside = [key for one in wanted for key in one.beside if key not in figures]
    return figures | {key: find(key).compute(subject) for key in beside}


def find(key: str) -> Measure:
    """By its key or its short name. Raises WrongUse for an unknown one."""
    if key in _SHORT:
        return _SHORT[key]
    if key not in MEASURES:
        raise WrongUse(f'There is no measure "{key}". {one_of("Measures", [*MEASURES, *_SHORT], wrong=key)}')
    return MEASURES[key]


def measures_of(subject: Subject) -> list[Measure]:
    """Those that there are of this model on these data."""
    return [one for one in MEASURES.values() if one.refusal(subject) is None]


def _check(one: Measure, subject: Subject) -> None:
    refusal = one.refusal(subject)
    if refusal is not None:
        others = ", ".join(other.key for other in measures_of(subject))
        raise WrongUse(f"{refusal} Choose another measure: {others}.")
