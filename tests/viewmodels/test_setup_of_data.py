"""What the setup offers of sources that are drawn, that know counterparts, and that make two domains."""

import pytest
from PySide6.QtWidgets import QApplication

from gen_studio.core.annotations import binary
from gen_studio.core.config import Config, fields_of, setting
from gen_studio.core.description import FamilyDescription, Group, Info, Metric, SourceInfo
from gen_studio.core.errors import WrongUse
from gen_studio.core.events import Ready
from gen_studio.core.plan import Counterpart, DataPlan, RunPlan
from gen_studio.viewmodels.setup import SetupViewModel

PLAIN = SourceInfo("digits", "Digits", "", 8, offers=("labels",))
DRAWN = SourceInfo(
    "drawn", "Drawn", "", 64, offers=("attributes", "layouts"), drawn=True, attributes=(binary("hat"),),
    counterparts=(Counterpart.LAYOUT, Counterpart.DAY), usual_domains="hat",
)  # fmt: skip
FOLDERS = SourceInfo("folders", "Two folders", "", 64, needs_path=True, offers=("domains",), other="Choose it")


class Settings(Config):
    width: int = setting(8, "Width", "Of layers.", ge=1, le=64)


def family(key: str, *needs: str) -> FamilyDescription:
    info = Info(key, key.capitalize(), Group.TRANSLATION, 2026, "Nobody, 2026", "Made up.")
    return FamilyDescription(info, (Metric("loss", "Loss"),), fields_of(Settings), (), needs)


@pytest.fixture
def setup(qapp: QApplication) -> SetupViewModel:
    model = SetupViewModel(RunPlan(family="plain", data=DataPlan(source="digits")))
    families = (family("plain"), family("paired", "pairs"), family("cycle", "domains"))
    model.take_library(Ready(families, {}, (PLAIN, DRAWN, FOLDERS), ()))
    return model


def shown(setup: SetupViewModel) -> dict[str, bool]:
    """The fields of the data, and whether each is folded away."""
    return {spec.key.removeprefix("data."): spec.advanced for spec in setup.fields() if spec.key.startswith("data.")}


def test_counts_and_seeds_are_offered_for_drawn_sets_alone(setup: SetupViewModel) -> None:
    assert not {"count", "seed", "counterpart", "labels", "path", "other_path"} & shown(setup).keys()
    setup.choose_source("drawn")
    assert {"count", "seed", "counterpart", "labels"} <= shown(setup).keys()
    setup.set_values({"data.count": 700, "data.seed": 3})
    assert (setup.plan().data.count, setup.plan().data.seed) == (700, 3)


def test_a_source_offers_only_the_counterparts_it_has(setup: SetupViewModel) -> None:
    setup.choose_source("drawn")
    field = next(spec for spec in setup.fields() if spec.key == "data.counterpart")
    assert field.choices == ("layout", "day") and field.optional


def test_of_two_ways_to_make_pairs_the_newer_stands(setup: SetupViewModel) -> None:
    setup.choose_family("paired")
    setup.choose_source("drawn")
    assert shown(setup)["pairs"] is False and shown(setup)["counterpart"] is False
    assert setup.plan().data.pairs is not None
    setup.set_values({**setup.values(), "data.counterpart": "day"})
    assert setup.plan().data.counterpart is Counterpart.DAY and setup.plan().data.pairs is None
    setup.set_values({**setup.values(), "data.pairs": "blur"})
    assert setup.plan().data.counterpart is None and setup.plan().data.pairs is not None


def test_a_family_that_needs_domains_is_offered_those_that_the_source_knows(setup: SetupViewModel) -> None:
    setup.choose_family("cycle")
    assert shown(setup)["domains"] is False
    with pytest.raises(WrongUse, match="Cycle needs two domains of pictures, and Digits is one"):
        setup.plan()
    setup.choose_source("drawn")
    assert setup.plan().data.domains == "hat"
    setup.choose_family("plain")
    assert setup.plan().data.domains is None and shown(setup)["domains"] is True


def test_a_source_that_has_domains_needs_no_more(setup: SetupViewModel) -> None:
    setup.choose_family("cycle")
    setup.choose_source("folders", "/one", "/two")
    data = setup.plan().data
    assert (data.path, data.other_path, data.domains) == ("/one", "/two", None)


def test_what_was_set_for_one_source_does_not_stay_for_another(setup: SetupViewModel) -> None:
    setup.choose_source("drawn")
    setup.set_values({"data.counterpart": "layout", "data.labels": "hat"})
    setup.choose_source("digits")
    assert setup.plan().data.counterpart is None and setup.plan().data.labels is None


def test_a_run_taken_over_brings_both_its_places(setup: SetupViewModel) -> None:
    setup.take_over(RunPlan(family="cycle", data=DataPlan(source="folders", path="/one", other_path="/two")))
    assert setup.data_plan().other_path == "/two"
