"""Recipes as files."""

import json
from pathlib import Path

import pytest

from gen_studio.core.description import Group
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.plan import Device
from gen_studio.metrics import measures
from gen_studio.models import registry
from gen_studio.recipes import recipe as recipes

PLAN = {"family": "vae", "data": {"source": "digits"}, "steps": 3}
GOALS = [{"key": "test_score", "at_most": 200}]
MINUTES = {Group.DIFFUSION: 15, Group.TRANSLATION: 15, Group.INPAINTING: 15}
"""What a recipe may take on two cores, where it is not ten."""
CHECKS = {"iwae-1": 20}
"""Held against a table of a paper, which took days: they go on for as long as can be borne."""
WHOLE = {"title": "Small", "goals": GOALS, "minutes": 1, "plan": PLAN}


def written(folder: Path, content: object) -> str:
    path = folder / "mine.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", list(recipes.recipes()))
def test_every_recipe_of_the_app_could_be_run(name):
    recipe = recipes.find(name)
    family = registry.find(recipe.plan.family)
    family.Config.parse(recipe.plan.config)
    for goal in recipe.goals:
        measure = measures.find(goal.key)
        assert measure.requires is None or issubclass(family, measure.requires)
        assert goal.key != "test_score" or family.score is not None
    assert recipe.wants_accelerator or recipe.minutes <= CHECKS.get(name, MINUTES.get(family.info.group, 10))
    assert recipe.title and recipe.departs


def test_every_family_of_the_package_has_a_recipe_for_two_cores():
    own = {d.key for d in registry.describe() if d.source == "gen_studio"}
    assert own <= {recipe.plan.family for recipe in recipes.recipes().values() if not recipe.wants_accelerator}


def test_a_file_of_the_users_is_a_recipe_too(tmp_path):
    recipe = recipes.find(written(tmp_path, WHOLE))
    assert recipe.name == "mine" and recipe.plan.steps == 3 and recipe.goals[0].at_most == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "cannot be read"),
        ("[1]", "holds no settings"),
        ({**WHOLE, "goals": []}, "needs goals"),
        ({**WHOLE, "goals": [{"key": "test_score"}]}, "at_least or at_most"),
        ({**WHOLE, "goals": [{"key": "test_score", "atmost": 2}]}, "is not a recipe"),
        ({**WHOLE, "minutes": 0}, "above 0"),
        ({**WHOLE, "minuets": 3}, "There is no setting"),
        ({**WHOLE, "plan": {**PLAN, "steps": -1}}, "is not a recipe"),
    ],
)
def test_a_damaged_recipe_is_a_sentence_that_names_the_file(tmp_path, content, sentence):
    with pytest.raises(UserError, match=sentence) as caught:
        recipes.find(written(tmp_path, content))
    assert "mine.json" in str(caught.value)


def test_unknown_names_and_missing_files_have_a_way_out(tmp_path):
    with pytest.raises(WrongUse, match='Did you mean "dcgan"'):
        recipes.find("dcgn")
    with pytest.raises(WrongUse, match="gen-studio recipes"):
        recipes.find(str(tmp_path / "none.json"))


def test_a_path_that_is_not_absolute_is_among_the_data_sets(tmp_path):
    data = {"source": "folder", "path": "faces.zip"}
    recipe = recipes.find(written(tmp_path, {**WHOLE, "plan": {**PLAN, "data": data}}))
    assert recipe.plan_at(tmp_path).data.path == str(tmp_path / "faces.zip")
    absolute = recipes.find(written(tmp_path, {**WHOLE, "plan": {**PLAN, "data": {**data, "path": "/a/b.zip"}}}))
    assert absolute.plan_at(tmp_path).data.path == "/a/b.zip"
    two = {"source": "domains", "path": "summer", "other_path": "winter"}
    second = recipes.find(written(tmp_path, {**WHOLE, "plan": {**PLAN, "data": two}}))
    found = second.plan_at(tmp_path).data
    assert (found.path, found.other_path) == (str(tmp_path / "summer"), str(tmp_path / "winter"))
    assert recipes.find(written(tmp_path, WHOLE)).plan_at(tmp_path).data.other_path is None


def test_the_ones_for_an_accelerator_come_last():
    wants = [recipe.wants_accelerator for recipe in recipes.recipes().values()]
    assert wants == sorted(wants) and any(wants)
    assert all(r.plan.device is Device.CUDA for r in recipes.recipes().values() if r.wants_accelerator)


def test_a_share_shortens_steps_and_epochs(tmp_path):
    recipe = recipes.find(written(tmp_path, {**WHOLE, "epochs": 4, "plan": {**PLAN, "steps": 100}}))
    assert recipe.shortened(0.25).plan.steps == 25 and recipe.shortened(0.25).epochs == 1
    assert recipe.shortened(1.0) is recipe
