"""What the next run will be: which settings are offered, which survive a choice, and what is refused."""

import pytest

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan, PairFilter, RunPlan
from gen_studio.viewmodels.setup import SetupViewModel

FIRST = RunPlan(family="plain", data=DataPlan(source="digits"), config={"batch_size": 32, "hidden": 64}, steps=150)


@pytest.fixture
def setup(qapp, library) -> SetupViewModel:
    model = SetupViewModel(FIRST)
    model.take_library(library)
    return model


def keys(setup: SetupViewModel, advanced: bool) -> list[str]:
    return [spec.key for spec in setup.fields() if spec.advanced is advanced]


def test_the_first_run_needs_no_choice(setup) -> None:
    plan = setup.plan()
    assert (plan.family, plan.data.source, plan.steps, plan.config) == ("plain", "digits", 150, FIRST.config)


def test_before_the_library_is_there_nothing_can_be_planned(qapp) -> None:
    setup = SetupViewModel(FIRST)
    assert setup.fields() == ()
    with pytest.raises(WrongUse, match="No model is chosen"):
        setup.plan()


def test_a_run_that_was_opened_before_the_library_came_keeps_its_settings(qapp, library) -> None:
    setup = SetupViewModel(FIRST)
    opened = FIRST.model_copy(update={"steps": 5000})
    setup.take_over(opened)
    setup.take_library(library)
    assert setup.plan() == opened


def test_the_familys_settings_come_first_then_the_steps_then_what_is_rarely_touched(setup) -> None:
    assert keys(setup, advanced=False) == [
        "config.batch_size",
        "config.hidden",
        "config.loss",
        "config.rate",
        "plan.steps",
    ]
    folded = keys(setup, advanced=True)
    assert {"config.beta", "data.size", "plan.seed", "plan.device"} <= set(folded)
    assert "data.source" not in folded and "data.question" not in folded


def test_a_family_that_needs_pairs_is_offered_edges_in_plain_sight(setup) -> None:
    setup.choose_family("paired")
    assert "data.pairs" in keys(setup, advanced=False)
    assert setup.plan().data.pairs is PairFilter.EDGES
    setup.choose_family("plain")
    assert "data.pairs" in keys(setup, advanced=True) and setup.plan().data.pairs is None


def test_a_chosen_filter_stays_when_another_source_is_chosen(setup) -> None:
    setup.choose_family("paired")
    setup.set_values({"data.pairs": "blur"})
    setup.choose_source("named")
    assert setup.plan().data.pairs is PairFilter.BLUR


def test_a_paired_source_is_asked_for_its_question_and_for_no_filter(setup) -> None:
    setup.choose_family("paired")
    setup.choose_source("pairs", "/somewhere")
    offered = [spec.key for spec in setup.fields()]
    assert "data.pairs" not in offered and "data.question" in offered
    assert setup.plan().data.pairs is None and setup.plan().data.path == "/somewhere"


def test_without_pairs_the_refusal_names_the_way_out(setup) -> None:
    setup.choose_family("paired")
    setup.set_values({"data.pairs": None})
    with pytest.raises(WrongUse, match="Pairs from"):
        setup.plan()


def test_what_the_user_has_set_survives_a_change_of_family_where_it_fits(setup) -> None:
    setup.set_values({"config.batch_size": 8, "config.hidden": 128, "plan.seed": 7})
    setup.choose_family("paired")
    values = setup.values()
    assert values["config.batch_size"] == 8 and values["plan.seed"] == 7
    assert values["config.hidden"] is True, "another kind of setting with the same name keeps its default"
    assert values["config.loss"] == "b", "what the user has not set follows the family"


def test_what_came_with_the_first_run_does_not_follow_to_another_family(setup) -> None:
    setup.choose_family("paired")
    assert setup.values()["config.batch_size"] == 4


def test_a_value_out_of_the_other_familys_range_is_left_behind(setup) -> None:
    setup.set_values({"config.batch_size": 48})
    setup.choose_family("paired")
    assert setup.values()["config.batch_size"] == 4


def test_steps_follow_the_family(setup) -> None:
    setup.choose_family("paired")
    assert setup.plan().steps == 300


def test_another_source_takes_its_own_size(setup) -> None:
    setup.set_values({"data.size": 16, "data.limit": 100})
    setup.choose_source("named")
    assert setup.data_plan().size is None and setup.data_plan().limit is None


@pytest.mark.parametrize(("key", "value", "words"), [("plan.steps", 0, "Steps"), ("data.size", "wide", "Size")])
def test_bad_values_are_refused_in_a_sentence(setup, key, value, words) -> None:
    setup.set_values({key: value})
    with pytest.raises(WrongUse, match=words):
        setup.plan()


def test_reset_keeps_data_and_model_only(setup) -> None:
    setup.set_values({"config.batch_size": 8, "plan.seed": 7})
    setup.choose_source("named")
    setup.reset()
    plan = setup.plan()
    assert (plan.family, plan.data.source) == ("plain", "named")
    assert (plan.config, plan.seed, plan.steps) == ({}, 0, 200)


def test_another_runs_settings_are_taken_over_whole(setup) -> None:
    other = RunPlan(family="labelled", data=DataPlan(source="named", size=32), config={"beta": 2.0}, seed=3, steps=9)
    setup.take_over(other)
    assert setup.plan() == other


def test_a_run_of_a_family_that_is_gone_leaves_the_choice_open(setup) -> None:
    setup.take_over(RunPlan(family="gone"))
    assert setup.family is None and setup.fields() == ()


def test_the_run_that_stood_there_first_is_named_after_its_model_alone(setup) -> None:
    assert setup.name() == "Plain"
    setup.set_values({"config.batch_size": 8})
    assert setup.name() is None


def test_edits_and_choices_are_told_apart(setup, said) -> None:
    changed, edited = said(setup.changed), said(setup.edited)
    setup.set_values({"plan.seed": 1})
    assert (len(changed), len(edited)) == (0, 1)
    setup.choose_family("paired")
    assert (len(changed), len(edited)) == (1, 1)
