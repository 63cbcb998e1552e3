"""Reads classes and splits off the folders that pictures lie in."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.words import count
from gen_studio.data.spec import Split

SPLIT_FOLDERS = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "val": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "validation": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}


@dataclass(frozen=True)
class Layout:
    """What the folders say. `labels` is None and `classes` empty where they name no classes."""

    classes: tuple[str, ...] = ()
    labels: NDArray[np.int64] | None = None
    official: tuple[Split | None, ...] | None = None
    notes: tuple[str, ...] = ()


def layout(names: Sequence[str]) -> Layout:
    """Sub-folders are classes. Folders that are all called train, val or test are splits, with classes below them.

    A folder that holds everything else, as zips often have one, says nothing.
    """
    folders = _without_common([PurePosixPath(name).parts[:-1] for name in names])
    official: tuple[Split | None, ...] | None = None
    notes: list[str] = []
    tops = {folder[0].lower() if folder else "" for folder in folders}
    if ("train" in tops or "training" in tops) and len(tops) > 1 and tops <= SPLIT_FOLDERS.keys():
        official = _with_missing_left_open(tuple(SPLIT_FOLDERS[folder[0].lower()] for folder in folders))
        folders = _without_common([folder[1:] for folder in folders])
        notes.append(f"The folders {', '.join(sorted(tops))} are taken as the splits.")
    found = [folder[0] if folder else "" for folder in folders]
    classes = sorted(set(found), key=_natural)
    if "" in classes:
        outside = Counter(found)[""]
        if len(classes) > 1:
            notes.append(f"No labels: {count(outside, 'picture')} outside of the class folders.")
        return Layout(official=official, notes=tuple(notes))
    if len(classes) < 2:
        return Layout(official=official, notes=tuple(notes))
    number = {name: index for index, name in enumerate(classes)}
    labels = np.array([number[name] for name in found], dtype=np.int64)
    return Layout(tuple(classes), labels, official, tuple(notes))


def _with_missing_left_open(splits: tuple[Split, ...]) -> tuple[Split | None, ...]:
    """Where no folder is meant for validation, or none for test, they are taken from the training pictures."""
    if set(splits) == set(Split):
        return splits
    return tuple(None if split is Split.TRAIN else split for split in splits)


def _without_common(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    while folders and all(folders) and len({folder[0] for folder in folders}) == 1:
        folders = [folder[1:] for folder in folders]
    return folders


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts "2" before "10"."""
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in re.split(r"(\d+)", name)]
