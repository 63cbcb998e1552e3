import json

from gen_studio.commands import self_test
from gen_studio.core.demo import demo_plan
from gen_studio.data import catalog
from gen_studio.models import registry


def test_every_check_is_a_row_and_all_pass(say, monkeypatch):
    monkeypatch.setattr(self_test, "STEPS", 2)
    small = {key: registry.families()[key] for key in ("vae",)}
    monkeypatch.setattr(registry, "families", lambda: small)
    monkeypatch.setattr(self_test, "_number_format", lambda: "not tried here")
    said = say("self-test", "--json")
    document = json.loads(said.out)
    assert (said.status, document["ok"]) == (0, True), document
    assert [check["name"] for check in document["checks"]] == ["libraries", "devices", "number format", "disk", "vae"]


def test_a_failing_check_is_told_and_the_others_go_on(say, monkeypatch):
    monkeypatch.setattr(registry, "families", dict)
    monkeypatch.setattr(self_test, "_number_format", lambda: "not tried here")
    monkeypatch.setattr(self_test, "ENOUGH_ROOM", 1e30)
    said = say("self-test")
    assert said.status == 1
    (failed,) = (line for line in said.out.splitlines() if line.startswith("FAILED"))
    assert "disk" in failed and "Free some" in failed


def test_the_demo_takes_settings_that_its_family_knows():
    family = registry.find(demo_plan().family)
    family.Config.parse(demo_plan().config)


def test_every_family_is_tried_on_data_that_it_can_learn():
    plans = {key: self_test.data_for(family) for key, family in registry.families().items()}
    loaded = {plan: catalog.load(plan) for plan in set(plans.values())}
    assert {key: registry.find(key).objection(loaded[plan].spec) for key, plan in plans.items()} == dict.fromkeys(plans)
