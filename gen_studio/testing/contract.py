"""What every family has to keep, as one class of tests: a new family gets all of them by being in the registry.

On a family of one's own, in a test file of one's own package:

    from gen_studio.testing.contract import FamilyContract
    from my_package import MyFamily

    class TestMyFamily(FamilyContract):
        families = (MyFamily,)
        tiny = {"blocks": 1}   # settings that make its networks small, beside those that are known by name

It is built on pictures of 16 and 32 pixels in grey and colour, with classes and pairs; about five seconds for a family
whose steps take milliseconds. A failing test's name says which promise is broken; gen_studio.models.base has them all.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from gen_studio.testing.answering import AnsweringContract
from gen_studio.testing.declarations import DeclarationContract
from gen_studio.testing.showing import ShowingContract
from gen_studio.testing.subjects import Family
from gen_studio.testing.training import TrainingContract


class FamilyContract(DeclarationContract, TrainingContract, AnsweringContract, ShowingContract):
    """All promises. A test with `requires` runs for the families that have this capability."""

    families: ClassVar[tuple[Family, ...]] = ()
    tiny: ClassVar[Mapping[str, Any]] = {}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "family" not in metafunc.fixturenames:
            return
        required = getattr(metafunc.function, "requires", object)
        able = [family for family in self.families if issubclass(family, required)]
        metafunc.parametrize("family", able, ids=[family.info.key for family in able])
