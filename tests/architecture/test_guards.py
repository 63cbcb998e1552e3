"""Sees each guard of this project fail on a planted fault: a guard that cannot fail guards nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def finished(command: list[str], folder: Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True, timeout=100, check=False)


# Ruff


def complaints(path: str, code: str) -> str:
    """What the linter says of this code if it stood in that file."""
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    return finished([*ruff, "--stdin-filename", path, "-"], ROOT, code).stdout


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("TID251", "import torch\n\nweights = torch.load('file')\n"),
        ("TID251", "import torch\n\ntorch.save({}, 'file')\n"),
        ("TID251", "import pickle\n"),
        ("TID251", "from pickle import loads\n"),
        ("TID251", "import random\n"),
        ("TID251", "import torch\n\ntorch.set_rng_state(state)\n"),
        ("TID251", "from torch import nn\n\nlayer = nn.Dropout(0.5)\n"),
        ("TID251", "from torch.nn import functional as F\n\ny = F.dropout(x)\n"),
        ("NPY002", "import numpy as np\n\nnp.random.seed(0)\n"),
        ("TID253", "import torchvision\n"),
        ("TID253", "from torchvision.datasets import MNIST\n"),
        ("TID252", "from . import spec\n"),
        ("S307", "value = eval(text)\n"),
        ("S102", "exec(text)\n"),
        ("T201", "print('loud')\n"),
        ("ANN001", "def double(x) -> int:\n    return x + x\n"),
        ("F401", "import os\n"),
        ("E501", f"x = '{'long ' * 30}'\n"),
        ("I001", "import sys\nimport os\n\nprint(sys, os)\n"),
    ],
)
def test_the_linter_finds(rule: str, code: str) -> None:
    assert rule in complaints("gen_studio/training/planted.py", code)


def test_the_linter_allows_torchvision_inside_a_function() -> None:
    code = '"""Why."""\n\n\ndef load() -> object:\n    import torchvision\n\n    return torchvision\n'
    assert complaints("gen_studio/data/planted.py", code).strip() == "All checks passed!"


def test_the_formatter_finds_code_that_is_not_formatted() -> None:
    ruff = [sys.executable, "-m", "ruff", "format", "--no-cache", "--check", "--stdin-filename", "planted.py", "-"]
    assert finished(ruff, ROOT, "x = 1\n").returncode == 0
    assert finished(ruff, ROOT, "x   =  1\n").returncode == 1


# import-linter


FORBIDDEN_IMPORTS = {
    "gen_studio/core/planted.py": ["torch", "gen_studio.data.spec"],
    "gen_studio/data/planted.py": ["gen_studio.nets.planted"],
    "gen_studio/nets/planted.py": [],
    "gen_studio/training/planted.py": ["PySide6.QtCore", "gen_studio.runtime.planted"],
    "gen_studio/runtime/planted.py": ["gen_studio.viewmodels.planted"],
    "gen_studio/viewmodels/planted.py": ["torch", "gen_studio.ui.planted"],
    "gen_studio/ui/planted.py": ["torchvision"],
    "gen_studio/cli.py": ["PySide6.QtCore"],
    "gen_studio/commands/planted.py": ["pyqtgraph"],
    "gen_studio/models/families/planted_one.py": ["gen_studio.models.families.planted_two"],
    "gen_studio/models/families/planted_two.py": [],
}


@pytest.fixture(scope="module")
def verdict_on_imports(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the package with every forbidden import planted in it at once."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "gen_studio", folder / "gen_studio", ignore=shutil.ignore_patterns("__pycache__"))
    for path, imports in FORBIDDEN_IMPORTS.items():
        with (folder / path).open("a") as file:
            file.write("".join(f"\nimport {name}\n" for name in imports))
    linter = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    result = finished([sys.executable, "-c", linter, "--no-cache"], folder)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        (path.removesuffix(".py").replace("/", "."), name.split(".")[0] if "gen_studio" not in name else name)
        for path, imports in FORBIDDEN_IMPORTS.items()
        for name in imports
    ],
)
def test_the_import_contracts_find(verdict_on_imports: str, importer: str, imported: str) -> None:
    _, broken = verdict_on_imports.split("Broken contracts", 1)
    assert f"{importer} -> {imported} " in " ".join(broken.split())


def test_every_import_contract_is_seen_broken(verdict_on_imports: str) -> None:
    assert "0 kept" in verdict_on_imports, verdict_on_imports


# mypy


UNTYPED = "def double(x):\n    return x + x\n"
INEXHAUSTIVE = """
from enum import Enum
from typing import assert_never


