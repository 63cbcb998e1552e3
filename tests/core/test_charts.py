"""Charts as values: what is written is what is read, and nothing else is taken for a chart."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.core import charts
from gen_studio.core.charts import Bars, Fact, Projection, Scatter
from gen_studio.core.errors import UserError


def bars() -> Bars:
    values = np.array([0.5, 0.0, 2.25])
    return Bars(values, values > 0, "nats", "Dimension", "active", "not active", (Fact("2 of 3", "active"),), False)


def scatter(labels: bool = True) -> Scatter:
    codes = np.arange(12, dtype=np.float32).reshape(4, 3)
    classes = ("cats", "dogs, and others") if labels else ()
    return Scatter(
        codes[:, :2].astype(float), ("x", "y"), codes, np.array([0, 1, 1, 0]) if labels else None, classes, None
    )


def assert_same(one: object, other: object) -> None:
    assert type(one) is type(other)
    for name, value in vars(one).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(value, getattr(other, name), strict=True)
        else:
            assert value == getattr(other, name), name


@pytest.mark.parametrize(
    "chart", [bars(), scatter(), scatter(labels=False)], ids=["bars", "map", "map without classes"]
)
def test_a_chart_comes_back_as_it_was(chart: charts.Chart, tmp_path: Path) -> None:
    charts.write(tmp_path / "chart.npz", 1200, chart)
    step, again = charts.read(tmp_path / "chart.npz")
    assert step == 1200
    assert_same(again, chart)


def test_the_projection_comes_back_too(tmp_path: Path) -> None:
    made = Scatter(np.zeros((3, 2)), ("", ""), np.zeros((3, 5), np.float32), projection=Projection.TSNE)
    charts.write(tmp_path / "chart.npz", 1, made)
    _, again = charts.read(tmp_path / "chart.npz")
    assert isinstance(again, Scatter) and again.projection is Projection.TSNE


def save(path: Path, **arrays: object) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays)


def test_what_is_no_chart_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "chart.npz"
    charts.write(path, 1, scatter())
    whole = path.read_bytes()
    for damaged in (b"", b"nonsense", whole[: len(whole) // 2], whole[:-40]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match="not a chart of a run"):
            charts.read(path)
    save(path, values=np.ones(3))
    with pytest.raises(UserError, match="not a chart of a run"):
        charts.read(path)
    with pytest.raises(UserError, match="not a chart of a run"):
        charts.read(tmp_path / "missing.npz")


@pytest.mark.parametrize(
    "changes",
    [
        {"points": np.zeros((3, 2))},
        {"labels": np.array([0, 1, 2, 0])},
        {"labels": np.array([0, -1, 1, 0])},
        {"codes": np.full((4, 3), np.nan, np.float32)},
        {"points": np.array([{"an": "object"}] * 4)},
    ],
    ids=["fewer points", "a class too many", "a class below the first", "NaN", "a pickle"],
)
def test_values_that_no_chart_has_are_refused(changes: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "chart.npz"
    charts.write(path, 1, scatter())
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    save(path, **{**arrays, **changes})
    with pytest.raises(UserError, match="not a chart of a run"):
        charts.read(path)
