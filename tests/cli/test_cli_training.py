import errno
import json
import shutil
import signal

import pytest

from gen_studio.commands.interrupt import Interrupt
from gen_studio.core import atomic, paths
from gen_studio.core.runs import RunFolder, State
from gen_studio.training.learner import Learner
from gen_studio.training.update import NotFinite

VAE = ["--set", "hidden=16", "--set", "latents=4", "--set", "batch_size=16"]
SMALL = ["--data", "digits", "--size", "16", "--limit", "150", "--precision", "float32", "--device", "cpu"]
TRAIN = ["train", "vae", *SMALL, *VAE]


@pytest.fixture
def run(tmp_path, trained):
    """A copy of the finished run of the variational autoencoder."""
    shutil.copytree(trained["vae"], tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_new_run_goes_among_the_runs_and_its_folder_is_the_answer(say, home):
    said = say(*TRAIN, "--steps", 2)
    assert said.status == 0
    folder = said.out.strip()
    assert folder.startswith(str(paths.runs()))
    assert RunFolder.open(paths.runs() / folder).state() is State.FINISHED
    assert "step 2 of 2" in said.err and "−ELBO" in said.err


def test_json_is_one_document_and_progress_stays_on_stderr(say, tmp_path):
    said = say(*TRAIN, "--steps", 2, "--run", tmp_path / "run", "--name", "Mine", "--json")
    document = json.loads(said.out)
    assert document["run"] == str(tmp_path / "run")
    assert document["name"] == "Mine" and document["state"] == "finished"


def test_options_reach_the_plan(say, tmp_path):
    words = ["--seed", 7, "--checkpoint-every", 30, "--clip-gradient", 1.5, "--keep-checkpoints", 1]
    say(*TRAIN, "--steps", 1, "--run", tmp_path / "run", *words, "--data-set", "question=right", "--fit", "pad")
    plan = RunFolder.open(tmp_path / "run").plan()
    assert (plan.seed, plan.checkpoint_every, plan.clip_gradient, plan.keep_checkpoints) == (7, 30, 1.5, 1)
    assert (plan.data.size, plan.data.limit, plan.data.fit.value, plan.data.question.value) == (16, 150, "pad", "right")


def test_epochs_count_the_training_pictures(say, tmp_path):
    document = json.loads(say(*TRAIN, "--epochs", 2, "--run", tmp_path / "run", "--json").out)
    pictures = 2 * 150 * 0.8
    assert abs(document["steps"] - pictures / 16) < 3


def test_resuming_reaches_the_new_total(say, run):
    said = say("resume", run, "--steps", 5)
    assert said.status == 0 and said.out.strip() == str(run)
    assert RunFolder.open(run).checkpoint_steps()[-1] == 5


@pytest.mark.parametrize("words", [[], ["--steps", 3], ["--steps", 2], ["--steps", 0], ["--steps", "many"]])
def test_resuming_to_a_step_behind_is_refused(say, run, words):
    before = sorted(path.name for path in run.rglob("*"))
    said = say("resume", run, *words)
    assert said.status == 2 and said.sentence
    assert sorted(path.name for path in run.rglob("*")) == before


def test_resuming_from_an_older_checkpoint_drops_the_later_ones(say, run):
    say("resume", run, "--steps", 5)
    said = say("resume", run, "--from-step", 3, "--steps", 4)
    assert said.status == 0
    assert RunFolder.open(run).checkpoint_steps() == [3, 4]
    assert say("resume", run, "--from-step", 2, "--steps", 9).status == 2


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        (["vea"], '"vae"'),
        (["vae", "--set", "latent=3"], '"latents"'),
        (["vae", "--set", "latents=0"], "from 1 to"),
        (["vae", "--set", "latents"], "key=value"),
        (["vae", "--set", "likelihood=bernouli"], "Bernoulli"),
        (["vae", "--steps", "0"], "from 1 to"),
        (["vae", "--steps", "3", "--epochs", "1"], "Keep"),
        (["vae", "--epochs", "0"], "above 0"),
        (["vae", "--epochs", "1e9"], "Steps"),
        (["vae", "--seed", "-1"], "from 0"),
        (["vae", "--device", "tpu"], "cpu"),
        (["vae", "--precision", "int4"], "float32"),
        (["vae", "--data", "digit"], '"digits"'),
        (["vae", "--data", "/nowhere/at/all"], "Check the path"),
        (["vae", "--data", "EMPTY"], "Put pictures into it"),
        (["vae", "--data", "mnist", "--root", "EMPTY"], "--download"),
        (["vae", "--size", "4"], "from 8"),
        (["vae", "--pairs", "edge"], "edges"),
        (["vae", "--size", "16", "--data-set", "size=16"], "Keep one"),
        (["vae", "--data-set", "path=/x"], "--data"),
        (["vae", "--name", " "], "letter"),
        (["dcgan", "--size", "20"], "32"),
        (["pix2pix"], "filter"),
        (["vae", "--run", "TAKEN"], "Choose another folder"),
        (["vae", "--run", "FILE"], "folder"),
    ],
)
def test_what_cannot_be_trained_is_a_sentence_and_leaves_no_run(say, home, tmp_path, words, way_out):
    (tmp_path / "EMPTY").mkdir()
    (tmp_path / "TAKEN").mkdir()
    (tmp_path / "TAKEN" / "letter.txt").write_text("dear")
    (tmp_path / "FILE").write_text("dear")
    words = [str(tmp_path / word) if word in ("EMPTY", "TAKEN", "FILE") else word for word in words]
    said = say("train", *words)
    assert said.status == 2
    assert way_out in said.sentence
    assert said.out == ""
    assert not paths.runs().exists()
    assert (tmp_path / "TAKEN" / "letter.txt").read_text() == "dear"


