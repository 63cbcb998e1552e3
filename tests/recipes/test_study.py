"""Studies as files."""

import json

import pytest

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.metrics import measures
from gen_studio.models import registry
from gen_studio.recipes import study as studies

RUN = {"name": "one", "title": "One", "plan": {"family": "vae", "data": {"source": "digits"}, "steps": 3}}
WHOLE = {"title": "Small", "why": "To see.", "minutes": 1, "runs": [RUN]}


def written(folder, content):
    path = folder / "mine.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", list(studies.studies()))
def test_every_study_of_the_app_could_be_run(name):
    study = studies.find(name)
    assert study.title and study.why and len(study.runs) > 1
    for run in study.runs:
        registry.find(run.plan.family).Config.parse(run.plan.config)
        assert run.title
    for key in study.metrics:
        measures.find(key)


def test_a_run_has_a_folder_that_stays_its_own(tmp_path):
    study = studies.find(written(tmp_path, WHOLE))
    assert study.folder_of(study.runs[0], tmp_path) == tmp_path / "study-mine-one"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "The study .* cannot be read"),
        ("[1]", "is not a study: it holds no settings"),
        ({**WHOLE, "runs": []}, "needs runs"),
        ({**WHOLE, "runs": [RUN, RUN]}, "a name of its own"),
        ({**WHOLE, "runs": [{**RUN, "name": "../elsewhere"}]}, "is not a study"),
        ({**WHOLE, "runs": [{**RUN, "plan": {**RUN["plan"], "steps": -1}}]}, "is not a study"),
        ({**WHOLE, "minutes": 0}, "above 0"),
        ({**WHOLE, "goal": 3}, "There is no setting"),
    ],
)
def test_a_damaged_study_is_a_sentence_that_names_the_file(tmp_path, content, sentence):
    with pytest.raises(UserError, match=sentence) as caught:
        studies.find(written(tmp_path, content))
    assert "mine.json" in str(caught.value)


def test_unknown_names_and_missing_files_have_a_way_out(tmp_path):
    with pytest.raises(WrongUse, match="Studies: |Did you mean"):
        studies.find("hybird")
    with pytest.raises(WrongUse, match="Check the path"):
        studies.find(str(tmp_path / "none.json"))
