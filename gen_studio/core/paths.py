"""Where things live on the disk: the app's own resources, the user's runs, the cache."""

import os
import sys
from pathlib import Path

HOME_VARIABLE = "GEN_STUDIO_HOME"
DATASETS_VARIABLE = "GEN_STUDIO_DATASETS"


def resources() -> Path:
    """The folder of icons, style sheet, recipes and starter models, in a checkout and in an installed package."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def home() -> Path:
    """The app's folder for what it keeps. The variable GEN_STUDIO_HOME overrides the platform's convention."""
    override = os.environ.get(HOME_VARIABLE)
    if override:
        return Path(override).expanduser().absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "gen-studio"


def runs() -> Path:
    return home() / "runs"


def cache() -> Path:
    return home() / "cache"


def datasets(chosen: Path | None = None) -> Path:
    """Where named data sets are looked for, and downloaded to when the user says so: the folder chosen, else the
    variable GEN_STUDIO_DATASETS, else the app's own."""
    folder = chosen or os.environ.get(DATASETS_VARIABLE)
    return absolute(folder) if folder else home() / "datasets"


def absolute(path: str | Path) -> Path:
    """Links stay as they are named: they are often the stable part."""
    return Path(os.path.abspath(os.path.expanduser(path)))


def settings_file() -> Path:
    """What the window remembers between two starts."""
    return home() / "settings.ini"
