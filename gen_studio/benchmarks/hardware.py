"""What a figure was measured on: processor, graphics card, versions. A number without them means nothing."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("torch", "torchvision", "numpy", "pillow", "PySide6-Essentials", "pyqtgraph", "gen-studio")
VARIABLES = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "QT_QPA_PLATFORM", "DISPLAY")


def describe() -> dict[str, Any]:
    """Plain values for a JSON document. Imports torch."""
    import psutil
    import torch

    from gen_studio.core.plan import Device
    from gen_studio.training.device import has_bf16_units

    gpu = None
    if torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        gpu = {"name": properties.name, "memory": properties.total_memory}
    return {
        "processor": processor(),
        "cores": psutil.cpu_count(logical=False),
        "threads": os.cpu_count(),
        "memory": psutil.virtual_memory().total,
        "bf16 units": has_bf16_units(Device.CPU),
        "gpu": gpu,
        "system": platform.platform(),
        "load": busy(),
    }


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def variables() -> dict[str, str]:
    """The variables of the environment that change speed."""
    return {name: os.environ[name] for name in VARIABLES if name in os.environ}


def busy() -> float | None:
    """The system's load over the last minute: above zero before a start, others were working too."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def processor() -> str:
    """The model's name as the system gives it."""
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
