"""The library: its own files and other packages' families, and what it says of those that cannot be loaded."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Any, ClassVar

import pytest
import torch

from gen_studio.core.description import Group, Info, Metric
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import DataSpec
from gen_studio.models import registry
from gen_studio.models.base import FamilyConfig, TrainableModel, build
from gen_studio.models.capabilities import CanAutoencode, CanEncode, CanSample, CanTranslate, HasLatent, capabilities_of

ENTRY = Info("foreign", "Foreign", Group.ADVERSARIAL, 2020, "Somebody, 2020", "From another package.")


class Foreign(TrainableModel[FamilyConfig]):
    """A family that does nothing."""

    info: ClassVar[Info] = ENTRY
    metrics: ClassVar[tuple[Metric, ...]] = (Metric("loss", "Loss"),)
    Config: ClassVar[type[FamilyConfig]] = FamilyConfig

    def optimizers(self) -> dict[str, Any]:
        return {}

    def training_step(self, *_: object) -> dict[str, Any]:
        return {}


class Impostor(Foreign):
    """Wants a name that is taken."""

    info = replace(ENTRY, key="vae")


class Misplaced(Foreign):
    """Its group is no group."""

    info = replace(ENTRY, key="misplaced", group="Adversarial")  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _library_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # The app's own families register when their modules are imported, which happens once per process.
    own = dict(registry.families())
    library = registry._Library(families=own, sources=dict.fromkeys(own, registry.OWN))
    monkeypatch.setattr(registry, "_library", library)
    yield


def install(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    points = [EntryPoint(name.lower(), f"{__name__}:{name}", registry.ENTRY_POINT_GROUP) for name in names]
    monkeypatch.setattr(EntryPoint, "load", lambda point: globals()[point.value.split(":")[1]])
    monkeypatch.setattr(registry, "entry_points", lambda group: points)


def test_an_installed_packages_family_is_in_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "Foreign")
    assert registry.find("foreign") is Foreign
    assert {entry.key: entry.source for entry in registry.describe()}["foreign"] != registry.OWN
    assert registry.problems() == ()


@pytest.mark.parametrize("name", ["Impostor", "Misplaced", "Missing"])
def test_a_package_that_cannot_be_loaded_is_a_sentence_and_harms_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = dict(registry._library.families)
    install(monkeypatch, name)
    assert dict(registry.families()) == before
    (problem,) = registry.problems()
    assert "could not be loaded" in problem
    assert problem.endswith("Update the package, or uninstall it.")


def test_a_key_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match='two families have the key "vae"'):
        registry.family(Impostor)


def test_an_unknown_model_is_a_sentence_with_the_likely_one() -> None:
    with pytest.raises(WrongUse, match='There is no model "dcgn". Did you mean "dcgan"?'):
        registry.find("dcgn")


def test_families_are_sorted_by_group_and_year() -> None:
    entries = [(list(Group).index(model.info.group), model.info.year) for model in registry.families().values()]
    assert entries == sorted(entries)


def test_capabilities_are_listed_the_most_general_first() -> None:
    class Both(CanEncode, CanTranslate):
        pass

    names = capabilities_of(Both)
    general = {"HasCode", "CanSample", "CanReconstruct", "CanAnswer"}
    assert set(names) == {*general, "HasLatent", "CanAutoencode", "CanEncode", "CanTranslate"}
    assert names.index("CanSample") < names.index("HasLatent") < names.index("CanEncode")
    assert issubclass(HasLatent, CanSample)
    assert not issubclass(CanAutoencode, CanSample), "a code without a prior is nothing to draw from"
    assert capabilities_of(Foreign) == ()


def test_building_seeds_the_shared_generator_for_its_own_length_only() -> None:
    spec = DataSpec(1, 16, 16)
    model = registry.find("vae")
    config = model.Config()
    before = torch.get_rng_state()
    one, same, other = (build(model, config, spec, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(before, torch.get_rng_state())
    first = [next(iter(built.parameters())) for built in (one, same, other)]
    assert torch.equal(first[0], first[1])
    assert not torch.equal(first[0], first[2])
