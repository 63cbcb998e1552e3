"""The harness behind the figures: goals, medians, ratios, skipping, separate processes. No timings."""

import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from gen_studio.benchmarks import __main__ as command_line
from gen_studio.benchmarks import main, processes, registry
from gen_studio.benchmarks.benchmark import Benchmark, Conditions, Measured
from gen_studio.benchmarks.comparison import SPEED, Comparison, Ratio, Variant, summarised
from gen_studio.benchmarks.processes import Errand
from gen_studio.core import paths
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.plan import Device


class Stub(Benchmark):
    name = "stub"
    summary = "Gives one figure."
    goals = (Goal("speed", "as fast as that", at_least=2.0), Goal("unknown", "not measured", at_most=1.0))

    def __init__(self, speed: float = 3.0, problem: str = "", missing: str | None = None) -> None:
        self.speed, self.problem, self.missing = speed, problem, missing
        self.home = ""

    def obstacle(self, conditions: Conditions) -> str | None:
        return self.missing

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        self.home = os.environ[paths.HOME_VARIABLE]
        if self.problem:
            raise UserError(self.problem)
        return Measured(figures={"speed": self.speed}, settings={"threads": 1}, repeats=({"speed": self.speed},))


class Slow(Comparison):
    name = "slow"
    summary = "Compares two ways."
    repeats = 3
    ratios = (Ratio("b / a", "b", "a"),)

    def variants(self, conditions: Conditions) -> Mapping[str, Variant]:
        return {name: lambda conditions, workspace: {SPEED: 1.0} for name in ("a", "b")}


def run_stub(monkeypatch: pytest.MonkeyPatch, stub: Benchmark, conditions: Conditions | None = None) -> dict:
    monkeypatch.setattr(registry, "benchmarks", lambda: {stub.name: stub})
    return main.run([stub.name], None, conditions=conditions)["benchmarks"][stub.name]


def test_every_benchmark_has_goals_that_are_bounds_and_a_line_about_itself() -> None:
    assert set(main.names()) >= {"tutorial-vae", "tutorial-dcgan", "in-app", "start-up", "evidence-vae"}
    for benchmark in registry.benchmarks().values():
        assert benchmark.summary.endswith(".") and "\n" not in benchmark.summary
        assert benchmark.goals and all(goal.bound for goal in benchmark.goals)


def test_an_unknown_benchmark_is_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongUse, match="tutorial-vae"):
        main.run(["tutorial-vea"], None)


def test_a_goal_is_a_bound_from_either_side() -> None:
    assert Goal("k", "w", at_least=2).is_met(2.0) and not Goal("k", "w", at_least=2).is_met(1.99)
    assert Goal("k", "w", at_most=16).is_met(16.0) and not Goal("k", "w", at_most=16).is_met(16.1)


def test_a_missed_goal_is_a_result_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run_stub(monkeypatch, Stub(speed=1.0))
    assert [goal["met"] for goal in result["goals"]] == [False, None]
    assert main.succeeded({"benchmarks": {"stub": result}})
    assert run_stub(monkeypatch, Stub(speed=2.5))["goals"][0]["met"] is True


def test_a_log_is_not_flooded_by_a_job_that_tells_of_every_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    class Talker(Stub):
        def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
            for done in range(1000):
                report(Progress("Decoding pictures", done, 1000))
            return super().measure(conditions, workspace, report)

    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(registry, "benchmarks", lambda: {"stub": Talker()})
    assert command_line.main(["stub"]) == 0
    assert "Decoding pictures 0 of 1,000" in log.getvalue() and len(log.getvalue().splitlines()) < 20


def test_a_shortened_training_meets_no_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_stub(monkeypatch, Stub(speed=9.0), Conditions(share=0.1))["goals"][0]["met"] is None


def test_what_cannot_run_is_skipped_with_its_sentence_and_what_breaks_off_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    skipped = run_stub(monkeypatch, Stub(missing="There are no pictures here. Name a folder with --root."))
    assert skipped["skipped"].startswith("There are no pictures") and "goals" not in skipped
    failed = run_stub(monkeypatch, Stub(problem="It broke off."))
    assert failed["failed"] == "It broke off." and not main.succeeded({"benchmarks": {"stub": failed}})


def test_runs_of_benchmarks_stay_away_from_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(os.environ)
    stub = Stub()
    run_stub(monkeypatch, stub)
    assert stub.home != before[paths.HOME_VARIABLE]
    assert dict(os.environ) == before


def test_the_document_is_written_with_its_hardware_and_read_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(registry, "benchmarks", lambda: {"stub": Stub()})
    document = main.run(["stub"], tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text()) == document
    assert document["hardware"]["processor"] and document["versions"]["torch"]
    assert any("met  speed: 3 (goal ≥ 2)" in line for line in main.lines(document))


def test_without_a_name_the_long_ones_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    long = Stub()
    monkeypatch.setattr(long, "long", True, raising=False)
    monkeypatch.setattr(long, "name", "long", raising=False)
    monkeypatch.setattr(registry, "benchmarks", lambda: {"stub": Stub(), "long": long})
    assert set(main.run([], None)["benchmarks"]) == {"stub"}


def test_a_ratio_is_taken_within_each_repeat_and_its_median_counts() -> None:
    # The machine was half as fast in the second repeat: the ratio of medians would be 1.5.
    rounds = [{"a": {SPEED: 10.0}, "b": {SPEED: 20.0}}, {"a": {SPEED: 5.0}, "b": {SPEED: 10.0}}]
    rounds += [{"a": {SPEED: 8.0}, "b": {SPEED: 12.0}}]
    figures = summarised(rounds, (Ratio("b / a", "b", "a"), Ratio("c / a", "c", "a")))
    assert figures == {"b / a": 2.0, "a images/s": 8.0, "b images/s": 12.0}


def test_variants_take_turns_forwards_and_backwards_each_in_its_own_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    errands: list[Errand] = []

    def measured(errand: Errand, environment: Mapping[str, str]) -> dict[str, float]:
        errands.append(errand)
        return {SPEED: 2.0 if errand.variant == "b" else 1.0}

    monkeypatch.setattr("gen_studio.benchmarks.comparison.measured_apart", measured)
    result = Slow().measure(Conditions(threads=1), tmp_path, lambda progress: None)
    assert [errand.variant for errand in errands] == ["a", "b", "b", "a", "a", "b"]
    assert result.figures["b / a"] == 2.0 and len(result.repeats) == 3
    assert {errand.conditions.threads for errand in errands} == {1}


def test_an_errand_survives_the_way_into_another_process(tmp_path: Path) -> None:
    errand = Errand("b", "v", Conditions(Device.CUDA, tmp_path, 3, 2, 1.5, 0.1), tmp_path, tmp_path / "answer")
    assert Errand.from_json(errand.to_json()) == errand
    bare = Errand("b", "v", Conditions(), tmp_path, tmp_path / "answer")
    assert Errand.from_json(bare.to_json()) == bare


def test_what_a_measuring_process_said_last_is_told_when_it_breaks_off(tmp_path: Path) -> None:
    errand = Errand("no-such-benchmark", "v", Conditions(threads=1), tmp_path, tmp_path / "answer.json")
    with pytest.raises(UserError, match="There is no benchmark"):
        processes.measured_apart(errand)


def test_without_qt_the_window_is_not_measured_and_a_sentence_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gen_studio.benchmarks.display.find_spec", lambda name: None)
    for name in ("in-app", "start-up"):
        assert "PySide6" in (registry.find(name).obstacle(Conditions()) or "")