class Side(Enum):
    LEFT = 1
    RIGHT = 2


def other(side: Side) -> Side:
    match side:
        case Side.LEFT:
            return Side.RIGHT
        case _:
            assert_never(side)
"""


def test_the_type_checker_is_strict_and_finds_a_match_that_misses_a_case(tmp_path: Path) -> None:
    package = tmp_path / "gen_studio" / "core"
    package.mkdir(parents=True)
    for file in (package.parent / "__init__.py", package / "__init__.py"):
        file.touch()
    (package / "untyped.py").write_text(UNTYPED)
    (package / "inexhaustive.py").write_text(INEXHAUSTIVE)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    found = finished([sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache")], tmp_path).stdout
    assert "core/untyped.py:1: error: Function is missing a type annotation" in found
    assert 'core/inexhaustive.py:16: error: Argument 1 to "assert_never" has incompatible type' in found


# pytest


def run_of(tmp_path: Path, test: str) -> str:
    """The closing words of a test run over this one test, with the project's own settings."""
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    conftest = (ROOT / "tests" / "conftest.py").read_text()
    impatient = conftest.replace("SECONDS_TO_END = 5.0", "SECONDS_TO_END = 0.1")
    assert impatient != conftest
    (tmp_path / "tests" / "conftest.py").write_text(impatient)
    (tmp_path / "tests" / "test_planted.py").write_text(test)
    return finished([sys.executable, "-m", "pytest", "-p", "no:cacheprovider"], tmp_path).stdout


def test_a_warning_fails_a_test(tmp_path: Path) -> None:
    said = run_of(tmp_path, "import warnings\n\n\ndef test_it():\n    warnings.warn('careless')\n")
    assert "UserWarning: careless" in said
    assert "1 failed" in said


THREAD_LEFT = """
import threading, time

def test_it():
    threading.Thread(target=time.sleep, args=(1,)).start()
"""
QT_THREAD_LEFT = """
from PySide6.QtCore import QThread

threads = []

def test_it(qapp):
    threads.append(QThread())
    threads[0].start()

def teardown_module():
    threads[0].quit()
    threads[0].wait()
"""
TIMER_LEFT = """
from PySide6.QtCore import QTimer

timers = []

def test_it(qapp):
    timers.append(QTimer())
    timers[0].start(10)
"""
TIMER_GONE_WITH_ITS_WIDGET = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

def test_it(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    QTimer(widget).start(10)
"""


@pytest.mark.parametrize("test", [THREAD_LEFT, QT_THREAD_LEFT, TIMER_LEFT], ids=["thread", "QThread", "QTimer"])
def test_what_is_left_running_fails_a_test(tmp_path: Path, test: str) -> None:
    said = run_of(tmp_path, test)
    assert "still running after the test" in said
    assert "1 passed, 1 error" in said


def test_a_timer_that_goes_with_its_widget_is_not_left_running(tmp_path: Path) -> None:
    assert "1 passed in" in run_of(tmp_path, TIMER_GONE_WITH_ITS_WIDGET)


def test_tests_keep_away_from_the_users_folder(tmp_path: Path) -> None:
    said = run_of(
        tmp_path,
        "def test_it(tmp_path_factory):\n    from gen_studio.core import paths\n    print(paths.home())\n    assert 0",
    )
    assert str(Path.home() / ".local") not in said
    assert "home0" in said
