"""Every family in the registry keeps every promise; a family added to it is tested without a word here."""

from gen_studio.models import registry
from gen_studio.testing.contract import FamilyContract


class TestEveryFamily(FamilyContract):
    families = tuple(registry.families().values())


def test_there_are_families_and_all_could_be_loaded() -> None:
    assert TestEveryFamily.families
    assert registry.problems() == ()
