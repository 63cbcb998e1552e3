"""The run that shows what the app does: done within a minute on two cores, on data that is always there."""

import json

from gen_studio.core import paths
from gen_studio.core.plan import RunPlan


def demo_plan() -> RunPlan:
    """The plan that `gen-studio demo` starts, with and without a window."""
    return RunPlan.parse(json.loads((paths.resources() / "demo.json").read_text(encoding="utf-8")))
