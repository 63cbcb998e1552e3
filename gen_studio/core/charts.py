"""Readings that are more than one number, as plain values: drawn by the window, kept in the run's folder."""

import io
import json
import zipfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gen_studio.core import atomic
from gen_studio.core.errors import UserError

ABOUT = "about"


class Projection(Enum):
    """How codes of any length become places on a plane; the value is what a button says."""

    PCA = "PCA"
    TSNE = "t-SNE"
    UMAP = "UMAP"


@dataclass(frozen=True)
class Fact:
    """A figure and what it is, for example "12 of 20" and "active units"."""

    figure: str
    words: str


@dataclass(frozen=True, eq=False)
class Bars:
    """One number for each dimension of a code or each entry of a codebook.

    values: (K,) float64, not negative, in `unit`. marked: (K,) bool, those that are in use; `mark` and `unmarked` say
    so in a word. noun: what one of them is called. by_size: whether the largest comes first unless asked otherwise.
    """

    values: NDArray[np.float64]
    marked: NDArray[np.bool_]
    unit: str
    noun: str
    mark: str
    unmarked: str
    facts: tuple[Fact, ...] = ()
    by_size: bool = True


@dataclass(frozen=True, eq=False)
class Scatter:
    """Codes of held-out examples and their places on a plane.

    points: (N, 2) float64. axes: their titles. codes: (N, D) float32, with the distances that the model's own have.
    labels: (N,) int64, numbers of `classes`, or None without classes. projection: None where the two numbers of the
    points are the code itself.
    """

    points: NDArray[np.float64]
    axes: tuple[str, str]
    codes: NDArray[np.float32]
    labels: NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()
    projection: Projection | None = Projection.PCA


Chart = Bars | Scatter


def write(path: Path, step: int, chart: Chart) -> None:
    """Replaces a chart's file. Raises UserError where the disk does not take it."""
    arrays = {name: value for name, value in vars(chart).items() if isinstance(value, np.ndarray)}
    words = {name: _plain(value) for name, value in vars(chart).items() if name not in arrays}
    about = {"step": step, "kind": type(chart).__name__, **words}
    buffer = io.BytesIO()
    columns: dict[str, Any] = {ABOUT: np.array(json.dumps(about)), **arrays}
    np.savez(buffer, **columns)
    atomic.write_bytes(path, buffer.getvalue())


def read(path: Path) -> tuple[int, Chart]:
    """The step and the chart. Raises UserError for any other file."""
    try:
        # From memory: numpy leaves a file open that turns out to be none of its own.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(str(arrays.pop(ABOUT)))
        step, kind = int(about.pop("step")), about.pop("kind")
        return step, _bars(about, arrays) if kind == Bars.__name__ else _scatter(about, arrays)
    except (OSError, EOFError, LookupError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise UserError(f"{path} is not a chart of a run, or it is damaged. The run itself is not affected.") from error


def _bars(about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Bars:
    values, marked = arrays["values"].astype(np.float64), arrays["marked"].astype(np.bool_)
    _require(values.ndim == 1 and values.shape == marked.shape and bool(np.isfinite(values).all()))
    facts = tuple(Fact(str(figure), str(words)) for figure, words in about.pop("facts"))
    words = {name: str(about.pop(name)) for name in ("unit", "noun", "mark", "unmarked")}
    return Bars(values, marked, **words, facts=facts, by_size=bool(about["by_size"]))


def _scatter(about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Scatter:
    points, codes = arrays["points"].astype(np.float64), arrays["codes"].astype(np.float32)
    _require(points.ndim == 2 and points.shape[1] == 2 and codes.ndim == 2 and len(codes) == len(points))
    _require(bool(np.isfinite(points).all() and np.isfinite(codes).all()))
    classes = tuple(str(name) for name in about["classes"])
    labels = arrays["labels"].astype(np.int64) if "labels" in arrays else None
    if labels is not None:
        _require(labels.shape == (len(points),) and bool(((labels >= 0) & (labels < len(classes))).all()))
    first, second = about["axes"]
    projection = None if about["projection"] is None else Projection(about["projection"])
    return Scatter(points, (str(first), str(second)), codes, labels, classes, projection)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("shapes or values that no chart has")


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case Fact(figure, words):
            return [figure, words]
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value
