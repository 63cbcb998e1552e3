"""The list of sources and the one door to data: a plan goes in, a data set that is ready to train on comes out."""

import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gen_studio.core import paths
from gen_studio.core.description import SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.plan import Counterpart, DataPlan
from gen_studio.core.words import one_of
from gen_studio.data import facts, store
from gen_studio.data import sources as package
from gen_studio.data.dataset import Dataset
from gen_studio.data.source import Gallery, Request, Source
from gen_studio.data.splits import arrange
from gen_studio.data.store import Job


@cache
def sources() -> Mapping[str, type[Source]]:
    """All sources by key: every concrete Source in the modules of `data/sources`, the offline ones first."""
    found: dict[str, type[Source]] = {}
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        for _, source in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(source, Source) and "info" in vars(source) and source.__module__ == module.name:
                if source.info.key in found:
                    raise ValueError(f"two sources have the key {source.info.key}")
                found[source.info.key] = source
    ordered = sorted(found.values(), key=lambda source: (source.info.downloadable, source.info.needs_path))
    return MappingProxyType({source.info.key: source for source in ordered})


def describe() -> tuple[SourceInfo, ...]:
    """What pickers and tables show of the sources."""
    return tuple(source.info for source in sources().values())


def source_of(key: str) -> type[Source]:
    """The source with a key. Raises WrongUse for an unknown one."""
    if key not in sources():
        raise WrongUse(f'There is no source "{key}". {one_of("Sources", list(sources()), wrong=key)}')
    return sources()[key]


def load(
    plan: DataPlan,
    *,
    report: Report = unheard,
    download: bool = False,
    root: Path | None = None,
    keep_above: int | None = None,
) -> Dataset:
    """Decodes the pictures of a plan, or opens them where they are kept decoded on the disk.

    root: where named data sets are looked for; else the plan's path or `paths.datasets()`. keep_above: bytes above
    which pictures are kept decoded on the disk, None for the source's own choice.
    Raises WrongUse for a plan that cannot be met, UserError for a failed download or a full disk, and lets through
    Cancelled from `report`.
    """
    plan, gallery = opened(plan, report=report, download=download, root=root)
    arrangement = arrange(gallery.names, gallery.official, plan.limit, gallery.domain)
    return store.load(Job(gallery, arrangement, plan, report), keep_above)


def opened(
    plan: DataPlan, *, report: Report = unheard, download: bool = False, root: Path | None = None
) -> tuple[DataPlan, Gallery]:
    """The plan with nothing left open, and its pictures without decoding them: names, classes, attributes, layouts.

    Raises as `load` does.
    """
    source = source_of(plan.source)
    _check_path(source.info, plan)
    plan = _complete(source.info, plan, root)
    report(Progress(f"Looking for {source.info.title}"))
    gallery = source().open(Request(plan=plan, root=_root(plan), download=download, report=report))
    return plan, facts.arranged(gallery, plan)


def parse_source(word: str, settings: Mapping[str, Any] | None = None) -> DataPlan:
    """Reads a source as a person writes it: `digits`, `mnist`, `folder:/my/pictures`, `/my/pictures`, `my.zip`.

    settings: further fields of the plan, as values or as text. Raises WrongUse with a sentence for a mistake.
    """
    key, path = _key_and_path(word.strip())
    plan = DataPlan.parse({**(settings or {}), "source": key, "path": path})
    _check_path(source_of(key).info, plan)
    return plan


def _key_and_path(word: str) -> tuple[str, str | None]:
    key, colon, rest = word.partition(":")
    if key in sources():
        return key, str(paths.absolute(rest)) if colon and rest else None
    path = Path(word).expanduser()
    if word and (path.is_dir() or path.suffix.lower() == ".zip" or "/" in word or "\\" in word):
        # That it is there, and what it holds, is looked at when it is opened.
        return "folder", str(paths.absolute(word))
    if path.is_file():
        raise WrongUse(
            f"{word} is a single file. A source is a folder or a zip of pictures, or one of these: {_list()}."
        )
    if not word:
        raise WrongUse(f"No data is named. Sources: {_list()}; or a folder or zip of pictures.")
    raise WrongUse(
        f'There is no source "{key}", and no such folder or zip. {one_of("Sources", list(sources()), wrong=key)}'
    )


def _check_path(info: SourceInfo, plan: DataPlan) -> None:
    if info.needs_path and not plan.path:
        raise WrongUse(f'{info.title} needs a path. Write it behind a colon: "{info.key}:/path/to/pictures".')
    if plan.path and not info.takes_path:
        raise WrongUse(f'{info.title} takes no path. Write only "{info.key}".')
    if plan.other_path and not info.other:
        raise WrongUse(f"{info.title} takes no second path. Leave it empty.")
    _check_pairs(info, plan)


def _check_pairs(info: SourceInfo, plan: DataPlan) -> None:
    if plan.pairs is not None and "pairs" in info.offers:
        raise WrongUse(f"{info.title} has pairs already. Leave the filter for pairs empty.")
    wanted = plan.counterpart
    if wanted is not None and wanted not in info.counterparts:
        able = [one.key for one in describe() if wanted in one.counterparts]
        raise WrongUse(
            f"{info.title} cannot pair its pictures with their {wanted.value}. Sources that can: {', '.join(able)}."
            if wanted is Counterpart.LAYOUT
            else f"{info.title} does not know its pictures by {wanted.value}. Sources that do: {', '.join(able)}."
        )
    if wanted is not None and plan.pairs is not None:
        raise WrongUse(f"Pairs are made by a filter or with the {wanted.value}. Leave one of the two empty.")
    if plan.domains and (wanted or plan.pairs or "pairs" in info.offers):
        raise WrongUse("Two domains are not in pairs. Leave the domains empty, or the pairs.")


def _complete(info: SourceInfo, plan: DataPlan, root: Path | None) -> DataPlan:
    """The plan with what it leaves open filled in: a run that is resumed elsewhere finds the same pictures."""
    path = plan.path
    if info.takes_path and (path or root):
        path = str(paths.absolute(path or str(root)))
    other = str(paths.absolute(plan.other_path)) if plan.other_path else None
    return plan.model_copy(update={"size": plan.size or info.default_size, "path": path, "other_path": other})


def _root(plan: DataPlan) -> Path:
    return paths.datasets(Path(plan.path) if plan.path else None)


def _list() -> str:
    return ", ".join(sources())
