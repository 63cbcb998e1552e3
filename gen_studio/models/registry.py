"""The families that are there: the app's own files, and those of installed packages."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any, TypeVar

from gen_studio.core.description import FamilyDescription, Group
from gen_studio.core.errors import WrongUse
from gen_studio.core.words import one_of
from gen_studio.models.base import TrainableModel

ENTRY_POINT_GROUP = "gen_studio.families"
OWN = "gen_studio"

Family = type[TrainableModel[Any]]
M = TypeVar("M", bound=TrainableModel[Any])


@dataclass
class _Library:
    families: dict[str, Family] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    complete: bool = False


_library = _Library()


def family(model: type[M]) -> type[M]:
    """Class decorator that adds a family to the library. Refuses a key that is taken."""
    key = model.info.key
    known = _library.families.get(key)
    if known is not None and known.__qualname__ + known.__module__ != model.__qualname__ + model.__module__:
        raise ValueError(f'two families have the key "{key}": {known.__module__} and {model.__module__}')
    _library.families[key] = model
    _library.sources.setdefault(key, OWN)
    return model


def families() -> Mapping[str, Family]:
    """All families by key, sorted by group and year. The first call imports them."""
    if not _library.complete:
        _import_own()
        for point in entry_points(group=ENTRY_POINT_GROUP):
            _import_foreign(point)
        _library.complete = True
    groups = list(Group)
    ordered = sorted(_library.families.items(), key=lambda item: (groups.index(item[1].info.group), item[1].info.year))
    return MappingProxyType(dict(ordered))


def find(key: str) -> Family:
    """The family of that key. Raises WrongUse with a suggestion."""
    known = families()
    if key not in known:
        raise WrongUse(f'There is no model "{key}". {one_of("Models", list(known), wrong=key)}')
    return known[key]


def describe() -> tuple[FamilyDescription, ...]:
    """Every family in plain values."""
    return tuple(model.describe(_library.sources[key]) for key, model in families().items())


def problems() -> tuple[str, ...]:
    """Sentences about installed packages whose families could not be loaded."""
    families()
    return tuple(_library.problems)


def _import_own() -> None:
    package = importlib.import_module("gen_studio.models.families")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def _import_foreign(point: EntryPoint) -> None:
    # A package of somebody else's must not keep the app from starting: whatever it raises becomes a sentence.
    package = point.dist.name if point.dist else point.value
    before = set(_library.families)
    try:
        loaded = point.load()
        if isinstance(loaded, type) and issubclass(loaded, TrainableModel):
            family(loaded)
        for key in set(_library.families) - before:
            _library.families[key].describe()
            list(Group).index(_library.families[key].info.group)
    except Exception as error:
        for key in set(_library.families) - before:
            del _library.families[key], _library.sources[key]
        _library.problems.append(
            f'The package {package} offers the model "{point.name}", but it could not be loaded: {error}. '
            "Update the package, or uninstall it."
        )
        return
    for key in set(_library.families) - before:
        _library.sources[key] = package
