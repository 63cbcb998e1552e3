"""What only a fresh process shows: which libraries an import pulls in, and what a library does to Python itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QT = ("PySide6", "shiboken6", "pyqtgraph")

WITHOUT_QT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {qt!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
"""


def fresh(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


def imported_by(module: str) -> set[str]:
    """The top-level packages that are there once the module is imported."""
    result = fresh(f"import sys, {module}\nprint(*{{name.split('.')[0] for name in sys.modules}})")
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def test_a_machine_without_qt_is_imitated() -> None:
    result = fresh(WITHOUT_QT.format(qt=QT) + "import PySide6.QtCore")
    assert "No module named 'PySide6'" in result.stderr


def test_the_command_line_needs_no_qt() -> None:
    code = "import json\nfrom gen_studio.cli import main\nsys.argv = ['gen-studio', 'models', '--json']\nmain()\n"
    result = fresh(WITHOUT_QT.format(qt=QT) + code)
    assert result.returncode == 0, result.stderr
    assert '"vae"' in result.stdout


def test_the_window_appears_before_torch_is_imported() -> None:
    assert "torch" in imported_by("gen_studio.data.spec")
    assert "torch" not in imported_by("gen_studio.app")


# PySide6 6.12.0 on Python 3.11 drops a reference to None with every call that returns nothing; after some thousand
# of them the process dies. From Python 3.12 on, None is not counted.

CALLS = 20_000
CALLING_QT = f"""
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
widget = QWidget()
before = sys.getrefcount(None)
for _ in range({CALLS}):
    widget.update()
print(before - sys.getrefcount(None))
"""
DROPPING_NONE = """
import ctypes, sys
before = sys.getrefcount(None)
for _ in range(500):
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(None))
print(before - sys.getrefcount(None))
"""


def references_lost(code: str) -> int:
    result = fresh(code)
    assert result.returncode == 0, result.stderr
    return int(result.stdout)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is not counted from Python 3.12 on")
def test_a_lost_reference_to_none_is_noticed() -> None:
    assert references_lost(DROPPING_NONE) > 400


def test_calls_into_qt_lose_no_reference_to_none() -> None:
    assert references_lost(CALLING_QT) < 100