def test_a_full_disk_at_the_start_leaves_no_run(say, tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", _full)
    said = say(*TRAIN, "--steps", 2, "--run", tmp_path / "run")
    assert said.status == 1 and "left" in said.sentence
    assert not (tmp_path / "run").exists()


def test_a_full_disk_at_the_end_harms_no_checkpoint(say, run, monkeypatch):
    kept = {path: path.read_bytes() for path in (run / "checkpoints").rglob("*") if path.is_file()}
    honest = atomic.sync

    def sync(path):
        if "checkpoints" in str(path):
            raise OSError(errno.ENOSPC, "No space left on device")
        honest(path)

    monkeypatch.setattr(atomic, "sync", sync)
    said = say("resume", run, "--steps", 5)
    assert said.status == 1
    assert "left" in said.sentence and "gen-studio resume" in said.sentence
    assert {path: path.read_bytes() for path in (run / "checkpoints").rglob("*") if path.is_file()} == kept
    monkeypatch.undo()
    assert say("resume", run, "--steps", 5).status == 0


def test_a_damaged_checkpoint_is_a_sentence(say, run):
    weights = run / "checkpoints" / "step-000000003" / "training.safetensors"
    weights.write_bytes(b"\x80\x04this is no safetensors file")
    said = say("resume", run, "--steps", 5)
    assert said.status == 1 and "damaged" in said.sentence


@pytest.mark.parametrize("content", ["{", "[]", '{"hyperparameters": 3}', '{"family": "unheard of"}'])
def test_a_foreign_plan_is_a_sentence(say, run, content):
    (run / "plan.json").write_text(content)
    for words in (["resume", run, "--steps", 5], ["sample", run]):
        said = say(*words)
        assert said.status in (1, 2) and said.sentence


def test_a_signal_while_data_is_read_leaves_nothing(say, tmp_path, monkeypatch):
    monkeypatch.setattr(Interrupt, "requested", True)
    said = say(*TRAIN, "--run", tmp_path / "run")
    assert said.status == 130
    assert not (tmp_path / "run").exists()


def test_signals_only_set_a_flag_and_the_first_one_counts():
    before = signal.getsignal(signal.SIGINT)
    with Interrupt() as interrupt:
        assert not interrupt.requested
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        assert interrupt.requested and interrupt.status == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGINT) is before


def test_a_loss_that_turns_bad_ends_with_status_1(say, tmp_path, monkeypatch):
    _break_steps_after(3, NotFinite(), monkeypatch)
    said = say(*TRAIN, "--steps", 9, "--run", tmp_path / "run")
    assert said.status == 1 and "learning rate" in said.sentence and str(tmp_path / "run") in said.sentence
    assert RunFolder.open(tmp_path / "run").checkpoint_steps() == [3]


def test_an_error_of_the_apps_own_ends_the_run_and_says_what_stands(say, run, home, monkeypatch):
    _break_steps_after(4, ZeroDivisionError("division by zero"), monkeypatch)
    said = say("resume", run, "--steps", 9)
    assert said.status == 1 and "ZeroDivisionError" in said.sentence
    assert "checkpoint at step 3 stands" in said.err and "Traceback" not in said.err
    assert RunFolder.open(run).state() is State.FAILED


def test_too_little_memory_is_a_sentence_and_leaves_no_run(say, tmp_path, monkeypatch):
    def build(*_):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 34359738368 bytes.")

    monkeypatch.setattr("gen_studio.training.learner.build", build)
    said = say(*TRAIN, "--steps", 2, "--run", tmp_path / "run")
    assert said.status == 1 and "smaller" in said.sentence
    assert not (tmp_path / "run").exists()


def _break_steps_after(step, error, monkeypatch):
    honest = Learner.take_step

    def take_step(learner, *arguments, **more):
        if learner.step >= step:
            raise error
        return honest(learner, *arguments, **more)

    monkeypatch.setattr(Learner, "take_step", take_step)


def _full(handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
