"""Says in a sentence why no window can open, where none can: Qt would end the process. Imports no Qt."""

import ctypes
import importlib.util
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

WAY_OUT = "Or use the command line, which needs no window: gen-studio train --help."
LAUNCH = "Start with packaging/launch gen-studio, which installs it, or ask your system's package manager for it."


def objection(environment: Mapping[str, str] = os.environ) -> str | None:
    """Why no window can open here, as a sentence with a way out; None where one can."""
    package = importlib.util.find_spec("PySide6")
    if package is None or package.origin is None:
        return f"The window needs PySide6, which is not installed. Run pip install PySide6-Essentials. {WAY_OUT}"
    if not sys.platform.startswith("linux"):
        return None
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if platform not in ("", "xcb", "wayland"):
        return None  # drawn into memory, or over a network: Qt needs no display
    if not has_display(environment):
        return (
            "There is no display to open the window on. Start it on a desktop, or with a display forwarded "
            f"(ssh -X). {WAY_OUT}"
        )
    if environment.get("WAYLAND_DISPLAY") and platform != "xcb":
        return None
    return _missing_library(Path(package.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so")


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a display answers. A variable left over from another session names one that does not."""
    wayland = environment.get("WAYLAND_DISPLAY")
    if wayland:
        folder = environment.get("XDG_RUNTIME_DIR", "")
        if Path(folder, wayland).exists():
            return True
    return _x_server_answers(environment.get("DISPLAY", ""))


def missing_library(error: ImportError) -> str:
    """A sentence where Qt could not be loaded for want of a system library. Raises any other error again."""
    found = re.search(r"(lib\S+\.so[.\d]*)", str(error))
    if found is not None:
        return f"The window needs the system library {found[1]}, which is missing. {LAUNCH} {WAY_OUT}"
    if (error.name or "").partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
        return f"The window needs {error.name}, which cannot be loaded: {error}. {LAUNCH} {WAY_OUT}"
    raise error


def _missing_library(plugin: Path) -> str | None:
    if not plugin.exists():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return missing_library(ImportError(str(error)))
    return None


def _x_server_answers(display: str) -> bool:
    """display: "host:number.screen", the host left out on this machine."""
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdigit():
        return False
    if host in ("", "unix"):
        return any(_connects(socket.AF_UNIX, f"{start}/tmp/.X11-unix/X{number}") for start in ("\0", "")) or _connects(
            socket.AF_INET, ("localhost", 6000 + int(number))
        )
    return _connects(socket.AF_INET, (host, 6000 + int(number)))


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        try:
            connection.connect(address)
        except OSError:
            return False
    return True
