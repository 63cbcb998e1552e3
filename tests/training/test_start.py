"""From a plan with open ends to a run, and back to one: what was left open is decided once and written down."""

from pathlib import Path

import pytest

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.plan import DataPlan, Device, PairFilter, Precision, RunPlan
from gen_studio.core.runs import RunFolder, State
from gen_studio.models import registry
from gen_studio.testing import subjects
from gen_studio.training import start as module
from gen_studio.training.start import data_title, prepare, resume, run_name, start


def plan(family: subjects.Family | None = None, **changes: object) -> RunPlan:
    chosen = family or next(iter(registry.families().values()))
    small = subjects.plan_for(chosen, None, steps=3, data=DataPlan(size=16, limit=60))
    return small.model_copy(update=changes)


def trained(tmp_path: Path, steps: int = 3) -> Path:
    session, _ = start(plan(steps=steps), tmp_path / "run")
    with session:
        session.advance(1000)
    return tmp_path / "run"


# What is decided


def test_what_a_plan_leaves_open_is_filled_in() -> None:
    open_plan = plan(config={}, device=Device.AUTO, precision=Precision.AUTO, data=DataPlan(limit=60))
    prepared = prepare(open_plan)
    family = registry.find(open_plan.family)
    assert prepared.plan.device is not Device.AUTO
    assert prepared.plan.precision is not Precision.AUTO
    assert prepared.plan.config == family.Config().model_dump(mode="json")
    assert prepared.plan.data.size == prepared.dataset.spec.height == family.fitting_size(32)
    assert prepare(prepared.plan).plan == prepared.plan, "nothing is left to decide"


@pytest.mark.parametrize(("gain", "precision"), [(1.5, Precision.BF16), (0.7, Precision.FLOAT32)])
def test_bf16_is_taken_where_it_pays_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, gain: float, precision: Precision
) -> None:
    monkeypatch.setattr(module, "has_bf16_units", lambda device: True)
    monkeypatch.setattr(module, "bf16_gain", lambda step, _: [step(Precision.BF16), gain][1])
    prepared = prepare(plan(precision=Precision.AUTO))
    assert prepared.plan.precision is precision
    assert any(f"{gain:.2f} times as fast" in note for note in prepared.notes)


def test_without_bf16_units_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "has_bf16_units", lambda device: False)
    monkeypatch.setattr(module, "bf16_gain", lambda *_: pytest.fail("it was tried"))
    assert prepare(plan(precision=Precision.AUTO)).plan.precision is Precision.FLOAT32


# What is refused, before a folder is made


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"family": "alien"}, "There is no model"),
        ({"config": {"alien": 1}}, "There is no setting"),
        ({"config": {"batch_size": 0}}, "It takes a whole number"),
        ({"data": DataPlan(source="alien")}, "There is no source"),
    ],
)
def test_what_cannot_be_is_refused_and_no_folder_is_made(tmp_path: Path, change: dict[str, object], words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        start(plan().model_copy(update=change), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_unsuitable_data_is_refused_and_no_folder_is_made(tmp_path: Path) -> None:
    family = next(family for family in registry.families().values() if "pairs" in family.needs)
    with pytest.raises(WrongUse, match="needs paired pictures"):
        start(plan(family), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_taken_folder_is_refused_before_the_data_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photo.png").touch()
    monkeypatch.setattr(module.catalog, "load", lambda *_, **__: pytest.fail("the data was read"))
    with pytest.raises(WrongUse, match="is not empty"):
        start(plan(), tmp_path)


def test_too_little_memory_is_a_sentence_and_no_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(module, "TrainingSession", greedy)
    with pytest.raises(UserError, match="Memory ran out before the first step"):
        start(plan(), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


# Beginning and going on


def test_a_run_is_begun_and_written_down(tmp_path: Path) -> None:
    path = trained(tmp_path)
    folder = RunFolder.open(path)
    assert folder.state() is State.FINISHED
    assert folder.plan().steps == 3
    status = folder.status()
    assert status.name == run_name(folder.plan())
    assert status.data_title == "Digits"


def test_the_number_of_epochs_decides_the_steps(tmp_path: Path) -> None:
    session, _ = start(plan(steps=3), tmp_path / "run", epochs=2)
    with session:
        pictures = len(session.learner.pictures)
        assert session.plan.steps * session.learner.pictures_per_step >= 2 * pictures
        assert (session.plan.steps - 1) * session.learner.pictures_per_step < 2 * pictures


def test_a_run_goes_on_to_a_larger_total(tmp_path: Path) -> None:
    path = trained(tmp_path)
    with resume(path, steps=5) as session:
        assert session.step == 3
        session.advance(1000)
        assert session.step == 5
    assert RunFolder.open(path).plan().steps == 5


@pytest.mark.parametrize("steps", [0, -1, 10**9, 2])
def test_a_total_that_cannot_be_reached_is_refused_and_harms_nothing(tmp_path: Path, steps: int) -> None:
    path = trained(tmp_path)
    before = {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()}
    with pytest.raises(WrongUse, match="It takes a whole number|is at step 3 already"):
        resume(path, steps=steps)
    assert {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()} == before
    resume(path).close()


def test_a_device_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = trained(tmp_path)
    monkeypatch.setattr("gen_studio.training.device.available_devices", lambda: (Device.CPU,))
    with pytest.raises(WrongUse, match="This machine has no cuda device"):
        resume(path, device=Device.CUDA)


def test_a_plan_that_cannot_be_written_leaves_the_run_unlocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = trained(tmp_path)

    def full(*_: object) -> None:
        raise UserError("The disk is full. Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "write_plan", full)
        with pytest.raises(UserError, match="disk is full"):
            resume(path, steps=5)
    resume(path, steps=5).close()


# Names


def test_a_run_is_named_after_its_model_and_what_was_changed() -> None:
    family = next(family for family in registry.families().values() if "batch_size" in family.Config.model_fields)
    default = family.Config().batch_size
    assert run_name(RunPlan(family=family.info.key)) == family.info.title
    changed = RunPlan(family=family.info.key, config={"batch_size": default + 1})
    assert run_name(changed) == f"{family.info.title}, batch size {default + 1}"


def test_data_is_named_after_its_source_or_its_folder() -> None:
    assert data_title(RunPlan(family="x", data=DataPlan())) == "Digits"
    assert data_title(RunPlan(family="x", data=DataPlan(source="folder", path="/a/My cats"))) == "My cats"
    assert data_title(RunPlan(family="x", data=DataPlan(source="folder", path="/a/cats.zip"))) == "cats"
    assert data_title(RunPlan(family="x", data=DataPlan(pairs=PairFilter.EDGES))) == "Digits, edges"
