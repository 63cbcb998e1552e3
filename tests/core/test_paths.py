"""Where the app keeps its things."""

from pathlib import Path

import pytest

from gen_studio.core import paths


def test_the_variable_decides_and_everything_is_below_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert paths.home() == tmp_path
    assert all(folder().parent == tmp_path for folder in (paths.runs, paths.cache, paths.datasets))


def test_without_it_the_platforms_convention_holds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    monkeypatch.setattr(paths.sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert paths.home() == tmp_path / "gen-studio"


def test_the_resources_are_there() -> None:
    assert (paths.resources() / "icons").is_dir()
