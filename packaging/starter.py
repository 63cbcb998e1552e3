"""Makes the samples that the window shows before anything is read: `uv run python packaging/starter.py`."""

import shutil
import sys
import tempfile
from pathlib import Path

from gen_studio.core import paths
from gen_studio.core.demo import demo_plan
from gen_studio.training import start

VIEW = "samples"
STARTER = paths.resources() / "starter" / "samples.png"


def main() -> int:
    """Trains the demo's run to its end and keeps the last of its preview sheets."""
    with tempfile.TemporaryDirectory() as folder:
        session, _ = start.start(demo_plan(), Path(folder) / "run")
        with session:
            while session.ended is None:
                session.advance(1.0)
            newest = session.folder.preview_steps(VIEW)[-1]
            STARTER.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(session.folder.path / "previews" / VIEW / f"{newest:09d}.png", STARTER)
    sys.stdout.write(f"{STARTER}, step {newest:,}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
