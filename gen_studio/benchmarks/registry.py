"""The benchmarks that are there: every concrete one in the modules of `definitions`."""

import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from gen_studio.benchmarks import definitions
from gen_studio.benchmarks.benchmark import Benchmark
from gen_studio.core.errors import WrongUse
from gen_studio.core.words import one_of


@cache
def benchmarks() -> Mapping[str, Benchmark]:
    """All of them by name, the long ones (evidence) last."""
    found: dict[str, Benchmark] = {}
    for module in pkgutil.iter_modules(definitions.__path__, definitions.__name__ + "."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, Benchmark) and "name" in vars(kind):
                if kind.__module__ != module.name:
                    continue
                if kind.name in found:
                    raise ValueError(f"two benchmarks are called {kind.name}")
                found[kind.name] = kind()
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: (item[0].startswith("evidence"), item[0]))))


def find(name: str) -> Benchmark:
    """The benchmark of that name. Raises WrongUse with a suggestion."""
    known = benchmarks()
    if name not in known:
        raise WrongUse(f'There is no benchmark "{name}". {one_of("Benchmarks", list(known), wrong=name)}')
    return known[name]
