import socket
import sys

import pytest

from gen_studio.commands import line
from gen_studio.core import display, paths
from gen_studio.core.demo import demo_plan
from gen_studio.core.plan import RunPlan

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux runs without a display")


@linux
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": ":4321"},
        {"DISPLAY": "nonsense"},
        {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nowhere"},
        {"QT_QPA_PLATFORM": "xcb"},
    ],
)
def test_without_a_display_there_is_a_sentence_with_a_way_out(environment):
    said = display.objection(environment)
    assert said is not None and "gen-studio train" in said


@linux
def test_a_window_that_is_drawn_into_memory_needs_no_display():
    assert display.objection({"QT_QPA_PLATFORM": "offscreen"}) is None


@linux
def test_a_display_that_answers_is_found(tmp_path):
    (tmp_path / "wayland-7").touch()
    assert display.has_display({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)})
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        number = server.getsockname()[1] - 6000
        assert display.has_display({"DISPLAY": f"127.0.0.1:{number}.0"})
    assert not display.has_display({"DISPLAY": f"127.0.0.1:{number}.0"})


def test_a_missing_library_of_qt_is_named():
    error = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    assert "libEGL.so.1" in display.missing_library(error)
    with pytest.raises(ImportError, match="gen_studio"):
        display.missing_library(ImportError("cannot import name 'x' from 'gen_studio.ui'"))


def test_without_a_display_the_window_ends_with_status_2(say, monkeypatch):
    monkeypatch.setattr(display, "objection", lambda: "There is no display. Do this.")
    said = say()
    assert said.status == 2 and said.sentence == "There is no display. Do this."


def test_the_demo_opens_the_window_with_its_run(say, monkeypatch):
    opened = []
    monkeypatch.setattr(display, "objection", lambda: None)
    monkeypatch.setattr(line, "open_window", lambda demo: opened.append(demo) or 0)
    assert say("demo").status == 0 and opened == [True]


def test_the_demo_without_a_display_ends_in_a_picture(say, monkeypatch, tmp_path):
    import gen_studio.commands.demo as headless

    short = demo_plan().model_copy(update={"steps": 2})
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(display, "objection", lambda: "There is no display. Do this.")
    monkeypatch.setattr(headless, "demo_plan", lambda: short)
    said = say("demo")
    assert said.status == 0
    assert said.out.strip().endswith(".png")
    assert (tmp_path / said.out.strip()).read_bytes().startswith(b"\x89PNG")


def test_the_demo_is_a_complete_plan():
    plan = demo_plan()
    assert isinstance(plan, RunPlan) and plan.data.source == "digits"
