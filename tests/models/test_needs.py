"""What a family says of data that lacks what it needs."""

import re
from dataclasses import replace

import pytest

from gen_studio.models import registry
from gen_studio.testing import subjects
from gen_studio.testing.declarations import is_sentence

WITHOUT = {
    "labels": ({"classes": ()}, "needs class labels"),
    "pairs": ({"input_channels": None}, "needs paired pictures"),
    "attributes": ({"attributes": ()}, "needs attributes of the pictures"),
    "layouts": ({"layout": ()}, "needs class layouts"),
    "domains": ({"domains": ()}, "needs two domains of pictures"),
}


@pytest.mark.parametrize("need", WITHOUT)
def test_each_thing_that_data_may_lack_is_asked_for_with_a_way_out(need: str) -> None:
    family = next(family for family in registry.families().values() if not family.needs)
    wanting = type("Wanting", (family,), {"needs": (need,)})
    missing, words = WITHOUT[need]
    assert wanting.objection(subjects.spec()) is None
    objection = wanting.objection(replace(subjects.spec(), **missing))
    assert objection is not None and is_sentence(objection)
    assert re.search(f"{family.info.title} {words}, and this source has (none|one). Choose ", objection)
