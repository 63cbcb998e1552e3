"""What only a process of its own shows: signals, and which libraries a command pulls in."""

import json
import signal
import subprocess
import sys
import time

import pytest

from gen_studio.cli import main
from gen_studio.core.runs import RunFolder, State

RUN = "from gen_studio.cli import main; sys.exit(main())"
WITHOUT_QT = "sys.modules['PySide6'] = None; sys.modules['pyqtgraph'] = None; " + RUN
SMALL = ["--size", "16", "--limit", "150", "--precision", "float32", "--device", "cpu"]


def command(*words, code=RUN):
    return [sys.executable, "-c", f"import sys; {code}", *map(str, words)]


def finished(*words, code=RUN):
    return subprocess.run(command(*words, code=code), capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("words", ["--help", "train --help", "runs --json", "trian"])
def test_light_commands_import_neither_torch_nor_qt(words):
    code = (
        "from gen_studio.cli import main; main(); "
        "sys.stderr.write(','.join({name.split('.')[0] for name in sys.modules}))"
    )
    modules = finished(*words.split(), code=code).stderr.splitlines()[-1].split(",")
    assert "typer" in modules
    assert {"torch", "PySide6", "pyqtgraph", "rich"} & set(modules) == set()


def test_the_command_line_works_where_qt_is_missing(tmp_path):
    words = ["--set", "hidden=8", "--steps", "2", "--run", tmp_path / "run"]
    trained = finished("train", "vae", *SMALL, *words, code=WITHOUT_QT)
    assert (trained.returncode, trained.stdout.strip()) == (0, str(tmp_path / "run")), trained.stderr
    sampled = finished("sample", tmp_path / "run", "--out", tmp_path / "sheet.png", code=WITHOUT_QT)
    assert sampled.returncode == 0 and (tmp_path / "sheet.png").exists()
    window = finished(code=WITHOUT_QT)
    assert window.returncode == 2
    assert window.stderr.startswith("Error: The window needs PySide6") and "Traceback" not in window.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_saves_a_run_that_can_be_resumed(tmp_path):
    run = tmp_path / "run"
    words = ["train", "vae", *SMALL, "--set", "hidden=8", "--steps", "1000000", "--run", run]
    process = subprocess.Popen(command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 90
        while not (run / "metrics.csv").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        # A second one while it saves is what impatient people send.
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert out.strip() == str(run)
    assert "gen-studio resume" in err and "Traceback" not in err
    folder = RunFolder.open(run)
    assert folder.state() is State.STOPPED
    (reached,) = folder.checkpoint_steps()
    assert main(["resume", str(run), "--steps", str(reached + 2)]) == 0
    assert json.loads((run / "status.json").read_text())["reason"] == "finished"
