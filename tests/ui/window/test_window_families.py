"""Every family in the window: chosen, started, seen to learn and to draw, finished."""

import pytest

from gen_studio.core.plan import DataPlan
from gen_studio.core.runs import State
from gen_studio.models import registry
from gen_studio.testing import subjects
from gen_studio.viewmodels.setup import CONFIG, PLAN
from gen_studio.viewmodels.training import Phase

STEPS = 4
DATA = {
    "domains": DataPlan(source="scenes", size=16, count=64, domains="night"),
    "layouts": DataPlan(source="scenes", size=16, count=64),
}
"""What to learn where the digits do not have what a family needs."""


@pytest.mark.parametrize("key", list(registry.families()))
def test_a_family_trains_from_the_window(open_window, small, key: str) -> None:
    family = registry.find(key)
    data = next((plan for need, plan in DATA.items() if need in family.needs), small().data)
    person = open_window(small().model_copy(update={"data": data}))
    person.waits_for_library()
    setup = person.window.setup
    setup.choose_family(key)
    config = subjects.tiny_config(family).model_dump(mode="json")
    values = {CONFIG + name: value for name, value in config.items()} | {PLAN + "steps": STEPS}
    assert set(values) <= set(setup.values())
    setup.set_values(values)
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    assert person.folder().state() is State.FINISHED
    plan = person.folder().plan()
    assert plan.family == key and plan.steps == STEPS and plan.data.source == data.source
    assert len(person.readings._plots) == len({metric.plot for metric in family.metrics})
    assert person.folder().views()
