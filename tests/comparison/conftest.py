"""Small runs to set side by side."""

from pathlib import Path
from typing import Any

import pytest

from gen_studio.core.plan import RunPlan
from gen_studio.training import start

DIGITS = {"source": "digits", "size": 16, "limit": 150}
PLANS: dict[str, dict[str, Any]] = {
    "vae": {"family": "vae", "config": {"hidden": 16, "latents": 4, "batch_size": 16}},
    "wider": {"family": "vae", "config": {"hidden": 24, "latents": 4, "batch_size": 16}, "seed": 5},
    "dcgan": {"family": "dcgan", "config": {"width": 4, "latents": 8, "batch_size": 8}},
    "ddpm": {
        "family": "ddpm",
        "config": {
            "width": 4,
            "sizes": 2,
            "blocks": 1,
            "attention": 0,
            "levels": 30,
            "sample_steps": 3,
            "batch_size": 16,
        },
    },
    "edges": {
        "family": "pix2pix",
        "config": {"width": 4, "batch_size": 4},
        "data": {**DIGITS, "pairs": "edges"},
    },
}


def begin(path: Path, name: str, **changes: Any) -> Path:
    """A run of that name, to its end."""
    plan = {"data": DIGITS, "steps": 40, "device": "cpu", "precision": "float32", **PLANS[name], **changes}
    session, _ = start.start(RunPlan.parse(plan), path, name=f"The {name}")
    with session:
        while session.ended is None:
            session.advance(10.0)
    return path


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A finished run of each plan. Tests that change one copy it first."""
    folder = tmp_path_factory.mktemp("trained")
    return {name: begin(folder / name, name) for name in PLANS}
