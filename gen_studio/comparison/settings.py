"""In which settings runs differ: those that say why their pictures do, and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gen_studio.comparison.entry import Entry
from gen_studio.core.config import Config, FieldSpec, fields_of
from gen_studio.core.plan import DataPlan, RunPlan

OF_PLAN = ("seed", "steps", "precision", "device", "clip_gradient")


@dataclass(frozen=True)
class Row:
    """One setting and its value in each run, as plain values; None where a run's family does not have it."""

    title: str
    values: tuple[Any, ...]


def differences(entries: Sequence[Entry]) -> tuple[Row, ...]:
    """The settings of families, data and plans that differ.

    One that only some of the families have is among them where a run changed it from its family's default.
    """
    titles: dict[str, str] = {}
    for entry in entries:
        for spec in fields_of(entry.family.Config):
            titles.setdefault(spec.key, spec.title)
    of_families = [
        Row(title, tuple(entry.config.get(key) for entry in entries))
        for key, title in titles.items()
        if _differs(key, entries)
    ]
    plain = [entry.plan.model_dump(mode="json") for entry in entries]
    of_plans = _rows(RunPlan, lambda place, key: plain[place][key], OF_PLAN, len(entries))
    data = [entry.data.model_dump(mode="json") for entry in entries]
    of_data = _rows(DataPlan, lambda place, key: data[place][key], tuple(DataPlan.model_fields), len(entries))
    return (*of_families, *of_plans, *(Row(f"Data: {row.title.lower()}", row.values) for row in of_data))


def data_differs(entries: Sequence[Entry]) -> bool:
    return any(entry.data != entries[0].data for entry in entries)


def _differs(key: str, entries: Sequence[Entry]) -> bool:
    having = [entry for entry in entries if key in entry.config]
    if len({str(entry.config[key]) for entry in having}) > 1:
        return True
    return len(having) < len(entries) and any(entry.config[key] != _spec(entry, key).default for entry in having)


def _spec(entry: Entry, key: str) -> FieldSpec:
    return next(spec for spec in fields_of(entry.family.Config) if spec.key == key)


def _rows(config: type[Config], value: Callable[[int, str], Any], keys: Sequence[str], number: int) -> tuple[Row, ...]:
    titles = {spec.key: spec.title for spec in fields_of(config)}
    rows = (Row(titles[key], tuple(value(place, key) for place in range(number))) for key in keys)
    return tuple(row for row in rows if any(one != row.values[0] for one in row.values))
