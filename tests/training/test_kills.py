"""Kills a training process at any moment, in the middle of a checkpoint too: nothing saved is ever lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder, State
from gen_studio.data import catalog
from gen_studio.testing.subjects import differences
from gen_studio.training import checkpoint
from gen_studio.training.learner import Learner

KILLS = 8
LAST_STEPS = 3

# It forks for every life of the trainer, so that torch is imported once. Every write to the disk is slowed down: the
# trainer spends about half its time in the middle of a checkpoint.
SCRIPT = """
import json, os, signal, sys, time
from pathlib import Path
import numpy as np
import torch
from gen_studio.core import atomic
from gen_studio.core.runs import RunFolder
from gen_studio.core.plan import DataPlan, RunPlan
from gen_studio.data import catalog
from gen_studio.models import registry
from gen_studio.training import start

torch.set_num_threads(1)
path, kills = Path(sys.argv[1]), int(sys.argv[2])
plan = RunPlan.parse(json.loads(sys.argv[3]))
catalog.load(plan.data)
registry.families()
rng = np.random.default_rng(0)
sync = atomic.sync


def slow_sync(file):
    time.sleep(0.003)
    sync(file)


def train(last):
    atomic.sync = slow_sync
    session = start.resume(path) if path.exists() else start.start(plan, path)[0]
    print(json.dumps({"from": session.step}), flush=True)
    while not last or session.step < session_start(session) + last:
        session.advance(0)
    session.save()
    print(json.dumps({"to": session.step}), flush=True)
    os._exit(0)


def session_start(session, memory={}):
    return memory.setdefault("step", session.step)


def newest():
    steps = RunFolder(path).checkpoint_steps() if path.exists() else []
    return steps[-1] if steps else 0


def unfinished():
    return len(list((path / "checkpoints").glob(atomic.UNFINISHED + "*")))


for kill in range(kills):
    before = newest()
    child = os.fork()
    if not child:
        train(0)
    # Killed at any moment, every other time in the middle of a checkpoint; but not before it got somewhere.
    while newest() <= before:
        time.sleep(0.001)
        if os.waitpid(child, os.WNOHANG)[0]:
            sys.exit("the trainer ended by itself")
    time.sleep(rng.uniform(0, 0.1))
    while kill % 2 and not unfinished():
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print(json.dumps({"killed after": newest(), "unfinished": unfinished()}), flush=True)
child = os.fork()
if not child:
    train(int(sys.argv[4]))
os.waitpid(child, 0)
"""


def plan() -> RunPlan:
    return RunPlan.parse(
        {
            "family": "vae",
            "data": {"source": "digits", "size": 8, "limit": 100},
            "config": {"hidden": 8, "latents": 2, "batch_size": 8},
            "steps": 1_000_000,
            "device": "cpu",
            "precision": "float32",
            "checkpoint_every": 0.02,
            "keep_checkpoints": 2,
        }
    )


@pytest.mark.timeout(300)
def test_whenever_it_is_killed_only_the_steps_since_the_last_checkpoint_are_lost(tmp_path: Path) -> None:
    path = tmp_path / "run"
    command = [sys.executable, "-c", SCRIPT, str(path), str(KILLS), plan().model_dump_json(), str(LAST_STEPS)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert result.returncode == 0, result.stderr
    lives = [json.loads(line) for line in result.stdout.splitlines()]
    begun = [life["from"] for life in lives if "from" in life]
    kept = [life["killed after"] for life in lives if "killed after" in life]
    assert len(begun) == KILLS + 1
    assert begun == [0, *kept], "each life begins where the newest checkpoint is"
    assert kept == sorted(set(kept)), "each life gets further"
    assert sum(life.get("unfinished", 0) for life in lives) >= KILLS / 4, "no kill hit a checkpoint: nothing was tested"

    folder = RunFolder.open(path)
    end = lives[-1]["to"]
    assert end == kept[-1] + LAST_STEPS
    assert folder.state() is State.INTERRUPTED
    assert folder.read_metrics()[0].tolist() == list(range(1, end + 1))
    assert folder.checkpoint_steps()[-1] == end
    for step in folder.checkpoint_steps():
        assert checkpoint.load_shown(folder, step).card.step == step
    assert not [file for file in folder.checkpoints.iterdir() if file.name.startswith(".")]

    straight = Learner(plan(), catalog.load(plan().data).train)
    while straight.step < end:
        straight.take_step()
    assert differences(straight.state(), checkpoint.read_training(folder, end)) == []
